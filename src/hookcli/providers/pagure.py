"""Pagure.

Sources: Pagure/pagure, `pagure/lib/tasks_services.py` (headers, signatures, the body, time-out) and
`doc/usage/using_webhooks.rst`; the topics from `pagure/lib` and `pagure/hooks`.
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Hmac

WHO = "{msg.agent}"
PULL = "pull request #{msg.pullrequest.id}: {msg.pullrequest.title!line}"
ISSUE = "issue #{msg.issue.id}: {msg.issue.title!line}"

PROVIDER = Provider(
    id="pagure",
    title="Pagure",
    docs="https://docs.pagure.org/pagure/usage/using_webhooks.html",
    color="#51a2da",
    identify=(
        ("header:X-Pagure-Topic",),
        ("body:topic", "body:msg_id", "body:msg.pagure_instance"),
    ),
    event=("header:X-Pagure-Topic", "body:topic"),
    delivery_id=("body:msg_id",),
    hook_id=("header:X-Pagure-Project",),
    signatures=(
        Hmac(name="sha256", at="header:X-Pagure-Signature-256"),
        Hmac(name="sha1", at="header:X-Pagure-Signature", hash="sha1"),
    ),
    sends=(
        ("User-Agent", "python-requests/2.32.3"),
        ("Accept-Encoding", "gzip, deflate"),
        ("Accept", "*/*"),
        ("Connection", "keep-alive"),
        ("X-Pagure", "{body:msg.pagure_instance}"),
        ("X-Pagure-project", "{body:msg.project_fullname}"),
        ("X-Pagure-Topic", "{event}"),
        ("Content-Type", "application/json"),
    ),
    limits=Limits(timeout=60, retries="none"),
    notes=(
        "The key is the project's own web-hook key, from its settings.",
        "Topic, project and instance in the headers are not signed; the same stand in the body.",
        "The body is what the message bus of Fedora has, too: topic, msg, timestamp, msg_id.",
    ),
    summary={
        "git.receive": (
            f"{WHO} pushed {{msg.total_commits!count:commit}} to {{msg.branch!branch}} of {{msg.project_fullname}}"
        ),
        "issue.new": f"{{msg.issue.user.name}} opened {ISSUE}",
        "issue.comment.added": f"{WHO} commented on {ISSUE}",
        "issue.edit": f"{WHO} changed {ISSUE}",
        "pull-request.new": f"{WHO} opened {PULL}",
        "pull-request.closed": f"{WHO} closed {PULL}",
        "pull-request.comment.added": f"{WHO} commented on {PULL}",
        "*": (f"{WHO}: {{@event!words}} in {{msg.project_fullname}}", "{@event!words}"),
    },
    events=(
        Event("git.receive", "Commits were pushed"),
        Event("issue.new", "An issue was opened"),
        Event("issue.edit", "An issue was changed"),
        Event("issue.drop", "An issue was deleted"),
        Event("issue.comment.added", "Somebody commented on an issue"),
        Event("issue.assigned.added", "An issue was assigned"),
        Event("issue.assigned.reset", "An issue is nobody's again"),
        Event("issue.tag.added", "An issue was tagged"),
        Event("issue.tag.removed", "A tag was taken off an issue"),
        Event("issue.dependency.added", "An issue depends on another"),
        Event("issue.dependency.removed", "An issue depends on another no more"),
        Event("pull-request.new", "A pull request was opened"),
        Event("pull-request.closed", "A pull request was merged or closed"),
        Event("pull-request.reopened", "A pull request was reopened"),
        Event("pull-request.comment.added", "Somebody commented on a pull request"),
        Event("pull-request.assigned.added", "A pull request was assigned"),
        Event("pull-request.tag.added", "A pull request was tagged"),
        Event("pull-request.flag.added", "A pull request was flagged, by CI say"),
        Event("commit.flag.added", "A commit was flagged, by CI say"),
        Event("project.new", "A project was made"),
        Event("project.edit", "A project was changed"),
        Event("project.forked", "A project was forked"),
        Event("project.deleted", "A project was deleted"),
        Event("project.user.added", "Somebody was added to a project"),
        Event("project.user.removed", "Somebody was removed from a project"),
    ),
)

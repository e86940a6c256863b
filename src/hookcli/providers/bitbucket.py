"""Bitbucket Cloud.

Sources: Atlassian Support, "Event payloads" (headers, retries), "Manage webhooks" (secrets) and "Troubleshoot
webhooks" (time-out, size, history); the Bitbucket Cloud REST API's OpenAPI document, schema hook_event (the
catalogue). Header order as in a request log quoted in voxpupuli/puppet-r10k, issue 436; keys and their order in the
fixtures as in payloads recorded in 2025 and 2026 in jenkinsci/bitbucket-branch-source-plugin, `impl/webhook/cloud`
of its test resources.
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Hmac

ACTOR = "{actor.nickname/actor.username/actor.display_name}"
PULL = "pull request #{pullrequest.id}"
TITLED = f"{PULL}: {{pullrequest.title!line}}"
SAID = "{comment.content.raw!line}"

PROVIDER = Provider(
    id="bitbucket",
    title="Bitbucket",
    docs="https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/",
    color="#2684ff",
    identify=(
        ("header:X-Event-Key", "header:X-Hook-UUID"),
        ("header:X-Event-Key", "header:User-Agent~^Bitbucket-Webhooks/"),
        ("header:X-Event-Key~^(repo:push$|pullrequest:|issue:)",),
    ),
    event=("header:X-Event-Key",),
    delivery_id=("header:X-Request-UUID",),
    attempt=("header:X-Attempt-Number",),
    hook_id=("header:X-Hook-UUID",),
    signatures=(Hmac(name="sha256", at="header:X-Hub-Signature", hash="sha256", prefix="sha256="),),
    sends=(
        ("X-Request-UUID", "{id}"),
        ("X-Event-Key", "{event}"),
        ("User-Agent", "Bitbucket-Webhooks/2.0"),
        ("X-Attempt-Number", "1"),
        ("X-Hook-UUID", "{uuid}"),
        ("Content-Type", "application/json"),
    ),
    infer=(
        ("body:push", "repo:push"),
        ("body:fork", "repo:fork"),
        ("body:commit_status.state=INPROGRESS", "repo:commit_status_created"),
        ("body:commit_status", "repo:commit_status_updated"),
        ("body:comment.type=pullrequest_comment", "pullrequest:comment_created"),
        ("body:comment.type=issue_comment", "issue:comment_created"),
        ("body:comment.commit", "repo:commit_comment_created"),
        ("body:changes_request", "pullrequest:changes_request_created"),
        ("body:approval", "pullrequest:approved"),
        ("body:pullrequest.state=MERGED", "pullrequest:fulfilled"),
        ("body:pullrequest.state=DECLINED", "pullrequest:rejected"),
        ("body:pullrequest", "pullrequest:created"),
        ("body:issue", "issue:created"),
    ),
    summary={
        "repo:push": (
            f"{ACTOR} pushed to {{push.changes.0.new.name}}: {{push.changes.0.commits.0.message!line}}",
            f"{ACTOR} pushed {{push.changes.0.new.type!words}} {{push.changes.0.new.name}}",
            f"{ACTOR} deleted {{push.changes.0.old.type!words}} {{push.changes.0.old.name}}",
        ),
        "repo:fork": f"{ACTOR} forked {{repository.full_name}} to {{fork.full_name}}",
        "repo:commit_comment_created": f"{ACTOR} commented on {{commit.hash/comment.commit.hash!short}}: {SAID}",
        "repo:commit_status_created": "{commit_status.name/commit_status.key}: {commit_status.state}",
        "repo:commit_status_updated": "{commit_status.name/commit_status.key}: {commit_status.state}",
        "pullrequest:created": f"{ACTOR} opened {TITLED}",
        "pullrequest:updated": f"{ACTOR} updated {TITLED}",
        "pullrequest:push": f"{ACTOR} pushed to {TITLED}",
        "pullrequest:fulfilled": f"{ACTOR} merged {TITLED}",
        "pullrequest:rejected": f"{ACTOR} declined {TITLED}",
        "pullrequest:approved": f"{ACTOR} approved {TITLED}",
        "pullrequest:unapproved": f"{ACTOR} took back the approval of {TITLED}",
        "pullrequest:changes_request_created": f"{ACTOR} asked for changes to {TITLED}",
        "pullrequest:changes_request_removed": f"{ACTOR} took back the request for changes to {TITLED}",
        "pullrequest:comment_created": f"{ACTOR} commented on {PULL}: {SAID}",
        "pullrequest:comment_updated": f"{ACTOR} changed a comment on {PULL}: {SAID}",
        "pullrequest:comment_deleted": f"{ACTOR} deleted a comment on {TITLED}",
        "pullrequest:comment_resolved": f"{ACTOR} resolved a comment on {TITLED}",
        "pullrequest:comment_reopened": f"{ACTOR} reopened a comment on {TITLED}",
        "issue:created": f"{ACTOR} opened issue #{{issue.id}}: {{issue.title!line}}",
        "issue:updated": f"{ACTOR} updated issue #{{issue.id}}: {{issue.title!line}}",
        "issue:comment_created": f"{ACTOR} commented on issue #{{issue.id}}: {SAID}",
        "*": (f"{{@event!words}} by {ACTOR}[ in {{repository.full_name}}]", "{@event!words}"),
    },
    events=(
        Event("repo:push", "Branches or tags were pushed, made or deleted"),
        Event("repo:fork", "The repository was forked"),
        Event("repo:updated", "Name, description, website or language of the repository changed"),
        Event("repo:transfer", "The repository moved to another owner"),
        Event("repo:created", "A repository was made"),
        Event("repo:deleted", "A repository was deleted"),
        Event("repo:imported", "A repository was imported"),
        Event("repo:commit_comment_created", "Someone commented on a commit"),
        Event("repo:commit_status_created", "A build status was set on a commit"),
        Event("repo:commit_status_updated", "A build status on a commit changed"),
        Event("pullrequest:created", "A pull request was opened"),
        Event("pullrequest:updated", "Title, description, reviewers, branch or commits of a pull request changed"),
        Event("pullrequest:push", "Commits were pushed to a pull request"),
        Event("pullrequest:approved", "Someone approved a pull request"),
        Event("pullrequest:unapproved", "Someone took back an approval"),
        Event("pullrequest:changes_request_created", "Someone asked for changes to a pull request"),
        Event("pullrequest:changes_request_removed", "Someone took back a request for changes"),
        Event("pullrequest:fulfilled", "A pull request was merged"),
        Event("pullrequest:rejected", "A pull request was declined"),
        Event("pullrequest:comment_created", "Someone commented on a pull request"),
        Event("pullrequest:comment_updated", "A comment on a pull request was edited"),
        Event("pullrequest:comment_deleted", "A comment on a pull request was deleted"),
        Event("pullrequest:comment_resolved", "A comment thread on a pull request was resolved"),
        Event("pullrequest:comment_reopened", "A comment thread on a pull request was reopened"),
        Event("issue:created", "An issue was opened"),
        Event("issue:updated", "An issue changed"),
        Event("issue:comment_created", "Someone commented on an issue"),
        Event("project:updated", "A project's name or key changed"),
        Event("pipeline:span_created", "A part of a pipeline's run was traced"),
    ),
    limits=Limits(
        timeout=10,
        body=256 * 1024,
        retries="up to two more where the answer is 5xx; X-Attempt-Number counts them",
    ),
    notes=(
        "There is no ping: nothing arrives when a webhook is made. Push something to try it.",
        "A delivery over 256 KB may be dropped without a word.",
        "A push lists five commits of each change at most; `truncated` says that there were more.",
        "One push can change several branches and tags: read all of push.changes.",
        "X-Hub-Signature is SHA-256 here, where GitHub's of that name is SHA-1; without a secret it is not sent.",
        "The request log of a webhook is empty until its history is switched on in the repository's settings.",
        "Source networks change: https://ip-ranges.atlassian.com/ lists them.",
    ),
)

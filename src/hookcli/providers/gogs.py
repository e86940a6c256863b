"""Gogs, from which Gitea and Forgejo descend.

Sources: gogs/gogs at July 2026: `internal/database/webhook.go` (headers, signature, time-out, events),
`internal/httplib/httplib.go` (user agent), `internal/route/api/v1/types/webhook.go` (payloads and actions),
`internal/route/repo/webhook.go` (test delivery, redelivery), `conf/app.ini` (settings). Header order: Go's net/http,
which writes Host, User-Agent and Content-Length, then the others by name, and Accept-Encoding at the end.
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Hash, Hmac

WHO = "{sender.login/sender.username}"
PUSHER = "{pusher.login/pusher.username}"
ISSUE = "issue #{number}: {issue.title!line}"
PULL = "pull request #{number}: {pull_request.title!line}"
TEST_COMMIT = "body:commits.0.timestamp=0001-01-01T00:00:00Z"
"""No test event is sent, but a test push: its commit has no time, where that of every other push has one."""


def over_payload(name: str, at: str, hash: Hash = "sha256", prefix: str = "") -> tuple[Hmac, ...]:  # noqa: A002 (Hmac's word)
    """A signature that speaks for the JSON wherever it travels: in a form, in the query, or as the body itself."""
    where = ("{form:payload}", "{query:payload}", "{body}")
    return tuple(Hmac(name=name, at=at, hash=hash, prefix=prefix, signed=signed) for signed in where)


PROVIDER = Provider(
    id="gogs",
    title="Gogs",
    docs="https://gogs.io/advancing/webhooks",
    color="#c9971c",
    identify=(("header:X-Gogs-Event",),),
    supersedes=("github",),
    event=("header:X-Gogs-Event",),
    action=("body:action",),
    delivery_id=("header:X-Gogs-Delivery",),
    ping=(("header:X-Gogs-Event=push", TEST_COMMIT),),
    signatures=over_payload("gogs", "header:X-Gogs-Signature"),
    sends=(
        ("User-Agent", "GogsServer"),
        ("Content-Type", "application/json"),
        ("X-Github-Delivery", "{id}"),
        ("X-Github-Event", "{event}"),
        ("X-Gogs-Delivery", "{id}"),
        ("X-Gogs-Event", "{event}"),
        ("Accept-Encoding", "gzip"),
    ),
    infer=(
        ("body:comment.id", "issue_comment"),
        ("body:pull_request", "pull_request"),
        ("body:issue", "issues"),
        ("body:release", "release"),
        ("body:forkee", "fork"),
        ("body:pusher_type", "delete"),
        ("body:ref_type", "create"),
        ("body:pusher", "push"),
    ),
    summary={
        "push": (
            f"{PUSHER} pushed {{commits!count:commit}} to {{ref!branch}}: {{commits.0.message!line}}",
            f"{PUSHER} pushed {{ref!branch}} at {{after!short}}",
        ),
        "create": f"{WHO} created {{ref_type}} {{ref!branch}}",
        "delete": f"{WHO} deleted {{ref_type}} {{ref!branch}}",
        "fork": f"{WHO} forked {{repository.full_name}} to {{forkee.full_name}}",
        "issues": f"{WHO} {{@action!words}} {ISSUE}",
        "issues.assigned": (f"{WHO} assigned {{issue.assignee.login}} to {ISSUE}", f"{WHO} assigned {ISSUE}"),
        "issues.label_updated": f"{WHO} changed the labels of {ISSUE}",
        "issues.label_cleared": f"{WHO} took all labels off {ISSUE}",
        "issues.milestoned": (
            f"{WHO} put {{issue.milestone.title!line}} on {ISSUE}",
            f"{WHO} put a milestone on {ISSUE}",
        ),
        "issues.demilestoned": f"{WHO} took the milestone off {ISSUE}",
        "pull_request": f"{WHO} {{@action!words}} {PULL}",
        "pull_request.closed": (
            f"{{pull_request.merged_by.login/pull_request.merged_by.username}} merged {PULL}",
            f"{WHO} closed {PULL}",
        ),
        "pull_request.synchronized": f"{WHO} pushed to {PULL}",
        "pull_request.assigned": (
            f"{WHO} assigned {{pull_request.assignee.login}} to {PULL}",
            f"{WHO} assigned {PULL}",
        ),
        "pull_request.label_updated": f"{WHO} changed the labels of {PULL}",
        "pull_request.label_cleared": f"{WHO} took all labels off {PULL}",
        "pull_request.milestoned": (
            f"{WHO} put {{pull_request.milestone.title!line}} on {PULL}",
            f"{WHO} put a milestone on {PULL}",
        ),
        "pull_request.demilestoned": f"{WHO} took the milestone off {PULL}",
        "issue_comment": f"{WHO} {{@action}} a comment on #{{issue.number}}: {{comment.body!line}}",
        "issue_comment.created": f"{WHO} commented on #{{issue.number}}: {{comment.body!line}}",
        "release": (
            f"{WHO} {{@action}} release {{release.name/release.tag_name!line}}",
            f"{WHO} published release {{release.name/release.tag_name!line}}",
        ),
        "*": (f"{WHO} {{@action!words}} {{@event!words}}", f"{{@event!words}} by {WHO}"),
    },
    events=(
        Event("push", "Commits were pushed to a branch"),
        Event("create", "A branch or tag was made"),
        Event("delete", "A branch or tag was deleted"),
        Event("fork", "The repository was forked"),
        Event("issues", "An issue was opened, closed or changed"),
        Event("issue_comment", "Someone commented on an issue or a pull request"),
        Event("pull_request", "A pull request was opened, closed, merged or changed"),
        Event("release", "A release was published"),
    ),
    limits=Limits(timeout=15, retries="none: redeliver by hand from the hook's page"),
    notes=(
        "There is no ping: a test delivery is a push of the last commit, `before` the same as `after`.",
        "A test push's commit has the timestamp 0001-01-01T00:00:00Z: hookcli knows it by that.",
        "What is signed is the JSON: in a form delivery, the decoded `payload`, not the raw body.",
        "Without a secret, X-Gogs-Signature is still there, and empty.",
        "A redelivery keeps its X-Gogs-Delivery.",
        "It calls no host of the local network unless [security] LOCAL_NETWORK_ALLOWLIST names it.",
        "It follows no redirect.",
        "A push lists five commits at most ([ui] FEED_MAX_COMMIT_NUM), the newest first.",
        "A pushed tag is a create, and no push.",
        "A merged pull request is `closed` with `merged` true; a comment on one is an issue_comment.",
        "New issues and comments carry created_at 0001-01-01T00:00:00Z.",
        "The time-out is [webhook] DELIVER_TIMEOUT.",
    ),
)

"""Gitea.

Sources: go-gitea/gitea at March 2026 (1.26 in the making), read in the fork bmeddeb/gitea:
`services/webhook/deliver.go` (headers, signatures, methods), `modules/webhook/type.go` (events and their finer types),
`services/webhook/notifier.go` and `modules/structs/hook.go` (payloads and actions), `models/webhook/hooktask.go`
(redelivery), `routers/web/repo/setting/webhook.go` (test delivery), `services/repository/push.go` (what a push sends),
`modules/setting/webhook.go` and `ui.go` (time-out, commits listed); Gitea's documentation, "Webhooks" (the `secret` in
old payloads). Header order: Go's net/http, as with Gogs.
"""

from hookcli.providers.gogs import PROVIDER as GOGS
from hookcli.providers.gogs import PULL, PUSHER, TEST_COMMIT, WHO, over_payload
from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Token

PROVIDER = Provider(
    id="gitea",
    title="Gitea",
    docs="https://docs.gitea.com/usage/repository/webhooks",
    color="#609926",
    identify=(("header:X-Gitea-Event",),),
    supersedes=("gogs", "github"),
    # Before 1.24 the event of a package or a status stands there empty: then its finer type tells.
    event=("header:X-Gitea-Event", "header:X-Gitea-Event-Type"),
    action=("body:action",),
    delivery_id=("header:X-Gitea-Delivery",),
    ping=(("header:X-Gitea-Event=push", TEST_COMMIT),),
    signatures=(
        *over_payload("gitea", "header:X-Gitea-Signature"),
        *over_payload("gogs", "header:X-Gogs-Signature"),
        *over_payload("sha256", "header:X-Hub-Signature-256", prefix="sha256="),
        *over_payload("sha1", "header:X-Hub-Signature", hash="sha1", prefix="sha1="),
        Token(name="bearer", at="header:Authorization", style="bearer", default=False),
        Token(name="authorization", at="header:Authorization", default=False),
    ),
    sends=(
        ("User-Agent", "Go-http-client/1.1"),
        ("Content-Type", "application/json"),
        ("X-GitHub-Delivery", "{id}"),
        ("X-GitHub-Event", "{event}"),
        ("X-GitHub-Event-Type", "{event}"),
        ("X-GitHub-Hook-Installation-Target-Type", "repository"),
        ("X-Gitea-Delivery", "{id}"),
        ("X-Gitea-Event", "{event}"),
        ("X-Gitea-Event-Type", "{event}"),
        ("X-Gitea-Hook-Installation-Target-Type", "repository"),
        ("X-Gogs-Delivery", "{id}"),
        ("X-Gogs-Event", "{event}"),
        ("X-Gogs-Event-Type", "{event}"),
        ("Accept-Encoding", "gzip"),
    ),
    infer=(
        ("body:workflow_job", "workflow_job"),
        ("body:workflow_run", "workflow_run"),
        ("body:review.type=pull_request_review_approved", "pull_request_approved"),
        ("body:review.type=pull_request_review_rejected", "pull_request_rejected"),
        ("body:review", "pull_request_comment"),
        ("body:package", "package"),
        ("body:page", "wiki"),
        ("body:context", "status"),
        *GOGS.infer,
        ("body:organization", "repository"),
    ),
    summary={
        **GOGS.summary,
        "push": (
            f"{PUSHER} pushed {{total_commits!count:commit}} to {{ref!branch}}: {{commits.0.message!line}}",
            *GOGS.summary["push"],
        ),
        "fork": f"{WHO} forked {{forkee.full_name}} to {{repository.full_name}}",
        "pull_request.review_requested": (
            f"{WHO} asked {{requested_reviewer.login}} to review {PULL}",
            f"{WHO} asked for a review of {PULL}",
        ),
        "pull_request.review_request_removed": f"{WHO} took back the request to review {PULL}",
        "pull_request_approved": f"{WHO} approved {PULL}",
        "pull_request_rejected": f"{WHO} asked for changes to {PULL}",
        "pull_request_comment": f"{WHO} reviewed {PULL}",
        # What old libraries and their recorded deliveries call a review.
        "reviewed": f"{WHO} reviewed {PULL}",
        "wiki": f"{WHO} {{@action}} wiki page {{page}}",
        "repository": f"{WHO} {{@action}} repository {{repository.full_name}}",
        "package": f"{WHO} {{@action}} {{package.type}} package {{package.name}} {{package.version}}",
        "status": "{context}: {state} for {sha!short}",
        "workflow_run": (
            "{workflow.name} {workflow_run.conclusion}: {workflow_run.display_title!line}",
            "{workflow.name} {@action!words}: {workflow_run.display_title!line}",
        ),
        "workflow_job": (
            "job {workflow_job.name} {workflow_job.conclusion} on {workflow_job.head_branch}",
            "job {workflow_job.name} {@action!words}[ on {workflow_job.head_branch}]",
        ),
    },
    events=(
        Event("push", "Commits or a tag were pushed, or a tag was deleted"),
        Event("create", "A branch or tag was made"),
        Event("delete", "A branch or tag was deleted"),
        Event("fork", "The repository was forked"),
        Event("issues", "An issue was opened, closed or changed"),
        Event("issue_comment", "Someone commented on an issue or a pull request"),
        Event("pull_request", "A pull request was opened, closed, merged or changed, or a review was asked for"),
        Event("pull_request_approved", "A review approved a pull request"),
        Event("pull_request_rejected", "A review asked for changes to a pull request"),
        Event("pull_request_comment", "A review commented on a pull request"),
        Event("wiki", "A wiki page was made, edited or deleted"),
        Event("repository", "A repository was made or deleted (hooks of an owner or the system)"),
        Event("release", "A release was published, updated or deleted"),
        Event("package", "A package was published or deleted"),
        Event("status", "A build status was set on a commit"),
        Event("workflow_run", "A run of a workflow was requested, began or ended"),
        Event("workflow_job", "A job of a workflow was queued, waits, began or ended"),
    ),
    limits=Limits(timeout=5, retries="none: send it again by hand from the hook's recent deliveries"),
    notes=(
        "There is no ping: a test delivery is a push of a made-up commit by Ghost, `before` and `after` all zeros.",
        "A test push's commit has the timestamp 0001-01-01T00:00:00Z: hookcli knows it by that.",
        "X-Gitea-Event-Type is finer than X-Gitea-Event: issue_assign, issue_label, issue_milestone are all `issues`.",
        "So are pull_request_assign, _label, _milestone, _sync and _review_request all `pull_request`.",
        "A comment on a pull request is the event issue_comment, its type pull_request_comment.",
        "A commenting review is the event pull_request_comment, its type pull_request_review_comment.",
        "What is signed is the JSON: in a form delivery, the decoded `payload`; with GET, that of the query.",
        "Without a secret the signature headers are still there, without digest (`sha256=` and nothing after it).",
        "A hook with GET puts the whole payload into the URL: often more than the 8 KiB that many servers take.",
        "A delivery sent again has a new X-Gitea-Delivery.",
        "It calls no local or private address unless [webhook] ALLOWED_HOST_LIST names it (`loopback`, `private`).",
        "A push lists five commits at most ([ui] FEED_MAX_COMMIT_NUM), the newest first: total_commits counts all.",
        "A pushed tag is a push (with head_commit and no commits) and a create. In create and delete, ref is short.",
        "In a fork, `forkee` is what was forked and `repository` the fork: at GitHub it is the other way round.",
        "A merged pull request is `closed` with `merged` true.",
        "Bodies are indented by two spaces, those of wiki and repository by one.",
        "X-Gitea-Hook-Installation-Target-Type (since 1.24): whose hook it is, as repository, organization, user.",
        "Before 1.14 the body held the hook's secret, in the clear, as `secret`.",
        "The time-out is [webhook] DELIVER_TIMEOUT.",
    ),
    sensitive=("body:secret",),
)

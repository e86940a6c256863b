"""Forgejo: Gitea's headers and payloads, and its own.

Sources: Forgejo at November 2024 and in 2025 (mirrors yonasBSD/forgejo and saschazepter/forgejo):
`services/webhook/shared/payloader.go` (headers, signatures), `services/webhook/default.go` (methods; hooks of type
Gitea), `services/webhook/deliver.go`, `services/webhook/notifier.go` and `modules/structs/hook.go` (payloads and
actions), `modules/webhook/type.go` (events and their finer types), `models/webhook/hooktask.go` (redelivery),
`modules/setting/webhook.go` (time-out); Forgejo's documentation, "Webhooks". Header order: Go's net/http, as with Gogs.
"""

from hookcli.providers.gitea import PROVIDER as GITEA
from hookcli.providers.gogs import TEST_COMMIT, over_payload
from hookcli.providers.spec import Event, Limits, Provider

NOT_HERE = frozenset({"status", "workflow_run", "workflow_job"})
"""What Gitea sends and Forgejo does not."""

PROVIDER = Provider(
    id="forgejo",
    title="Forgejo",
    docs="https://forgejo.org/docs/latest/user/webhooks/",
    color="#d9480f",
    identify=(("header:X-Forgejo-Event",),),
    supersedes=("gitea", "gogs", "github"),
    # The event of a package stands there empty: then its finer type tells.
    event=("header:X-Forgejo-Event", "header:X-Forgejo-Event-Type"),
    action=("body:action",),
    delivery_id=("header:X-Forgejo-Delivery",),
    ping=(("header:X-Forgejo-Event=push", TEST_COMMIT),),
    signatures=(*over_payload("forgejo", "header:X-Forgejo-Signature"), *GITEA.signatures),
    sends=(
        ("User-Agent", "Go-http-client/1.1"),
        ("Content-Type", "application/json"),
        ("X-Forgejo-Delivery", "{id}"),
        ("X-Forgejo-Event", "{event}"),
        ("X-Forgejo-Event-Type", "{event}"),
        ("X-GitHub-Delivery", "{id}"),
        ("X-GitHub-Event", "{event}"),
        ("X-GitHub-Event-Type", "{event}"),
        ("X-Gitea-Delivery", "{id}"),
        ("X-Gitea-Event", "{event}"),
        ("X-Gitea-Event-Type", "{event}"),
        ("X-Gogs-Delivery", "{id}"),
        ("X-Gogs-Event", "{event}"),
        ("X-Gogs-Event-Type", "{event}"),
        ("Accept-Encoding", "gzip"),
    ),
    infer=(
        ("body:action=failure", "action_run_failure"),
        ("body:action=recover", "action_run_recover"),
        ("body:action=success", "action_run_success"),
        *((rule, event) for rule, event in GITEA.infer if event not in NOT_HERE),
    ),
    summary={
        **GITEA.summary,
        "action_run_failure": "{run.workflow_id} ended with {run.status} on {run.prettyref}: {run.title!line}",
        "action_run_recover": "{run.workflow_id} works again on {run.prettyref}: {run.title!line}",
        "action_run_success": "{run.workflow_id} succeeded on {run.prettyref}: {run.title!line}",
    },
    events=(
        *(event for event in GITEA.events if event.name not in NOT_HERE),
        Event("action_run_failure", "A run of a workflow failed or was cancelled"),
        Event("action_run_recover", "A run of a workflow succeeded after one that had not"),
        Event("action_run_success", "A run of a workflow succeeded"),
    ),
    limits=Limits(timeout=5, retries="none: send it again by hand from the hook's recent deliveries"),
    notes=(
        "There is no ping: a test delivery is a push of the last commit, `before` the same as `after`.",
        "A test push's commit has the timestamp 0001-01-01T00:00:00Z: hookcli knows it by that.",
        "It sends Gitea's, Gogs' and GitHub's headers too: whoever looks for those first takes it for one of them.",
        "X-Forgejo-Event-Type is finer than X-Forgejo-Event, just as Gitea's is.",
        "What is signed is the JSON: in a form delivery, the decoded `payload`; with GET, that of the query.",
        "Without a secret the signature headers are still there, without digest (`sha256=` and nothing after it).",
        "In create and delete, ref is whole (refs/tags/v1.0).",
        "A hook of type Gitea gets these two with a short ref, in a body written anew: compact, its keys sorted.",
        "A hook with GET puts the whole payload into the URL: often more than the 8 KiB that many servers take.",
        "A delivery sent again has a new X-Forgejo-Delivery.",
        "It calls no local or private address unless [webhook] ALLOWED_HOST_LIST names it (`loopback`, `private`).",
        "A push does not list all of its commits, and the newest first: total_commits counts them all.",
        "A package's X-Forgejo-Event is empty: X-Forgejo-Event-Type says `package`.",
        "In a fork, `forkee` is what was forked and `repository` the fork: at GitHub it is the other way round.",
        "A merged pull request is `closed` with `merged` true.",
        "Bodies are indented by two spaces, those of wiki and repository by one.",
        "The time-out is [webhook] DELIVER_TIMEOUT.",
    ),
    sensitive=GITEA.sensitive,
)

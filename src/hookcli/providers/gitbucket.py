"""GitBucket, which sends what GitHub sends.

Sources: gitbucket/gitbucket, `core/service/WebHookService.scala` (headers, signatures, payloads; the client is
Apache's, whose User-Agent tells it from GitHub) and `core/model/WebHook.scala` (the events).
"""

from hookcli.providers import github
from hookcli.providers.spec import Event, Provider

PROVIDER = Provider(
    id="gitbucket",
    title="GitBucket",
    docs="https://github.com/gitbucket/gitbucket/wiki/Webhook",
    color="#ca4d32",
    identify=(
        (
            "header:X-GitHub-Event",
            "header:User-Agent~^Apache-HttpClient/",
            "!header:X-GitHub-Hook-ID",
            "!header:X-Gogs-Event",
            "!header:X-Gitea-Event",
            "!header:X-Forgejo-Event",
        ),
    ),
    supersedes=("github",),
    event=("header:X-GitHub-Event",),
    action=("body:action",),
    delivery_id=("header:X-GitHub-Delivery",),
    signatures=github.PROVIDER.signatures,
    sends=(
        ("Content-Type", "application/json"),
        ("X-Github-Event", "{event}"),
        ("X-Github-Delivery", "{id}"),
        ("Accept-Encoding", "gzip,deflate"),
        ("User-Agent", "Apache-HttpClient/4.5.14 (Java/17.0.12)"),
        ("Connection", "Keep-Alive"),
    ),
    infer=tuple((rule, event) for rule, event in github.PROVIDER.infer if event in {"push", "issue_comment", "issues"}),
    notes=(
        "Headers, signatures and payloads are GitHub's: whoever reads those reads these.",
        "Only the User-Agent tells it from GitHub, which has GitHub-Hookshot there and X-GitHub-Hook-ID besides.",
        "JSON or form (`payload=`); what is signed is the body as it is sent.",
        "A failure is logged, and nothing is sent again.",
    ),
    summary=github.PROVIDER.summary,
    events=(
        Event("push", "Commits or tags were pushed"),
        Event("create", "A branch or tag was created"),
        Event("delete", "A branch or tag was deleted"),
        Event("issues", "An issue was opened, closed or changed"),
        Event("issue_comment", "Somebody commented on an issue or pull request"),
        Event("pull_request", "A pull request was opened, closed or changed"),
        Event("pull_request_review_comment", "Somebody commented on a line of a pull request"),
        Event("commit_comment", "Somebody commented on a commit"),
        Event("gollum", "The wiki was changed"),
        Event("fork", "A repository was forked"),
        Event("release", "A release was made"),
        Event("status", "A commit's status changed"),
    ),
)

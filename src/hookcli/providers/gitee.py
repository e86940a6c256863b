"""Gitee (formerly git.oschina.net).

Sources: Gitee help, "WebHook 推送数据格式说明", "WebHook 推送数据类型说明" and "WebHook 密钥验证和验证算法"; keys and
values from the recorded payloads of drone/go-scm, scm/driver/gitee/testdata/webhooks; header order and the test
button's delivery from a request recorded in a public test suite in 2022.
"""

from hookcli.providers.spec import Event, Provider
from hookcli.signing.schemes import Hmac, Token

PUSHER = "{pusher.username/user_name}"
WHO = "{sender.login/updated_by.login/author.login}"
PULL = "pull request !{pull_request.number/number}"
TITLED = f"{PULL}: {{pull_request.title/title!line}}"
ISSUE = "issue {issue.number/iid}: {issue.title/title!line}"
NOTE = "{note/comment.body!line}"

PUSHED = (
    f"{PUSHER} pushed {{total_commits_count!count:commit}} to {{ref!branch}}: {{commits.0.message!line}}",
    f"{PUSHER} pushed {{ref!branch}} at {{head_commit.id!short}}",
    f"{PUSHER} deleted {{ref!branch}}",
)

PROVIDER = Provider(
    id="gitee",
    title="Gitee",
    docs="https://help.gitee.com/webhook/gitee-webhook-push-data-format",
    color="#c71d23",
    identify=(
        ("header:X-Gitee-Event",),
        ("header:X-Git-Oschina-Event",),
        ("header:User-Agent~^git-oschina-hook",),
    ),
    event=("header:X-Gitee-Event", "header:X-Git-Oschina-Event"),
    action=("body:action",),
    delivery_id=("header:X-Request-ID",),
    hook_id=("body:hook_id",),
    ping=(("header:X-Gitee-Ping=true",),),
    signatures=(
        Hmac(
            name="sign",
            at="header:X-Gitee-Token",
            encoding="base64",
            signed="{timestamp}\n{secret}",
            timestamp="header:X-Gitee-Timestamp",
            milliseconds=True,
            tolerance=3600,
            urlencoded_too=True,
        ),
        Token(name="password", at="header:X-Gitee-Token"),
    ),
    sends=(
        ("Accept", "*/*"),
        ("User-Agent", "git-oschina-hook"),
        ("Content-Type", "application/json"),
        ("X-Gitee-Timestamp", "{milliseconds}"),
        ("X-Gitee-Ping", "false"),
        ("X-Gitee-Event", "{event}"),
        ("X-Git-Oschina-Event", "{event}"),
        ("X-Request-ID", "{id}"),
        ("Accept-Encoding", "gzip;q=1.0,deflate;q=0.6,identity;q=0.3"),
    ),
    id_form="hex32",
    notes=(
        "The signature covers the timestamp only, never the body: it tells who sent a delivery, not what was sent.",
        "A signature is good for one hour. It arrives as plain base64, though the documentation says url-encoded.",
        "Without a signing key X-Gitee-Token is the password itself, and the body repeats it as `password`.",
        "X-Gitee-Ping: true is the test button: a sample push, of a repository that is not yours.",
        "The event may be named `Push Hook` or `push_hooks` in the header of a test.",
        "X-Request-ID is not in the documentation; ingress-nginx in front of a receiver sets the same header.",
        "A pull request's number and an issue's (`ID4F2K`, a word) are not alike.",
        "Hooks made long ago still arrive as a form instead of JSON.",
    ),
    infer=(
        ("body:hook_name=push_hooks", "Push Hook"),
        ("body:hook_name=tag_push_hooks", "Tag Push Hook"),
        ("body:hook_name=issue_hooks", "Issue Hook"),
        ("body:hook_name=merge_request_hooks", "Merge Request Hook"),
        ("body:hook_name=note_hooks", "Note Hook"),
        ("body:noteable_type", "Note Hook"),
        ("body:pull_request", "Merge Request Hook"),
        ("body:issue", "Issue Hook"),
        ("body:ref~^refs/tags/", "Tag Push Hook"),
        ("body:ref", "Push Hook"),
    ),
    summary={
        "Push Hook": PUSHED,
        "push_hooks": PUSHED,
        "Tag Push Hook": (
            f"{PUSHER} tagged {{head_commit.id!short}} as {{ref!branch}}",
            f"{PUSHER} deleted tag {{ref!branch}}",
        ),
        "Merge Request Hook": f"{WHO} {{action!past}} {TITLED}",
        "Merge Request Hook.update": f"{WHO} updated {TITLED}[ ({{action_desc!words}})]",
        "Merge Request Hook.assign": f"{WHO} assigned {TITLED}",
        "Issue Hook": f"{WHO} {{action!past}} {ISSUE}",
        "Issue Hook.assign": (f"{WHO} assigned {{assignee.login}} to {ISSUE}", f"{WHO} assigned {ISSUE}"),
        "Issue Hook.state_change": (
            f"{WHO} moved issue {{issue.number/iid}} to {{issue.state_name/state!words}}: {{issue.title/title!line}}"
        ),
        "Note Hook": (
            f"{WHO} {{action!past}} a comment on {PULL}: {NOTE}",
            f"{WHO} {{action!past}} a comment on issue {{issue.number}}: {NOTE}",
            f"{WHO} {{action!past}} a comment: {NOTE}",
        ),
        "Note Hook.comment": (
            f"{WHO} commented on {PULL}: {NOTE}",
            f"{WHO} commented on issue {{issue.number}}: {NOTE}",
            f"{WHO} commented on {{short_commit_id/comment.commit_id!short}}: {NOTE}",
            f"{WHO} commented: {NOTE}",
        ),
        "*": (f"{{@event!words}} by {WHO}", "{@event!words}"),
    },
    events=(
        Event("Push Hook", "Commits were pushed, or a branch was made or deleted"),
        Event("Tag Push Hook", "A tag was made or deleted"),
        Event("Merge Request Hook", "A pull request was opened, changed, assigned, reviewed, merged or closed"),
        Event("Issue Hook", "An issue was opened, assigned, moved to another state or deleted"),
        Event("Note Hook", "Somebody commented on a pull request, an issue or a commit"),
    ),
    sensitive=("body:password", "body:sign"),
)

"""The declarations: sound by themselves, true to their fixtures, and shown by `hookcli providers`."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import cache
from ipaddress import ip_network
from typing import TYPE_CHECKING

import pytest

from hookcli import fixtures
from hookcli.delivery import Identity, Message
from hookcli.errors import WrongInput
from hookcli.examine import Findings, examine
from hookcli.formats import http_file
from hookcli.providers.registry import provider, providers
from hookcli.providers.summary import fill, summarise
from hookcli.reading import Reading, condition, place
from hookcli.signing.secrets import Secrets
from hookcli.signing.sign import Occasion, dressed
from support import Result, a_payload, hookcli

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hookcli.providers.spec import Provider

CORE = (
    "github",
    "gitlab",
    "bitbucket",
    "bitbucket-server",
    "gitee",
    "gitea",
    "forgejo",
    "gogs",
    "coding",
    "dockerhub",
    "dtr",
    "argo-events",
    "cloudevents",
)
EVERY = pytest.mark.parametrize("one", providers().values(), ids=lambda one: one.id)
NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


def lines_of(one: Provider) -> Iterator[str]:
    """Every template of a summary."""
    for lines in one.summary.values():
        yield from (lines,) if isinstance(lines, str) else lines


def test_every_provider_of_the_first_release_is_known() -> None:
    assert set(CORE) <= providers().keys()
    assert list(providers())[-1] == "unknown"


@EVERY
class TestDeclarations:
    def test_it_says_what_it_is(self, one: Provider) -> None:
        assert re.fullmatch(r"[a-z][a-z0-9-]*", one.id)
        assert provider(one.id) is provider(one.id.upper()) is one
        assert one.title.strip() == one.title != ""
        assert one.docs.startswith("https://")
        assert re.fullmatch(r"#[0-9a-f]{6}", one.color)

    def test_it_can_be_found(self, one: Provider) -> None:
        assert all(one.identify) or one.id == "unknown"
        assert bool(one.identify) == (one.id != "unknown")
        for rule in (*one.identify, *one.ping):
            for part in rule:
                assert condition(part).place.name
        # A rule of absences alone would take all that comes.
        assert all(any(not condition(part).absent for part in rule) for rule in one.identify)

    def test_its_places_are_places(self, one: Provider) -> None:
        claims = (scheme.at for scheme in one.signatures)
        for where in (
            *one.event,
            *one.action,
            *one.delivery_id,
            *one.attempt,
            *one.hook_id,
            *one.sensitive,
            *claims,
        ):
            assert place(where).kind in {"header", "query", "form", "body", "xml", "text"}

    def test_it_comes_before_others_that_there_are(self, one: Provider) -> None:
        assert set(one.supersedes) <= providers().keys() - {one.id}
        for other in one.supersedes:
            assert one.id not in providers()[other].supersedes

    def test_its_catalogue_names_each_event_once(self, one: Provider) -> None:
        names = [event.name for event in one.events]
        assert len(names) == len(set(names))
        assert all(event.title and not event.title.endswith(".") for event in one.events)
        assert all(note.endswith((".", "?")) for note in one.notes)

    def test_the_events_that_a_payload_tells_stand_in_the_catalogue(self, one: Provider) -> None:
        for rule, event in one.infer:
            assert condition(rule).place.kind == "body"
            assert event in {known.name for known in one.events}

    def test_its_schemes_are_told_apart(self, one: Provider) -> None:
        # Alternatives of one name stand in one place, next to each other.
        seen: dict[str, str] = {}
        before = ""
        for scheme in one.signatures:
            assert scheme.name == before or scheme.name not in seen
            assert seen.setdefault(scheme.name, scheme.at) == scheme.at
            before = scheme.name

    def test_all_its_headers_can_be_made(self, one: Provider) -> None:
        places = re.findall(r"\{body:([^}]+)\}", " ".join(value for _, value in one.sends))
        event = one.events[0].name if one.events else "event"
        body = json.dumps(a_payload(places)).encode()
        message = dressed(one, body, event=event, occasion=Occasion(timestamp=NOW.timestamp()))
        assert [name for name, _ in message.headers] == ["Host", *(name for name, _ in one.sends), "Content-Length"]
        assert not any(re.search(r"\{[\w:.-]+\}", value) for _, value in message.headers)

    def test_its_summaries_are_templates(self, one: Provider) -> None:
        for line in lines_of(one):
            assert re.fullmatch(r"([^][{}]|\{[^][{}]+\}|\[([^][{}]|\{[^][{}]+\})*\])+", line)
            for spec in re.findall(r"\{([^{}]+)\}", line):
                paths, *filters = spec.split("!")
                for path in paths.split("/"):
                    assert path in {"@event", "@action"} or ":" not in path or place(path).name
                for name in filters:
                    # One that there is none of is an error.
                    fill(f"{{word!{name}}}", Reading(Message(body=b'{"word": "one"}')), Identity())

    def test_its_networks_and_limits_are_such(self, one: Provider) -> None:
        for network in one.networks:
            assert ip_network(network).is_global
        assert one.limits.timeout is None or one.limits.timeout > 0
        assert one.limits.body is None or one.limits.body >= 1024


SECRETS = Secrets(((None, "hookcli"), ("gitlab", "whsec_aG9va2NsaSBob29rY2xpIGhvb2tjbGkgaG9va2NsaSA=")))
"""What the fixtures are signed with."""

AT_ITS_OWN_TIME = {"gitlab/push_hook.signed": datetime(2026, 5, 21, 14, 20, 12, tzinfo=UTC)}
UNSIGNED = {"argo-events/calendar"}
VARIANTS = {"tag", "delete", "form", "get", "test", "ping", "signed", "issue", "pull_request", "gitea"}
"""What a fixture's name may end with besides its action."""

NAMED_BY_MODE = {"cloudevents/batch", "cloudevents/binary", "cloudevents/structured"}


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


@cache
def fixture(name: str) -> Message:
    return http_file.read(fixtures.load(name))


@cache
def findings(name: str) -> Findings:
    return examine(fixture(name), SECRETS, now=AT_ITS_OWN_TIME.get(name, NOW))


OF_CORE = pytest.mark.parametrize("name", [name for name in fixtures.names() if name.partition("/")[0] in CORE])


class TestFixtures:
    @pytest.mark.parametrize("name", fixtures.names())
    def test_it_is_a_delivery_of_its_folders_provider(self, name: str) -> None:
        assert findings(name).identity.provider == name.partition("/")[0]
        assert findings(name).verdict.state != "invalid" or "authorization" in fixture(name).headers

    @pytest.mark.parametrize("name", fixtures.names())
    def test_it_is_framed_right(self, name: str) -> None:
        message = fixture(name)
        assert message.headers.get("content-length", "0") == str(len(message.body))
        assert "content-length" in message.headers or message.method == "GET"
        assert "transfer-encoding" not in message.headers
        assert fixtures.load(name).partition(b"\n\n")[2] == message.body

    @OF_CORE
    def test_its_name_says_its_event_and_its_action(self, name: str) -> None:
        identity = findings(name).identity
        event, *more = name.partition("/")[2].split(".")
        if name in NAMED_BY_MODE:
            assert identity.event
            return
        assert slug(identity.event or "") == event
        # A comment of GitLab's is always a `create`: its name leaves that out.
        action = [slug(identity.action)] if identity.action and not name.startswith("gitlab/note_hook") else []
        assert more[: len(action)] == action
        assert set(more[len(action) :]) <= VARIANTS
        assert identity.is_ping == ("ping" in name or "test" in more)

    @OF_CORE
    def test_a_sentence_tells_of_it(self, name: str) -> None:
        found = findings(name)
        assert len(found.summary.split()) >= 3
        assert not re.search(r"[{}\[\]]|\s\s|^\s|\s$|None|null", found.summary)
        # Not the last resort: the event's own words.
        assert found.summary != summarise(Reading(fixture(name)), found.identity, {})

    @OF_CORE
    def test_it_is_signed_with_the_secret_that_everybody_knows(self, name: str) -> None:
        verdict = findings(name).verdict
        assert verdict.state == ("unsigned" if name in UNSIGNED else "valid")

    @OF_CORE
    def test_its_event_stands_in_the_catalogue(self, name: str) -> None:
        one = providers()[name.partition("/")[0]]
        # CloudEvents' types are the producer's own.
        assert findings(name).identity.event in {event.name for event in one.events} or one.id == "cloudevents"


WANTED = {
    "github": ["push", "pull_request.opened", "issues.opened", "issue_comment.created", "push.tag", "create"],
    "gitlab": ["push_hook", "merge_request_hook.open", "issue_hook.open", "note_hook", "tag_push_hook"],
    "bitbucket": ["repo_push", "pullrequest_created", "issue_created", "pullrequest_comment_created", "repo_push.tag"],
    "bitbucket-server": ["repo_refs_changed", "pr_opened", "pr_comment_added", "repo_refs_changed.tag"],
    "gitee": ["push_hook", "merge_request_hook.open", "issue_hook.open", "note_hook.comment", "tag_push_hook"],
    "gitea": ["push", "pull_request.opened", "issues.opened", "issue_comment.created", "push.tag", "create"],
    "forgejo": ["push", "pull_request.opened", "issues.opened", "issue_comment.created", "push.tag", "create"],
    "gogs": ["push", "pull_request.opened", "issues.opened", "issue_comment.created", "create"],
    "coding": ["git_pushed", "git_mr_created", "issue_created", "issue_comment_created.comment", "git_pushed.tag"],
}
"""Push, request to merge, issue, comment and tag of each forge that has them."""

RELEASES = {
    "github": "release.published",
    "gitlab": "release_hook.create",
    "gitea": "release.published",
    "forgejo": "release.published",
    "gogs": "release.published",
}
PINGS = {
    "github": "ping",
    "bitbucket-server": "diagnostics_ping",
    "gitee": "push_hook.ping",
    "gitea": "push.test",
    "forgejo": "push.test",
    "gogs": "push.test",
    "coding": "ping",
}
OTHERS = {"dockerhub": ["push"], "dtr": ["tag_push", "scan_completed"], "coding": ["ci_job_finished"]}


def test_there_is_a_fixture_of_everything_that_people_need_most() -> None:
    wanted = {f"{folder}/{event}" for part in (WANTED, OTHERS) for folder, events in part.items() for event in events}
    wanted |= {f"{folder}/{event}" for part in (RELEASES, PINGS) for folder, event in part.items()}
    assert wanted <= set(fixtures.names())
    assert {name.partition("/")[0] for name in fixtures.names()} >= set(CORE)


class TestFixturesByName:
    @pytest.mark.parametrize(
        ("text", "names"),
        [
            ("github/push", ["github/push"]),
            ("GitHub/Push", ["github/push"]),
            ("gitlab/Push Hook", ["gitlab/push_hook"]),
            ("bitbucket/repo:push", ["bitbucket/repo_push"]),
            ("github/issues", ["github/issues.opened"]),
            ("github/pull_request", ["github/pull_request.closed", "github/pull_request.opened"]),
            ("github/*.closed", ["github/pull_request.closed"]),
            ("dtr/", ["dtr/promotion", "dtr/scan_completed", "dtr/tag_push", "dtr/tag_push.test"]),
            ("dtr/*", ["dtr/promotion", "dtr/scan_completed", "dtr/tag_push", "dtr/tag_push.test"]),
            ("dockerhub", []),
            ("folder/push", []),
            ("github", []),
        ],
    )
    def test_a_word_means_these(self, text: str, names: list[str]) -> None:
        assert fixtures.matching(text) == names

    def test_a_name_that_there_is_none_of_lists_those_that_are(self) -> None:
        with pytest.raises(WrongInput, match="There is no fixture 'dockerhub/pull'") as raised:
            fixtures.matching("dockerhub/pull")
        assert raised.value.fix == "There are: push."


CODING = {
    "ITERATION_CREATED": "创建迭代",
    "ITERATION_DELETED": "删除迭代",
    "ITERATION_UPDATED": "更新迭代",
    "ITERATION_PLANNED": "规划迭代",
    "ISSUE_CREATED": "创建事项",
    "ISSUE_DELETED": "删除事项",
    "ISSUE_STATUS_UPDATED": "状态变更",
    "ISSUE_ASSIGNEE_CHANGED": "分配处理人",
    "ISSUE_ITERATION_CHANGED": "规划迭代",
    "ISSUE_RELATIONSHIP_CHANGED": "关联关系变更",
    "ISSUE_UPDATED": "更新事项信息",
    "ISSUE_COMMENT_CREATED": "增加评论",
    "ISSUE_HOUR_RECORD_UPDATED": "更新工时信息",
    "GIT_MR_CREATED": "合并请求创建",
    "GIT_MR_UPDATED": "合并请求更新",
    "GIT_MR_MERGED": "合并请求合并",
    "GIT_MR_CLOSED": "合并请求关闭",
    "GIT_MR_NOTE": "合并请求评论",
    "GIT_PUSHED": "代码推送",
    "CI_JOB_CREATED": "创建构建计划",
    "CI_JOB_UPDATED": "修改构建计划",
    "CI_JOB_DELETED": "删除构建计划",
    "CI_JOB_STARTED": "启动构建计划",
    "CI_JOB_FINISHED": "构建计划执行结束",
    "ARTIFACTS_VERSION_CREATED": "推送制品",
    "ARTIFACTS_VERSION_UPDATED": "更新制品",
    "ARTIFACTS_VERSION_DOWNLOADED": "下载制品",
    "ARTIFACTS_VERSION_DELETED": "删除制品",
    "ARTIFACTS_VERSION_RELEASED": "发布制品",
    "ARTIFACTS_VERSION_DOWNLOAD_FORBIDDEN": "禁止下载制品",
    "ARTIFACTS_VERSION_DOWNLOAD_ALLOWED": "恢复下载制品",
    "ARTIFACTS_VERSION_DOWNLOAD_BLOCKED": "下载制品阻断",
    "ARTIFACTS_REPO_CREATED": "创建制品仓库",
    "ARTIFACTS_REPO_UPDATED": "更新制品仓库配置",
    "ARTIFACTS_REPO_DELETED": "删除制品仓库",
    "WIKI_CREATED": "文档新建",
    "WIKI_UPDATED": "文档更新",
    "WIKI_MOVED": "文档移动",
    "WIKI_SHARE_UPDATED": "文档更改分享状态",
    "WIKI_ACCESS_UPDATED": "文档更改访问设置",
    "WIKI_COPIED": "文档 / 文档树复制",
    "WIKI_MOVED_TO_RECYCLE_BIN": "文档移动到回收站",
    "WIKI_RESTORED_FROM_RECYCLE_BIN": "文档从回收站恢复",
    "WIKI_DELETED": "文档彻底删除",
    "FILE_CREATED": "文件新建",
    "FILE_UPDATED": "文件更新",
    "FILE_RENAMED": "文件重命名",
    "FILE_SHARE_UPDATED": "文件更改分享状态",
    "FILE_MOVED": "文件 / 文件夹移动",
    "FILE_COPIED": "文件 / 文件夹复制",
    "FILE_MOVED_TO_RECYCLE_BIN": "文件 / 文件夹移动到回收站",
    "FILE_RESTORED_FROM_RECYCLE_BIN": "文件 / 文件夹从回收站恢复",
    "FILE_DELETED": "文件 / 文件夹彻底删除",
    "MEMBER_CREATED": "添加项目成员",
    "MEMBER_DELETED": "移除项目成员",
    "MEMBER_ROLE_UPDATED": "更新项目成员用户组",
}
"""CODING's published table, its slip (WIKI_DELETED for 添加项目成员) corrected."""


class TestTheCommand:
    def rows(self, result: Result) -> list[str]:
        assert (result.code, result.err) == (0, "")
        return result.text.splitlines()

    def test_all_in_a_table(self) -> None:
        rows = self.rows(hookcli("providers"))
        assert [row.split()[0] for row in rows] == list(providers())
        github = next(row for row in rows if row.startswith("github "))
        assert re.fullmatch(r"github +GitHub +\d+ events +HMAC-SHA256 in X-Hub-Signature-256", github)
        dockerhub = next(row for row in rows if row.startswith("dockerhub "))
        assert dockerhub.endswith("token in ?key")

    def test_all_as_json(self) -> None:
        records = hookcli("providers", "--json").records
        assert [one["id"] for one in records] == list(providers())
        for one in records:
            assert one["title"] == providers()[one["id"]].title
            assert len(one["events"]) == len(providers()[one["id"]].events)
            assert all(name.startswith(one["id"] + "/") for name in one["fixtures"])

    def test_one_in_full(self) -> None:
        text = "\n".join(self.rows(hookcli("providers", "gitlab", env={"COLUMNS": "200"})))
        for told in (
            "https://docs.gitlab.com/user/project/integrations/webhooks/",
            "Group webhooks are a paid feature",
            "signing-token: HMAC-SHA256 in webhook-signature, v1,base64, over '{id}.{timestamp}.{body}', good for 300",
            "token: token in X-Gitlab-Token (does not cover the body)",
            "waits 10 s for the answer",
            "Idempotency-Key: {id}",
            "gitlab/push_hook.signed",
            "Merge Request Hook",
            "Confidential Note Hook",
        ):
            assert told in text

    def test_giteas_catch_is_told(self) -> None:
        text = " ".join(hookcli("providers", "Gitee").text.split())
        assert "(does not cover the body)" in text
        assert "never the body" in text

    def test_one_as_json(self) -> None:
        (gitee,) = hookcli("providers", "gitee", "--json").records
        assert gitee["signatures"] == [
            {
                "name": "sign",
                "kind": "HMAC-SHA256",
                "at": "X-Gitee-Token",
                "covers_body": False,
                "tolerance": 3600,
                "hash": "sha256",
                "signed": "{timestamp}\n{secret}",
            },
            {
                "name": "password",
                "kind": "token",
                "at": "X-Gitee-Token",
                "covers_body": False,
                "tolerance": None,
                "hash": None,
                "signed": None,
            },
        ]
        assert ["X-Gitee-Timestamp", "{milliseconds}"] in gitee["headers"]

    def test_codings_whole_table_with_its_titles(self) -> None:
        result = hookcli("providers", "coding", "--json")
        (coding,) = result.records
        titles = {event["name"]: event["title"].partition(" (")[0] for event in coding["events"]}
        assert {name: titles.get(name) for name in CODING} == CODING
        assert [event["name"] for event in coding["events"]][: len(CODING)] == list(CODING)
        assert result.text.count("添加项目成员") == 1
        assert coding["networks"] == [
            "212.129.144.0/24",
            "212.64.105.0/24",
            "49.234.127.0/24",
            "49.235.224.0/24",
            "49.234.65.0/24",
            "81.69.101.0/24",
        ]

    def test_codings_table_for_a_person(self) -> None:
        rows = [row.split() for row in self.rows(hookcli("providers", "coding", env={"COLUMNS": "160"}))]
        for name, title in CODING.items():
            (row,) = [row for row in rows if name in row[:2]]
            assert title.split()[0] in row

    @pytest.mark.parametrize(
        ("name", "fix"),
        [
            ("githup", "Did you mean github?"),
            ("bitbuckt", "Did you mean bitbucket?"),
            ("nothing-like-it-at-all", "`hookcli providers` lists them."),
        ],
    )
    def test_a_name_that_there_is_none_of(self, name: str, fix: str) -> None:
        result = hookcli("providers", name)
        assert (result.code, result.text) == (2, "")
        assert result.err.splitlines() == [f"Error: There is no provider '{name}'.", fix]

"""Who sent a delivery: by rules with precedence, whatever the order and the case of the headers."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hookcli import fixtures
from hookcli.delivery import Headers, Identity, Message
from hookcli.examine import examine
from hookcli.formats import http_file
from hookcli.identify import identify, matches
from hookcli.providers.registry import providers
from hookcli.reading import Reading
from hookcli.signing.secrets import Secrets
from hookcli.signing.sign import Occasion, inferred_event, signed
from hookcli.signing.verify import verify
from support import Recorded, a_delivery, a_message, corpus, fill, hookcli

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


def found(message: Message) -> Identity:
    return identify(Reading(message))


def with_headers(*pairs: tuple[str, str], body: bytes = b"{}", target: str = "/") -> Message:
    return Message(target=target, headers=Headers(pairs), body=body)


FORGEJO = [
    ("User-Agent", "Go-http-client/1.1"),
    ("Content-Type", "application/json"),
    ("X-Forgejo-Delivery", "f-1"),
    ("X-Forgejo-Event", "push"),
    ("X-Forgejo-Event-Type", "push"),
    ("X-Gitea-Delivery", "f-1"),
    ("X-Gitea-Event", "push"),
    ("X-Gogs-Delivery", "f-1"),
    ("X-Gogs-Event", "push"),
    ("X-GitHub-Delivery", "f-1"),
    ("X-GitHub-Event", "push"),
    ("X-Hub-Signature", "sha1=00"),
    ("X-Hub-Signature-256", "sha256=00"),
]
"""What Forgejo sends: its own headers and everybody else's."""


def sent_by(*, without: str = "") -> list[tuple[str, str]]:
    """Forgejo's headers without those of some: what an older relative of it sends."""
    gone = without.lower().split()
    return [(name, value) for name, value in FORGEJO if not any(f"x-{one}-" in name.lower() for one in gone)]


FAMILY = [
    ("forgejo", sent_by()),
    ("gitea", sent_by(without="forgejo")),
    ("gogs", sent_by(without="forgejo gitea")),
    ("github", sent_by(without="forgejo gitea gogs")),
    ("forgejo", sent_by(without="gitea")),
    ("gitea", sent_by(without="forgejo gogs")),
    ("gogs", sent_by(without="forgejo gitea github")),
]


class TestPrecedence:
    @pytest.mark.parametrize(("provider", "headers"), FAMILY)
    @settings(max_examples=25, deadline=None)
    @given(data=st.data())
    def test_the_most_specific_wins_in_any_order_and_any_case(
        self, provider: str, headers: list[tuple[str, str]], data: st.DataObject
    ) -> None:
        change: st.SearchStrategy[Any] = st.sampled_from([str.lower, str.upper, str.title, str.swapcase, str])
        shuffled = [(data.draw(change)(name), value) for name, value in data.draw(st.permutations(headers))]
        identity = found(with_headers(*shuffled))
        assert (identity.provider, identity.event, identity.delivery_id) == (provider, "push", "f-1")

    def test_those_that_would_have_matched_are_told_after_it(self) -> None:
        held = matches(Reading(with_headers(*reversed(FORGEJO))))
        assert (held[0].provider.id, held[0].rule) == ("forgejo", ("header:X-Forgejo-Event",))
        assert {match.provider.id for match in held[1:]} == {"gitea", "gogs", "github"}

    def test_who_sends_the_headers_of_a_specification_too_comes_before_it(self) -> None:
        standard = [("webhook-id", "1"), ("webhook-timestamp", "1"), ("webhook-signature", "v1,AA==")]
        assert found(with_headers(*standard, ("X-Gitlab-Event", "Push Hook"))).provider == "gitlab"
        assert found(with_headers(*standard)).provider == "standard-webhooks"

    def test_a_rule_on_headers_comes_before_one_on_the_body(self) -> None:
        hub = b'{"push_data": {"tag": "1"}, "repository": {"repo_name": "a/b"}, "callback_url": "https://e.org"}'
        assert found(with_headers(body=hub)).provider == "dockerhub"
        assert found(with_headers(("X-GitHub-Event", "push"), body=hub)).provider == "github"
        every = matches(Reading(with_headers(("X-GitHub-Event", "push"), body=hub)), every=True)
        assert [match.provider.id for match in every] == ["github", "dockerhub"]


class TestBitbucket:
    CLOUD = (("X-Hook-UUID", "{1}"), ("X-Request-UUID", "{2}"), ("X-Attempt-Number", "2"))

    @pytest.mark.parametrize(
        ("provider", "headers"),
        [
            ("bitbucket", [("X-Event-Key", "repo:push"), *CLOUD]),
            ("bitbucket", [("X-Event-Key", "repo:push"), ("User-Agent", "Bitbucket-Webhooks/2.0")]),
            ("bitbucket", [("X-Event-Key", "pullrequest:created")]),
            ("bitbucket", [("X-Event-Key", "issue:created"), ("X-Request-Id", "added by a proxy"), *CLOUD]),
            (
                "bitbucket",
                [("X-Event-Key", "repo:push"), ("X-Request-UUID", "{2}"), ("X-Request-Id", "added by a proxy")],
            ),
            ("bitbucket-server", [("X-Event-Key", "repo:refs_changed"), ("X-Request-Id", "3")]),
            ("bitbucket-server", [("X-Event-Key", "pr:opened"), ("X-Request-Id", "3")]),
            (
                "bitbucket-server",
                [
                    ("X-Event-Key", "pr:opened"),
                    ("User-Agent", "Atlassian HttpClient 4.2.0 / Bitbucket-9.4.2 (9004002) / Default"),
                ],
            ),
            ("bitbucket-server", [("X-Event-Key", "repo:refs_changed")]),
            ("bitbucket-server", [("X-Event-Key", "diagnostics:ping"), ("X-Request-Id", "3")]),
            ("unknown", [("X-Event-Key", "something:else")]),
        ],
    )
    def test_the_cloud_and_the_server_are_told_apart(self, provider: str, headers: list[tuple[str, str]]) -> None:
        for order in (headers, headers[::-1]):
            assert found(with_headers(*order)).provider == provider

    def test_the_cloud_says_who_and_how_often(self) -> None:
        assert found(with_headers(("X-Event-Key", "repo:push"), *self.CLOUD)) == Identity(
            provider="bitbucket", event="repo:push", delivery_id="{2}", attempt=2, hook_id="{1}"
        )

    def test_the_servers_test_is_a_ping(self) -> None:
        message = with_headers(("X-Event-Key", "diagnostics:ping"), ("X-Request-Id", "3"), body=b'{"test": true}')
        assert found(message) == Identity(
            provider="bitbucket-server", event="diagnostics:ping", delivery_id="3", is_ping=True
        )


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("X-Hub-Signature", "sha256=00")],
        [("X-Hub-Signature", "sha1=00"), ("X-Hub-Signature-256", "sha256=00")],
        [("X-Hub-Signature-256", "sha256=00"), ("User-Agent", "GitHub-Hookshot/0001020")],
        [("X-GitHub-Delivery", "1")],
        [("Authorization", "Bearer S"), ("Content-Type", "application/json")],
    ],
)
@pytest.mark.parametrize("body", [b"", b"{}", b'{"action": "opened"}', b"\xff", b"[1]", b'"text"'])
def test_a_signature_alone_names_nobody(headers: list[tuple[str, str]], body: bytes) -> None:
    # Jira, Meta and others sign in GitHub's header too.
    assert found(with_headers(*headers, body=body)).provider == "unknown"


def test_what_nobody_claims_still_has_an_id_where_it_says_one() -> None:
    assert found(with_headers(("webhook-id", "msg_1"), ("X-Request-Id", "r"))) == Identity(delivery_id="msg_1")
    assert found(with_headers(("X-Request-Id", "r"))) == Identity(delivery_id="r")
    assert found(with_headers()) == Identity()


@pytest.mark.parametrize(
    ("message", "identity"),
    [
        (
            a_message(b'{"action": "opened"}', x_github_event="issues", x_github_delivery="1", x_github_hook_id="2"),
            Identity(provider="github", event="issues", action="opened", delivery_id="1", hook_id="2"),
        ),
        (a_message(x_github_event="ping"), Identity(provider="github", event="ping", is_ping=True)),
        (
            a_message(
                b'{"object_kind": "merge_request", "object_attributes": {"action": "open"}}',
                x_gitlab_event="Merge Request Hook",
                x_gitlab_event_uuid="u",
                x_gitlab_webhook_uuid="w",
                idempotency_key="k",
            ),
            Identity(provider="gitlab", event="Merge Request Hook", action="open", delivery_id="u", hook_id="w"),
        ),
        (
            a_message(x_gitlab_event="Push Hook", x_gitlab_event_uuid="u", webhook_id="k"),
            Identity(provider="gitlab", event="Push Hook", delivery_id="k"),
        ),
        (
            a_message(b'{"hook_id": 7, "action": "open"}', x_gitee_event="Issue Hook", x_request_id="r"),
            Identity(provider="gitee", event="Issue Hook", action="open", delivery_id="r", hook_id="7"),
        ),
        (
            a_message(x_git_oschina_event="Push Hook", x_gitee_ping="true"),
            Identity(provider="gitee", event="Push Hook", is_ping=True),
        ),
        (a_message(user_agent="git-oschina-hook"), Identity(provider="gitee")),
        (
            a_message(x_gitea_event="", x_gitea_event_type="package"),
            Identity(provider="gitea", event="package"),
        ),
        (
            a_message(b'{"commits": [{"timestamp": "0001-01-01T00:00:00Z"}]}', x_gogs_event="push"),
            Identity(provider="gogs", event="push", is_ping=True),
        ),
        (
            a_message(x_coding_service_hook_event="GIT_PUSHED", x_coding_delivery="d", x_coding_service_hook_id="h"),
            Identity(provider="coding", event="GIT_PUSHED", delivery_id="d", hook_id="h"),
        ),
        (a_message(x_coding_event="merge request"), Identity(provider="coding", event="merge request")),
        (
            a_message(b'{"token": "S", "zen": "..."}', x_coding_event="ping"),
            Identity(provider="coding", event="ping", is_ping=True),
        ),
        (a_message(b'{"event": "push"}', user_agent="Coding.net Hook"), Identity(provider="coding", event="push")),
        (
            a_message(b'{"push_data": {"tag": "1"}, "repository": {"repo_name": "a/b"}, "callback_url": "u"}'),
            Identity(provider="dockerhub", event="push"),
        ),
        (
            a_message(b'{"type": "TAG_PUSH", "createdAt": "2026", "contents": {"tag": "1"}}'),
            Identity(provider="dtr", event="TAG_PUSH"),
        ),
        (a_message(b'{"type": "TAG_LOST", "createdAt": "2026", "contents": {"tag": "1"}}'), Identity()),
        (a_message(b'{"type": "TAG_PUSH", "contents": {"tag": "1"}}'), Identity()),
    ],
    ids=lambda one: f"{one.provider} {one.event}" if isinstance(one, Identity) else "",
)
def test_a_delivery_says_what_it_is(message: Message, identity: Identity) -> None:
    assert found(message) == identity


class TestCloudEvents:
    EVENT: ClassVar[dict[str, Any]] = {
        "specversion": "1.0",
        "id": "e-1",
        "source": "/shop",
        "type": "com.example.order",
        "data": {"n": 1},
    }
    EXPECTED = Identity(provider="cloudevents", event="com.example.order", delivery_id="e-1")

    def test_binary(self) -> None:
        headers = {"ce_specversion": "1.0", "ce_id": "e-1", "ce_source": "/shop", "ce_type": "com.example.order"}
        assert found(a_message(b"\xff any data", content_type="image/png", **headers)) == self.EXPECTED

    @pytest.mark.parametrize(
        "content_type",
        ["application/cloudevents+json", "application/cloudevents+json; charset=utf-8", "Application/CloudEvents+JSON"],
    )
    def test_structured(self, content_type: str) -> None:
        assert found(a_message(json.dumps(self.EVENT).encode(), content_type=content_type)) == self.EXPECTED

    def test_structured_and_only_called_json(self) -> None:
        assert found(a_message(json.dumps(self.EVENT).encode(), content_type="application/json")) == self.EXPECTED

    def test_a_batch_is_what_its_first_event_is(self) -> None:
        body = json.dumps([self.EVENT, {**self.EVENT, "id": "e-2"}]).encode()
        assert found(a_message(body, content_type="application/cloudevents-batch+json")) == self.EXPECTED

    def test_an_empty_batch_is_one_still(self) -> None:
        identity = found(a_message(b"[]", content_type="application/cloudevents-batch+json"))
        assert identity == Identity(provider="cloudevents")

    def test_the_handshake_is_a_ping(self) -> None:
        message = Message(method="OPTIONS", headers=Headers([("WebHook-Request-Origin", "e.org")]))
        assert found(message) == Identity(provider="cloudevents", is_ping=True)


class TestArgoEvents:
    """The envelope, and the delivery in it."""

    CONTEXT: ClassVar = {
        "id": "a-1",
        "source": "hooks",
        "specversion": "1.0",
        "type": "webhook",
        "datacontenttype": "application/json",
        "subject": "shop",
        "time": "2026-01-31T12:00:00Z",
    }
    PUSH: ClassVar = {
        "header": {"X-Github-Event": ["issues"], "X-Github-Delivery": ["g-1"], "Content-Type": ["application/json"]},
        "body": {"action": "opened", "issue": {"number": 1, "title": "It rains in"}, "sender": {"login": "ada"}},
    }
    INSIDE = Identity(provider="github", event="issues", action="opened", delivery_id="g-1")

    def envelope(self, data: object, **context: str) -> Message:
        body = json.dumps({"context": {**self.CONTEXT, **context}, "data": data}).encode()
        return a_message(body, content_type="application/json")

    def outside(self, inside: Identity | None, event: str = "webhook") -> Identity:
        return Identity(provider="argo-events", event=event, delivery_id="a-1", hook_id="shop", carries=inside)

    def test_data_as_an_object(self) -> None:
        assert found(self.envelope(self.PUSH)) == self.outside(self.INSIDE)

    def test_data_as_base64(self) -> None:
        packed = b64encode(json.dumps(self.PUSH).encode()).decode()
        assert found(self.envelope(packed)) == self.outside(self.INSIDE)

    def test_the_github_event_source_writes_headers(self) -> None:
        data = {"headers": self.PUSH["header"], "body": self.PUSH["body"]}
        assert found(self.envelope(data, type="github")) == self.outside(self.INSIDE, "github")

    def test_the_line_for_a_person_speaks_of_what_it_carries(self) -> None:
        summary = examine(self.envelope(self.PUSH), Secrets(), now=NOW).summary
        assert summary == "github: ada opened issue #1: It rains in"

    @pytest.mark.parametrize(
        "data",
        [
            {"eventTime": "2026-01-31 12:00:00"},
            "bm8ganNvbg==",
            "no base64",
            b64encode(b"\xff\xfe").decode(),
            [],
            {"header": {}, "body": None},
            {"header": [], "body": {}},
            {"header": {"X-Github-Event": "no list"}},
        ],
    )
    def test_data_that_is_no_delivery_carries_none(self, data: object) -> None:
        assert found(self.envelope(data)) == self.outside(None)

    def test_what_it_carries_may_be_unknown(self) -> None:
        assert found(self.envelope({"header": {"X-Own": ["1"]}, "body": {}})) == self.outside(Identity())

    def test_a_line_break_inside_writes_no_header(self) -> None:
        data = {"header": {"X-Own": ["1\r\nX-Github-Event: push"]}, "body": {}}
        assert found(self.envelope(data)) == self.outside(Identity())

    def test_an_envelope_in_an_envelope_is_not_opened(self) -> None:
        inner = {"header": {"X-Github-Event": ["push"]}, "body": {"context": self.CONTEXT, "data": self.PUSH}}
        assert found(self.envelope(inner)) == self.outside(None)

    def test_a_context_that_is_not_whole_is_no_envelope(self) -> None:
        body = json.dumps({"context": {"id": "a-1"}, "data": self.PUSH}).encode()
        assert found(a_message(body)).provider == "unknown"


@pytest.mark.parametrize("name", fixtures.names())
def test_header_names_are_found_in_any_case(name: str) -> None:
    message = http_file.read(fixtures.load(name))
    for change in (str.lower, str.upper):
        other = replace(message, headers=Headers((change(key), value) for key, value in message.headers))
        assert found(other) == found(message)


OF_ITS_PAYLOAD = {
    ("bitbucket", "pr_updated.json"): "pullrequest:created",
    ("gitea", "review_approved.json"): "pull_request_approved",
    ("gitlab", "tag_delete.json"): "Tag Push Hook",
}
"""What a payload tells where that is not the name in its file: an update looks like a creation, `reviewed` is what an
old library calls three events, and a tag was sent as a push."""


@pytest.mark.parametrize("one", corpus())
class TestCorpus:
    """Real deliveries."""

    def test_it_is_what_its_file_says(self, one: Recorded) -> None:
        identity = found(one.message)
        assert (identity.provider, identity.event, identity.carries) == (one.provider, one.event, None)

    def test_it_can_be_signed_and_verified(self, one: Recorded) -> None:
        declared = providers()[one.provider]
        occasion = Occasion(timestamp=NOW.timestamp())
        message = signed(one.message, declared.signatures, "hookcli", occasion=occasion, delivery_id="id-1")
        assert message.body == one.message.body
        assert found(message) == found(one.message)
        assert verify(Reading(message), declared.signatures, ["hookcli"], now=NOW).state == "valid"
        assert verify(Reading(message), declared.signatures, ["another"], now=NOW).state == "invalid"

    def test_a_person_is_told_of_it_in_a_line(self, one: Recorded) -> None:
        summary = examine(one.message, Secrets(), now=NOW).summary
        assert len(summary.split()) >= 3
        assert "{" not in summary
        assert "\n" not in summary

    def test_its_payload_alone_tells_its_event(self, one: Recorded) -> None:
        content_type = one.message.headers.get("content-type") or ""
        bare = Message(headers=Headers([("Content-Type", content_type)]), body=one.message.body)
        told = OF_ITS_PAYLOAD.get((one.provider, one.name.rpartition("/")[2]), one.event)
        assert inferred_event(providers()[one.provider], Reading(bare)) == told


class TestShowExplain:
    def explained(self, tmp_path: Path, message: Message) -> list[str]:
        store = tmp_path / "deliveries.db"
        fill(store, a_delivery(message))
        result = hookcli("show", "--explain", "--store", store)
        assert (result.code, result.err) == (0, "")
        return result.text.splitlines()

    def test_the_rule_that_decided_and_those_that_gave_way(self, tmp_path: Path) -> None:
        first, *others = self.explained(tmp_path, with_headers(*reversed(FORGEJO)))
        assert first.split() == ["forgejo", "decided", "header:X-Forgejo-Event"]
        assert {tuple(line.split()[:4]) for line in others} == {
            ("gitea", "gives", "way", "header:X-Gitea-Event"),
            ("gogs", "gives", "way", "header:X-Gogs-Event"),
            ("github", "gives", "way", "header:X-GitHub-Event"),
        }
        assert all("(Forgejo sends these headers too)" in line for line in others)

    def test_nobody(self, tmp_path: Path) -> None:
        assert self.explained(tmp_path, with_headers()) == ["unknown: no provider's rule holds"]

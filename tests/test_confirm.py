"""`hookcli listen --confirm`: what asks for it is confirmed at the provider's own URL, after the answer."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hookcli import fixtures
from hookcli.formats.http_file import read
from hookcli.listen.guard import Guard
from hookcli.listen.listener import Plan
from hookcli.listen.run import run
from hookcli.listen.sockets import bind
from hookcli.providers.confirmation import asked, doubt
from hookcli.providers.registry import provider
from hookcli.reading import Reading
from hookcli.signing.secrets import Secrets
from hookcli.store import query
from hookcli.store.database import opened
from hookcli.wire import Destination, Manner
from support import OK, SAFETY, Receiver, hookcli, listening, post, receiving

if TYPE_CHECKING:
    from pathlib import Path

    from hookcli.delivery import Attempt, Delivery, Message
    from hookcli.store.rows import Stored

SNS = provider("aws-sns").confirmation
assert SNS is not None
HOST = SNS.host
ASKS = read(fixtures.load("aws-sns/subscriptionconfirmation"))
URL = Reading(ASKS).payload["SubscribeURL"]


# Which URLs are fetched


@pytest.mark.parametrize(
    "host",
    [
        "sns.us-east-1.amazonaws.com",
        "sns.eu-west-1.amazonaws.com",
        "sns.ap-southeast-2.amazonaws.com",
        "sns.us-gov-west-1.amazonaws.com",
        "sns.cn-north-1.amazonaws.com.cn",
    ],
)
@pytest.mark.parametrize(
    "rest", ["", "/", "/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:x:1:t&Token=2336", "?a=b"]
)
def test_a_url_of_the_provider_is_fetched(host: str, rest: str) -> None:
    assert doubt(f"https://{host}{rest}", HOST) is None


AWS = "sns.us-east-1.amazonaws.com"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "sns",
        f"http://{AWS}/",
        f"HTTPS://{AWS}/",
        f"ftp://{AWS}/",
        f"//{AWS}/",
        f"https:{AWS}/",
        f"https:/{AWS}/",
        f"https:///{AWS}/",
        f"https://{AWS}:443/",
        f"https://{AWS}:8443/",
        f"https://{AWS}:/",
        f"https://{AWS}:80@evil.example/",
        f"https://user@{AWS}/",
        f"https://user:password@{AWS}/",
        f"https://{AWS}@evil.example/",
        f"https://evil.example/{AWS}/",
        f"https://evil.example?{AWS}",
        f"https://evil.example#{AWS}",
        f"https://evil.example\\@{AWS}/",
        f"https://{AWS}\\@evil.example/",
        f"https://{AWS}\\.evil.example/",
        f"https://{AWS}#@evil.example/",
        f"https://{AWS}.evil.example/",
        f"https://{AWS}./",
        f"https://.{AWS}/",
        f"https://x.{AWS}/",
        f"https://x{AWS}/",
        f"https://{AWS}x/",
        f"https://{AWS}.cn.evil.example/",
        f"https://{AWS.upper()}/",
        f"https://{AWS}%2eevil.example/",
        f"https://{AWS}%00.evil.example/",
        f"https://{AWS}\n.evil.example/",
        f"https://{AWS}/\r\nHost: evil.example",
        f"https://{AWS}/ x",
        f" https://{AWS}/",
        f"https://{AWS}/\n",
        f"https://{AWS}\t/",
        "https://sns.amazonaws.com/",
        "https://sns..amazonaws.com/",
        "https://sns.us-east-1.evil.amazonaws.com/",
        "https://sns.s3.amazonaws.com/",
        "https://sns.s3-us-west-2.amazonaws.com/",
        "https://sns.us-east-1.s3.amazonaws.com/",
        "https://sqs.us-east-1.amazonaws.com/",
        "https://s3.us-east-1.amazonaws.com/",
        "https://sns.us-east-1.amazonaws.com.cn.com/",
        "https://sns.us-east-1.amazonaws.co/",
        "https://snsxus-east-1xamazonawsxcom/",
        "https://sns.us-east-1.amazonaws。com/",
        "https://sns.us-eаst-1.amazonaws.com/",
        "https://sns.us-east-١.amazonaws.com/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://169.254.169.254/latest/meta-data/",
    ],
)
def test_any_other_url_is_left_alone(url: str) -> None:
    assert doubt(url, HOST)


PIECES = st.sampled_from(
    [
        *("https", "http", ":", "//", "/", "@", "?", "#", "\\", ".", "-", ":443", "%2e", "%40", "\n", "\t", " ", "\0"),
        *("sns", "us-east-1", "cn-north-1", "amazonaws", "com", "cn", "evil.example", "s3", "[::1]", "。", "ａ"),
        *("https://", AWS, f"https://{AWS}", "user:password@", "1", "é"),
    ]
)


@given(st.lists(PIECES, max_size=12).map("".join) | st.text() | st.text().map(f"https://{AWS}".__add__))
@example(f"https://{AWS}/?a=b")
def test_what_is_fetched_goes_to_the_provider_however_it_is_read(url: str) -> None:
    if doubt(url, HOST) is not None:
        return
    parts = urlsplit(url)
    assert (parts.scheme, parts.username, parts.password, parts.port) == ("https", None, None, None)
    assert parts.netloc == parts.hostname
    assert re.fullmatch(r"sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?", parts.netloc)
    to = Destination.parse(url)
    assert (to.scheme, to.host, to.port, to.authority) == ("https", parts.netloc, 443, parts.netloc)
    # What goes onto the wire is one request line.
    assert not re.search(r"[\s\0]", to.target_for(ASKS))


def test_only_a_subscription_that_asks_is_confirmed() -> None:
    assert asked(Reading(ASKS), provider("aws-sns")) == URL
    for name in ("notification", "unsubscribeconfirmation", "notification.raw"):
        assert asked(Reading(read(fixtures.load(f"aws-sns/{name}"))), provider("aws-sns")) is None
    assert asked(Reading(ASKS), provider("github")) is None


# What a listener does


class Watch:
    """Sees what a listener's view would show."""

    def __init__(self) -> None:
        self.sent: list[Attempt] = []
        self.notices: list[str] = []

    def arrived(self, stored: Stored) -> None:
        pass

    def forwarded(self, delivery: Delivery, attempt: Attempt) -> None:
        assert delivery.identity.provider == "aws-sns"
        self.sent.append(attempt)

    def notice(self, text: str) -> None:
        self.notices.append(text)


def took(store: Path, message: Message, trusted: str = "", **plan: Any) -> Watch:
    """What a listener did that took one message; a URL that begins so is trusted, beside the provider's own."""
    watch = Watch()

    def refused(url: str, host: str) -> str | None:
        return None if trusted and url.startswith(trusted) else doubt(url, host)

    async def listened() -> None:
        with ExitStack() as stack:
            sockets = bind("127.0.0.1", 0)
            for one in sockets:
                stack.callback(one.close)
            sending: list[asyncio.Future[bytes]] = []

            def ready() -> None:
                port = sockets[0].getsockname()[1]
                sending.append(asyncio.get_running_loop().run_in_executor(None, post, port, message))

            how = Manner(timeout=10)
            await run(
                Plan(count=1, **plan),
                sockets,
                store,
                watch,
                confirm=how,
                doubt=refused,
                seconds=SAFETY,
                ready=ready,
            )
            assert (await sending[0]).startswith(b"HTTP/1.1 ")

    asyncio.run(listened())
    return watch


def asking(url: str) -> Message:
    """The delivery that asks for a confirmation, at this URL."""
    told = {**Reading(ASKS).payload, "SubscribeURL": url}
    body = json.dumps(told).encode()
    return replace(ASKS, body=body, headers=ASKS.headers.with_header("Content-Length", str(len(body))))


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


def asked_for(receiver: Receiver) -> str:
    return f"{receiver.url}/?Action=ConfirmSubscription&Token=2336412f"


def test_the_url_is_fetched_and_the_outcome_stored(store: Path) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 28\r\n\r\n<ConfirmSubscriptionResponse"
    with receiving(answer) as receiver:
        watch = took(store, asking(asked_for(receiver)), receiver.url)
        head = receiver.next().split(b"\r\n")
    assert head[0] == b"GET /?Action=ConfirmSubscription&Token=2336412f HTTP/1.1"
    assert f"Host: 127.0.0.1:{receiver.port}".encode() in head
    assert not any(line.lower().startswith((b"x-amz", b"content-")) for line in head)
    assert [attempt.status for attempt in watch.sent] == [200]
    assert not watch.notices
    with opened(store) as connection:
        (attempt,) = query.attempts(connection, query.find(connection, "last").delivery.id)
    assert (attempt.status, attempt.url, attempt.body) == (200, asked_for(receiver), b"<ConfirmSubscriptionResponse")
    shown = hookcli("show", "last", "--store", store).text
    assert "Token=••••••" in shown
    assert "2336412f" not in shown


def test_a_redirect_is_not_followed(store: Path) -> None:
    with receiving() as elsewhere:
        away = f"HTTP/1.1 302 Found\r\nLocation: {elsewhere.url}/\r\nContent-Length: 0\r\n\r\n".encode()
        with receiving(away) as receiver:
            watch = took(store, asking(asked_for(receiver)), receiver.url)
        assert [attempt.status for attempt in watch.sent] == [302]
        assert not elsewhere.requests


def test_a_failure_is_told(store: Path) -> None:
    with receiving() as gone:
        url = asked_for(gone)
    watch = took(store, asking(url), gone.url)
    assert [attempt.status for attempt in watch.sent] == [None]
    assert "refused" in (watch.sent[0].error or "")


def test_a_url_elsewhere_is_not_fetched_and_that_is_said(store: Path) -> None:
    with receiving() as receiver:
        watch = took(store, asking(asked_for(receiver)))
        assert not receiver.requests
    assert watch.notices == ["Amazon SNS is not confirmed: it is no plain https URL"]
    assert took(store, asking("https://evil.example/")).notices == [
        "Amazon SNS is not confirmed: its host is evil.example"
    ]


ANOTHER_KEY = (
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA2sTt0BBm3TpGPDKy44Rd3hQMRbRA5anLDhSNhnZNgz/vTiHcPZWQaOBYxYRmbd4N"
    "motgFq3ThqTuRREUmiHj4i0A5h34INqAMay16rIe1LgePLnhMzG3XqN+MBnKLCsfuBZlpmUxm0J9iI+u9N4EGd/4oIJuc3e7QN3wg4NEAsVR"
    "uZwKTFq+cNJ2d0uxmk2sQh4iEJ/NDUeyLTKUA1e4IW6IFH72XPhhWmlIJGAXYxxKctBvE1GPnBNI7BEOD8/cikbNeeJ9rTjkaQIJS5XD68gj"
    "IM4DTKgK0zNoMSPI87qFNCHxv1WFIYct6msV9iwOxvKRmiFQAJ2GVZctaaNobQIDAQAB"
)


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        ({"guard": Guard(require_valid=True)}, "refused, no secret"),
        ({"secrets": Secrets((("aws-sns", ANOTHER_KEY),))}, "its signature is invalid"),
    ],
)
def test_what_is_refused_or_signed_wrongly_is_not_confirmed(store: Path, plan: dict[str, Any], why: str) -> None:
    with receiving() as receiver:
        watch = took(store, asking(asked_for(receiver)), receiver.url, **plan)
        assert not receiver.requests
    assert watch.notices == [f"Amazon SNS is not confirmed: {why}"]
    assert not watch.sent


def test_without_the_option_it_is_shown_and_nothing_is_fetched(store: Path) -> None:
    with receiving(OK) as receiver, listening(store) as listener:
        assert post(listener.port, asking(asked_for(receiver))).startswith(b"HTTP/1.1 200")
        ended = listener.stop()
        assert not receiver.requests
    assert "asks to be confirmed: fetch SubscribeURL, or listen --confirm" in ended.text


def test_no_option_makes_the_command_trust_another_host(store: Path) -> None:
    with receiving() as receiver, listening(store, "--confirm", "--insecure") as listener:
        post(listener.port, asking(asked_for(receiver)))
        ended = listener.stop()
        assert not receiver.requests
    assert "! Amazon SNS is not confirmed: it is no plain https URL" in ended.err

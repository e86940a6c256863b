"""The chat providers' signatures against their published vectors and their own libraries."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from discord_interactions import verify_key  # type: ignore[import-untyped]
from linebot.v3.webhook import SignatureValidator  # type: ignore[import-untyped]
from nacl.signing import SigningKey
from slack_sdk.signature import Clock, SignatureVerifier

from hookcli import fixtures
from hookcli.delivery import Headers, Message
from hookcli.formats.http_file import read
from hookcli.identify import identify
from hookcli.providers.handshake import HandshakeAnswer, answer
from hookcli.providers.registry import provider
from hookcli.providers.summary import summarise
from hookcli.reading import Reading
from hookcli.signing.sign import Occasion, dressed, signed
from hookcli.signing.verify import verify

SECRET = "hookcli"
AT = 1764057612.0
ID = "c1f0a7d2-3b58-4e96-8a1d-6f4e2b9c7d05"
PAYLOAD = '{"hello":"Grüße","n":1}'.encode()

DISCORD_SEED = hashlib.sha256(SECRET.encode()).digest()
DISCORD_PUBLIC = SigningKey(DISCORD_SEED).verify_key.encode().hex()
DISCORD_PRIVATE = base64.b64encode(bytes.fromhex("302e020100300506032b657004220420") + DISCORD_SEED).decode()
"""The private key as PKCS #8: its fixed beginning for Ed25519 (RFC 8410), then the seed."""

SECRETS = {f"discord/{name}": DISCORD_PUBLIC for name in ("0", "1", "2.roll", "application_authorized")}
"""Fixtures that need a secret of another form than the word `hookcli`."""

CHAT = ("slack", "discord", "telegram", "line", "twitch", "zoom", "meta", "feishu", "dingtalk")
NAMES = [name for name in fixtures.names() if name.partition("/")[0] in CHAT]


def fixture(name: str) -> Message:
    return read(fixtures.load(name))


def made(
    name: str, body: bytes = PAYLOAD, secret: str = SECRET, *, event: str | None = None, scheme: str | None = None
) -> Message:
    """A delivery as hookcli makes it for a provider."""
    occasion = Occasion(timestamp=AT, id=ID)
    message = dressed(provider(name), body, event=event, occasion=occasion)
    return signed(message, provider(name).signatures, secret, occasion=occasion, delivery_id=ID, scheme=scheme)


def state(message: Message, name: str, secret: str = SECRET, at: float = AT) -> str:
    """What hookcli says of a delivery of a provider."""
    now = datetime.fromtimestamp(at, UTC)
    return verify(Reading(message), provider(name).signatures, [secret], now=now).state


def changed(message: Message) -> Message:
    return replace(message, body=message.body + b" ")


def header(message: Message, name: str) -> str:
    value = message.headers.get(name)
    assert value is not None
    return value


def with_headers(message: Message, **headers: str) -> Message:
    """The message with further headers; `X_Some_Thing="1"` is X-Some-Thing."""
    for name, value in headers.items():
        message = replace(message, headers=message.headers.with_header(name.replace("_", "-"), value))
    return message


def hmac_sha256(data: bytes, secret: str = SECRET) -> bytes:
    return hmac.new(secret.encode(), data, hashlib.sha256).digest()


# Fixtures


@pytest.mark.parametrize("name", NAMES)
def test_a_fixture_is_valid_at_its_own_time(name: str) -> None:
    message = fixture(name)
    expected = "unsigned" if name == "meta/subscribe" else "valid"
    own_time = AT + {"slack/command": 20, "slack/block_actions.approve": 44, "slack/url_verification": -3600}.get(
        name, 0
    )
    assert state(message, name.partition("/")[0], SECRETS.get(name, SECRET), own_time) == expected


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("slack/app_mention", "U05ADA00001 mentioned the app in C06GENERAL1: <@U07DEMOBOT1> deploy the shop, please"),
        ("slack/command", "ada ran /deploy shop to staging"),
        ("slack/block_actions.approve", "ada used approve in #general"),
        ("discord/2.roll", "ada used roll"),
        ("discord/application_authorized", "ada authorized the app for Hook Club"),
        ("telegram/update", "Ada wrote: /status shop"),
        ("line/message.text", "U47c0e9d1b6f25a3880d2f4617b9ce350 wrote: 次のバスは何時ですか"),
        ("twitch/channel_follow", "Linus_B follows Ada_Codes"),
        ("zoom/meeting_started", "meeting started: Webhook office hours"),
        ("meta/page.feed", "Ada Hook added status: Open again from Monday on."),
        ("meta/whatsapp_business_account.messages", "Zoë wrote: Is the shop open on Sunday?"),
        ("dingtalk/text", "小梅 wrote in 值班群: 构建状态"),
    ],
)
def test_a_delivery_is_summed_up(name: str, line: str) -> None:
    reading = Reading(fixture(name))
    identity = identify(reading)
    assert identity.provider == name.partition("/")[0]
    assert summarise(reading, identity, provider(identity.provider).summary) == line


# Slack


class At(Clock):
    def now(self) -> float:
        return AT


def test_slack_accepts_its_published_vector() -> None:
    # Slack's documentation, "Verifying requests from Slack".
    fields = {
        "token": "xyzz0WbapA4vBCDEFasx0q6G",
        "team_id": "T1DC2JH3J",
        "team_domain": "testteamnow",
        "channel_id": "G8PSS9T3V",
        "channel_name": "foobar",
        "user_id": "U2CERLKJA",
        "user_name": "roadrunner",
        "command": "/webhook-collect",
        "text": "",
        "response_url": "https://hooks.slack.com/commands/T1DC2JH3J/397700885554/96rGlfmibIGlgcZRskXaIFfN",
        "trigger_id": "398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
    }
    message = Message(
        headers=Headers(
            [
                ("Content-Type", "application/x-www-form-urlencoded"),
                ("X-Slack-Request-Timestamp", "1531420618"),
                ("X-Slack-Signature", "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"),
            ]
        ),
        body=urlencode(fields).encode(),
    )
    secret = "8f742231b10e8888abcd99yyyzzz85a5"
    assert state(message, "slack", secret, at=1531420618) == "valid"
    assert state(message, "slack", secret, at=1531420618 + 301) == "stale"
    assert state(changed(message), "slack", secret, at=1531420618) == "invalid"
    assert identify(Reading(message)).event == "command"


def test_slack_sdk_accepts_what_hookcli_signs() -> None:
    verifier = SignatureVerifier(SECRET, clock=At())
    message = made("slack")
    assert verifier.is_valid_request(message.body, dict(message.headers))
    assert not verifier.is_valid_request(changed(message).body, dict(message.headers))
    assert state(changed(message), "slack") == "invalid"


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("slack/")])
def test_hookcli_accepts_what_slack_sdk_signs(name: str) -> None:
    message = fixture(name)
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=str(int(AT)), body=message.body)
    assert signature is not None
    message = with_headers(message, X_Slack_Signature=signature, X_Slack_Request_Timestamp=str(int(AT)))
    assert state(message, "slack") == "valid"
    assert state(changed(message), "slack") == "invalid"


# Discord


def test_discord_interactions_accepts_what_hookcli_signs() -> None:
    message = made("discord", secret=DISCORD_PRIVATE)
    signature, timestamp = header(message, "X-Signature-Ed25519"), header(message, "X-Signature-Timestamp")
    assert verify_key(message.body, signature, timestamp, DISCORD_PUBLIC)
    assert not verify_key(changed(message).body, signature, timestamp, DISCORD_PUBLIC)
    assert not verify_key(message.body, signature, "1", DISCORD_PUBLIC)
    assert state(message, "discord", DISCORD_PUBLIC) == "valid"
    assert state(changed(message), "discord", DISCORD_PUBLIC) == "invalid"


@pytest.mark.parametrize("name", SECRETS)
def test_discord_interactions_accepts_the_fixtures(name: str) -> None:
    message = fixture(name)
    signature, timestamp = header(message, "X-Signature-Ed25519"), header(message, "X-Signature-Timestamp")
    assert verify_key(message.body, signature, timestamp, DISCORD_PUBLIC)


def test_hookcli_accepts_what_pynacl_signs_for_discord() -> None:
    signature = SigningKey(DISCORD_SEED).sign(b"1764057612" + PAYLOAD).signature.hex()
    message = with_headers(Message(body=PAYLOAD), X_Signature_Ed25519=signature, X_Signature_Timestamp="1764057612")
    assert state(message, "discord", DISCORD_PUBLIC) == "valid"
    assert state(changed(message), "discord", DISCORD_PUBLIC) == "invalid"
    assert state(with_headers(message, X_Signature_Timestamp="1764057613"), "discord", DISCORD_PUBLIC) == "invalid"


# Telegram


def test_telegram_sends_the_secret_token_itself() -> None:
    message = made("telegram")
    assert header(message, "X-Telegram-Bot-Api-Secret-Token") == SECRET
    assert state(message, "telegram") == "valid"
    assert state(message, "telegram", "another") == "invalid"


def test_an_update_without_a_secret_token_is_telegrams_and_unsigned() -> None:
    message = fixture("telegram/update")
    message = replace(message, headers=message.headers.without(["X-Telegram-Bot-Api-Secret-Token"]))
    assert identify(Reading(message)).provider == "telegram"
    assert state(message, "telegram") == "unsigned"


# LINE


def test_line_bot_sdk_accepts_what_hookcli_signs() -> None:
    validator = SignatureValidator(SECRET)
    for message in (made("line"), fixture("line/message.text"), fixture("line/follow")):
        assert validator.validate(message.body.decode(), header(message, "x-line-signature"))
        assert not validator.validate(changed(message).body.decode(), header(message, "x-line-signature"))
        assert state(message, "line") == "valid"
        assert state(changed(message), "line") == "invalid"


def test_lines_empty_delivery_is_a_ping() -> None:
    identity = identify(Reading(made("line", b'{"destination":"U9f1c2b7a3d4e5f60718293a4b5c6d7e8","events":[]}')))
    assert identity.is_ping
    assert not identify(Reading(fixture("line/follow"))).is_ping


# Twitch, Zoom, Meta, Feishu, DingTalk: no vector is published, and no library of theirs checks in Python


def test_twitch_by_the_documented_recipe() -> None:
    message = made("twitch", b'{"subscription":{"version":"2"}}', event="channel.follow")
    data = f"{ID}2025-11-25T08:00:12Z".encode() + message.body
    assert header(message, "Twitch-Eventsub-Message-Signature") == "sha256=" + hmac_sha256(data).hex()
    assert header(message, "Twitch-Eventsub-Subscription-Version") == "2"
    assert state(message, "twitch") == "valid"
    assert state(changed(message), "twitch") == "invalid"
    assert state(with_headers(message, Twitch_Eventsub_Message_Id="x"), "twitch") == "invalid"


def test_twitch_signs_the_nanoseconds_as_they_are_written() -> None:
    message = fixture("twitch/channel_follow")
    timestamp = header(message, "Twitch-Eventsub-Message-Timestamp")
    assert timestamp.endswith(".492253549Z")
    data = f"{header(message, 'Twitch-Eventsub-Message-Id')}{timestamp}".encode() + message.body
    assert header(message, "Twitch-Eventsub-Message-Signature") == "sha256=" + hmac_sha256(data).hex()
    assert state(with_headers(message, Twitch_Eventsub_Message_Timestamp=timestamp[:-2] + "0Z"), "twitch") == "invalid"


def test_zoom_by_the_documented_recipe() -> None:
    for message in (made("zoom"), fixture("zoom/meeting_started"), fixture("zoom/endpoint_url_validation")):
        data = f"v0:{header(message, 'x-zm-request-timestamp')}:".encode() + message.body
        assert header(message, "x-zm-signature") == "v0=" + hmac_sha256(data).hex()
        assert state(message, "zoom") == "valid"
        assert state(changed(message), "zoom") == "invalid"
        assert state(with_headers(message, x_zm_request_timestamp="1"), "zoom") == "invalid"


def test_meta_by_the_documented_recipe() -> None:
    message = made("meta")
    assert header(message, "X-Hub-Signature-256") == "sha256=" + hmac_sha256(message.body).hex()
    assert "X-Hub-Signature" not in message.headers
    assert state(message, "meta") == "valid"
    assert state(changed(message), "meta") == "invalid"


def test_metas_older_sha1_by_the_documented_recipe() -> None:
    sha1 = hmac.new(SECRET.encode(), PAYLOAD, hashlib.sha1).hexdigest()
    message = with_headers(Message(body=PAYLOAD), X_Hub_Signature=f"sha1={sha1}")
    assert state(message, "meta") == "valid"
    assert state(changed(message), "meta") == "invalid"


def test_metas_escaped_letters_are_signed_as_they_came() -> None:
    message = fixture("meta/whatsapp_business_account.messages")
    assert rb"Zo\u00eb" in message.body
    unescaped = json.dumps(json.loads(message.body), separators=(",", ":"), ensure_ascii=False)
    assert state(replace(message, body=unescaped.encode()), "meta") == "invalid"


@pytest.mark.parametrize("others", [{"X_GitHub_Event": "push"}, {"X_Event_Key": "repo:push", "X_Hook_UUID": "1"}])
def test_a_signature_under_hub_is_not_metas_alone(others: dict[str, str]) -> None:
    message = with_headers(made("meta", b'{"repository":{}}'), **others)
    assert identify(Reading(message)).provider != "meta"


def test_feishus_signature_by_the_recipe_of_its_library() -> None:
    # lark_oapi, `event/dispatcher_handler.py`: SHA-256 of timestamp, nonce, Encrypt Key and body run together.
    encrypted = b'{"encrypt":"dAG1vSy7t3kK371EjftOlg=="}'
    message = made("feishu", encrypted, scheme="sha256")
    timestamp, nonce = header(message, "X-Lark-Request-Timestamp"), header(message, "X-Lark-Request-Nonce")
    expected = hashlib.sha256((timestamp + nonce + SECRET).encode() + encrypted).hexdigest()
    assert message.body == encrypted
    assert header(message, "X-Lark-Signature") == expected
    assert state(message, "feishu") == "valid"
    assert state(message, "feishu", "another") == "invalid"
    assert state(changed(message), "feishu") == "invalid"
    assert state(with_headers(message, X_Lark_Request_Nonce="1"), "feishu") == "invalid"
    assert identify(Reading(message)).provider == "feishu"


def test_feishus_verification_token_stands_in_the_body() -> None:
    message = made("feishu", b'{"schema":"2.0","header":{"event_type":"im.message.receive_v1"}}')
    assert json.loads(message.body)["header"]["token"] == SECRET
    assert "X-Lark-Signature" not in message.headers
    assert state(message, "feishu") == "valid"
    assert state(message, "feishu", "another") == "invalid"


def test_feishus_older_events_are_told_from_slacks() -> None:
    body = b'{"ts":"1","uuid":"2","token":"hookcli","type":"event_callback","event":{"type":"message"}}'
    message = Message(headers=Headers([("Content-Type", "application/json")]), body=body)
    identity = identify(Reading(message))
    assert (identity.provider, identity.event, identity.delivery_id) == ("feishu", "message", "2")
    assert state(message, "feishu") == "valid"
    assert identify(Reading(made("slack", body))).provider == "slack"


def test_dingtalk_by_the_documented_recipe() -> None:
    message = made("dingtalk")
    data = f"{int(AT * 1000)}\n{SECRET}".encode()
    assert header(message, "timestamp") == str(int(AT * 1000))
    assert header(message, "sign") == base64.b64encode(hmac_sha256(data)).decode()
    assert state(message, "dingtalk") == "valid"
    assert state(message, "dingtalk", at=AT + 3601) == "stale"
    assert state(message, "dingtalk", "another") == "invalid"
    assert state(changed(message), "dingtalk") == "valid", "the body is not covered"


# Handshakes


def handshake(message: Message, verify_token: str | None = None) -> HandshakeAnswer:
    reading = Reading(message)
    found = answer(reading, provider(identify(reading).provider), [SECRET], verify_token)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("slack/url_verification", "9bT2vXk7QwLr4MdZc1NfYp8sHj3GaEu6RtKo5ViBxWq0nUyPmDlC"),
        ("meta/subscribe", "1407723981"),
        ("discord/1", {"type": 1}),
        ("feishu/url_verification", {"challenge": "ajls384k-hook-cli0-demo-4f1e2d3c4b5a"}),
        (
            "zoom/endpoint_url_validation",
            {
                "plainToken": "hT4kVq9sRzOa2WmXcJfLbw",
                "encryptedToken": hmac_sha256(b"hT4kVq9sRzOa2WmXcJfLbw").hex(),
            },
        ),
    ],
)
def test_a_handshake_is_answered(name: str, body: Any) -> None:
    found = handshake(fixture(name))
    assert found.status == 200
    assert (found.body.decode() if isinstance(body, str) else json.loads(found.body)) == body


def test_twitchs_verification_is_answered_with_the_bare_challenge() -> None:
    message = made("twitch", b'{"challenge":"p0g-champ","subscription":{}}', event="channel.follow")
    message = with_headers(message, Twitch_Eventsub_Message_Type="webhook_callback_verification")
    assert handshake(message).body == b"p0g-champ"
    assert identify(Reading(message)).is_ping


def test_metas_verification_is_refused_under_another_verify_token() -> None:
    assert handshake(fixture("meta/subscribe"), verify_token="hookcli").status == 200
    assert handshake(fixture("meta/subscribe"), verify_token="another").status == 403


def test_a_webhook_event_of_discord_is_no_handshake() -> None:
    reading = Reading(fixture("discord/application_authorized"))
    assert answer(reading, provider("discord"), [SECRET]) is None

"""Who builds on Standard Webhooks or sends through Svix: told apart by name, and held against their own libraries.

`openai`, `polar-sdk`, `resend` and `replicate` verify here what hookcli signs; Anthropic, Dodo Payments and Whop verify
with `standardwebhooks`, Clerk with `svix` or `standardwebhooks`, and so do these tests. OpenAI publishes a vector.
Liveblocks has a library for Node.js alone: see test_libraries_node.py. Supabase and Weblate sign by the specification
and take liberties with it, which `standardwebhooks` and `hashlib` make here.
"""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from openai import OpenAI
from openai._exceptions import InvalidWebhookSignatureError
from polar.webhooks import PolarWebhookVerificationError, validate_event
from replicate.webhook import Webhooks as Replicate
from replicate.webhook import WebhookSigningSecret, WebhookValidationError
from resend import Webhooks as Resend
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from svix.webhooks import Webhook as Svix
from svix.webhooks import WebhookVerificationError as SvixError

from hookcli import fixtures
from hookcli.delivery import Headers, Message
from hookcli.examine import examine
from hookcli.formats import http_file
from hookcli.identify import identify, matches
from hookcli.providers.registry import provider
from hookcli.reading import Reading
from hookcli.signing.secrets import Secrets
from hookcli.signing.sign import Occasion, signed
from hookcli.signing.verify import verify

if TYPE_CHECKING:
    from collections.abc import Callable

THEN = datetime(2025, 11, 24, 10, 35, 35, tzinfo=UTC)
"""Soon after the fixtures were signed."""

WHSEC = "whsec_aG9va2NsaSBob29rY2xpIGhvb2tjbGkh"
PLAIN = "hookcli"
SECRETS = {
    "openai": PLAIN,
    "anthropic": WHSEC,
    "clerk": WHSEC,
    "resend": WHSEC,
    "supabase": f"v1,{WHSEC}",
    "replicate": WHSEC,
    "render": WHSEC,
    "polar": PLAIN,
    "liveblocks": WHSEC,
    "dodo-payments": WHSEC,
    "whop": PLAIN,
    "weblate": WHSEC,
}
"""What the fixtures of each are signed with."""

FIXTURES = [name for name in fixtures.names() if name.partition("/")[0] in SECRETS]
UNSIGNED = {"supabase/insert"}


def fixture(name: str) -> Message:
    return http_file.read(fixtures.load(name), name)


def state(name: str, message: Message, secret: str, now: datetime = THEN) -> str:
    return verify(Reading(message), provider(name).signatures, [secret], now=now).state


def changed(message: Message) -> Message:
    body = message.body[:-1] + b" " + message.body[-1:]
    return replace(message, body=body)


def signed_now(name: str, secret: str) -> Message:
    """The first fixture of a provider, signed anew this very moment."""
    of = provider(name)
    message = fixture(fixtures.matching(f"{name}/")[0])
    occasion = Occasion(timestamp=datetime.now(UTC).timestamp())
    return signed(message, of.signatures, secret, occasion=occasion, delivery_id="msg_2b7f")


@pytest.mark.parametrize("name", FIXTURES)
def test_a_fixture_is_its_senders_and_holds(name: str) -> None:
    whose = name.partition("/")[0]
    told = examine(fixture(name), Secrets(((None, SECRETS[whose]),)), now=THEN)
    assert told.identity.provider == whose
    assert told.verdict.state == ("unsigned" if name in UNSIGNED else "valid")
    assert told.identity.event in {event.name for event in provider(whose).events}
    assert len(told.summary.split()) >= 2
    assert "{" not in told.summary
    assert name in UNSIGNED or told.identity.delivery_id
    if name not in UNSIGNED:
        assert state(whose, changed(fixture(name)), SECRETS[whose]) == "invalid"
        assert state(whose, fixture(name), "another" if SECRETS[whose] == PLAIN else f"{WHSEC[:-4]}aaaa") == "invalid"


@pytest.mark.parametrize("name", SECRETS)
def test_every_one_has_a_fixture(name: str) -> None:
    assert fixtures.matching(f"{name}/")


@pytest.mark.parametrize("name", [name for name in FIXTURES if name not in UNSIGNED])
def test_the_specification_gives_way_to_who_builds_on_it(name: str) -> None:
    held = [match.provider.id for match in matches(Reading(fixture(name)))]
    assert held[0] == name.partition("/")[0]
    assert set(held[1:]) <= {"standard-webhooks", "svix"}
    assert held[1:]


STANDARD = [("webhook-id", "msg_1"), ("webhook-timestamp", "1763980530"), ("webhook-signature", "v1,AAAA")]
SVIX = [("svix-id", "msg_1"), ("svix-timestamp", "1763980530"), ("svix-signature", "v1,AAAA")]


@pytest.mark.parametrize(("headers", "whose"), [(STANDARD, "standard-webhooks"), (SVIX, "svix")])
@pytest.mark.parametrize(
    "body",
    [
        {"type": "user.created", "data": {"id": "1"}},
        {"type": "response.completed", "data": {"id": "1"}},
        {"type": "order.paid", "timestamp": "2025-11-24T10:35:29Z", "data": {"id": "1"}},
        {"type": "payment.succeeded", "timestamp": "2025-11-24T10:35:29Z", "data": {"customer": {"email": "a@b.c"}}},
        {"type": "contact.created", "created_at": "2025-11-24", "data": {"email": "a@b.c"}},
        {"type": "email.sent", "created_at": "2025-11-24", "data": {"id": "1", "to": ["a@b.c"]}},
        {"type": "domain.created", "created_at": "2025-11-24", "data": {"name": "b.c"}},
        {"type": "event", "data": {"type": "session.created", "id": "1"}},
        {"type": "deploy_ended", "timestamp": "2025-11-24", "data": {"id": "1", "service": "2"}},
        {"type": "commentCreated", "data": {"id": "1"}},
        {"type": "entry.created", "api_version": "v1", "data": {"id": "1"}},
        {"object": "event", "type": "invoice.paid", "data": {"id": "1"}},
        {"id": "1", "status": "succeeded", "urls": {"get": "https://api.example.com/v1/predictions/1"}},
        {"action": "changed", "timestamp": "2025-11-24", "project": "a"},
        {"user": {"email": "a@b.c"}, "email_data": {"subject": "Hello"}},
        [],
        {},
    ],
    ids=lambda body: json.dumps(body)[:40],
)
def test_nothing_is_taken_from_other_senders(body: Any, headers: list[tuple[str, str]], whose: str) -> None:
    message = Message(headers=Headers(headers), body=json.dumps(body).encode())
    assert identify(Reading(message)).provider == whose


def headers_of(message: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in message.headers}


def openai_accepts(message: Message, secret: str) -> bool:
    with suppress(InvalidWebhookSignatureError):
        client = OpenAI(api_key="sk-none")
        event = client.webhooks.unwrap(message.body, dict(message.headers), secret=secret)
        return event.type in {"response.completed", "realtime.call.incoming"}
    return False


def polar_accepts(message: Message, secret: str) -> bool:
    with suppress(PolarWebhookVerificationError):
        validate_event(message.body, dict(message.headers), secret, frozenset({"order.paid"}), lambda data: data)
        return True
    return False


def resend_accepts(message: Message, secret: str) -> bool:
    told = headers_of(message)
    names = {name: told[f"svix-{name}"] for name in ("id", "timestamp", "signature")}
    with suppress(ValueError):
        Resend.verify({"payload": message.body.decode(), "headers": names, "webhook_secret": secret})  # type: ignore[typeddict-item]
        return True
    return False


def replicate_accepts(message: Message, secret: str) -> bool:
    with suppress(WebhookValidationError):
        key = WebhookSigningSecret(key=secret)
        Replicate.validate(headers=dict(message.headers), body=message.body.decode(), secret=key, tolerance=300)
        return True
    return False


def standard_accepts(message: Message, secret: str) -> bool:
    with suppress(WebhookVerificationError):
        Webhook(secret).verify(message.body, headers_of(message))
        return True
    return False


def svix_accepts(message: Message, secret: str) -> bool:
    with suppress(SvixError):
        Svix(secret).verify(message.body, headers_of(message))
        return True
    return False


def whop_accepts(message: Message, secret: str) -> bool:
    # As Whop's guide has it: webhookKey: btoa(process.env.WHOP_WEBHOOK_SECRET).
    return standard_accepts(message, base64.b64encode(secret.encode()).decode())


@pytest.mark.parametrize(
    ("name", "secret", "accepts"),
    [
        ("openai", PLAIN, openai_accepts),
        ("openai", WHSEC, openai_accepts),
        ("polar", "polar_whs_ovyN6cPrTv56AApvzCaJno08SSmGJmgbWilb33N2JuK", polar_accepts),
        ("polar", WHSEC, polar_accepts),
        ("resend", WHSEC, resend_accepts),
        ("replicate", WHSEC, replicate_accepts),
        ("anthropic", WHSEC, standard_accepts),
        ("render", WHSEC, standard_accepts),
        ("dodo-payments", WHSEC, standard_accepts),
        ("weblate", WHSEC, standard_accepts),
        ("clerk", WHSEC, svix_accepts),
        ("whop", "ws_5e8e2bc9867f4b3f989f6a5037861391", whop_accepts),
    ],
)
def test_their_library_accepts_what_hookcli_signs(
    name: str, secret: str, accepts: Callable[[Message, str], bool]
) -> None:
    message = signed_now(name, secret)
    assert accepts(message, secret)
    assert not accepts(changed(message), secret)
    assert state(name, message, secret, datetime.now(UTC)) == "valid"


def test_openais_published_vector() -> None:
    message = Message(
        headers=Headers(
            [
                ("webhook-id", "wh_685c059ae39c8190af8c71ed1022a24d"),
                ("webhook-timestamp", "1750861210"),
                ("webhook-signature", "v1,gUAg4R2hWouRZqRQG4uJypNS8YK885G838+EHb4nKBY="),
            ]
        ),
        body=b'{"id": "evt_685c059ae3a481909bdc86819b066fb6", "object": "event", "created_at": 1750861210, '
        b'"type": "response.completed", "data": {"id": "resp_123"}}',
    )
    moment = datetime.fromtimestamp(1750861210, UTC)
    secret = "whsec_RdvaYFYUXuIFuEbvZHwMfYFhUf7aMYjYcmM24+Aj40c="
    assert identify(Reading(message)).provider == "openai"
    assert state("openai", message, secret, moment) == "valid"
    assert state("openai", changed(message), secret, moment) == "invalid"


def test_polars_key_may_be_older_and_newer() -> None:
    message = fixture("polar/order_paid")
    for key, secret in ((WHSEC, WHSEC), (base64.b64encode(b"polar_whs_x").decode(), "polar_whs_x")):
        signature = Webhook(key).sign("msg_1", THEN, message.body.decode())
        values = {"webhook-id": "msg_1", "webhook-timestamp": f"{THEN.timestamp():.0f}", "webhook-signature": signature}
        headers = message.headers
        for name, value in values.items():
            headers = headers.with_header(name, value)
        assert state("polar", replace(message, headers=headers), secret) == "valid"


class TestSupabase:
    def with_signature(self, signature: str) -> Message:
        message = fixture("supabase/send_email")
        return replace(message, headers=message.headers.with_header("webhook-signature", signature))

    def test_several_signatures_stand_apart_by_a_comma_and_a_blank(self) -> None:
        good = fixture("supabase/send_email").headers.get("webhook-signature")
        for text in (f"v1,AAAA=, {good}", f"{good}, v1,AAAA="):
            assert state("supabase", self.with_signature(text), f"v1,{WHSEC}") == "valid"
        assert state("supabase", self.with_signature("v1,AAAA=, v1,BBBB="), f"v1,{WHSEC}") == "invalid"

    @pytest.mark.parametrize("secret", [f"v1,{WHSEC}", WHSEC, WHSEC.removeprefix("whsec_")])
    def test_the_secret_is_taken_as_it_is_shown_and_without_what_stands_before_it(self, secret: str) -> None:
        assert state("supabase", fixture("supabase/send_email"), secret) == "valid"

    def test_a_code_in_a_body_is_masked(self) -> None:
        assert "body:email_data.token" in provider("supabase").sensitive


def test_a_timestamp_with_a_fraction_is_signed_without_it() -> None:
    message = fixture("weblate/translation_changed")
    assert "." in (message.headers.get("webhook-timestamp") or "")
    signature = Webhook(WHSEC).sign(
        message.headers.get("webhook-id") or "", datetime.fromtimestamp(1763980530.9, UTC), message.body.decode()
    )
    assert signature == message.headers.get("webhook-signature")
    assert state("weblate", message, WHSEC) == "valid"

"""The signatures of software services, against their published vectors and their own libraries.

Where there is neither (Mailgun, Intercom, Typeform, Dropbox, Zendesk, Calendly, Asana, Trello, Notion) `hashlib`
computes what the documentation says. Figma signs nothing: it sends its passcode.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from base64 import b64encode
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hubspot.utils.signature import Signature as HubSpot  # type: ignore[import-untyped]
from sendgrid import EventWebhook  # type: ignore[import-untyped]
from standardwebhooks.webhooks import Webhook as StandardWebhook
from standardwebhooks.webhooks import WebhookVerificationError
from svix.webhooks import Webhook as SvixWebhook
from twilio.request_validator import RequestValidator as Twilio  # type: ignore[import-untyped]

from hookcli import fixtures
from hookcli.delivery import Headers, Message
from hookcli.formats.http_file import read
from hookcli.identify import identify
from hookcli.providers.handshake import answer
from hookcli.providers.registry import provider
from hookcli.providers.summary import summarise
from hookcli.reading import Reading
from hookcli.signing.sign import Occasion, dressed, signed
from hookcli.signing.verify import verify

if TYPE_CHECKING:
    from collections.abc import Callable

SECRET = "hookcli"
URL = "https://shop.example.com/hooks?from=provider"
ID = "msg_35jYhT2mQxN0cVb8LkR4sWpZe1u"
AT = 1763629471.0
PAYLOAD = '{"type":"contact.created","note":"Grüße aus der Teeküche / 2 < 3"}'.encode()
FORM = b"To=%2B447700900142&From=%2B447700900877&Body=50%25+off+%26+free+tea%3F&City="

WHSEC = "whsec_aG9va2NsaSBob29rY2xpIGhvb2tjbGkh"
WHPK = "whpk_pGUc4RRej3WIBVBhw3o8qgjoRvtDkxUrNOUajtoohb0="
SENDGRID_KEY = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEnXbOXM0JLTtDzxjZqwouPB6Kdrl9STQYsUSrJk+SZhZiKLxcVfxTFRuZ3Gh/"
    "dMd6yjXUbiiMMomImuFl3v+zqg=="
)
SECRETS = {
    "standard-webhooks/contact_created": WHSEC,
    "standard-webhooks/invoice_paid.ed25519": WHPK,
    "svix/user_created": WHSEC,
    "sendgrid/delivered": SENDGRID_KEY,
}
"""Fixtures that need a secret of another form than the word `hookcli`."""

UNSIGNED = ("asana/handshake", "dropbox/challenge", "notion/verification")
"""Fixtures that come before there is a secret."""

PROVIDERS = (
    "standard-webhooks",
    "svix",
    "twilio",
    "sendgrid",
    "mailgun",
    "hubspot",
    "intercom",
    "typeform",
    "dropbox",
    "zendesk",
    "calendly",
    "asana",
    "trello",
    "notion",
    "figma",
)
FIXTURES = [name for name in fixtures.names() if name.partition("/")[0] in PROVIDERS]

STAMPED = {
    "standard-webhooks": "webhook-timestamp",
    "svix": "svix-timestamp",
    "sendgrid": "X-Twilio-Email-Event-Webhook-Timestamp",
    "hubspot": "X-HubSpot-Request-Timestamp",
}


def made(name: str, secret: str = SECRET, body: bytes = PAYLOAD, *, at: float = AT, **options: Any) -> Message:
    """A delivery as the provider sends it, made and signed by hookcli."""
    of = provider(name)
    occasion = Occasion(timestamp=at, id=ID, random=lambda size: bytes(range(size)))
    message = dressed(of, body, event="test", occasion=occasion)
    if kind := options.pop("content_type", None):
        message = replace(message, headers=message.headers.with_header("Content-Type", kind))
    return signed(message, of.signatures, secret, occasion=occasion, delivery_id=ID, **options)


def verdict(
    name: str, message: Message, secret: str = SECRET, *, at: float = AT, url: str | None = None
) -> tuple[str, str | None]:
    """What hookcli says of a delivery that comes at that moment: state and scheme."""
    found = verify(Reading(message), provider(name).signatures, [secret], now=datetime.fromtimestamp(at, UTC), url=url)
    return found.state, found.scheme


def of(headers: dict[str, str], body: bytes = PAYLOAD, target: str = "/", method: str = "POST") -> Message:
    """A delivery with these headers, however it was signed."""
    pairs = [("Host", "localhost"), *headers.items()]
    return Message(method=method, target=target, headers=Headers(pairs), body=body)


def changed(message: Message) -> Message:
    return replace(message, body=message.body.replace(b"2", b"3", 1))


def value(message: Message, name: str) -> str:
    found = message.headers.get(name)
    assert found is not None
    return found


def mac(data: bytes, kind: str = "sha256", secret: str = SECRET) -> bytes:
    return hmac.new(secret.encode(), data, kind).digest()


# Standard Webhooks and Svix: `standardwebhooks` and `svix`, from PyPI.

LIBRARIES = [
    pytest.param("standard-webhooks", "webhook-", StandardWebhook, id="standard-webhooks"),
    pytest.param("svix", "svix-", SvixWebhook, id="svix"),
]


def theirs_accepts(library: Any, message: Message, secret: str) -> bool:
    with suppress(WebhookVerificationError):
        library(secret).verify(message.body, dict(message.headers))
        return True
    return False


@pytest.mark.parametrize(("name", "prefix", "library"), LIBRARIES)
def test_the_library_accepts_what_hookcli_signs(name: str, prefix: str, library: Any) -> None:
    message = made(name, WHSEC, at=datetime.now(UTC).timestamp())
    assert value(message, f"{prefix}id") == ID
    assert theirs_accepts(library, message, WHSEC)
    assert not theirs_accepts(library, changed(message), WHSEC)


@pytest.mark.parametrize(("name", "prefix", "library"), LIBRARIES)
@pytest.mark.parametrize("secret", [WHSEC, WHSEC.removeprefix("whsec_")])
def test_hookcli_accepts_what_the_library_signs(name: str, prefix: str, library: Any, secret: str) -> None:
    signature = library(secret).sign(ID, datetime.fromtimestamp(AT, UTC), PAYLOAD.decode())
    headers = {f"{prefix}id": ID, f"{prefix}timestamp": f"{AT:.0f}", f"{prefix}signature": f"v1,AAAA {signature}"}
    message = of(headers)
    assert identify(Reading(message)).provider == name
    assert verdict(name, message, secret) == ("valid", "v1")
    assert verdict(name, changed(message), secret)[0] == "invalid"
    assert verdict(name, message, secret, at=AT + 301)[0] == "stale"


# svix/svix-webhooks, server: `test_asymmetric_key_signing`; the same signature stands in the specification's example.
VECTOR = b'{"test": 2432232314}'
VECTOR_ID, VECTOR_AT = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330.0
VECTOR_PRIVATE = "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg=="
VECTOR_PUBLIC = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4="
VECTOR_SIGNATURE = "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg=="


@pytest.mark.parametrize(("name", "prefix"), [("standard-webhooks", "webhook-"), ("svix", "svix-")])
def test_the_published_vector_of_v1a(name: str, prefix: str) -> None:
    of_it = provider(name)
    occasion = Occasion(timestamp=VECTOR_AT, id=VECTOR_ID)
    bare = dressed(of_it, VECTOR, event=None, occasion=occasion)
    message = signed(bare, of_it.signatures, VECTOR_PRIVATE, occasion=occasion, delivery_id=VECTOR_ID)
    assert value(message, f"{prefix}signature") == VECTOR_SIGNATURE
    both = of({**dict(message.headers), f"{prefix}signature": f"v1,AAAA {VECTOR_SIGNATURE}"}, VECTOR)
    for key in (VECTOR_PUBLIC, VECTOR_PRIVATE):
        assert verdict(name, both, key, at=VECTOR_AT) == ("valid", "v1a")
        assert verdict(name, changed(both), key, at=VECTOR_AT)[0] == "invalid"


def test_an_unmarked_secret_that_could_be_a_public_key_still_signs_v1() -> None:
    secret = b64encode(bytes(range(32))).decode()
    message = made("standard-webhooks", secret)
    assert value(message, "webhook-signature").startswith("v1,")
    assert verdict("standard-webhooks", message, secret) == ("valid", "v1")


def test_standard_webhooks_gives_way_to_who_adds_headers_of_its_own() -> None:
    standard = {"webhook-id": ID, "webhook-timestamp": f"{AT:.0f}", "webhook-signature": "v1,AAAA"}
    gitlab = of({**standard, "X-Gitlab-Event": "Push Hook"})
    assert identify(Reading(of(standard))).provider == "standard-webhooks"
    assert identify(Reading(gitlab)).provider == "gitlab"


# Twilio: `twilio` from PyPI, and the vectors of its tests (tests/unit/test_request_validator.py).

TWILIO_URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
TWILIO_FORM = b"CallSid=CA1234567890ABCDE&Digits=1234&From=%2B14158675309&To=%2B18005551212&Caller=%2B14158675309"
TWILIO_JSON = b'{"property": "value", "boolean": true}'
TWILIO_HASH = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
FORM_TYPE = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("body", "signature"),
    [
        pytest.param(TWILIO_FORM, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", id="form"),
        pytest.param(
            b"Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=5678",
            "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
            id="a name twice, and a pair twice",
        ),
    ],
)
def test_twilio_published_vectors_of_a_form(body: bytes, signature: str) -> None:
    message = made("twilio", "12345", body, url=TWILIO_URL)
    assert value(message, "X-Twilio-Signature") == signature
    assert verdict("twilio", message, "12345", url=TWILIO_URL) == ("valid", "form")
    assert verdict("twilio", changed(message), "12345", url=TWILIO_URL)[0] == "invalid"
    assert verdict("twilio", message, "12345")[0] == "invalid"


def test_twilio_published_vector_of_json() -> None:
    made_here = made("twilio", "12345", TWILIO_JSON, url=TWILIO_URL, content_type="application/json")
    signature = "a9nBmqA0ju/hNViExpshrM61xv4="
    assert value(made_here, "X-Twilio-Signature") == signature
    headers = {"Content-Type": "application/json", "X-Twilio-Signature": signature}
    full = f"{TWILIO_URL}&bodySHA256={TWILIO_HASH}"
    message = of(headers, TWILIO_JSON, target=f"/myapp.php?foo=1&bar=2&bodySHA256={TWILIO_HASH}")
    assert verdict("twilio", message, "12345", url=full) == ("valid", "json")
    other = replace(message, body=b'{"property": "another"}')
    assert verdict("twilio", other, "12345", url=full)[0] == "invalid"


@pytest.mark.parametrize("algorithm", ["HMAC_SHA1", "HMAC_SHA256"])
def test_twilio_library_accepts_what_hookcli_signs(algorithm: str) -> None:
    suffix = "-sha256" if algorithm == "HMAC_SHA256" else ""
    form = made("twilio", SECRET, FORM, url=URL, scheme=f"form{suffix}")
    fields = Reading(form).form
    ours = value(form, "X-Twilio-Signature")
    assert Twilio(SECRET).validate(URL, fields, ours, algorithm)
    assert not Twilio(SECRET).validate(URL, {**fields, "Body": "free tea"}, ours, algorithm)

    text = made("twilio", SECRET, url=URL, content_type="application/json", scheme=f"json{suffix}")
    called = f"{URL}&bodySHA256={hashlib.sha256(PAYLOAD).hexdigest()}"
    ours = value(text, "X-Twilio-Signature")
    assert Twilio(SECRET).validate(called, PAYLOAD.decode(), ours, algorithm)
    assert not Twilio(SECRET).validate(called, changed(text).body.decode(), ours, algorithm)


@pytest.mark.parametrize("algorithm", ["HMAC_SHA1", "HMAC_SHA256"])
def test_hookcli_accepts_what_twilio_library_signs(algorithm: str) -> None:
    fields = {"To": "+447700900142", "From": "+447700900877", "Body": "50% off & free tea?", "City": ""}
    signature = Twilio(SECRET).compute_signature(URL, fields, algorithm)
    message = of({"Content-Type": FORM_TYPE, "X-Twilio-Signature": signature}, FORM)
    assert verdict("twilio", message, url=URL)[0] == "valid"
    assert verdict("twilio", replace(message, body=FORM.replace(b"50", b"60")), url=URL)[0] == "invalid"


def test_twilio_json_is_not_taken_for_an_empty_form() -> None:
    called = f"{URL}&bodySHA256={hashlib.sha256(PAYLOAD).hexdigest()}"
    signature = Twilio(SECRET).compute_signature(called, {})
    headers = {"Content-Type": "application/json", "X-Twilio-Signature": signature}
    message = of(headers, target=called.removeprefix("https://shop.example.com"))
    assert verdict("twilio", message, url=called) == ("valid", "json")
    assert verdict("twilio", changed(message), url=called)[0] == "invalid"


# SendGrid: `sendgrid` from PyPI, and the vector of its tests (test/unit/test_eventwebhook.py).

SENDGRID_VECTOR_KEY = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8"
    "eNEc6wEA3F+g=="
)
SENDGRID_VECTOR = (
    b'[{"email":"hello@world.com","event":"dropped","reason":"Bounced Address",'
    b'"sg_event_id":"ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA",'
    b'"sg_message_id":"LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0",'
    b'"smtp-id":"<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>","timestamp":1600112492}]\r\n'
)


def test_sendgrid_published_vector() -> None:
    signature = "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM="
    at = "X-Twilio-Email-Event-Webhook"
    message = of({f"{at}-Signature": signature, f"{at}-Timestamp": "1600112502"}, SENDGRID_VECTOR)
    assert identify(Reading(message)).provider == "sendgrid"
    assert verdict("sendgrid", message, SENDGRID_VECTOR_KEY) == ("valid", "ecdsa")
    assert verdict("sendgrid", changed(message), SENDGRID_VECTOR_KEY)[0] == "invalid"
    stripped = replace(message, body=SENDGRID_VECTOR.rstrip())
    assert verdict("sendgrid", stripped, SENDGRID_VECTOR_KEY)[0] == "invalid"


def test_sendgrid_library_accepts_what_hookcli_signs() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    private = b64encode(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())).decode()
    public = b64encode(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
    message = made("sendgrid", private)
    at = "X-Twilio-Email-Event-Webhook"
    claim = value(message, f"{at}-Signature"), value(message, f"{at}-Timestamp")
    assert EventWebhook(public).verify_signature(message.body.decode(), *claim)
    assert not EventWebhook(public).verify_signature(changed(message).body.decode(), *claim)
    assert verdict("sendgrid", message, public) == ("valid", "ecdsa")


# HubSpot: `hubspot-api-client` from PyPI, and the vectors of "Validating the v1 (v2) request signature".

HUBSPOT_SECRET = "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy"
HUBSPOT_V1 = (
    b'[{"eventId":1,"subscriptionId":12345,"portalId":62515,"occurredAt":1564113600000,'
    b'"subscriptionType":"contact.creation","attemptNumber":0,"objectId":123,"changeSource":"CRM","changeFlag":"NEW",'
    b'"appId":54321}]'
)


@pytest.mark.parametrize(
    ("scheme", "body", "signature"),
    [
        ("v1", HUBSPOT_V1, "232db2615f3d666fe21a8ec971ac7b5402d33b9a925784df3ca654d05f4817de"),
        (
            "v2",
            b'{"example_field":"example_value"}',
            "9569219f8ba981ffa6f6f16aa0f48637d35d728c7e4d93d0d52efaa512af7900",
        ),
    ],
)
def test_hubspot_published_vectors(scheme: str, body: bytes, signature: str) -> None:
    url = "https://www.example.com/webhook_uri"
    message = made("hubspot", HUBSPOT_SECRET, body, url=url, scheme=scheme)
    assert value(message, "X-HubSpot-Signature") == signature
    assert verdict("hubspot", message, HUBSPOT_SECRET, url=url) == ("valid", scheme)
    other = replace(message, body=body + b" ")
    assert verdict("hubspot", other, HUBSPOT_SECRET, url=url)[0] == "invalid"


def test_hubspot_published_vector_of_a_get() -> None:
    signature = "eee2dddcc73c94d699f5e395f4b9d454a069a6855fbfa152e91e88823087200e"
    message = of({"X-HubSpot-Signature": signature}, b"", method="GET")
    assert verdict("hubspot", message, HUBSPOT_SECRET, url="https://www.example.com/webhook_uri") == ("valid", "v2")


@pytest.mark.parametrize("version", ["v1", "v2", "v3"])
def test_hubspot_library_accepts_what_hookcli_signs(version: str) -> None:
    now = datetime.now(UTC).timestamp()
    message = made("hubspot", SECRET, at=now, url=URL, scheme=version)
    claim = value(message, "X-HubSpot-Signature-v3" if version == "v3" else "X-HubSpot-Signature")
    more = {
        "http_uri": URL,
        "signature_version": version,
        "timestamp": message.headers.get("X-HubSpot-Request-Timestamp"),
    }
    assert HubSpot.is_valid(claim, SECRET, message.body.decode(), **more)
    assert not HubSpot.is_valid(claim, SECRET, changed(message).body.decode(), **more)


@pytest.mark.parametrize("version", ["v1", "v2", "v3"])
def test_hookcli_accepts_what_hubspot_library_signs(version: str) -> None:
    stamp = f"{AT * 1000:.0f}"
    claim = HubSpot.get_signature(SECRET, PAYLOAD.decode(), version, http_uri=URL, timestamp=stamp)
    headers = (
        {"X-HubSpot-Signature-v3": claim, "X-HubSpot-Request-Timestamp": stamp}
        if version == "v3"
        else {"X-HubSpot-Signature": claim, "X-HubSpot-Signature-Version": version}
    )
    message = of(headers)
    assert verdict("hubspot", message, url=URL) == ("valid", version)
    assert verdict("hubspot", changed(message), url=URL)[0] == "invalid"
    if version == "v3":
        assert verdict("hubspot", message, url=URL, at=AT + 301)[0] == "stale"


# Neither vector nor library: what the documentation says, computed with hashlib.

STAMP = "2025-11-20T09:04:31Z"


def zendesk() -> dict[str, str]:
    return {
        "X-Zendesk-Webhook-Signature": b64encode(mac(STAMP.encode() + PAYLOAD)).decode(),
        "X-Zendesk-Webhook-Signature-Timestamp": STAMP,
    }


RECIPES: list[Any] = [
    pytest.param("intercom", lambda: {"X-Hub-Signature": f"sha1={mac(PAYLOAD, 'sha1').hex()}"}, id="intercom"),
    pytest.param(
        "typeform", lambda: {"Typeform-Signature": f"sha256={b64encode(mac(PAYLOAD)).decode()}"}, id="typeform"
    ),
    pytest.param("dropbox", lambda: {"X-Dropbox-Signature": mac(PAYLOAD).hex()}, id="dropbox"),
    pytest.param("zendesk", zendesk, id="zendesk"),
    pytest.param(
        "calendly",
        lambda: {"Calendly-Webhook-Signature": f"t={AT:.0f},v1={mac(f'{AT:.0f}.'.encode() + PAYLOAD).hex()}"},
        id="calendly",
    ),
    pytest.param("asana", lambda: {"X-Hook-Signature": mac(PAYLOAD).hex()}, id="asana"),
    pytest.param(
        "trello",
        lambda: {"X-Trello-Webhook": b64encode(mac(PAYLOAD + URL.encode(), "sha1")).decode()},
        id="trello",
    ),
    pytest.param("notion", lambda: {"X-Notion-Signature": f"sha256={mac(PAYLOAD).hex()}"}, id="notion"),
]


@pytest.mark.parametrize(("name", "recipe"), RECIPES)
def test_the_documented_recipe_computed_with_hashlib(name: str, recipe: Callable[[], dict[str, str]]) -> None:
    expected = recipe()
    message = made(name, url=URL)
    assert {header: message.headers.get(header) for header in expected} == expected
    assert verdict(name, of(expected), url=URL)[0] == "valid"
    assert verdict(name, changed(of(expected)), url=URL)[0] == "invalid"
    assert verdict(name, of(expected), "another", url=URL)[0] == "invalid"


def test_mailgun_signature_computed_with_hashlib_does_not_cover_the_body() -> None:
    stamp, token = f"{AT:.0f}", "4f0b7c1e9a2d83561b0e7f4c9d8a23b5e6f7081924c3d5a6b7"
    signature = mac(f"{stamp}{token}".encode()).hex()
    body = {
        "signature": {"timestamp": stamp, "token": token, "signature": signature},
        "event-data": {"event": "delivered", "id": "1"},
    }
    message = of({"Content-Type": "application/json"}, json.dumps(body).encode())
    assert verdict("mailgun", message) == ("valid", "signature")
    assert verdict("mailgun", replace(message, body=message.body.replace(b"4f0b", b"4f0c")))[0] == "invalid"
    assert verdict("mailgun", replace(message, body=message.body.replace(b"delivered", b"opened")))[0] == "valid"

    body["signature"] |= {"signature": "0" * 64, "parent-signature": signature}
    of_subaccount = replace(message, body=json.dumps(body).encode())
    assert verdict("mailgun", of_subaccount) == ("valid", "parent-signature")

    bare = made("mailgun", body=b'{"event-data":{"event":"delivered","id":"1"}}')
    ours = json.loads(bare.body)["signature"]
    assert ours["signature"] == mac((ours["timestamp"] + ours["token"]).encode()).hex()


def test_calendly_refuses_what_is_older_than_three_minutes() -> None:
    message = made("calendly")
    assert verdict("calendly", message, at=AT + 179)[0] == "valid"
    assert verdict("calendly", message, at=AT + 181)[0] == "stale"


def test_figma_sends_its_passcode() -> None:
    message = made("figma", body=b'{"event_type":"PING","webhook_id":"22","timestamp":"2025-11-20T09:04:30Z"}')
    assert json.loads(message.body)["passcode"] == SECRET
    assert identify(Reading(message)).provider == "figma"
    assert verdict("figma", message) == ("valid", "passcode")
    assert verdict("figma", message, "another")[0] == "invalid"


# Handshakes.


def test_asana_gets_its_secret_back() -> None:
    reading = Reading(read(fixtures.load("asana/handshake")))
    answered = answer(reading, provider("asana"), [])
    assert answered is not None
    assert (answered.status, answered.headers) == (200, (("X-Hook-Secret", "hookcli"),))


def test_dropbox_gets_its_challenge_back_as_plain_text() -> None:
    reading = Reading(read(fixtures.load("dropbox/challenge")))
    answered = answer(reading, provider("dropbox"), [])
    assert answered is not None
    assert (answered.status, answered.body) == (200, b"k3v9x1p7q5m2")
    assert ("X-Content-Type-Options", "nosniff") in answered.headers


# Fixtures.


def moment_of(message: Message) -> datetime:
    """When a fixture was signed, as it says itself."""
    name = identify(Reading(message)).provider
    if name == "calendly":
        found = re.search(r"t=(\d+)", value(message, "Calendly-Webhook-Signature"))
        assert found is not None
        return datetime.fromtimestamp(int(found[1]), UTC)
    stamp = value(message, STAMPED[name]) if name in STAMPED else f"{AT:.0f}"
    return datetime.fromtimestamp(int(stamp[:10]), UTC)


@pytest.mark.parametrize("name", FIXTURES)
def test_a_fixture_is_known_and_valid(name: str) -> None:
    message = read(fixtures.load(name))
    reading = Reading(message)
    identity = identify(reading)
    of_it = provider(name.partition("/")[0])
    assert identity.provider == of_it.id
    assert value(message, "Host") == "localhost:8080"
    assert message.headers.get("Content-Length", "0") == str(len(message.body))
    line = summarise(reading, identity, of_it.summary)
    assert line
    assert "{" not in line
    secret = SECRETS.get(name, SECRET)
    found = verify(reading, of_it.signatures, [secret], now=moment_of(message) + timedelta(seconds=1))
    assert found.state == ("unsigned" if name in UNSIGNED else "valid"), found.detail
    if found.state == "valid" and identity.provider not in {"mailgun", "figma"}:
        other = replace(message, body=message.body[:-4] + b" " + message.body[-4:])
        assert verify(Reading(other), of_it.signatures, [secret], now=moment_of(message)).state == "invalid"


def test_every_provider_has_a_fixture() -> None:
    assert {name.partition("/")[0] for name in FIXTURES} == set(PROVIDERS)

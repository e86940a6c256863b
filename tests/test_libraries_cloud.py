"""The signatures of cloud providers, against published vectors and libraries, and openssl where there is neither.

Amazon SNS: `aws-sns-message-validator` for SignatureVersion 1, openssl over the documented string for both. PayPal: two
events that its SDKs publish with their signatures. Netlify: PyJWT. WorkOS and GoCardless: `workos`, `gocardless-pro`.
Cloudflare Stream and Xero: openssl. The others send a token.
"""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import gocardless_pro.webhooks as gocardless  # type: ignore[import-untyped]
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from gocardless_pro.errors import InvalidSignatureError  # type: ignore[import-untyped]
from sns_message_validator import SNSMessageValidator  # type: ignore[import-untyped]
from sns_message_validator.exceptions import (  # type: ignore[import-untyped]
    SignatureVerificationFailureException as Forged,
)
from workos import WorkOSClient

from hookcli import fixtures
from hookcli.delivery import Headers, Message
from hookcli.examine import explain_verdict
from hookcli.formats.http_file import read
from hookcli.identify import identify
from hookcli.providers.handshake import HandshakeAnswer, answer
from hookcli.providers.registry import provider, providers
from hookcli.providers.summary import summarise
from hookcli.reading import Reading
from hookcli.signing.secrets import Secrets
from hookcli.signing.sign import Occasion, dressed, signed
from hookcli.signing.verify import verify
from support import SAFETY, a_message, hookcli, listening, post

if TYPE_CHECKING:
    from pathlib import Path

    from hookcli.delivery import Verdict

SECRET = "hookcli"
THEN = datetime(2025, 11, 24, 10, 15, 30, tzinfo=UTC)
"""When the fixtures were signed."""

PUBLIC = (
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAm2N/pW1DS0qZcpurwgBN+9Z59DoUJ0edflPPSNhE9Ug3TYNr0Z17hZw6zEBLTFJ/"
    "BLJIY8aeOpRptg+H6hEu3XdUmTbTmKZgXUXqfL5ipF07JrhCgFzug9cDUtVfkw0MvLrWXiuf61m2iAM2vETJz2TTrXUP+aMbw4VfzA58PyhK"
    "L1xot5NMy3aRhgRk79pld7pN6jTO3kPDPwxAMOQmQV6lDQNY/iKKPuTyeAVHRqyRwhA6oz4fxNWTH4l01ven3af1XP3tnHv4C8OQxy19UsBi"
    "ETxkTnDut86j47yNMcLgjcbtcPhxCZf8DIJcPclZMjoCH0FwHj9xGFoSw7q1/wIDAQAB"
)
"""The key that the RSA fixtures are signed for, as DER in base64."""

HOOK = "0NH25106P8469531K"
SECRETS = {"aws-sns": PUBLIC, "paypal": f"{HOOK}:{PUBLIC}"}
PROVIDERS = (
    "aws-sns",
    "azure-event-grid",
    "cloudflare",
    "cloudflare-stream",
    "gocardless",
    "microsoft-graph",
    "okta",
    "paypal",
    "workos",
    "xero",
)
UNSIGNED = ("aws-sns/notification.raw", "microsoft-graph/validation")
NAMES = [name for name in fixtures.names() if name.partition("/")[0] in PROVIDERS]


def fixture(name: str) -> Message:
    return read(fixtures.load(name))


def judged(name: str, message: Message, secret: str = SECRET, at: datetime = THEN) -> Verdict:
    return verify(Reading(message), provider(name).signatures, [secret], now=at)


def made(name: str, body: bytes, secret: str = SECRET, **options: Any) -> Message:
    """A delivery as hookcli makes it for a provider."""
    occasion = Occasion(timestamp=THEN.timestamp(), id="103e3700-8b0c-11e6-8695-6b62a8a99ac4")
    message = dressed(provider(name), body, event=options.pop("event", None), occasion=occasion)
    return signed(
        message, provider(name).signatures, secret, occasion=occasion, delivery_id=occasion.id or "", **options
    )


def openssl(*arguments: str | Path, data: bytes = b"") -> bytes:
    done = subprocess.run(
        ["openssl", *map(str, arguments)], input=data, capture_output=True, check=True, timeout=SAFETY
    )
    return done.stdout


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A private key and a self-made certificate of it, by openssl."""
    folder = tmp_path_factory.mktemp("pair")
    private, certificate = folder / "private.pem", folder / "certificate.pem"
    made_of = ["-newkey", "rsa:2048", "-nodes", "-subj", "/CN=sns.amazonaws.com", "-days", "2"]
    openssl("req", "-x509", *made_of, "-keyout", private, "-out", certificate)
    return private, certificate


ENOUGH = "Enough time has passed since the payment was submitted for the banks to…"
BLOB = "Microsoft.Storage.BlobCreated about /blobServices/default/containers/products/blobs/4711.png"


@pytest.mark.parametrize("name", NAMES)
def test_a_fixture_is_valid_at_its_own_time(name: str) -> None:
    of = name.partition("/")[0]
    message = fixture(name)
    assert identify(Reading(message)).provider == of
    assert judged(of, message, SECRETS.get(of, SECRET)).state == ("unsigned" if name in UNSIGNED else "valid")


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("aws-sns/notification", "shop-orders: Order 4711 was paid"),
        ("aws-sns/notification.v1", "shop-orders: Hello from the shop!"),
        ("aws-sns/notification.raw", "a message of shop-orders, raw"),
        (
            "aws-sns/subscriptionconfirmation",
            "shop-orders asks to be confirmed: fetch SubscribeURL, or listen --confirm",
        ),
        ("aws-sns/unsubscribeconfirmation", "shop-orders was unsubscribed from: SubscribeURL takes that back"),
        (
            "microsoft-graph/created",
            "users/ddfcd489-628b-40d7-b48b-57002df800e5/messages/AAMkADMyNDMxA= created, and 1 more notification",
        ),
        (
            "microsoft-graph/reauthorizationrequired",
            "subscription 7f3b2c1d-0e9a-4b8c-a7d6-5e4f3c2b1a09 has to be authorized again",
        ),
        (
            "azure-event-grid/microsoft_storage_blobcreated",
            BLOB,
        ),
        (
            "azure-event-grid/microsoft_storage_blobcreated.batch",
            f"{BLOB}, and 2 more events",
        ),
        (
            "azure-event-grid/microsoft_storage_blobcreated.cloudevents",
            "Microsoft.Storage.BlobCreated about /blobServices/default/containers/products/blobs/4714.png",
        ),
        ("azure-event-grid/subscriptionvalidation", "asks for its validation code back"),
        ("azure-event-grid/leave", "eventgrid.azure.net asks for leave to send"),
        ("paypal/payment_capture_completed", "Payment completed for EUR 42.00 EUR (42311647XV020574X)"),
        (
            "cloudflare/http_alert_origin_error.alert_state_event_start",
            "Origin error rate for shop.example.com is above its threshold.",
        ),
        ("cloudflare-stream/ready", "tour.mp4 is ready: 5.5 s, 560×320"),
        (
            "cloudflare-stream/error.err_non_video",
            "tour.mp4 failed: The file was not recognized as a valid video file.",
        ),
        ("workos/dsync_user_created", "ada@example.com was added to the directory"),
        (
            "gocardless/payments.confirmed",
            f"payment PM00AB12CD34EF confirmed: {ENOUGH}, and 1 more event",
        ),
        ("okta/user_lifecycle_create.success", "Create Okta user: ada@example.com by grace@example.com"),
        ("okta/verification", "asks for its challenge back"),
        ("xero/invoice.update", "INVOICE 717f2bfc-c6d4-41fd-b238-3f2f0c0cf777: UPDATE"),
        ("xero/intent", "intent to receive: is the signature checked?"),
    ],
)
def test_a_delivery_is_summed_up(name: str, line: str) -> None:
    reading = Reading(fixture(name))
    identity = identify(reading)
    assert summarise(reading, identity, provider(identity.provider).summary) == line


# Amazon SNS

ENVELOPE = {
    "Type": "Notification",
    "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
    "TopicArn": "arn:aws:sns:eu-west-1:123456789012:shop",
    "Message": 'Grüße\n{"a": "[1]"}',
    "Timestamp": "2025-11-24T10:15:30.412Z",
    "SigningCertURL": "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem",
}
CONTROL = {"Token": "2336412f", "SubscribeURL": "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription"}
ENVELOPES = [
    pytest.param(ENVELOPE, id="notification"),
    pytest.param({**ENVELOPE, "Subject": "A subject"}, id="subject"),
    pytest.param({**ENVELOPE, **CONTROL, "Type": "SubscriptionConfirmation"}, id="subscription"),
    pytest.param({**ENVELOPE, **CONTROL, "Type": "UnsubscribeConfirmation"}, id="unsubscription"),
]
HASHES = {"1": "sha1", "2": "sha256"}


def by_the_book(envelope: dict[str, str]) -> bytes:
    """The string to sign, as the Developer Guide puts it together."""
    control = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
    notification = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
    names = notification if envelope["Type"] == "Notification" else control
    return "".join(f"{name}\n{envelope[name]}\n" for name in names if name in envelope).encode()


def with_signature(envelope: dict[str, str], version: str, private: Path) -> Message:
    """A message that openssl signed."""
    signature = openssl("dgst", f"-{HASHES[version]}", "-sign", private, data=by_the_book(envelope))
    told = {**envelope, "SignatureVersion": version, "Signature": base64.b64encode(signature).decode()}
    return a_message(json.dumps(told, indent=2).encode(), x_amz_sns_message_type=envelope["Type"])


class CertificateAt:
    """Stands in for the session by which the validator fetches the certificate."""

    def __init__(self, certificate: Path) -> None:
        self.content = certificate.read_bytes()

    def get(self, url: str) -> CertificateAt:
        assert url == ENVELOPE["SigningCertURL"]
        return self


def theirs(certificate: Path) -> Any:
    validator = SNSMessageValidator()
    validator._cert_session.close()  # noqa: SLF001 (there is no other way to hand in a certificate)
    validator._cert_session = CertificateAt(certificate)  # noqa: SLF001
    return validator


class TestSns:
    @pytest.mark.parametrize("version", HASHES)
    @pytest.mark.parametrize("envelope", ENVELOPES)
    def test_what_openssl_signs_by_the_book_is_valid(
        self, envelope: dict[str, str], version: str, pair: tuple[Path, Path]
    ) -> None:
        private, certificate = pair
        message = with_signature(envelope, version, private)
        found = judged("aws-sns", message, certificate.read_text())
        assert (found.state, found.scheme, found.header) == ("valid", f"v{version}", "body.Signature")
        for name in (*envelope, "Signature"):
            told = Reading(message).payload
            if name == "SigningCertURL":
                continue
            told[name] = "x" + told[name]
            changed = replace(message, body=json.dumps(told).encode())
            assert judged("aws-sns", changed, certificate.read_text()).state == "invalid", name

    @pytest.mark.parametrize("envelope", ENVELOPES)
    def test_the_validator_accepts_what_hookcli_signs(self, envelope: dict[str, str], pair: tuple[Path, Path]) -> None:
        private, certificate = pair
        body = json.dumps({**envelope, "SignatureVersion": "1"}, indent=2).encode()
        message = made("aws-sns", body, private.read_text())
        assert judged("aws-sns", message, certificate.read_text()).scheme == "v1"
        theirs(certificate).validate_message(json.loads(message.body))
        with pytest.raises(Forged):
            theirs(certificate).validate_message({**json.loads(message.body), "Message": "another"})

    @pytest.mark.parametrize("envelope", ENVELOPES)
    def test_openssl_accepts_what_hookcli_signs_by_sha_256(
        self, envelope: dict[str, str], pair: tuple[Path, Path], tmp_path: Path
    ) -> None:
        private, _ = pair
        told = json.loads(made("aws-sns", json.dumps(envelope).encode(), private.read_text()).body)
        # Where nothing says the version, it is the stronger one, and says so.
        assert told["SignatureVersion"] == "2"
        (tmp_path / "signature").write_bytes(base64.b64decode(told["Signature"], validate=True))
        (tmp_path / "public.pem").write_bytes(openssl("pkey", "-in", private, "-pubout"))
        check: list[str | Path] = ["-sha256", "-verify", tmp_path / "public.pem", "-signature", tmp_path / "signature"]
        assert b"Verified OK" in openssl("dgst", *check, data=by_the_book(envelope))

    def test_a_scheme_that_is_named_is_told_in_the_message(self, pair: tuple[Path, Path]) -> None:
        body = json.dumps({**ENVELOPE, "SignatureVersion": "2"}).encode()
        message = made("aws-sns", body, pair[0].read_text(), scheme="v1")
        assert json.loads(message.body)["SignatureVersion"] == "1"
        assert judged("aws-sns", message, pair[1].read_text()).scheme == "v1"

    def test_a_signature_is_not_taken_for_one_of_another_version(self, pair: tuple[Path, Path]) -> None:
        message = with_signature(ENVELOPE, "1", pair[0])
        told = {**json.loads(message.body), "SignatureVersion": "2"}
        found = judged("aws-sns", replace(message, body=json.dumps(told).encode()), pair[1].read_text())
        assert (found.state, found.scheme) == ("invalid", "v2")

    def test_the_envelope_may_be_written_anew(self, pair: tuple[Path, Path]) -> None:
        message = with_signature(ENVELOPE, "2", pair[0])
        anew = json.dumps(json.loads(message.body), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert judged("aws-sns", replace(message, body=anew.encode()), pair[1].read_text()).state == "valid"

    def test_without_its_headers_it_is_known_by_the_envelope(self) -> None:
        identity = identify(Reading(Message(body=fixture("aws-sns/notification").body)))
        assert (identity.provider, identity.event) == ("aws-sns", "Notification")
        assert identity.delivery_id == "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324"

    def test_the_certificate_is_a_file_on_the_command_line(self, pair: tuple[Path, Path], tmp_path: Path) -> None:
        private, certificate = pair
        payload, delivery = tmp_path / "payload.json", tmp_path / "delivery.http"
        payload.write_text(json.dumps(ENVELOPE), encoding="utf-8")
        arguments: list[str | Path] = ["--provider", "aws-sns", "--secret-file", private, "--format", "http", payload]
        delivery.write_bytes(hookcli("sign", *arguments).out)
        checked = hookcli("verify", delivery, "--secret", f"aws-sns=file:{certificate}")
        assert (checked.code, "v2 in body.Signature" in checked.text) == (0, True)
        assert hookcli("verify", delivery, "--secret-file", certificate).code == 0


# PayPal

SIGNED_BY_PAYPAL = RSAPublicNumbers(
    65537,
    int(
        "c85e0c098f513ebcf38b340edede716c46942aec6d4215ca0235e4601481917dde22b6dda30513df1d77f579e5ce0d0e95c1330feab5"
        "58ac8dc7050bb949945928ede000b3e20564dccf9161568bd80f3fddfc3b5ab00e4bee5d7199133e1863c47bf0f71133decb29ba1930"
        "2e2334758eed41b9242556722b7082c31eb159a34472a851f578d2f7a187e0cfe642bfe587eb9ae14bad15a3088b01bda5b0045c909d"
        "8ff30288a6cdd853102a546e5227d1f8f6e7810c8d35c04cc4ffee7d27cb3d1938666cc4ea3fac783277807063754cf8a619df706656"
        "f0c2b0980ed0a8a850dcc4c560bc3f37b8fac88a71704c8397c3add04aff3ff8036e6b005c3490eb",
        16,
    ),
).public_key()
"""The key of the certificate that both events were signed with: its URL is published with them, it itself is not.

It is computed from the events: s**65537 - m is a multiple of the modulus, where s is a signature and m the padded
SHA-256 of what is signed, so that the modulus is the greatest common divisor of two such numbers. That it has 2048
bits, and not a few, shows already that this is what PayPal signs.
"""
PAYPAL_KEY = base64.b64encode(SIGNED_BY_PAYPAL.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()

PYTHON_SDK = (
    "4JH86294D6297924G",
    "dfb3be50-fd74-11e4-8bf3-77339302725b",
    "2015-05-18T15:45:13Z",
    (
        "thy4/U002quzxFavHPwbfJGcc46E8rc5jzgyeafWm5mICTBdY/8rl7WJpn8JA0GKA+oDTPsSruqusw+XXg5RLAP7ip53Euh9Xu3UbUhQ"
        "FX7UgwzE2FeYoY6lyRMiiiQLzy9BvHfIzNIVhPad4KnC339dr6y2l+mN8ALgI4GCdIh3/SoJO5wE64Bh/ueWtt8EVuvsvXfda2Le5a2T"
        "rOI9vLEzsm9GS79hAR/5oLexNz8UiZr045Mr5ObroH4w4oNfmkTaDk9Rj0G19uvISs5QzgmBpauKr7Nw++JI0pr/v5mFctQkoWJSGfBG"
        "zPRXawrvIIVHQ9Wer48GR2g9ZiApWg=="
    ),
    (
        '{"id":"WH-0G2756385H040842W-5Y612302CV158622M","create_time":"2015-05-18T15:45:13Z","resource_type":'
        '"sale","event_type":"PAYMENT.SALE.COMPLETED","summary":"Payment completed for $ 20.0 USD","resource"'
        ':{"id":"4EU7004268015634R","create_time":"2015-05-18T15:44:02Z","update_time":"2015-05-18T15:44:21Z"'
        ',"amount":{"total":"20.00","currency":"USD"},"payment_mode":"INSTANT_TRANSFER","state":"completed","'
        'protection_eligibility":"ELIGIBLE","protection_eligibility_type":"ITEM_NOT_RECEIVED_ELIGIBLE,UNAUTHO'
        'RIZED_PAYMENT_ELIGIBLE","parent_payment":"PAY-86C81811X5228590KKVNARQQ","transaction_fee":{"value":"'
        '0.88","currency":"USD"},"links":[{"href":"https://api.sandbox.paypal.com/v1/payments/sale/4EU7004268'
        '015634R","rel":"self","method":"GET"},{"href":"https://api.sandbox.paypal.com/v1/payments/sale/4EU70'
        '04268015634R/refund","rel":"refund","method":"POST"},{"href":"https://api.sandbox.paypal.com/v1/paym'
        'ents/payment/PAY-86C81811X5228590KKVNARQQ","rel":"parent_payment","method":"GET"}]},"links":[{"href"'
        ':"https://api.sandbox.paypal.com/v1/notifications/webhooks-events/WH-0G2756385H040842W-5Y612302CV158'
        '622M","rel":"self","method":"GET"},{"href":"https://api.sandbox.paypal.com/v1/notifications/webhooks'
        '-events/WH-0G2756385H040842W-5Y612302CV158622M/resend","rel":"resend","method":"POST"}]}'
    ),
)
"""PayPal-Python-SDK, `samples/notification/webhook-events/verify_webhook_events.py`."""

NODE_SDK = (
    "3TR748995U920805P",
    "103e3700-8b0c-11e6-8695-6b62a8a99ac4",
    "2016-10-05T14:57:40Z",
    (
        "t8hlRk64rpEImZMKqgtp5dlWaT1W8ed/mf8Msos341QInVn3BMQubjAhM/cKiSJtW07VwJvSX7X4+YUmHBrm5BQ+CEkClke4Yf4ouhCK"
        "6GWsfs0J8cKkmjI0XxfJpPLgjROEWY3MXorwCtbvrEo5vrRI2+TyLkquBKAlM95LbNWG43lxMu0LHzsSRUBDdt5IP1b2CKqbcEJKGrC7"
        "8iw+fJEQGagkJAiv3Qvpw8F/8q7FCQAZ3c81mzTvP4ZH3Xk2/nNznEA7eMi3u1EjSpTmLfAb423ytX37Ts0QpmPNgxJe8wnMB/+fvt4x"
        "jYH6KNe+bIcYU30hUIe9O8c9UFwKuQ=="
    ),
    (
        '{"id":"WH-82L71649W50323023-5WC64761VS637831A","event_version":"1.0","create_time":"2016-10-05T14:57'
        ':40Z","resource_type":"sale","event_type":"PAYMENT.SALE.COMPLETED","summary":"Payment completed for '
        '$ 6.01 USD","resource":{"id":"8RS6210148826604N","state":"completed","amount":{"total":"6.01","curre'
        'ncy":"USD","details":{"subtotal":"3.00","tax":"0.01","shipping":"1.00","handling_fee":"2.00","shippi'
        'ng_discount":"3.00"}},"payment_mode":"INSTANT_TRANSFER","protection_eligibility":"ELIGIBLE","protect'
        'ion_eligibility_type":"ITEM_NOT_RECEIVED_ELIGIBLE,UNAUTHORIZED_PAYMENT_ELIGIBLE","transaction_fee":{'
        '"value":"0.47","currency":"USD"},"invoice_number":"","custom":"Hello World!","parent_payment":"PAY-1'
        '1X29866PC6848407K72RIQA","create_time":"2016-10-05T14:57:18Z","update_time":"2016-10-05T14:57:26Z","'
        'links":[{"href":"https://api.sandbox.paypal.com/v1/payments/sale/8RS6210148826604N","rel":"self","me'
        'thod":"GET"},{"href":"https://api.sandbox.paypal.com/v1/payments/sale/8RS6210148826604N/refund","rel'
        '":"refund","method":"POST"},{"href":"https://api.sandbox.paypal.com/v1/payments/payment/PAY-11X29866'
        'PC6848407K72RIQA","rel":"parent_payment","method":"GET"}]},"links":[{"href":"https://api.sandbox.pay'
        'pal.com/v1/notifications/webhooks-events/WH-82L71649W50323023-5WC64761VS637831A","rel":"self","metho'
        'd":"GET"},{"href":"https://api.sandbox.paypal.com/v1/notifications/webhooks-events/WH-82L71649W50323'
        '023-5WC64761VS637831A/resend","rel":"resend","method":"POST"}]}'
    ),
)
"""PayPal-node-SDK, `samples/notifications/webhook-events/webhook_payload_verify.js`."""


def by_paypal(transmission: str, time: str, signature: str, body: str) -> Message:
    return a_message(
        body.encode(),
        paypal_auth_algo="SHA256withRSA",
        paypal_transmission_id=transmission,
        paypal_transmission_time=time,
        paypal_transmission_sig=signature,
    )


class TestPayPal:
    @pytest.mark.parametrize("published", [PYTHON_SDK, NODE_SDK], ids=["python", "node"])
    def test_a_published_event_is_valid(self, published: tuple[str, ...]) -> None:
        hook, *event = published
        message = by_paypal(*event)
        secret = f"{hook}:{PAYPAL_KEY}"
        assert identify(Reading(message)).event == "PAYMENT.SALE.COMPLETED"
        assert judged("paypal", message, secret).state == "valid"
        assert judged("paypal", replace(message, body=message.body + b" "), secret).state == "invalid"
        assert judged("paypal", message, f"ANOTHERHOOK:{PAYPAL_KEY}").state == "invalid"

    @pytest.mark.parametrize(
        "form", ["{hook}\n{pem}", "{hook}\r\n\r\n{pem}", "{hook}:{pem}", " {hook} :\n{pem}\n", "{hook}:{der}"]
    )
    def test_the_secret_is_the_hooks_id_and_a_certificate_or_key(self, form: str, pair: tuple[Path, Path]) -> None:
        private, certificate = pair
        public = openssl("pkey", "-in", private, "-pubout", "-outform", "DER")
        message = made("paypal", b'{"id":"WH-1","event_type":"A.B"}', f"{HOOK}\n{private.read_text()}")
        secret = form.format(hook=HOOK, pem=certificate.read_text(), der=base64.b64encode(public).decode())
        assert judged("paypal", message, secret).state == "valid"

    @pytest.mark.parametrize("form", ["{pem}", "two words\n{pem}", "{hook}", "{hook}:", "{hook}:no key"])
    def test_a_secret_without_both_is_none(self, form: str, pair: tuple[Path, Path]) -> None:
        secret = form.format(hook=HOOK, pem=pair[1].read_text())
        assert judged("paypal", fixture("paypal/payment_capture_completed"), secret).state == "no secret"

    def test_openssl_accepts_what_hookcli_signs(self, pair: tuple[Path, Path], tmp_path: Path) -> None:
        private, _ = pair
        body = '{"id":"WH-1","event_type":"A.B","note":"Grüße"}'.encode()
        message = made("paypal", body, f"{HOOK}\n{private.read_text()}")
        head = {name: message.headers.get(f"PAYPAL-{name}", "") for name in ("TRANSMISSION-ID", "TRANSMISSION-TIME")}
        assert head == {
            "TRANSMISSION-ID": "103e3700-8b0c-11e6-8695-6b62a8a99ac4",
            "TRANSMISSION-TIME": "2025-11-24T10:15:30Z",
        }
        (tmp_path / "signature").write_bytes(
            base64.b64decode(message.headers.get("PAYPAL-TRANSMISSION-SIG", ""), validate=True)
        )
        (tmp_path / "public.pem").write_bytes(openssl("pkey", "-in", private, "-pubout"))
        data = "|".join([*head.values(), HOOK, str(zlib.crc32(body))]).encode()
        check: list[str | Path] = ["-sha256", "-verify", tmp_path / "public.pem", "-signature", tmp_path / "signature"]
        assert b"Verified OK" in openssl("dgst", *check, data=data)

    def test_the_secret_is_one_file_on_the_command_line(self, pair: tuple[Path, Path], tmp_path: Path) -> None:
        delivery = tmp_path / "delivery.http"
        (tmp_path / "payload.json").write_text('{"id":"WH-1","event_type":"A.B"}', encoding="utf-8")
        for name, key in zip(("mine.txt", "theirs.txt"), pair, strict=True):
            (tmp_path / name).write_text(f"{HOOK}\n{key.read_text()}", encoding="utf-8")
        signed_with: list[str | Path] = [
            "--secret",
            f"file:{tmp_path / 'mine.txt'}",
            "--format",
            "http",
            tmp_path / "payload.json",
        ]
        delivery.write_bytes(hookcli("sign", "--provider", "paypal", *signed_with).out)
        assert hookcli("verify", delivery, "--secret", f"paypal=file:{tmp_path / 'theirs.txt'}").code == 0

    def test_explain_finds_the_body_that_was_signed(self) -> None:
        hook, *event = NODE_SDK
        message = by_paypal(*event)
        arrived = replace(message, body=json.dumps(json.loads(message.body)).encode())
        found = explain_verdict(arrived, provider("paypal"), Secrets((("paypal", f"{hook}:{PAYPAL_KEY}"),)))
        assert "as JSON.stringify writes it" in found.sentence
        other = Secrets((("paypal", f"OTHER:{PAYPAL_KEY}"), ("aws-sns", f"{hook}:{PAYPAL_KEY}")))
        assert explain_verdict(message, provider("paypal"), other).sentence.endswith("the secret for aws-sns")


# Netlify

BODY = b'{"id":"1","site_id":"2","state":"ready","name":"demo"}'
LONG = "a secret that is as long as PyJWT wants a secret to be, for SHA-512 too"


def by_netlify(token: str, body: bytes = BODY) -> Message:
    return a_message(body, x_netlify_event="deploy_created", x_webhook_signature=token)


def claims(**more: Any) -> dict[str, Any]:
    return {"iss": "netlify", "sha256": hashlib.sha256(BODY).hexdigest(), **more}


class TestNetlify:
    def test_what_pyjwt_signs_is_valid(self) -> None:
        message = by_netlify(jwt.encode(claims(), LONG, algorithm="HS256"))
        found = judged("netlify", message, LONG)
        assert (found.state, found.scheme, found.header, found.detail) == ("valid", "jws", "X-Webhook-Signature", None)
        assert judged("netlify", message, LONG + "x").detail == "another secret"
        changed = judged("netlify", replace(message, body=BODY + b"\n"), LONG)
        assert (changed.state, changed.detail) == ("invalid", "the body is not the one that sha256 in it tells of")

    def test_pyjwt_accepts_what_hookcli_signs(self) -> None:
        token = made("netlify", BODY, LONG, event="deploy_created").headers.get("X-Webhook-Signature", "")
        assert jwt.decode(token, LONG, algorithms=["HS256"], issuer="netlify") == claims()
        with pytest.raises(jwt.InvalidSignatureError):
            jwt.decode(token, LONG + "x", algorithms=["HS256"])

    @pytest.mark.parametrize(
        ("token", "detail"),
        [
            (jwt.encode(claims(), "", algorithm="none"), "its algorithm is not HS256"),
            (jwt.encode(claims(), LONG, algorithm="HS512"), "its algorithm is not HS256"),
            (jwt.encode(claims(), LONG, algorithm="HS256", headers={"crit": ["b64"]}), "its algorithm is not HS256"),
            (jwt.encode(claims(iss="other"), LONG, algorithm="HS256"), "iss in it is not netlify"),
            (jwt.encode({"iss": "netlify"}, LONG, algorithm="HS256"), "the body is not the one that sha256"),
            (jwt.encode(claims(sha256=1), LONG, algorithm="HS256"), "the body is not the one that sha256"),
            ("a.b.c", "it is no signed token of three parts"),
            ("a.b", "it is no signed token of three parts"),
            ("....", "it is no signed token of three parts"),
            ("W10.W10.AA", "it is no signed token of three parts"),
        ],
    )
    def test_a_token_that_does_not_hold_says_why(self, token: str, detail: str) -> None:
        found = judged("netlify", by_netlify(token), LONG)
        assert found.state == "invalid"
        assert (found.detail or "").startswith(detail)

    def test_explain_finds_the_body_and_the_secret(self) -> None:
        arrived = replace(by_netlify(jwt.encode(claims(), LONG, algorithm="HS256")), body=BODY + b"\n")
        found = explain_verdict(arrived, provider("netlify"), Secrets(((None, LONG + "\n"),)))
        assert "without the line end behind it" in found.sentence
        assert "without its last newline" in found.sentence
        nothing = explain_verdict(arrived, provider("netlify"), Secrets(((None, "another"),)))
        assert not nothing.mistakes
        assert nothing.scheme == "jws"


# Cloudflare


class TestCloudflare:
    def test_stream_signs_time_and_body(self) -> None:
        message = fixture("cloudflare-stream/ready")
        pairs = dict(part.split("=") for part in message.headers.get("Webhook-Signature", "").split(","))
        assert list(pairs) == ["time", "sig1"]
        key = ["-mac", "HMAC", "-macopt", f"key:{SECRET}", "-binary"]
        signature = openssl("dgst", "-sha256", *key, data=f"{pairs['time']}.".encode() + message.body)
        assert pairs["sig1"] == signature.hex()
        assert judged("cloudflare-stream", message, at=THEN + timedelta(days=1)).state == "valid"
        assert judged("cloudflare-stream", replace(message, body=message.body + b" ")).state == "invalid"

    def test_notifications_send_their_secret(self) -> None:
        message = fixture("cloudflare/http_alert_origin_error.alert_state_event_start")
        assert message.headers.get("cf-webhook-auth") == SECRET
        assert judged("cloudflare", message, "another").state == "invalid"
        assert identify(Reading(fixture("cloudflare/test"))).is_ping

    def test_standard_webhooks_header_of_the_same_name_stays_its_own(self) -> None:
        standard = a_message(webhook_id="msg_1", webhook_timestamp="1", webhook_signature="v1,AAAA")
        assert identify(Reading(standard)).provider == "standard-webhooks"


# Microsoft


def notifications(*states: str | None) -> Message:
    """A delivery of Microsoft Graph's, with these clientStates."""
    value = [
        {
            "subscriptionId": "1",
            "changeType": "created",
            "resource": "me/messages",
            **({"clientState": state} if state else {}),
        }
        for state in states
    ]
    return a_message(json.dumps({"value": value}).encode())


class TestMicrosoftGraph:
    @pytest.mark.parametrize(
        ("states", "state", "detail"),
        [
            ([SECRET], "valid", "it does not cover the body"),
            ([SECRET, SECRET], "valid", "it does not cover the body"),
            (["other"], "invalid", "the token is another one"),
            (["other", "other"], "invalid", "the token is another one"),
            ([SECRET, "other"], "invalid", "not every one in the list has the same token"),
            (["other", SECRET], "invalid", "not every one in the list has the same token"),
            ([SECRET, None], "invalid", "not every one in the list has the same token"),
            ([None, SECRET], "invalid", "not every one in the list has the same token"),
            ([None], "unsigned", "it carries no signature that this provider is known to make"),
            ([], "unsigned", "it carries no signature that this provider is known to make"),
        ],
    )
    def test_each_notification_has_to_have_the_client_state(
        self, states: list[str | None], state: str, detail: str
    ) -> None:
        found = judged("microsoft-graph", notifications(*states))
        assert (found.state, found.detail) == (state, detail)

    def test_signing_puts_it_into_each_one(self) -> None:
        message = made("microsoft-graph", notifications("old", None).body, "new")
        assert [one["clientState"] for one in json.loads(message.body)["value"]] == ["new", "new"]

    @pytest.mark.parametrize(
        ("query", "token"),
        [
            ("validationToken=Validation%3A+Testing+reachability+%E2%9C%93", "Validation: Testing reachability ✓"),
            ("validationToken=a%2Bb%26c%3Dd%25", "a+b&c=d%"),
            ("x=1&validationToken=%3Cscript%3E", "<script>"),
            ("validationToken=two%0Alines", "two\nlines"),
        ],
    )
    def test_the_validation_token_is_echoed_decoded(self, query: str, token: str) -> None:
        found = shaken("microsoft-graph", Message(target=f"/hook?{query}"))
        assert (found.status, found.body) == (200, token.encode())
        assert dict(found.headers) == {"Content-Type": "text/plain; charset=utf-8"}

    def test_client_states_are_masked(self, tmp_path: Path) -> None:
        store = tmp_path / "store.db"
        with listening(store) as listener:
            post(listener.port, fixture("microsoft-graph/created"))
            listener.stop()
        shown = hookcli("show", "last", "--body", "--store", store).text
        assert "clientState" in shown
        assert SECRET not in shown.replace("hookcli/", "")
        assert SECRET in hookcli("show", "last", "--body", "--reveal", "--store", store).text


def shaken(name: str, message: Message) -> HandshakeAnswer:
    reading = Reading(message)
    assert identify(reading).provider == name
    found = answer(reading, provider(name), [SECRET])
    assert found is not None
    return found


class TestAzureEventGrid:
    def test_a_subscription_is_validated_by_its_code(self) -> None:
        found = shaken("azure-event-grid", fixture("azure-event-grid/subscriptionvalidation"))
        assert json.loads(found.body) == {"validationResponse": "512d38b6-c7b8-40c8-89fe-f46f9e9622b6"}
        assert (found.status, dict(found.headers)) == (200, {"Content-Type": "application/json"})

    def test_without_its_headers_it_is_validated_too(self) -> None:
        body = fixture("azure-event-grid/subscriptionvalidation").body
        assert shaken("azure-event-grid", Message(body=body)).status == 200

    def test_leave_to_send_cloudevents_is_given(self) -> None:
        found = shaken("azure-event-grid", fixture("azure-event-grid/leave"))
        assert dict(found.headers)["WebHook-Allowed-Origin"] == "eventgrid.azure.net"
        assert dict(found.headers)["WebHook-Allowed-Rate"] == "120"

    def test_an_event_is_no_handshake(self) -> None:
        reading = Reading(fixture("azure-event-grid/microsoft_storage_blobcreated"))
        assert answer(reading, provider("azure-event-grid"), []) is None

    def test_cloudevents_of_others_stay_theirs(self) -> None:
        message = replace(
            fixture("azure-event-grid/leave"), headers=Headers([("WebHook-Request-Origin", "example.com")])
        )
        assert identify(Reading(message)).provider == "cloudevents"

    def test_an_event_of_its_own_says_its_attempt_and_subscription(self) -> None:
        identity = identify(Reading(fixture("azure-event-grid/microsoft_storage_blobcreated")))
        assert (identity.attempt, identity.hook_id) == (0, "SHOP-IMAGES")
        assert identity.delivery_id == "831e1650-001e-001b-66ab-eeb76e069631"


# WorkOS, GoCardless, Okta, Xero


class TestWorkOs:
    def theirs(self, message: Message, secret: str = SECRET) -> None:
        # The library judges the age by its own clock; hookcli's is handed in.
        WorkOSClient(api_key="sk_test", client_id="client").webhooks.verify_header(
            event_body=message.body,
            event_signature=message.headers.get("WorkOS-Signature", ""),
            secret=secret,
            tolerance=10**9,
        )

    def test_the_library_accepts_what_hookcli_signs(self) -> None:
        for message in (fixture("workos/dsync_user_created"), made("workos", '{"event":"é"}'.encode())):
            self.theirs(message)
            with pytest.raises(ValueError, match="Signature"):
                self.theirs(message, "another")
            with pytest.raises(ValueError, match="Signature"):
                self.theirs(replace(message, body=message.body + b" "))

    def test_it_is_good_for_three_minutes(self) -> None:
        message = fixture("workos/dsync_user_created")
        assert judged("workos", message, at=THEN + timedelta(seconds=180)).state == "valid"
        assert judged("workos", message, at=THEN + timedelta(seconds=181)).state == "stale"
        assert judged("workos", replace(message, body=b"{}")).state == "invalid"


class TestGoCardless:
    def test_the_library_accepts_what_hookcli_signs(self) -> None:
        message = fixture("gocardless/payments.confirmed")
        signature = message.headers.get("Webhook-Signature", "")
        events = gocardless.parse(message.body, SECRET, signature)
        assert [event.id for event in events] == ["EV01KASJ5T8M9Q", "EV01KASJ5T8M9R"]
        with pytest.raises(InvalidSignatureError):
            gocardless.parse(message.body + b" ", SECRET, signature)
        assert judged("gocardless", replace(message, body=message.body + b" ")).state == "invalid"

    def test_cloudflare_stream_and_it_share_a_header_and_are_told_apart(self) -> None:
        body = fixture("gocardless/payments.confirmed").body
        assert identify(Reading(a_message(body, webhook_signature="00"))).provider == "gocardless"
        stream = fixture("cloudflare-stream/ready")
        assert identify(Reading(replace(stream, body=b"{}"))).provider == "cloudflare-stream"


class TestOkta:
    def test_the_challenge_is_answered_in_json(self) -> None:
        found = shaken("okta", fixture("okta/verification"))
        assert json.loads(found.body) == {"verification": "MtC3lW8vQe1nYb6uZk0pRs9tXj4gHd2f"}
        assert dict(found.headers)["Content-Type"] == "application/json"


class TestXero:
    def test_it_signs_the_body(self) -> None:
        message = fixture("xero/invoice.update")
        digest = openssl("dgst", "-sha256", "-mac", "HMAC", "-macopt", f"key:{SECRET}", "-binary", data=message.body)
        assert message.headers.get("x-xero-signature") == base64.b64encode(digest).decode()
        assert judged("xero", replace(message, body=b"{}")).state == "invalid"

    def test_intent_to_receive_is_answered_as_its_signature_deserves(self, tmp_path: Path) -> None:
        right = fixture("xero/intent")
        wrong = replace(right, headers=right.headers.with_header("x-xero-signature", "AAAA"))
        with listening(tmp_path / "store.db", "--secret", f"xero={SECRET}", "--status", "500") as listener:
            answers = [post(listener.port, message).split(b"\r\n\r\n") for message in (right, wrong)]
        assert [head.split(b" ")[1] for head, _ in answers] == [b"200", b"401"]
        assert [body for _, body in answers] == [b"", b""]
        assert not any(b"set-cookie" in head.lower() for head, _ in answers)


def test_every_event_that_a_fixture_is_of_stands_in_the_catalogue() -> None:
    for name in NAMES:
        event = identify(Reading(fixture(name))).event
        catalogue = {one.name for one in providers()[name.partition("/")[0]].events}
        assert event is None or event in catalogue, name

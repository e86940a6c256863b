"""The signatures of shops and payment providers, against their published vectors and their own libraries.

Where there is neither (Shopify, Lemon Squeezy, WooCommerce) `openssl` computes what the documentation says.
"""

from __future__ import annotations

import json
import re
import subprocess
import time
from base64 import b64encode
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from Adyen.util import (  # type: ignore[import-untyped]
    generate_notification_sig,
    generate_payload_sig,
    is_valid_hmac_notification,
    is_valid_hmac_payload,
)
from coinbase_commerce.error import (  # type: ignore[import-untyped]
    SignatureVerificationError as CoinbaseRefusal,
)
from coinbase_commerce.webhook import Webhook as CoinbaseWebhook  # type: ignore[import-untyped]
from razorpay.errors import SignatureVerificationError as RazorpayRefusal  # type: ignore[import-untyped]
from razorpay.utility import Utility as Razorpay  # type: ignore[import-untyped]
from square.utils.webhooks_helper import verify_signature as square_accepts
from standardwebhooks.webhooks import Webhook as StandardWebhook
from standardwebhooks.webhooks import WebhookVerificationError
from stripe import SignatureVerificationError as StripeRefusal
from stripe import WebhookSignature as Stripe

from hookcli import fixtures
from hookcli.delivery import Headers, Message
from hookcli.formats.http_file import read
from hookcli.identify import identify
from hookcli.providers.registry import provider
from hookcli.providers.summary import summarise
from hookcli.reading import Reading
from hookcli.signing.sign import Occasion, dressed, signed
from hookcli.signing.verify import verify

if TYPE_CHECKING:
    from collections.abc import Callable

SECRET = "hookcli"
URL = "https://shop.example.com/hooks?from=square"
ID = "c1f0a7d2-3b58-4e96-8a1d-6f4e2b9c7d05"
AT = 1763629200.0
PAYLOAD = '{"order":"1042","note":"Grüße aus der Teeküche / 2 < 3"}'.encode()

ADYEN_KEY = "8A1F5C02D7E94B3660AB9C1D2E3F40516273849501A2B3C4D5E6F708192A3B4C"
ADYEN = ("adyen/authorisation", "adyen/balanceplatform_accountholder_created", "adyen/refund")
SECRETS = dict.fromkeys(ADYEN, ADYEN_KEY)
"""Fixtures that need a secret of another form than the word `hookcli`."""

COMMERCE = (
    "stripe",
    "shopify",
    "square",
    "paddle",
    "lemonsqueezy",
    "woocommerce",
    "adyen",
    "coinbase-commerce",
    "bigcommerce",
    "razorpay",
)
NAMES = [name for name in fixtures.names() if name.partition("/")[0] in COMMERCE]


def made(name: str, body: bytes = PAYLOAD, secret: str = SECRET, *, event: str = "a.b", at: float = AT) -> Message:
    """A delivery as hookcli makes it for a provider."""
    occasion = Occasion(timestamp=at, id=ID)
    message = dressed(provider(name), body, event=event, occasion=occasion)
    return signed(message, provider(name).signatures, secret, occasion=occasion, delivery_id=ID, url=URL)


def judged(name: str, message: Message, secret: str = SECRET, *, at: float = AT) -> str:
    """What hookcli says of a delivery that is taken as this provider's."""
    now = datetime.fromtimestamp(at, UTC)
    return verify(Reading(message), provider(name).signatures, [secret], now=now, url=URL).state


def signed_by_them(header: str, value: str, body: bytes = PAYLOAD, more: tuple[tuple[str, str], ...] = ()) -> Message:
    """A message with a signature that hookcli has not made."""
    return Message(headers=Headers([("Content-Type", "application/json"), *more, (header, value)]), body=body)


def changed(message: Message) -> Message:
    return replace(message, body=message.body.replace(b"1042", b"1043"))


def text(message: Message) -> str:
    return message.body.decode()


def accepts(check: Callable[..., Any], *arguments: Any, refusal: type[Exception]) -> bool:
    """Whether a library's check passes, which raises where it does not."""
    with suppress(refusal):
        check(*arguments)
        return True
    return False


def openssl(body: bytes, secret: str = SECRET) -> bytes:
    """HMAC-SHA256 by openssl."""
    command = ["openssl", "dgst", "-sha256", "-mac", "HMAC", "-macopt", f"hexkey:{secret.encode().hex()}", "-binary"]
    return subprocess.run(command, input=body, capture_output=True, check=True).stdout


class TestStripe:
    SECRET = "whsec_made4everybody2know"

    def accepted(self, message: Message) -> bool:
        header = message.headers.get("Stripe-Signature")
        return accepts(Stripe.verify_header, message.body, header, self.SECRET, refusal=StripeRefusal)

    def test_its_library_accepts_what_hookcli_signs(self) -> None:
        message = made("stripe", secret=self.SECRET)
        assert self.accepted(message)
        assert not self.accepted(changed(message))

    def test_hookcli_accepts_what_its_library_signs(self) -> None:
        header = Stripe.generate_signature_header(PAYLOAD.decode(), self.SECRET, int(AT))
        message = signed_by_them("Stripe-Signature", header)
        assert judged("stripe", message, self.SECRET) == "valid"
        assert judged("stripe", changed(message), self.SECRET) == "invalid"

    def test_while_a_secret_is_rolled_one_of_several_signatures_is_enough(self) -> None:
        header = Stripe.generate_signature_header(PAYLOAD.decode(), self.SECRET, int(AT))
        rolled = header.replace(",v1=", f",v1={'0' * 64},v1=") + f",v0={'1' * 64}"
        message = signed_by_them("Stripe-Signature", rolled)
        assert self.accepted(message)
        assert judged("stripe", message, self.SECRET) == "valid"

    def test_it_is_stale_after_its_librarys_tolerance(self) -> None:
        message = made("stripe")
        assert judged("stripe", message, at=AT + 300) == "valid"
        assert judged("stripe", message, at=AT + 301) == "stale"


class TestShopify:
    def test_it_is_what_openssl_makes_by_the_documented_recipe(self) -> None:
        message = made("shopify")
        assert message.headers.get("X-Shopify-Hmac-Sha256") == b64encode(openssl(PAYLOAD)).decode()
        assert judged("shopify", message) == "valid"
        assert judged("shopify", changed(message)) == "invalid"

    def test_deliveries_of_the_newer_kind_are_known_and_checked_too(self) -> None:
        claim = b64encode(openssl(PAYLOAD)).decode()
        named = (("Shopify-Topic", "Product"), ("Shopify-Action", "update"), ("Shopify-Webhook-Id", ID))
        message = signed_by_them("Shopify-Hmac-Sha256", claim, more=named)
        identity = identify(Reading(message))
        assert (identity.provider, identity.event, identity.action, identity.delivery_id) == (
            "shopify",
            "Product",
            "update",
            ID,
        )
        assert judged("shopify", message) == "valid"
        assert judged("shopify", changed(message)) == "invalid"


class TestSquare:
    def accepted(self, message: Message, url: str = URL) -> bool:
        return square_accepts(
            request_body=text(message),
            signature_header=message.headers.get("x-square-hmacsha256-signature", ""),
            signature_key=SECRET,
            notification_url=url,
        )

    def test_its_library_accepts_what_hookcli_signs(self) -> None:
        message = made("square")
        assert self.accepted(message)
        assert not self.accepted(changed(message))
        assert not self.accepted(message, "https://shop.example.com/hooks")

    def test_hookcli_refuses_what_its_library_refuses(self) -> None:
        message = made("square")
        assert judged("square", message) == "valid"
        assert judged("square", changed(message)) == "invalid"

    def test_the_fixtures_are_of_the_url_that_they_were_sent_to(self) -> None:
        assert self.accepted(read(fixtures.load("square/payment_created")), "http://localhost:8080/")


class TestPaddle:
    """Vector: paddle-python-sdk 1.16, tests/Unit/Notification/test_Verifier.py."""

    SECRET = "pdl_ntf_01hbpjmytsa32fhr36nqgc3kgb_WvRO0eL4Bj9rgYYIBZY6wZhG4EHy9jzh"
    HASH = "d96299976a6eb066f484d7fde011ac56fc32b38fc9940bc419d6e537fdc6ef02"
    SIGNED_AT = 1696195954

    def test_hookcli_accepts_the_published_vector(self) -> None:
        header = f"ts={self.SIGNED_AT};h1=dummy;h1={self.HASH}"
        message = signed_by_them("Paddle-Signature", header, b"hello-world")
        assert judged("paddle", message, self.SECRET, at=self.SIGNED_AT) == "valid"
        assert judged("paddle", replace(message, body=b"hello-word"), self.SECRET, at=self.SIGNED_AT) == "invalid"

    def test_hookcli_signs_the_published_vector(self) -> None:
        message = made("paddle", b"hello-world", self.SECRET, at=self.SIGNED_AT)
        assert message.headers.get("Paddle-Signature") == f"ts={self.SIGNED_AT};h1={self.HASH}"

    def test_it_is_stale_after_its_librarys_tolerance(self) -> None:
        message = made("paddle")
        assert judged("paddle", message, at=AT + 5) == "valid"
        assert judged("paddle", message, at=AT + 6) == "stale"


class TestLemonSqueezy:
    def test_it_is_what_openssl_makes_by_the_documented_recipe(self) -> None:
        message = made("lemonsqueezy", event="order_created")
        assert message.headers.get("X-Signature") == openssl(PAYLOAD).hex()
        assert judged("lemonsqueezy", message) == "valid"
        assert judged("lemonsqueezy", changed(message)) == "invalid"


class TestWooCommerce:
    def test_it_is_what_openssl_makes_by_the_recipe_of_its_source(self) -> None:
        message = made("woocommerce")
        assert message.headers.get("X-WC-Webhook-Signature") == b64encode(openssl(PAYLOAD)).decode()
        assert judged("woocommerce", message) == "valid"
        assert judged("woocommerce", changed(message)) == "invalid"

    def test_it_names_the_resource_and_what_happened_to_it_apart(self) -> None:
        headers = made("woocommerce", event="action.woocommerce_add_to_cart").headers
        assert headers.get("X-WC-Webhook-Resource") == "action"
        assert headers.get("X-WC-Webhook-Event") == "woocommerce_add_to_cart"

    def test_the_form_that_it_sends_on_saving_is_a_ping(self) -> None:
        headers = Headers(
            [
                ("User-Agent", "WooCommerce/10.3.5 Hookshot (WordPress/6.8.3)"),
                ("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"),
            ]
        )
        reading = Reading(Message(headers=headers, body=b"webhook_id=3"))
        identity = identify(reading)
        assert (identity.provider, identity.is_ping, identity.hook_id) == ("woocommerce", True, "3")
        assert summarise(reading, identity, provider("woocommerce").summary) == "ping from webhook 3"


class TestAdyen:
    """Vectors: Adyen/adyen-python-api-library, test/test_util.py."""

    KEY = "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056"
    ITEM: dict[str, Any] = {  # noqa: RUF012 (never changed)
        "pspReference": "7914073381342284",
        "merchantReference": "TestPayment-1407325143704",
        "merchantAccountCode": "TestMerchant",
        "amount": {"currency": "EUR", "value": 1130},
        "eventCode": "AUTHORISATION",
        "success": "true",
    }
    ITEM_HASH = "coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0="
    PLATFORM_HASH = "NiqA5vsdV5etZMOaR27+GBSG4i6JeP6j1wkCM6t53vA="
    PLATFORM = {  # noqa: RUF012 (never changed)
        "type": "merchant.created",
        "environment": "test",
        "createdAt": "01-01-2024",
        "data": {
            "capabilities": {"sendToTransferInstrument": {"requested": True, "requestedLevel": "notApplicable"}},
            "companyId": "YOUR_COMPANY_ID",
            "merchantId": "YOUR_MERCHANT_ACCOUNT",
            "status": "PreActive",
        },
    }

    def notification(self, **more: Any) -> bytes:
        items = [{"NotificationRequestItem": {**self.ITEM, **more}}]
        return json.dumps({"live": "false", "notificationItems": items}).encode()

    def test_hookcli_signs_and_accepts_the_published_vector_of_a_standard_webhook(self) -> None:
        message = made("adyen", self.notification(), self.KEY)
        item = json.loads(message.body)["notificationItems"][0]["NotificationRequestItem"]
        assert item["additionalData"] == {"hmacSignature": self.ITEM_HASH}
        assert judged("adyen", message, self.KEY) == "valid"

    def test_hookcli_signs_and_accepts_the_published_vector_of_a_platform_webhook(self) -> None:
        message = made("adyen", json.dumps(self.PLATFORM, indent=4).encode(), self.KEY)
        assert message.headers.get("HmacSignature") == self.PLATFORM_HASH
        assert judged("adyen", message, self.KEY) == "valid"
        assert judged("adyen", replace(message, body=message.body + b" "), self.KEY) == "invalid"

    @pytest.mark.parametrize(
        "more",
        [
            {},
            {"originalReference": "7914073381342200", "eventCode": "REFUND"},
            {"merchantReference": "a:b\\c/ü", "success": "false"},
        ],
    )
    def test_its_library_and_hookcli_accept_and_refuse_the_same(self, more: dict[str, Any]) -> None:
        ours = made("adyen", self.notification(**more), self.KEY)
        assert is_valid_hmac_notification(json.loads(ours.body), self.KEY)
        claim = generate_notification_sig({**self.ITEM, **more}, self.KEY).decode()
        theirs = Message(body=self.notification(**more, additionalData={"hmacSignature": claim}))
        assert judged("adyen", theirs, self.KEY) == "valid"
        for message in (ours, theirs):
            other = replace(message, body=message.body.replace(b"1130", b"1131"))
            assert not is_valid_hmac_notification(json.loads(other.body), self.KEY)
            assert judged("adyen", other, self.KEY) == "invalid"

    def test_its_library_and_hookcli_accept_and_refuse_the_same_platform_webhook(self) -> None:
        body = json.dumps(self.PLATFORM).encode()
        ours = made("adyen", body, self.KEY)
        assert is_valid_hmac_payload(ours.headers.get("HmacSignature"), self.KEY, body)
        theirs = signed_by_them("HmacSignature", generate_payload_sig(body, self.KEY).decode(), body)
        assert judged("adyen", theirs, self.KEY) == "valid"

    def test_the_length_follows_the_signature_that_is_put_into_the_body(self) -> None:
        message = made("adyen", self.notification(), self.KEY)
        assert message.headers.get("Content-Length") == str(len(message.body))

    def test_a_key_that_is_not_hex_is_none(self) -> None:
        message = made("adyen", self.notification(), self.KEY)
        assert judged("adyen", message, "not hex") == "no secret"


class TestCoinbaseCommerce:
    BODY = b'{"attempt_number":1,"event":{"id":"e","type":"charge:created","data":{"code":"1042"}},"id":"d"}'

    def accepted(self, message: Message) -> bool:
        header = message.headers.get("X-CC-Webhook-Signature")
        return accepts(CoinbaseWebhook.construct_event, text(message), header, SECRET, refusal=CoinbaseRefusal)

    def test_its_library_and_hookcli_accept_and_refuse_the_same(self) -> None:
        message = made("coinbase-commerce", self.BODY)
        assert self.accepted(message)
        assert judged("coinbase-commerce", message) == "valid"
        assert not self.accepted(changed(message))
        assert judged("coinbase-commerce", changed(message)) == "invalid"


class TestBigCommerce:
    """It names no library of its own, but that of Standard Webhooks, with the client secret in base64."""

    library = StandardWebhook(b64encode(SECRET.encode()).decode())

    def accepted(self, message: Message) -> bool:
        return accepts(self.library.verify, message.body, dict(message.headers), refusal=WebhookVerificationError)

    def test_the_library_accepts_what_hookcli_signs(self) -> None:
        message = made("bigcommerce", at=time.time())  # the library has no other clock
        assert self.accepted(message)
        assert not self.accepted(changed(message))

    def test_hookcli_accepts_what_the_library_signs(self) -> None:
        claim = self.library.sign(ID, datetime.fromtimestamp(AT, UTC), PAYLOAD.decode())
        named = (("webhook-id", ID), ("webhook-timestamp", str(int(AT))))
        message = signed_by_them("webhook-signature", claim, more=named)
        assert judged("bigcommerce", message) == "valid"
        assert judged("bigcommerce", changed(message)) == "invalid"


class TestRazorpay:
    def accepted(self, message: Message) -> bool:
        header = message.headers.get("X-Razorpay-Signature")
        check = Razorpay().verify_webhook_signature
        return accepts(check, text(message), header, SECRET, refusal=RazorpayRefusal)

    def test_its_library_and_hookcli_accept_and_refuse_the_same(self) -> None:
        message = made("razorpay")
        assert self.accepted(message)
        assert judged("razorpay", message) == "valid"
        assert not self.accepted(changed(message))
        assert judged("razorpay", changed(message)) == "invalid"


@pytest.mark.parametrize("name", NAMES)
def test_every_fixture_is_of_its_provider_signed_and_summarised(name: str) -> None:
    message = read(fixtures.load(name))
    reading = Reading(message)
    own = provider(name.partition("/")[0])
    identity = identify(reading)
    assert identity.provider == own.id
    assert re.sub(r"[^a-z0-9]+", "_", (identity.event or "").lower()) == name.partition("/")[2]
    assert summarise(reading, identity, own.summary)
    stamp = re.search(
        r"\bt(?:s|imestamp)?[=:] ?(\d{10})", "\n".join(f"{key}: {value}" for key, value in message.headers)
    )
    now = datetime.fromtimestamp(int(stamp[1]) if stamp else AT, UTC)
    secret = SECRETS.get(name, fixtures.SECRET)
    assert verify(reading, own.signatures, [secret], now=now).state == "valid"


@pytest.mark.parametrize("name", COMMERCE)
def test_what_hookcli_makes_for_a_provider_is_known_as_the_providers(name: str) -> None:
    bodies = {one.partition("/")[0]: read(fixtures.load(one)).body for one in NAMES}
    message = made(name, bodies[name], ADYEN_KEY if name == "adyen" else SECRET)
    assert identify(Reading(message)).provider == name

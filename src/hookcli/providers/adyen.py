"""Adyen.

Sources: Adyen Docs, "Verify HMAC signatures", "Handle webhook events", "Troubleshoot webhooks" (retries), "Webhook
structure and types" and "Set up webhooks" for platforms (basic authentication); both signatures from the Adyen Python
library 16.0, Adyen/util.py, which says of the second that it stands in a header.
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Hmac, Token

ITEM = "notificationItems.0.NotificationRequestItem"
FIELDS = (
    "pspReference",
    "originalReference?",
    "merchantAccountCode",
    "merchantReference?",
    "amount.value",
    "amount.currency",
    "eventCode",
    "success",
)
ABOUT = f"{{{ITEM}.merchantReference/{ITEM}.pspReference}}, amount {{{ITEM}.amount.value}} {{{ITEM}.amount.currency}}"
WHY = f"[: {{{ITEM}.reason!line}}]"

PROVIDER = Provider(
    id="adyen",
    title="Adyen",
    docs="https://docs.adyen.com/development-resources/webhooks",
    color="#0abf53",
    identify=(
        (f"body:{ITEM}.eventCode", f"body:{ITEM}.pspReference"),
        ("header:HmacSignature", "body:environment", "body:type"),
    ),
    event=(f"body:{ITEM}.eventCode", "body:type"),
    signatures=(
        Hmac(
            name="item",
            at=f"body:{ITEM}.additionalData.hmacSignature",
            encoding="base64",
            signed=":".join(f"{{body:{ITEM}.{field}}}" for field in FIELDS),
            secret="hex",  # noqa: S106 (the form of a secret)
            group="hmac",
        ),
        Hmac(
            name="payload",
            at="header:HmacSignature",
            encoding="base64",
            secret="hex",  # noqa: S106 (the form of a secret)
            group="hmac",
        ),
        Token(name="basic", at="header:Authorization", style="basic"),
    ),
    limits=Limits(timeout=10, retries="three times within half a minute, then for up to 30 days, 2 minutes to 8 hours"),
    notes=(
        "The HMAC key is hex: decode it before use.",
        "The signature of a standard webhook stands in the body and covers eight of its fields, apart by colons.",
        "A field that is absent counts as empty there. All else of the body may be changed without breaking it.",
        "Platform and management webhooks are signed as a whole instead, in a header.",
        "After the key is changed, deliveries that were queued before still carry the old signature.",
        "Any 2xx accepts a delivery; the older answer was the word [accepted].",
        "`success` and `live` are words, not booleans; false means that what eventCode names did not come about.",
        "The same pspReference and eventCode again is a repetition.",
        "Amounts are in the currency's smallest unit.",
    ),
    summary={
        "AUTHORISATION": f"authorisation of {ABOUT}, success {{{ITEM}.success}}{WHY}",
        "CANCELLATION": f"cancellation of {ABOUT}, success {{{ITEM}.success}}{WHY}",
        "CAPTURE": f"capture of {ABOUT}, success {{{ITEM}.success}}{WHY}",
        "CHARGEBACK": f"chargeback of {ABOUT}{WHY}",
        "REFUND": f"refund of {ABOUT}, success {{{ITEM}.success}}{WHY}",
        "REPORT_AVAILABLE": f"report available: {{{ITEM}.pspReference}}",
        "*": (f"{{@event!words}} of {ABOUT}", "{type}: {data.id}", "{@event!words}"),
    },
    events=(
        Event("AUTHORISATION", "A payment was authorised or refused"),
        Event("CANCELLATION", "An authorised payment was cancelled"),
        Event("CANCEL_OR_REFUND", "A payment was cancelled or refunded"),
        Event("CAPTURE", "A payment was captured"),
        Event("CAPTURE_FAILED", "A capture failed later on"),
        Event("CHARGEBACK", "A payment was charged back"),
        Event("CHARGEBACK_REVERSED", "A chargeback was taken back"),
        Event("NOTIFICATION_OF_CHARGEBACK", "A dispute was opened"),
        Event("OFFER_CLOSED", "An offered payment was never finished"),
        Event("ORDER_CLOSED", "An order of several payments is complete or given up"),
        Event("ORDER_OPENED", "An order of several payments was begun"),
        Event("PENDING", "A payment waits"),
        Event("REFUND", "A payment was refunded"),
        Event("REFUNDED_REVERSED", "A refund came back"),
        Event("REFUND_FAILED", "A refund failed later on"),
        Event("REPORT_AVAILABLE", "A report can be fetched"),
        Event("REQUEST_FOR_INFORMATION", "A customer's bank asks about a payment"),
    ),
)

"""Razorpay.

Sources: Razorpay Docs, "Webhooks", "Payments Webhook Events" (envelope, events), "Best Practices" (retries, repeated
deliveries) and "Replay events"; the signature from the razorpay library 2.0 (razorpay/utility/utility.py); header
names, values and order from deliveries in public request logs.
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Hmac

PAYMENT = "payload.payment.entity"
REFUND = "payload.refund.entity"
BY = f"[ by {{{PAYMENT}.email/{PAYMENT}.contact}}]"
PAID = f"[, amount {{{PAYMENT}.amount}} {{{PAYMENT}.currency}}]"
REFUNDED = f"[ of payment {{{REFUND}.payment_id}}], amount {{{REFUND}.amount}} {{{REFUND}.currency}}"

PROVIDER = Provider(
    id="razorpay",
    title="Razorpay",
    docs="https://razorpay.com/docs/webhooks/",
    color="#3395ff",
    identify=(
        ("header:X-Razorpay-Signature",),
        ("header:X-Razorpay-Event-Id",),
        ("header:User-Agent~^Razorpay-Webhook/",),
        ("body:entity=event", "body:account_id~^acc_", "body:event", "body:contains"),
    ),
    event=("body:event",),
    delivery_id=("header:X-Razorpay-Event-Id",),
    signatures=(Hmac(name="signature", at="header:X-Razorpay-Signature"),),
    sends=(
        ("User-Agent", "Razorpay-Webhook/v1"),
        ("Content-Type", "application/json"),
        ("Request-Id", "{id}"),
        ("X-Razorpay-Event-Id", "{id}"),
        ("Accept-Encoding", "gzip"),
    ),
    limits=Limits(timeout=5, retries="for 24 hours with growing pauses; then the webhook is disabled"),
    notes=(
        "The secret is of your own choice: it is not the API's key secret.",
        "After the secret was changed, retries of older events still carry signatures of the old one.",
        "X-Razorpay-Event-Id is the same in every delivery of an event; the body has no id of its own.",
        "Events arrive in any order: payment.captured may come before payment.authorized.",
        "Any answer but 2xx is a failure.",
        "`contains` names the entities in the payload; each stands in payload.NAME.entity.",
        "Amounts are in the currency's smallest unit (paise).",
        "Missed events of the last seven days can be replayed from the dashboard.",
    ),
    summary={
        "order.paid": f"order {{payload.order.entity.id}} paid{BY}{PAID}",
        "payment.authorized": f"payment {{{PAYMENT}.id}} authorized{BY}{PAID}",
        "payment.captured": f"payment {{{PAYMENT}.id}} captured{BY}{PAID}",
        "payment.failed": f"payment {{{PAYMENT}.id}} failed{BY}{PAID}[: {{{PAYMENT}.error_description!line}}]",
        "refund.created": f"refund {{{REFUND}.id}} made{REFUNDED}",
        "refund.processed": f"refund {{{REFUND}.id}} processed{REFUNDED}",
        "subscription.charged": f"subscription {{payload.subscription.entity.id}} charged{PAID}",
        "*": (
            "{event}: {payload.subscription.entity.id/payload.payment_link.entity.id/payload.invoice.entity.id}",
            f"{{event}}: {{{REFUND}.id/payload.order.entity.id/{PAYMENT}.id}}",
            "{event}",
        ),
    },
    events=(
        Event("invoice.expired", "An invoice ran out"),
        Event("invoice.paid", "An invoice was paid"),
        Event("order.paid", "An order was paid"),
        Event("payment.authorized", "A payment was authorized"),
        Event("payment.captured", "A payment was captured"),
        Event("payment.dispute.created", "A customer disputed a payment with the bank"),
        Event("payment.failed", "A payment failed"),
        Event("payment_link.paid", "A payment link was paid"),
        Event("refund.created", "A refund was made"),
        Event("refund.failed", "A refund failed"),
        Event("refund.processed", "A refund was carried out"),
        Event("settlement.processed", "A settlement was carried out"),
        Event("subscription.activated", "A subscription became active"),
        Event("subscription.cancelled", "A subscription was cancelled"),
        Event("subscription.charged", "A subscription was charged"),
        Event("subscription.halted", "A subscription's retries are exhausted"),
    ),
)

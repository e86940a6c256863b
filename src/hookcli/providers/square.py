"""Square.

Sources: Square Developer, "Subscribe to Event Notifications" (headers), "Verify and Validate an Event Notification"
(signature), "Manage Webhook Operations" and "Troubleshoot Webhooks" (retries); the signature, the envelope and the
event names from squareup 46 (square/utils/webhooks_helper.py, square/types/*_event.py).
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Hmac

PAID = "[, amount {data.object.payment.amount_money.amount} {data.object.payment.amount_money.currency}]"
REFUNDED = "[, amount {data.object.refund.amount_money.amount} {data.object.refund.amount_money.currency}]"

PROVIDER = Provider(
    id="square",
    title="Square",
    docs="https://developer.squareup.com/docs/webhooks/overview",
    color="#006aff",
    identify=(
        ("header:X-Square-HmacSha256-Signature",),
        ("header:Square-Environment", "header:Square-Initial-Delivery-Timestamp"),
        ("body:merchant_id", "body:event_id", "body:type", "body:created_at", "body:data.type"),
    ),
    event=("body:type",),
    delivery_id=("body:event_id",),
    signatures=(
        Hmac(
            name="hmacsha256",
            at="header:x-square-hmacsha256-signature",
            encoding="base64",
            signed="{url}{body}",
        ),
    ),
    sends=(
        ("square-environment", "Sandbox"),
        ("square-initial-delivery-timestamp", "{time}"),
        ("Content-Type", "application/json"),
    ),
    limits=Limits(timeout=10, retries="for up to 24 hours, then the notification is dropped"),
    notes=(
        "The signature covers the notification URL too, to the letter as in the Developer Console.",
        "Behind a tunnel or a proxy tell hookcli that URL with --url.",
        "Each subscription has its own signature key.",
        "event_id is the same in every delivery of an event.",
        "square-retry-number counts the repetitions and is absent at first; square-retry-reason says why.",
        "x-square-signature is the older signature by HMAC-SHA1; hookcli does not check it.",
        "Amounts are in the currency's smallest unit.",
        "After three weeks without one answer of 2xx the subscription is switched off, with a warning every week.",
    ),
    summary={
        "customer.created": (
            "customer {data.id} created[: {data.object.customer.email_address/data.object.customer.given_name}]"
        ),
        "invoice.payment_made": "invoice {data.object.invoice.invoice_number/data.id} paid",
        "order.created": "order {data.id} created: {data.object.order_created.state!words}",
        "order.updated": "order {data.id} changed: {data.object.order_updated.state!words}",
        "payment.created": f"payment {{data.id}} made: {{data.object.payment.status}}{PAID}",
        "payment.updated": f"payment {{data.id}} changed: {{data.object.payment.status}}{PAID}",
        "refund.created": f"refund {{data.id}} made: {{data.object.refund.status}}{REFUNDED}",
        "refund.updated": f"refund {{data.id}} changed: {{data.object.refund.status}}{REFUNDED}",
        "*": ("{type}: {data.type!words} {data.id}", "{type}"),
    },
    events=(
        Event("booking.created", "A booking was made"),
        Event("booking.updated", "A booking changed or was cancelled"),
        Event("customer.created", "A customer was made"),
        Event("card.created", "A card was saved"),
        Event("card.disabled", "A card was disabled"),
        Event("device.code.paired", "A Terminal was paired"),
        Event("invoice.canceled", "An invoice was cancelled"),
        Event("invoice.created", "An invoice was made"),
        Event("invoice.payment_made", "An invoice was paid, in part or whole"),
        Event("invoice.published", "An invoice was sent out"),
        Event("invoice.refunded", "An invoice's payment was refunded"),
        Event("invoice.scheduled_charge_failed", "An invoice's automatic payment failed"),
        Event("invoice.updated", "An invoice changed"),
        Event("location.created", "A location was made"),
        Event("location.updated", "A location changed"),
        Event("oauth.authorization.revoked", "A seller withdrew the app's authorization"),
        Event("order.created", "An order was made"),
        Event("order.fulfillment.updated", "An order's fulfillment changed"),
        Event("order.updated", "An order changed"),
        Event("payment.created", "A payment was made"),
        Event("payment.updated", "A payment changed"),
        Event("payout.paid", "A payout arrived"),
        Event("payout.sent", "A payout was sent"),
        Event("refund.created", "A refund was made"),
        Event("refund.updated", "A refund changed"),
        Event("subscription.created", "A subscription was made"),
        Event("subscription.updated", "A subscription changed"),
        Event("team_member.created", "A team member was added"),
        Event("terminal.checkout.created", "A Terminal was asked for a payment"),
        Event("terminal.checkout.updated", "A Terminal's payment changed"),
    ),
)

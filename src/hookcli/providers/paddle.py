"""Paddle (Paddle Billing, not the older Paddle Classic).

Sources: Paddle Developer, "How webhooks work" (envelope) and "Handle webhook delivery" (addresses, time-out, retries);
the signature, its tolerance, the event names and the fields from paddle-python-sdk 1.16
(paddle_billing/Notifications, paddle_billing/Entities/Events/EventTypeName.py).
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Hmac

TOTAL = "[, amount {data.details.totals.grand_total} {data.currency_code}]"

PROVIDER = Provider(
    id="paddle",
    title="Paddle",
    docs="https://developer.paddle.com/webhooks/about/how-webhooks-work",
    color="#fddd35",
    identify=(
        ("header:Paddle-Signature",),
        ("body:event_id~^evt_", "body:notification_id~^ntf_", "body:event_type", "body:occurred_at"),
    ),
    event=("body:event_type",),
    delivery_id=("body:notification_id", "body:event_id"),
    signatures=(
        Hmac(
            name="h1",
            at="header:Paddle-Signature",
            layout="pairs",
            pair="h1",
            separator=";",
            signed="{timestamp}:{body}",
            timestamp="pair:ts",
            tolerance=5,
        ),
    ),
    sends=(("Content-Type", "application/json"),),
    networks=(
        "34.232.58.13/32",
        "34.195.105.136/32",
        "34.237.3.244/32",
        "35.155.119.135/32",
        "52.11.166.252/32",
        "34.212.5.7/32",
        "34.194.127.46/32",
        "54.234.237.108/32",
        "3.208.120.145/32",
        "44.226.236.210/32",
        "44.241.183.62/32",
        "100.20.172.113/32",
    ),
    limits=Limits(timeout=5, retries="live, up to 60 times over three days with growing pauses"),
    notes=(
        "The secret belongs to the notification destination (pdl_ntfset_ and more) and is used whole, as plain text.",
        "A signature is good for five seconds in Paddle's own libraries: a clock that is off is enough to fail.",
        "While a secret is being changed there are several h1= in Paddle-Signature: one that holds is enough.",
        "event_id is that of the event; notification_id that of its delivery to one destination.",
        "An event may come twice and late: occurred_at tells the order.",
        "Amounts are strings in the currency's smallest unit.",
        "The first six networks are of live accounts, the others of the sandbox.",
    ),
    summary={
        "customer.created": "customer {data.id} created[: {data.email}]",
        "subscription.created": "subscription {data.id} created for {data.customer_id}: {data.status!words}",
        "subscription.updated": "subscription {data.id} of {data.customer_id} changed: {data.status!words}",
        "transaction.completed": f"transaction {{data.id}} completed[ by {{data.customer_id}}]{TOTAL}",
        "transaction.paid": f"transaction {{data.id}} paid[ by {{data.customer_id}}]{TOTAL}",
        "transaction.payment_failed": f"payment of transaction {{data.id}} failed[ by {{data.customer_id}}]{TOTAL}",
        "*": ("{event_type}: {data.id}[, {data.status!words}]", "{event_type}"),
    },
    events=(
        Event("address.created", "A customer's address was added"),
        Event("adjustment.created", "A refund, credit or chargeback was made"),
        Event("adjustment.updated", "A refund, credit or chargeback changed"),
        Event("api_key.expiring", "An API key runs out soon"),
        Event("business.created", "A customer's business was added"),
        Event("client_token.created", "A client-side token was made"),
        Event("customer.created", "A customer was made"),
        Event("customer.updated", "A customer changed"),
        Event("discount.created", "A discount was made"),
        Event("payment_method.deleted", "A saved payment method was removed"),
        Event("payment_method.saved", "A payment method was saved"),
        Event("payout.created", "A payout was made"),
        Event("payout.paid", "A payout was paid"),
        Event("price.created", "A price was made"),
        Event("product.created", "A product was made"),
        Event("report.created", "A report was asked for"),
        Event("subscription.activated", "A subscription became active"),
        Event("subscription.canceled", "A subscription was cancelled"),
        Event("subscription.created", "A subscription was made"),
        Event("subscription.past_due", "A subscription's payment failed"),
        Event("subscription.paused", "A subscription was paused"),
        Event("subscription.resumed", "A paused subscription goes on"),
        Event("subscription.trialing", "A subscription is on trial"),
        Event("subscription.updated", "A subscription changed"),
        Event("transaction.billed", "A transaction was billed (an invoice was issued)"),
        Event("transaction.canceled", "A transaction was cancelled"),
        Event("transaction.completed", "A transaction is complete"),
        Event("transaction.created", "A transaction was begun"),
        Event("transaction.paid", "A transaction was paid"),
        Event("transaction.past_due", "A transaction is overdue"),
        Event("transaction.payment_failed", "A transaction's payment failed"),
        Event("transaction.ready", "A transaction can be paid"),
        Event("transaction.updated", "A transaction changed"),
    ),
)

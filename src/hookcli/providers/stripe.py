"""Stripe.

Sources: Stripe Docs, "Receive Stripe events in your webhook endpoint" and "Types of events"; the signature, its
tolerance, the event's fields and names from stripe-python 16.1 (stripe/_webhook.py, stripe/_event.py, stripe/events);
header names and values from a delivery recorded in Braze's public documentation.
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Hmac

OBJECT = "{data.object.object!words} {data.object.id}"
BY = "[ by {data.object.customer_details.email/data.object.customer_email/data.object.customer}]"
SUBSCRIPTION = "subscription {data.object.id}"
SUM = "{data.object.amount_paid/data.object.amount_due/data.object.amount_total/data.object.amount}"
AMOUNT = f"[, amount {SUM} {{data.object.currency}}]"
INVOICE = "invoice {data.object.number/data.object.id}"

PROVIDER = Provider(
    id="stripe",
    title="Stripe",
    docs="https://docs.stripe.com/webhooks",
    color="#635bff",
    identify=(
        ("header:Stripe-Signature",),
        (r"header:User-Agent~^Stripe/\d.*webhooks",),
        ("body:object=event", "body:id~^evt_", "body:type"),
        ("body:object=v2.core.event", "body:id~^evt_", "body:type"),
    ),
    event=("body:type",),
    delivery_id=("body:id",),
    ping=(("body:type=v2.core.event_destination.ping",),),
    signatures=(
        Hmac(
            name="v1",
            at="header:Stripe-Signature",
            layout="pairs",
            signed="{timestamp}.{body}",
            timestamp="pair:t",
            tolerance=300,
        ),
    ),
    sends=(
        ("Cache-Control", "no-cache"),
        ("User-Agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)"),
        ("Accept", "*/*; q=0.5, application/xml"),
        ("Accept-Encoding", "gzip"),
        ("Content-Type", "application/json; charset=utf-8"),
    ),
    limits=Limits(retries="for up to three days with growing pauses; in a sandbox three times over a few hours"),
    notes=(
        "The secret is the whole word, whsec_ included, as plain text: it is not decoded.",
        "`stripe listen` signs with a secret of its own, not with that of the endpoint in the dashboard.",
        "While a secret is being rolled there are several v1= in Stripe-Signature: one that holds is enough.",
        "v0= comes with test events only and is no real scheme: ignore it.",
        "A retry is signed anew, but the event's id stays: that is what tells repeated deliveries apart.",
        "Events arrive in any order; `data.object` is as it was when the event was made.",
        "Amounts are in the currency's smallest unit (4999 usd is 49.99, 4999 jpy is 4999).",
        "Thin events (v2.core.event) carry only a reference to their object: fetch it.",
        "An event of a connected account names it in `account`.",
    ),
    summary={
        "charge.dispute.created": f"charge {{data.object.charge}} disputed: {{data.object.reason!words}}{AMOUNT}",
        "charge.refunded": (
            "charge {data.object.id} refunded, amount {data.object.amount_refunded} {data.object.currency}"
        ),
        "checkout.session.completed": f"checkout {{data.object.id}} completed{BY}{AMOUNT}",
        "checkout.session.expired": "checkout {data.object.id} expired",
        "customer.created": "customer {data.object.id} created[: {data.object.email}]",
        "customer.subscription.created": f"{SUBSCRIPTION} created{BY}: {{data.object.status!words}}",
        "customer.subscription.deleted": f"{SUBSCRIPTION} ended{BY}",
        "customer.subscription.updated": f"{SUBSCRIPTION} changed{BY}: {{data.object.status!words}}",
        "invoice.paid": f"{INVOICE} paid{BY}{AMOUNT}",
        "invoice.payment_failed": f"{INVOICE} could not be paid{BY}{AMOUNT}",
        "invoice.payment_succeeded": f"{INVOICE} paid{BY}{AMOUNT}",
        "payment_intent.payment_failed": (
            f"payment {{data.object.id}} failed[: {{data.object.last_payment_error.message!line}}]{AMOUNT}"
        ),
        "payment_intent.succeeded": f"payment {{data.object.id}} succeeded{AMOUNT}",
        "v2.core.event_destination.ping": "ping from event destination {related_object.id}",
        "*": (f"{{type}}: {OBJECT}", "{type}: {related_object.type} {related_object.id}", "{type}"),
    },
    events=(
        Event("account.updated", "A connected account changed"),
        Event("charge.dispute.created", "A customer disputed a charge with the bank"),
        Event("charge.failed", "A charge failed"),
        Event("charge.refunded", "A charge was refunded, in part or whole"),
        Event("charge.succeeded", "A charge went through"),
        Event("checkout.session.async_payment_failed", "A delayed payment of a checkout failed"),
        Event("checkout.session.async_payment_succeeded", "A delayed payment of a checkout went through"),
        Event("checkout.session.completed", "A customer finished a checkout"),
        Event("checkout.session.expired", "A checkout ran out of time"),
        Event("customer.created", "A customer was made"),
        Event("customer.deleted", "A customer was deleted"),
        Event("customer.subscription.created", "A subscription was made"),
        Event("customer.subscription.deleted", "A subscription ended"),
        Event("customer.subscription.paused", "A subscription was paused"),
        Event("customer.subscription.resumed", "A paused subscription goes on"),
        Event("customer.subscription.trial_will_end", "A trial ends soon"),
        Event("customer.subscription.updated", "A subscription changed"),
        Event("customer.updated", "A customer changed"),
        Event("invoice.created", "An invoice was drafted"),
        Event("invoice.finalized", "An invoice was made final"),
        Event("invoice.paid", "An invoice was paid"),
        Event("invoice.payment_action_required", "An invoice's payment needs the customer"),
        Event("invoice.payment_failed", "An invoice's payment failed"),
        Event("invoice.payment_succeeded", "An invoice's payment went through"),
        Event("invoice.upcoming", "A subscription's next invoice is near"),
        Event("payment_intent.canceled", "A payment was given up"),
        Event("payment_intent.created", "A payment was begun"),
        Event("payment_intent.payment_failed", "A payment attempt failed"),
        Event("payment_intent.processing", "A payment is on its way"),
        Event("payment_intent.requires_action", "A payment needs the customer"),
        Event("payment_intent.succeeded", "A payment went through"),
        Event("payment_method.attached", "A payment method was saved with a customer"),
        Event("payout.failed", "A payout failed"),
        Event("payout.paid", "A payout should have arrived"),
        Event("price.created", "A price was made"),
        Event("product.created", "A product was made"),
        Event("refund.created", "A refund was made"),
        Event("setup_intent.succeeded", "A payment method was set up for later"),
        Event("v2.core.event_destination.ping", "A test of an event destination"),
    ),
    sensitive=("body:data.object.client_secret",),
)

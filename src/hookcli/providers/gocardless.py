"""GoCardless: webhooks for payments, mandates, subscriptions, payouts and the like.

Sources: gocardless-pro (its Python library), `gocardless_pro/webhooks.py` (header, HMAC, events, meta.webhook_id) and
`gocardless_pro/resources/event.py` (fields of an event); GoCardless's API reference, "Webhooks" and "Events" (resource
types and actions).
"""

from hookcli.providers.spec import Event, Provider
from hookcli.signing.schemes import Hmac

WHAT = "{events.0.action!words}[: {events.0.details.description!line}][, and {events!more:event}]"

PROVIDER = Provider(
    id="gocardless",
    title="GoCardless",
    docs="https://developer.gocardless.com/api-reference/#appendix-webhooks",
    color="#1c1b18",
    identify=(
        ("header:Webhook-Signature", "body:events"),
        ("body:events.0.resource_type", "body:events.0.action", "body:events.0.links"),
    ),
    event=("body:events.0.resource_type",),
    action=("body:events.0.action",),
    delivery_id=("body:meta.webhook_id", "body:events.0.id"),
    signatures=(Hmac(name="sha256", at="header:Webhook-Signature"),),
    sends=(("Content-Type", "application/json"),),
    summary={
        "payments": f"payment {{events.0.links.payment}} {WHAT}",
        "mandates": f"mandate {{events.0.links.mandate}} {WHAT}",
        "*": f"{{events.0.resource_type!words}} {WHAT}",
    },
    events=(
        Event(
            "payments", "Something happened to a payment: created, submitted, confirmed, paid_out, failed, cancelled"
        ),
        Event("mandates", "Something happened to a mandate: created, submitted, active, failed, cancelled, expired"),
        Event("subscriptions", "Something happened to a subscription: created, payment_created, finished, cancelled"),
        Event("payouts", "Something happened to a payout: paid"),
        Event("refunds", "Something happened to a refund: created, paid, failed"),
        Event("billing_requests", "Something happened to a billing request: created, fulfilled, cancelled"),
        Event("instalment_schedules", "Something happened to an instalment schedule: created, completed, cancelled"),
        Event("creditors", "Something happened to a creditor: updated"),
    ),
    notes=(
        "A delivery is a list of events; event and action shown here are the first one's.",
        "The event is the kind of resource, the action what happened to it; details say why, and who caused it.",
        "An event holds ids (links), not the resource: fetch that.",
        "meta.webhook_id names the delivery; an event's id (EV...) tells whether it was handled already.",
    ),
)

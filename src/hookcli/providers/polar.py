"""Polar: webhooks of an organisation.

Sources: polarsource/polar, `server/polar/webhook/tasks.py` (headers, signature, time-out, retries); polar-sdk (Python),
`polar/webhooks.py` (the two forms of the key, five minutes) and `models` (the events and what they hold).
"""

from dataclasses import replace

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.providers.standard_webhooks import V1

CUSTOMER = "{data.customer.email/data.customer_email/data.email}"

AMOUNT = "{data.total_amount} {data.currency} (in cents)"

PROVIDER = Provider(
    id="polar",
    title="Polar",
    docs="https://polar.sh/docs/integrate/webhooks/endpoints",
    color="#0062ff",
    identify=(("header:webhook-id", r"header:User-Agent~^polar\.sh webhooks", "body:type"),),
    supersedes=("standard-webhooks",),
    event=("body:type",),
    delivery_id=("header:webhook-id",),
    # Older secrets are the key letter for letter, newer ones are base64 behind whsec_.
    signatures=(
        replace(V1, secret="not whsec"),  # noqa: S106 (the form of a secret)
        V1,
        replace(V1, secret="plain"),  # noqa: S106 (the form of a secret)
    ),
    sends=(
        ("User-Agent", "polar.sh webhooks"),
        ("Content-Type", "application/json"),
        ("webhook-api-version", "2026-04"),
    ),
    limits=Limits(timeout=10, retries="up to ten attempts, later each time; later events of the endpoint wait"),
    notes=(
        "By Standard Webhooks. An older secret is the key as it stands, though it may look like base64.",
        "Polar's own library tries the secret as text, and then decoded: so does hookcli.",
        "webhook-api-version names the version that the payload is written in.",
        "Only the User-Agent tells Polar's payloads from others': a bare payload is not known for Polar's.",
    ),
    summary={
        "order.created": f"order {{data.id!short}} of {CUSTOMER}: {AMOUNT}",
        "order.paid": f"order {{data.id!short}} of {CUSTOMER} was paid: {AMOUNT}",
        "order.refunded": f"order {{data.id!short}} of {CUSTOMER} was refunded",
        "*": (
            f"{{type!words}}: {{data.product.name}}, {CUSTOMER}",
            f"{{type!words}}: {CUSTOMER}",
            "{type!words}: {data.id}",
        ),
    },
    events=(
        Event("checkout.created", "A checkout began"),
        Event("checkout.updated", "A checkout was changed"),
        Event("checkout.expired", "A checkout ran out of time"),
        Event("customer.created", "A customer was created"),
        Event("customer.updated", "A customer was changed"),
        Event("customer.deleted", "A customer was deleted"),
        Event("customer.state_changed", "A customer's subscriptions or benefits changed"),
        Event("customer_seat.assigned", "A seat was assigned"),
        Event("customer_seat.claimed", "A seat was claimed"),
        Event("customer_seat.revoked", "A seat was revoked"),
        Event("member.created", "A member was created"),
        Event("member.updated", "A member was changed"),
        Event("member.deleted", "A member was deleted"),
        Event("order.created", "An order was made; it may not be paid yet"),
        Event("order.updated", "An order was changed"),
        Event("order.paid", "An order was paid"),
        Event("order.refunded", "An order was refunded, whole or in part"),
        Event("subscription.created", "A subscription was made"),
        Event("subscription.updated", "A subscription was changed"),
        Event("subscription.active", "A subscription became active"),
        Event("subscription.canceled", "A subscription was cancelled"),
        Event("subscription.uncanceled", "A cancellation was taken back"),
        Event("subscription.revoked", "A subscription ended"),
        Event("subscription.past_due", "A subscription is past due"),
        Event("subscription.paused", "A subscription was paused"),
        Event("subscription.resumed", "A subscription goes on"),
        Event("refund.created", "A refund was made"),
        Event("refund.updated", "A refund was changed"),
        Event("product.created", "A product was created"),
        Event("product.updated", "A product was changed"),
        Event("benefit.created", "A benefit was created"),
        Event("benefit.updated", "A benefit was changed"),
        Event("benefit_grant.created", "A benefit was granted"),
        Event("benefit_grant.cycled", "A benefit was granted anew"),
        Event("benefit_grant.updated", "A grant was changed"),
        Event("benefit_grant.revoked", "A grant was revoked"),
        Event("organization.updated", "The organisation was changed"),
    ),
)

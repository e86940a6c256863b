"""Lemon Squeezy.

Sources: Lemon Squeezy Docs, "Webhook Requests" (headers, retries) and "Signing Requests"; event names from
lmsqueezy/lemonsqueezy.js, src/webhooks/types.ts; the user agent and the order of `meta` from public request logs.
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Hmac

BY = "[ by {data.attributes.user_email}]"
TOTAL = "[: {data.attributes.total_formatted}]"
SUBSCRIPTION = "subscription {data.id}[ ({data.attributes.product_name!line})]"
INVOICE = "subscription {data.attributes.subscription_id}"

PROVIDER = Provider(
    id="lemonsqueezy",
    title="Lemon Squeezy",
    docs="https://docs.lemonsqueezy.com/help/webhooks",
    color="#7047eb",
    identify=(
        ("header:X-Event-Name", "header:X-Signature", "body:meta.event_name"),
        ("header:User-Agent~^LemonSqueezy-Hookshot",),
        ("body:meta.event_name", "body:data.type", "body:data.attributes.store_id"),
    ),
    event=("header:X-Event-Name", "body:meta.event_name"),
    signatures=(Hmac(name="x-signature", at="header:X-Signature"),),
    sends=(
        ("User-Agent", "LemonSqueezy-Hookshot"),
        ("Content-Type", "application/json"),
        ("X-Event-Name", "{event}"),
    ),
    limits=Limits(retries="up to three times, with growing pauses (such as 5, 25 and 125 seconds)"),
    notes=(
        "The signing secret is of your own choice, 6 to 40 characters.",
        "Only 200 counts as received; any other status is tried again.",
        "What was given to the checkout as custom data comes back in meta.custom_data, beside the event's name.",
        "Webhooks of test mode and of live mode are two things; meta.test_mode tells which.",
        "The body is one JSON:API object: an order, a subscription, its invoice or a license key.",
        "No id names the delivery: data.id is that of the object, and the same object comes with many events.",
    ),
    summary={
        "license_key_created": "license key created for {data.attributes.user_email/data.attributes.customer_id}",
        "order_created": f"order #{{data.attributes.order_number}} created{BY}{TOTAL}",
        "order_refunded": f"order #{{data.attributes.order_number}} refunded{BY}{TOTAL}",
        "subscription_payment_failed": f"payment of {INVOICE} failed{BY}{TOTAL}",
        "subscription_payment_recovered": f"payment of {INVOICE} made at last{BY}{TOTAL}",
        "subscription_payment_refunded": f"payment of {INVOICE} refunded{BY}{TOTAL}",
        "subscription_payment_success": f"{INVOICE} paid{BY}{TOTAL}",
        "subscription_cancelled": f"{SUBSCRIPTION} cancelled{BY}",
        "subscription_created": f"{SUBSCRIPTION} created{BY}: {{data.attributes.status!words}}",
        "subscription_expired": f"{SUBSCRIPTION} expired{BY}",
        "subscription_updated": f"{SUBSCRIPTION} changed{BY}: {{data.attributes.status!words}}",
        "*": ("{@event!words}: {data.type!words} {data.id}", "{@event!words}"),
    },
    events=(
        Event("license_key_created", "A license key was made by an order"),
        Event("license_key_updated", "A license key changed"),
        Event("order_created", "An order was placed"),
        Event("order_refunded", "An order was refunded, in part or whole"),
        Event("subscription_cancelled", "A subscription was cancelled; it runs to the end of its period"),
        Event("subscription_created", "A subscription was made"),
        Event("subscription_expired", "A subscription ended"),
        Event("subscription_paused", "A subscription's payments were paused"),
        Event("subscription_payment_failed", "A renewal could not be paid"),
        Event("subscription_payment_recovered", "A failed renewal was paid after all"),
        Event("subscription_payment_refunded", "A subscription's payment was refunded"),
        Event("subscription_payment_success", "A subscription was paid"),
        Event("subscription_resumed", "A cancelled subscription goes on"),
        Event("subscription_unpaused", "A subscription's payments go on"),
        Event("subscription_updated", "A subscription changed in any way"),
    ),
    sensitive=("body:data.attributes.key",),
)

"""Shopify.

Sources: shopify.dev, "Webhooks delivery structure" (headers), "Verify webhook deliveries" (signature), "Webhooks"
(topics) and the changelog entry "Updates to webhook retry mechanism" (retries); header names of both kinds from
Shopify/shopify-app-js, packages/apps/shopify-api/lib/types.ts; the user agent from public request logs.
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Hmac

BY = "[ by {email/contact_email/customer.email}]"
TOTAL = "[: {total_price} {currency}]"

PROVIDER = Provider(
    id="shopify",
    title="Shopify",
    docs="https://shopify.dev/docs/apps/build/webhooks",
    color="#96bf48",
    identify=(
        ("header:X-Shopify-Topic",),
        ("header:X-Shopify-Hmac-Sha256",),
        ("header:Shopify-Topic", "header:Shopify-Hmac-Sha256"),
        ("header:User-Agent~^Shopify-Captain-Hook",),
    ),
    event=("header:X-Shopify-Topic", "header:Shopify-Topic"),
    action=("header:Shopify-Action",),
    delivery_id=("header:X-Shopify-Webhook-Id", "header:Shopify-Webhook-Id"),
    signatures=(
        Hmac(name="hmac", at="header:X-Shopify-Hmac-Sha256", encoding="base64"),
        Hmac(name="events-hmac", at="header:Shopify-Hmac-Sha256", encoding="base64", default=False),
    ),
    sends=(
        ("User-Agent", "Shopify-Captain-Hook"),
        ("Content-Type", "application/json"),
        ("X-Shopify-Topic", "{event}"),
        ("X-Shopify-Shop-Domain", "hookcli-demo.myshopify.com"),
        ("X-Shopify-API-Version", "2025-10"),
        ("X-Shopify-Webhook-Id", "{id}"),
        ("X-Shopify-Event-Id", "{uuid}"),
        ("X-Shopify-Triggered-At", "{time}"),
    ),
    limits=Limits(timeout=5, retries="eight times over four hours, with growing pauses"),
    notes=(
        "The secret is the app's client secret; after it is changed, up to an hour passes until signatures follow.",
        "The signature is base64, not hex, and covers the raw body.",
        "One second is allowed for connecting, five for the whole answer.",
        "A subscription made through the Admin API is removed after eight failures in a row.",
        "A retry carries the payload of the first time: X-Shopify-Triggered-At tells how old it is.",
        "X-Shopify-Webhook-Id names a delivery; X-Shopify-Event-Id is shared by all deliveries of one event.",
        "A retry goes to the address that the subscription had at first.",
        "The body names no event: only X-Shopify-Topic tells it.",
        "Deliveries of the newer kind (events) carry Shopify-Topic and so on, without X-, and an action.",
        "An app in the store must answer the topics customers/data_request, customers/redact and shop/redact.",
    ),
    summary={
        "app/uninstalled": "app removed from {myshopify_domain/header:X-Shopify-Shop-Domain}",
        "customers/create": "customer created: {email/id}",
        "customers/update": "customer changed: {email/id}",
        "orders/cancelled": f"order {{name/id}} cancelled[ ({{cancel_reason}})]{BY}",
        "orders/create": f"order {{name/id}} created{BY}{TOTAL}",
        "orders/fulfilled": f"order {{name/id}} fulfilled{BY}",
        "orders/paid": f"order {{name/id}} paid{BY}{TOTAL}",
        "orders/updated": f"order {{name/id}} changed{BY}{TOTAL}",
        "products/create": "product created: {title!line}",
        "products/delete": "product {id} deleted",
        "products/update": "product changed: {title!line}",
        "*": (
            "{@event}: {name/title/email/id!line}[ at {header:X-Shopify-Shop-Domain}]",
            "{@event}[ at {header:X-Shopify-Shop-Domain/header:Shopify-Shop-Domain}]",
        ),
    },
    events=(
        Event("app/uninstalled", "A shop removed the app"),
        Event("carts/create", "A cart was made"),
        Event("carts/update", "A cart changed"),
        Event("checkouts/create", "A checkout was begun"),
        Event("checkouts/update", "A checkout changed"),
        Event("collections/create", "A collection was made"),
        Event("collections/delete", "A collection was deleted"),
        Event("collections/update", "A collection changed"),
        Event("customers/create", "A customer was made"),
        Event("customers/data_request", "A customer asks what is stored (compliance)"),
        Event("customers/delete", "A customer was deleted"),
        Event("customers/redact", "A customer's data must be deleted (compliance)"),
        Event("customers/update", "A customer changed"),
        Event("draft_orders/create", "A draft order was made"),
        Event("fulfillments/create", "A fulfillment was made"),
        Event("fulfillments/update", "A fulfillment changed"),
        Event("inventory_levels/update", "The stock of an item changed"),
        Event("orders/cancelled", "An order was cancelled"),
        Event("orders/create", "An order was placed"),
        Event("orders/delete", "An order was deleted"),
        Event("orders/fulfilled", "An order was fulfilled"),
        Event("orders/paid", "An order was paid"),
        Event("orders/updated", "An order changed"),
        Event("products/create", "A product was made"),
        Event("products/delete", "A product was deleted"),
        Event("products/update", "A product or its variant changed"),
        Event("refunds/create", "A refund was made"),
        Event("shop/redact", "A shop's data must be deleted (compliance)"),
        Event("shop/update", "The shop's settings changed"),
        Event("themes/publish", "A theme was published"),
    ),
    sensitive=("body:order_status_url", "body:token", "body:cart_token", "body:checkout_token"),
)

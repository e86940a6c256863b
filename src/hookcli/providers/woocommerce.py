"""WooCommerce.

Sources: woocommerce/woocommerce, plugins/woocommerce/includes/class-wc-webhook.php: deliver (headers, their order,
time-out), generate_signature, get_new_delivery_id, failed_delivery, deliver_ping, get_default_topic_hooks; the fields
of the resources from the WooCommerce REST API documentation, v3.
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Hmac

BY = "[ by {billing.email}]"
TOTAL = "[: {total} {currency}]"

PROVIDER = Provider(
    id="woocommerce",
    title="WooCommerce",
    docs="https://woocommerce.com/document/webhooks/",
    color="#7f54b3",
    identify=(
        ("header:X-WC-Webhook-Topic",),
        ("header:X-WC-Webhook-Signature",),
        ("header:User-Agent~^WooCommerce/.* Hookshot",),
    ),
    event=("header:X-WC-Webhook-Topic",),
    delivery_id=("header:X-WC-Webhook-Delivery-ID",),
    hook_id=("header:X-WC-Webhook-ID", "form:webhook_id"),
    ping=(("header:User-Agent~Hookshot", "form:webhook_id", "!header:X-WC-Webhook-Topic"),),
    signatures=(Hmac(name="signature", at="header:X-WC-Webhook-Signature", encoding="base64"),),
    sends=(
        ("User-Agent", "WooCommerce/10.3.5 Hookshot (WordPress/6.8.3)"),
        ("Content-Type", "application/json"),
        ("X-WC-Webhook-Source", "https://shop.example.com/"),
        ("X-WC-Webhook-Topic", "{event}"),
        ("X-WC-Webhook-Resource", "{object}"),
        ("X-WC-Webhook-Event", "{verb}"),
        ("X-WC-Webhook-ID", "3"),
        ("X-WC-Webhook-Delivery-ID", "{id}"),
    ),
    id_form="hex32",
    limits=Limits(timeout=60, retries="none; more than five failures in a row disable the webhook"),
    notes=(
        "The test on saving is a form with webhook_id alone: no topic, no signature. It wants exactly 200.",
        "The signature is base64, not hex, and covers the raw body, in which slashes are written \\/.",
        "Redirects are not followed, yet 301 and 302 count as delivered.",
        "A deleted resource comes as its id alone.",
        "A topic action.NAME sends the first argument of the WordPress hook NAME, as `arg`.",
        "Deliveries leave from a background queue: on a site that nobody visits they may come late.",
        "Plugins may change the body (woocommerce_webhook_payload) and even the hash of the signature.",
        "The documentation once said X-WC-Delivery-ID; what is sent is X-WC-Webhook-Delivery-ID.",
    ),
    summary={
        "coupon.created": "coupon {code} created",
        "customer.created": "customer {id} created[: {email}]",
        "customer.updated": "customer {id} changed[: {email}]",
        "order.created": f"order #{{number/id}} created{BY}{TOTAL}",
        "order.restored": "order #{number/id} taken from the bin",
        "order.updated": f"order #{{number/id}} changed to {{status!words}}{BY}{TOTAL}",
        "product.created": "product {id} created: {name!line}",
        "product.updated": "product {id} changed: {name!line}",
        "*": (
            "{header:X-WC-Webhook-Resource} {id} {header:X-WC-Webhook-Event}",
            "{action} ran[ with {arg}]",
            "ping from webhook {webhook_id}",
            "{@event!words}",
        ),
    },
    events=(
        Event("coupon.created", "A coupon was made"),
        Event("coupon.deleted", "A coupon was put into the bin"),
        Event("coupon.restored", "A coupon was taken from the bin"),
        Event("coupon.updated", "A coupon changed"),
        Event("customer.created", "A customer signed up"),
        Event("customer.deleted", "A customer was deleted"),
        Event("customer.updated", "A customer changed"),
        Event("order.created", "An order was placed"),
        Event("order.deleted", "An order was put into the bin"),
        Event("order.restored", "An order was taken from the bin"),
        Event("order.updated", "An order changed or was refunded"),
        Event("product.created", "A product was made"),
        Event("product.deleted", "A product was put into the bin"),
        Event("product.restored", "A product was taken from the bin"),
        Event("product.updated", "A product changed"),
    ),
    sensitive=("body:order_key", "body:payment_url"),
)

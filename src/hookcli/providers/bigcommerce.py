"""BigCommerce.

Sources: bigcommerce/docs, docs/integrations/webhooks: https-webhook-overview.mdx (signature, retries), overview.mdx
(limits, custom headers) and events/index.mdx (envelope, scopes). The signature is that of Standard Webhooks, with the
app's client secret as it is.
"""

from dataclasses import replace

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.providers.standard_webhooks import V1

PROVIDER = Provider(
    id="bigcommerce",
    title="BigCommerce",
    docs="https://developer.bigcommerce.com/docs/integrations/webhooks",
    color="#4b71fc",
    identify=(
        (
            "header:webhook-id",
            "header:webhook-timestamp",
            "header:webhook-signature",
            "body:scope~^store/",
            "body:producer~^stores/",
        ),
        ("body:scope~^store/", "body:producer~^stores/", "body:store_id", "body:hash"),
    ),
    event=("body:scope",),
    delivery_id=("header:webhook-id", "body:hash"),
    signatures=(replace(V1, name="standard-webhooks", secret="plain"),),  # noqa: S106 (the form of a secret)
    limits=Limits(retries="eleven times over 48 hours, after 1 minute to a day; then the webhook is deactivated"),
    notes=(
        "The key is the app's client secret as plain text. Libraries of Standard Webhooks want it in base64 first.",
        "The body names the resource only: fetch it through the API.",
        "`hash` is a SHA-1 of the payload, for telling repetitions apart; it proves nothing.",
        "Headers that a webhook was given when it was made (username and password, say) come with every delivery.",
        "Below 90 % of success in two minutes the whole domain is left alone for three.",
        "A webhook that nothing happens to for 90 days is deactivated.",
        "Answer at once, best without a body.",
    ),
    summary={
        "store/cart/abandoned": "cart {data.id} abandoned",
        "store/cart/converted": "cart {data.id} became order {data.orderId}",
        "store/cart/created": "cart {data.id} created",
        "store/customer/created": "customer {data.id} created",
        "store/order/created": "order {data.id} created",
        "store/order/statusUpdated": "status of order {data.id} changed[ to {data.status.new_status_id}]",
        "store/order/updated": "order {data.id} changed",
        "store/product/created": "product {data.id} created",
        "store/product/updated": "product {data.id} changed",
        "*": ("{scope}: {data.type!words} {data.id}", "{scope}"),
    },
    events=(
        Event("store/cart/abandoned", "A cart was left alone for an hour"),
        Event("store/cart/converted", "A cart became an order"),
        Event("store/cart/couponApplied", "A coupon was applied to a cart"),
        Event("store/cart/created", "A cart was made"),
        Event("store/cart/deleted", "A cart was emptied or deleted"),
        Event("store/cart/lineItem/created", "An item was put into a cart"),
        Event("store/cart/lineItem/deleted", "An item was taken from a cart"),
        Event("store/cart/lineItem/updated", "An item in a cart changed"),
        Event("store/cart/updated", "A cart changed"),
        Event("store/category/created", "A category was made"),
        Event("store/category/deleted", "A category was deleted"),
        Event("store/category/updated", "A category changed"),
        Event("store/customer/address/created", "A customer's address was added"),
        Event("store/customer/created", "A customer was made"),
        Event("store/customer/deleted", "A customer was deleted"),
        Event("store/customer/updated", "A customer changed"),
        Event("store/hook/deliveryException", "Deliveries of another webhook fail"),
        Event("store/order/created", "An order was placed"),
        Event("store/order/statusUpdated", "An order's status changed"),
        Event("store/order/updated", "An order changed"),
        Event("store/product/created", "A product was made"),
        Event("store/product/updated", "A product changed"),
    ),
)

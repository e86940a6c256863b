"""PayPal: webhooks of REST apps.

Sources: PayPal Developer, "Integrate webhooks" (what is signed, PAYPAL-* headers, 25 retries over three days) and
"Webhook event names"; paypal/PayPal-Python-SDK, `paypalrestsdk/notifications.py` (CRC-32 in decimal, SHA-256 by RSA)
and `samples/notification/webhook-events/verify_webhook_events.py` (a signed event, whose PAYPAL-CERT-URL is the one
below); the order of the headers from deliveries that public test suites recorded.
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.public_key import KeyPair

SANDBOX_CERTIFICATE = "https://api.sandbox.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-a5cafa77"

PROVIDER = Provider(
    id="paypal",
    title="PayPal",
    docs="https://developer.paypal.com/api/rest/webhooks/rest/",
    color="#0070e0",
    identify=(
        ("header:PAYPAL-TRANSMISSION-ID",),
        ("header:PAYPAL-TRANSMISSION-SIG",),
        ("body:id~^WH-", "body:event_type", "body:resource_type"),
    ),
    event=("body:event_type",),
    delivery_id=("body:id", "header:PAYPAL-TRANSMISSION-ID"),
    signatures=(
        KeyPair(
            name="rsa-sha256",
            at="header:PAYPAL-TRANSMISSION-SIG",
            algorithm="rsa",
            encoding="base64",
            signed="{id}|{timestamp}|{secret}|{crc32}",
            id="header:PAYPAL-TRANSMISSION-ID",
            timestamp="header:PAYPAL-TRANSMISSION-TIME",
            rfc3339=True,
            when="header:PAYPAL-AUTH-ALGO=SHA256withRSA",
        ),
    ),
    sends=(
        ("Accept", "*/*"),
        ("PAYPAL-TRANSMISSION-ID", "{id}"),
        ("PAYPAL-TRANSMISSION-TIME", "{time}"),
        ("PAYPAL-AUTH-VERSION", "v2"),
        ("PAYPAL-CERT-URL", SANDBOX_CERTIFICATE),
        ("PAYPAL-AUTH-ALGO", "SHA256withRSA"),
        ("Content-Type", "application/json"),
        ("User-Agent", "PayPal/AUHD-214.0-58391792"),
    ),
    summary={"*": ("{summary!line}[ ({resource.id})]", "{@event!words}[ ({resource.id})]")},
    events=(
        Event("CHECKOUT.ORDER.APPROVED", "A payer approved an order: capture it"),
        Event("CHECKOUT.ORDER.COMPLETED", "An order was carried out"),
        Event("CHECKOUT.PAYMENT-APPROVAL.REVERSED", "An approval was reversed, since nothing was captured"),
        Event("PAYMENT.AUTHORIZATION.CREATED", "A payment was authorized"),
        Event("PAYMENT.AUTHORIZATION.VOIDED", "An authorization was voided"),
        Event("PAYMENT.CAPTURE.COMPLETED", "A payment was captured"),
        Event("PAYMENT.CAPTURE.DENIED", "A capture was denied"),
        Event("PAYMENT.CAPTURE.PENDING", "A capture is pending"),
        Event("PAYMENT.CAPTURE.REFUNDED", "A captured payment was refunded by the merchant"),
        Event("PAYMENT.CAPTURE.REVERSED", "A captured payment was reversed by PayPal"),
        Event("PAYMENT.SALE.COMPLETED", "A sale was completed"),
        Event("PAYMENT.SALE.REFUNDED", "A sale was refunded"),
        Event("PAYMENT.SALE.REVERSED", "A sale was reversed by PayPal"),
        Event("BILLING.SUBSCRIPTION.CREATED", "A subscription was made"),
        Event("BILLING.SUBSCRIPTION.ACTIVATED", "A subscription began"),
        Event("BILLING.SUBSCRIPTION.UPDATED", "A subscription was changed"),
        Event("BILLING.SUBSCRIPTION.EXPIRED", "A subscription ended"),
        Event("BILLING.SUBSCRIPTION.CANCELLED", "A subscription was cancelled"),
        Event("BILLING.SUBSCRIPTION.SUSPENDED", "A subscription was suspended"),
        Event("BILLING.SUBSCRIPTION.PAYMENT.FAILED", "A payment for a subscription failed"),
        Event("CUSTOMER.DISPUTE.CREATED", "A dispute was opened"),
        Event("CUSTOMER.DISPUTE.UPDATED", "A dispute was updated"),
        Event("CUSTOMER.DISPUTE.RESOLVED", "A dispute was resolved"),
        Event("INVOICING.INVOICE.PAID", "An invoice was paid"),
        Event("INVOICING.INVOICE.CANCELLED", "An invoice was cancelled"),
        Event("VAULT.PAYMENT-TOKEN.CREATED", "A way to pay was saved"),
        Event("VAULT.PAYMENT-TOKEN.DELETED", "A saved way to pay was deleted"),
        Event("MERCHANT.ONBOARDING.COMPLETED", "A merchant finished setting up"),
    ),
    limits=Limits(retries="up to 25 times over three days"),
    notes=(
        "The secret is the webhook's id and the certificate at PAYPAL-CERT-URL; mind that its host is PayPal's.",
        "Put both in one file, the id on the first line, the certificate (PEM) below: --secret paypal=file:paypal.txt.",
        "Or in one word WEBHOOK_ID:KEY, where KEY is the public key as DER in base64.",
        "`hookcli sign` takes the same with a private key of your own in place of the certificate.",
        "Signed are transmission id, time, the webhook's id and the CRC-32 of the raw body in decimal, with | between.",
        "The webhook's id stands where the hook is set up; it is in no header. Another hook's id breaks the signature.",
        "hookcli fetches no certificate, and does not ask who issued it: look at the one that you give.",
        "The event's id (WH-...) stays the same when it is sent again.",
        "CRC-32 is no hash: whoever can choose the body can make another one with the same sum.",
    ),
)

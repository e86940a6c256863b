"""Xero: webhooks for contacts, invoices and the like.

Sources: Xero's documentation, "Webhooks overview" (the payload) and "Configuring your server" (the signature, intent to
receive, five seconds, 24 hours of retries); XeroAPI/Xero-OpenAPI, `xero-webhooks.yaml` (categories, types of events).
"""

from hookcli.providers.spec import Event, Handshake, Limits, Provider
from hookcli.signing.schemes import Hmac

INTENT = ("header:x-xero-signature", "body:entropy", "!body:events.0")

PROVIDER = Provider(
    id="xero",
    title="Xero",
    docs="https://developer.xero.com/documentation/guides/webhooks/overview/",
    color="#13b5ea",
    identify=(
        ("header:x-xero-signature",),
        ("body:events", "body:firstEventSequence", "body:lastEventSequence", "body:entropy"),
    ),
    event=("body:events.0.eventCategory",),
    action=("body:events.0.eventType",),
    ping=(INTENT,),
    handshake=Handshake(when=(INTENT,), signed=True),
    signatures=(Hmac(name="sha256", at="header:x-xero-signature", encoding="base64"),),
    sends=(("Content-Type", "application/json"),),
    summary={
        "*": (
            "{events.0.eventCategory} {events.0.resourceId}: {events.0.eventType}[, and {events!more:event}]",
            "intent to receive: is the signature checked?",
        ),
    },
    events=(
        Event("CONTACT", "A contact was made (CREATE) or changed (UPDATE)"),
        Event("INVOICE", "An invoice was made (CREATE) or changed (UPDATE)"),
        Event("SUBSCRIPTION", "A subscription to the app was made (CREATE) or changed (UPDATE)"),
    ),
    limits=Limits(timeout=5, retries="less and less often for up to 24 hours; then the webhook is switched off"),
    notes=(
        "The secret is the webhooks key, as text: it looks like base64, and is not decoded.",
        "Intent to receive: several deliveries without events, some of them signed wrongly on purpose.",
        "They have to be answered 200 and 401: hookcli does so where it has the key; for the rest, --require-valid.",
        "Answers have no body and no cookies, and come within five seconds.",
        "An event holds the resource's URL and id, not the resource. Sequence numbers tell what was missed.",
    ),
)

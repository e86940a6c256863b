"""Twilio SendGrid: the Event Webhook.

Sources: Twilio Docs, "Event Webhook Reference" (events and fields) and "Getting Started with the Event Webhook Security
Features"; sendgrid/sendgrid-python, `sendgrid/helpers/eventwebhook` (what is signed) and its tests (the vector).
"""

from hookcli.providers.spec import Event, Provider
from hookcli.signing.public_key import KeyPair

PROVIDER = Provider(
    id="sendgrid",
    title="SendGrid",
    docs="https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event",
    color="#1a82e2",
    identify=(
        ("header:X-Twilio-Email-Event-Webhook-Signature",),
        ("body:0.sg_event_id", "body:0.event", "body:0.timestamp"),
    ),
    event=("body:0.event",),
    delivery_id=("body:0.sg_event_id",),
    signatures=(
        KeyPair(
            name="ecdsa",
            algorithm="ecdsa",
            at="header:X-Twilio-Email-Event-Webhook-Signature",
            encoding="base64",
            signed="{timestamp}{body}",
            timestamp="header:X-Twilio-Email-Event-Webhook-Timestamp",
        ),
    ),
    sends=(("Content-Type", "application/json"),),
    notes=(
        "The secret to verify with is the public key from Mail Settings, as it stands there: base64, no PEM lines.",
        "Without the signed webhook (or OAuth) switched on, nothing is signed.",
        "A delivery is a list of events, even of one; event and id shown here are the first one's.",
        "The same event may come more than once: sg_event_id tells.",
        "The body ends with a carriage return and a line feed, and they are signed: keep the raw bytes.",
        "Categories and unique arguments that were given when sending come back as fields.",
    ),
    summary={
        "*": (
            "{!count:event}, first {0.event!words}: {0.email}[, {0.reason!line}]",
            "{!count:event}, first {0.event!words}",
        ),
    },
    events=(
        Event("processed", "SendGrid took a message and will try to deliver it"),
        Event("deferred", "The receiving server put a message off"),
        Event("delivered", "The receiving server took a message"),
        Event("bounce", "The receiving server refused a message"),
        Event("dropped", "SendGrid will not deliver a message"),
        Event("open", "A message was opened"),
        Event("click", "A link in a message was followed"),
        Event("spamreport", "A message was reported as spam"),
        Event("unsubscribe", "Somebody unsubscribed from all messages"),
        Event("group_unsubscribe", "Somebody unsubscribed from a group of messages"),
        Event("group_resubscribe", "Somebody subscribed to a group again"),
    ),
)

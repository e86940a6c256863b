"""Mailgun: event webhooks.

Sources: documentation.mailgun.com, user manual, "Webhooks" (events, answers, retries) and "Securing Webhooks" (the
signature, subaccounts).
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Hmac

TO = "{event-data.recipient}"
SUBJECT = "[: {event-data.message.headers.subject!line}]"

PROVIDER = Provider(
    id="mailgun",
    title="Mailgun",
    docs="https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/webhooks",
    color="#c02126",
    identify=(
        ("body:signature.token", "body:signature.signature", "body:signature.timestamp", "body:event-data.event"),
    ),
    event=("body:event-data.event",),
    action=("body:event-data.severity",),
    delivery_id=("body:event-data.id",),
    signatures=(
        Hmac(
            name="signature",
            at="body:signature.signature",
            signed="{timestamp}{id}",
            timestamp="body:signature.timestamp",
            id="body:signature.token",
            group="signature",
        ),
        Hmac(
            name="parent-signature",
            at="body:signature.parent-signature",
            signed="{timestamp}{id}",
            timestamp="body:signature.timestamp",
            id="body:signature.token",
            group="signature",
            default=False,
        ),
    ),
    sends=(("Content-Type", "application/json"),),
    limits=Limits(retries="for eight hours: after 5, 10 and 15 minutes, 1, 2 and 4 hours; 406 ends them"),
    notes=(
        "The signature stands in the body and covers the timestamp and the token only: not what happened, nor to whom.",
        "The secret is the HTTP webhook signing key, not an API key.",
        "An event of a subaccount carries parent-signature too, made with the main account's key.",
        "A token that was seen before is a replay: keep the tokens for a while.",
        "Only 200 counts as taken; 406 says never again, anything else is tried again.",
        "A failure that is final and one that is not both arrive as `failed`: severity tells them apart.",
    ),
    summary={
        "failed": (
            "{event-data.severity} failure for {event-data.recipient}: {event-data.delivery-status.message!line}",
            "{event-data.severity} failure for {event-data.recipient}[: {event-data.reason}]",
        ),
        "clicked": f"{TO} followed {{event-data.url!line}}",
        "accepted": f"accepted for {TO}{SUBJECT}",
        "delivered": f"delivered to {TO}{SUBJECT}",
        "opened": f"{TO} opened a message{SUBJECT}",
        "unsubscribed": f"{TO} unsubscribed",
        "complained": f"{TO} reported spam{SUBJECT}",
        "*": (f"{{@event}}: {TO}{SUBJECT}", "{@event}"),
    },
    events=(
        Event("accepted", "Mailgun took a message"),
        Event("delivered", "The receiving server took a message"),
        Event("failed", "A message could not be delivered, for now or for good"),
        Event("opened", "A message was opened"),
        Event("clicked", "A link in a message was followed"),
        Event("unsubscribed", "Somebody unsubscribed"),
        Event("complained", "A message was reported as spam"),
    ),
)

"""Intercom.

Sources: developers.intercom.com, "Delivering Webhook Notifications" (pauses, suspension, limits), "Signed
Notifications" (the signature, headers and shape of a delivery) and "Webhook Topics".
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Hmac

ITEM = "{data.item.type!words} {data.item.id}"

PROVIDER = Provider(
    id="intercom",
    title="Intercom",
    docs="https://developers.intercom.com/docs/webhooks",
    color="#286efa",
    identify=(
        ("header:X-Hub-Signature", "body:type=notification_event", "body:topic"),
        ("body:type=notification_event", "body:topic"),
    ),
    event=("body:topic",),
    delivery_id=("body:id",),
    attempt=("body:delivery_attempts",),
    ping=(("body:topic=ping",),),
    signatures=(Hmac(name="sha1", at="header:X-Hub-Signature", hash="sha1", prefix="sha1="),),
    sends=(
        ("User-Agent", "intercom-parrot-service-client/1.0"),
        ("Accept", "application/json"),
        ("Content-Type", "application/json"),
    ),
    limits=Limits(retries="paused for 15 minutes after 1,000 errors in a row; a private app's ends after seven days"),
    notes=(
        "The secret is the app's client secret.",
        "X-Hub-Signature is SHA-1 only, in hex after `sha1=`.",
        "Answers within 500 milliseconds keep a webhook in the faster queue.",
        "429 slows the notifications down, from one minute upwards.",
        "delivery_attempts counts from 1; first_sent_at tells how old a notification is (seconds).",
        "Which topics may be subscribed to depends on the app's permissions.",
    ),
    summary={
        "ping": ("ping: {data.item.message!line}", "ping"),
        "*": (
            f"{{topic!words}}: {{data.item.name!line}} ({ITEM})",
            f"{{topic!words}}: {{data.item.email}} ({ITEM})",
            f"{{topic!words}}: {ITEM}",
            "{topic!words}",
        ),
    },
    events=(
        Event("ping", "A test"),
        Event("conversation.user.created", "A person began a conversation"),
        Event("conversation.user.replied", "A person answered"),
        Event("conversation.admin.replied", "A teammate answered"),
        Event("conversation.admin.single.created", "A teammate began a conversation"),
        Event("conversation.admin.assigned", "A conversation was assigned"),
        Event("conversation.admin.noted", "A teammate left a note"),
        Event("conversation.admin.closed", "A conversation was closed"),
        Event("conversation.admin.opened", "A conversation was opened again"),
        Event("conversation.admin.snoozed", "A conversation was put off"),
        Event("conversation.deleted", "A conversation was deleted"),
        Event("contact.user.created", "A user was made"),
        Event("contact.user.updated", "A user changed"),
        Event("contact.lead.created", "A lead was made"),
        Event("contact.deleted", "A contact was deleted"),
        Event("company.created", "A company was made"),
        Event("ticket.created", "A ticket was made"),
        Event("ticket.state.updated", "A ticket moved to another state"),
    ),
)

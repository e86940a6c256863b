"""Resend, which sends through Svix.

Sources: resend/resend-node, `src/webhooks/interfaces/webhook-event.interface.ts` (the events and what they hold) and
`webhooks.ts` (it verifies with `svix`); resend-python, `resend/webhooks` (headers, what is signed, five minutes).
"""

from hookcli.providers import svix
from hookcli.providers.spec import Event, Provider

TO = "{data.to.0}: {data.subject!line}"

PROVIDER = Provider(
    id="resend",
    title="Resend",
    docs="https://resend.com/docs/webhooks/introduction",
    color="#505050",
    identify=(
        ("header:svix-id", r"body:type~^email\.\w+$", "body:data.email_id", "body:created_at"),
        ("header:svix-id", r"body:type~^contact\.\w+$", "body:data.audience_id", "body:created_at"),
        ("header:svix-id", r"body:type~^domain\.\w+$", "body:data.records", "body:data.region", "body:created_at"),
        ("header:svix-id", r"body:type~^suppression\.\w+$", "body:data.origin", "body:created_at"),
    ),
    supersedes=("svix",),
    event=("body:type",),
    delivery_id=("header:svix-id",),
    signatures=svix.PROVIDER.signatures,
    sends=(("Content-Type", "application/json"),),
    limits=svix.PROVIDER.limits,
    notes=(
        "Resend sends through Svix: svix-id, svix-timestamp and svix-signature, under a whsec_ secret.",
        "Deliveries may come more than once and out of order: svix-id and created_at tell.",
        "email.received has no text of the e-mail: fetch it by email_id.",
    ),
    summary={
        "email.bounced": "e-mail bounced at {data.to.0}: {data.bounce.message!line}",
        "email.clicked": "a link was clicked in the e-mail to {data.to.0}: {data.click.link}",
        "email.failed": "e-mail to {data.to.0} failed: {data.failed.reason}",
        "email.received": "e-mail from {data.from}: {data.subject!line}",
        "contact.created": "contact {data.email} was created",
        "contact.updated": "contact {data.email} was changed",
        "contact.deleted": "contact {data.email} was deleted",
        "domain.updated": "domain {data.name}: {data.status!words}",
        "*": (f"{{type!words}}, to {TO}", "{type!words}: {data.name/data.email/data.id}", "{type!words}"),
    },
    events=(
        Event("email.sent", "An e-mail was taken and is on its way"),
        Event("email.scheduled", "An e-mail will be sent later"),
        Event("email.delivered", "An e-mail was delivered"),
        Event("email.delivery_delayed", "An e-mail could not be delivered yet"),
        Event("email.complained", "A recipient called an e-mail spam"),
        Event("email.bounced", "An e-mail was refused for good"),
        Event("email.opened", "An e-mail was opened"),
        Event("email.clicked", "A link in an e-mail was clicked"),
        Event("email.received", "An e-mail came in"),
        Event("email.failed", "An e-mail could not be sent"),
        Event("email.suppressed", "An e-mail was not sent, as its recipient is suppressed"),
        Event("contact.created", "A contact was created"),
        Event("contact.updated", "A contact was changed"),
        Event("contact.deleted", "A contact was deleted"),
        Event("domain.created", "A domain was added"),
        Event("domain.updated", "A domain was changed, or its records were checked"),
        Event("domain.deleted", "A domain was removed"),
        Event("suppression.added", "An address is suppressed"),
        Event("suppression.removed", "An address is suppressed no more"),
    ),
)

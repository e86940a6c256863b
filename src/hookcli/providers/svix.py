"""Svix, which sends webhooks for other products.

Sources: docs.svix.com, "Retry Schedule" and "Verifying payloads"; svix/svix-webhooks, `server/README.md` (asymmetric
signatures) and the Python library `svix` (headers, what is signed, the form of the secret); for who uses it, the
libraries and documentation of Clerk (`@clerk/backend`, webhooks).
"""

from dataclasses import replace

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.providers.standard_webhooks import V1, V1A

AT, TIMESTAMP, ID = "header:svix-signature", "header:svix-timestamp", "header:svix-id"

PROVIDER = Provider(
    id="svix",
    title="Svix",
    docs="https://docs.svix.com/receiving/verifying-payloads/how",
    color="#3b6fe0",
    identify=(("header:svix-id", "header:svix-timestamp", "header:svix-signature"),),
    supersedes=("standard-webhooks",),
    event=("body:type", "body:event_type", "body:eventType"),
    delivery_id=("header:svix-id",),
    signatures=(
        replace(V1A, at=AT, timestamp=TIMESTAMP, id=ID),
        replace(V1, at=AT, timestamp=TIMESTAMP, id=ID),
    ),
    sends=(("Content-Type", "application/json"),),
    limits=Limits(
        timeout=15,
        retries="seven: after 5 s, 5 min, 30 min, 2 h, 5 h and twice 10 h; five days of failures disable the endpoint",
    ),
    notes=(
        "The product behind it is not named: Clerk, for one, sends through Svix; the payload is the product's own.",
        "The same signature may arrive as webhook-id, webhook-timestamp and webhook-signature: see standard-webhooks.",
        "What follows whsec_ is base64: decode it, do not use the text as the key.",
        "svix-id stays the same when a message is sent again: seen once already means done already.",
        "A redirect counts as a failure, as does whatever else is not 2xx.",
    ),
    summary={
        "*": (
            "{type} of {data.object} {data.id}",
            "{type/event_type/eventType}[ of {data.id}]",
            "{header:svix-id}",
        ),
    },
    events=(Event("user.created", "Types are the product's own"),),
)

"""Svix, which sends webhooks for other products.

Sources: docs.svix.com, "Retry Schedule" and "Verifying payloads"; svix/svix-webhooks, `server/README.md` (asymmetric
signatures) and the Python library `svix` (headers, what is signed, the form of the secret); for who uses it, the
libraries and documentation of Clerk (`@clerk/backend`, webhooks).
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.public_key import KeyPair
from hookcli.signing.schemes import Hmac

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
        KeyPair(
            name="v1a",
            algorithm="ed25519",
            at="header:svix-signature",
            encoding="base64",
            prefix="v1a,",
            layout="list",
            signed="{id}.{timestamp}.{body}",
            timestamp="header:svix-timestamp",
            id="header:svix-id",
            tolerance=300,
        ),
        Hmac(
            name="v1",
            at="header:svix-signature",
            encoding="base64",
            prefix="v1,",
            layout="list",
            signed="{id}.{timestamp}.{body}",
            timestamp="header:svix-timestamp",
            id="header:svix-id",
            secret="whsec or base64",  # noqa: S106 (the form of a secret)
            tolerance=300,
        ),
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

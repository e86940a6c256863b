"""Standard Webhooks, the common specification: whoever sends by it and nothing of its own.

Sources: standard-webhooks/standard-webhooks, `spec/standard-webhooks.md` (headers, both signature schemes, the forms of
the keys, payload, retries) and its Python library, `standardwebhooks` (what the signature covers, the tolerance).
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.public_key import KeyPair
from hookcli.signing.schemes import Hmac

V1 = Hmac(
    name="v1",
    at="header:webhook-signature",
    encoding="base64",
    prefix="v1,",
    layout="list",
    signed="{id}.{timestamp}.{body}",
    timestamp="header:webhook-timestamp",
    whole_seconds=True,
    id="header:webhook-id",
    secret="whsec or base64",  # noqa: S106 (the form of a secret)
    tolerance=300,
)
"""The scheme with a shared secret; who builds on the specification changes what is their own."""

V1A = KeyPair(
    name="v1a",
    algorithm="ed25519",
    at=V1.at,
    encoding=V1.encoding,
    prefix="v1a,",
    layout=V1.layout,
    signed=V1.signed,
    timestamp=V1.timestamp,
    whole_seconds=V1.whole_seconds,
    id=V1.id,
    tolerance=V1.tolerance,
)
"""The scheme with a key pair."""

PROVIDER = Provider(
    id="standard-webhooks",
    title="Standard Webhooks",
    docs="https://www.standardwebhooks.com",
    color="#6c7a89",
    identify=(("header:webhook-id", "header:webhook-timestamp", "header:webhook-signature"),),
    event=("body:type",),
    delivery_id=("header:webhook-id",),
    signatures=(V1A, V1),
    sends=(("Content-Type", "application/json"),),
    limits=Limits(
        timeout=15,
        body=20 * 1024,
        retries="recommended: ten attempts over three days, later each time; 410 ends them",
    ),
    notes=(
        "Any product may send by this specification; the headers tell the scheme, not the sender.",
        "v1 signs with a shared secret (whsec_), v1a with Ed25519: the sender's whsk_ key, checked with its whpk_ key.",
        "What follows whsec_ is base64: decode it, do not use the text as the key.",
        "Several signatures stand in one header while a secret is being replaced; one that holds is enough.",
        "webhook-id stays the same when a delivery is sent again, webhook-timestamp does not.",
        "The size and the time-out are the specification's advice (it says 15 to 30 seconds); senders differ.",
    ),
    summary={
        "*": (
            "{type} of {data.type} {data.id}",
            "{type}[ of {data.id}]",
            "{header:webhook-id}",
        ),
    },
    events=(Event("example.event", "Types are the sender's own: words from the general to the particular, with dots"),),
)

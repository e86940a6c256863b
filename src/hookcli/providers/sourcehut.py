"""SourceHut: webhooks of git.sr.ht, builds.sr.ht, todo.sr.ht and the others.

Sources: SourceHut's core.sr.ht, `srht/crypto.py`, and core-go, `crypto/crypto.go` (X-Payload-Nonce,
X-Payload-Signature, what is signed); git.sr.ht, `gitsrht-update-hook/webhooks.go` (headers, five seconds); SourceHut's
documentation, "GraphQL" (webhooks by query). The public key of sr.ht is the one that receivers have in their source.
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.public_key import KeyPair

WEBHOOK = "{data.webhook.event!words}"

PROVIDER = Provider(
    id="sourcehut",
    title="SourceHut",
    docs="https://man.sr.ht/graphql.md#webhooks",
    color="#3b3b3b",
    identify=(("header:X-Payload-Nonce", "header:X-Payload-Signature"),),
    event=("header:X-Webhook-Event", "body:data.webhook.event"),
    delivery_id=("header:X-Webhook-Delivery", "body:data.webhook.uuid"),
    signatures=(
        KeyPair(
            name="ed25519",
            algorithm="ed25519",
            at="header:X-Payload-Signature",
            encoding="base64",
            signed="{body}{header:X-Payload-Nonce}",
        ),
    ),
    sends=(
        ("Content-Type", "application/json"),
        ("X-Webhook-Event", "{event}"),
        ("X-Webhook-Delivery", "{id}"),
        ("X-Payload-Nonce", "{hex16}"),
    ),
    infer=(("body:refs", "repo:post-update"),),
    limits=Limits(timeout=5),
    notes=(
        "Ed25519 over the body with the nonce behind it: verifying takes the public key of the instance, no secret.",
        "That of sr.ht is uX7KWyyDNMaBma4aVbJ/cbUQpdjqczuCyK/HxzV/u+4= (give it as --secret sourcehut=...).",
        "The payload is the answer to the GraphQL query that the webhook was made with: its keys are your own choice.",
        "A nonce is used once: keep those that came, to refuse a delivery that is sent again.",
    ),
    summary={
        "repo:post-update": "{pusher.canonical_name} pushed {refs!count:ref} of {refs.0.name!branch}",
        "*": (f"{WEBHOOK} of {{data.webhook.repository.name}}", WEBHOOK, "{@event!words}"),
    },
    events=(
        Event("GIT_POST_RECEIVE", "Commits were pushed (git.sr.ht)"),
        Event("REPO_CREATED", "A repository was created"),
        Event("REPO_UPDATE", "A repository was changed"),
        Event("REPO_DELETED", "A repository was deleted"),
        Event("JOB_CREATED", "A job was submitted (builds.sr.ht)"),
        Event("TICKET_CREATED", "A ticket was opened (todo.sr.ht)"),
        Event("EVENT_CREATED", "Something happened to a ticket (todo.sr.ht)"),
        Event("repo:post-update", "Commits were pushed (older webhooks)"),
    ),
)

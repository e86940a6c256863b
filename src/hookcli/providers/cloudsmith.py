"""Cloudsmith: webhooks of a repository.

Sources: Cloudsmith's documentation, "Webhooks" (events, payload, signature, source addresses); a receiver that reads
these deliveries, superplanehq/superplane (the signature with sha1= before it).
"""

from dataclasses import replace

from hookcli.providers.spec import Event, Provider
from hookcli.signing.schemes import Hmac

PACKAGE = "{data.format} package {data.name}[ {data.version}] in {data.namespace}/{data.repository}"
SHA1 = Hmac(name="sha1", at="header:X-Cloudsmith-Signature", hash="sha1", prefix="sha1=")

PROVIDER = Provider(
    id="cloudsmith",
    title="Cloudsmith",
    docs="https://docs.cloudsmith.com/developer-tools/webhooks",
    color="#2a6fe1",
    identify=(
        ("header:X-Cloudsmith-Signature",),
        ("body:meta.event_id", "body:meta.trigger_id", "body:meta.webhook_id", "body:meta.attempt_at"),
    ),
    event=("body:meta.event_id",),
    delivery_id=("body:meta.trigger_id",),
    hook_id=("body:meta.webhook_id",),
    ping=(("body:meta.event_id=ping",),),
    signatures=(SHA1, replace(SHA1, prefix="")),
    sends=(("Content-Type", "application/json"),),
    networks=("34.252.163.216/32", "52.208.86.0/32", "108.129.59.129/32"),
    notes=(
        "The signature is the HMAC-SHA1 of the body in hex, with or without sha1= before it.",
        "Besides it, or instead, a header of your own choice may carry a secret value.",
        "In the format JSON Array the object stands in a list; in Form Encoded JSON in the field `payload`.",
        "A template writes the whole body: then only the signature tells Cloudsmith.",
        "Cloudsmith does not promise that its addresses stay the same.",
    ),
    summary={
        "package.created": f"{PACKAGE} was uploaded",
        "package.synced": f"{PACKAGE} is available",
        "package.syncing": f"{PACKAGE} is being processed",
        "package.failed": f"{PACKAGE} failed: {{data.status_reason!line}}",
        "package.deleted": f"{PACKAGE} was deleted",
        "package.quarantined": f"{PACKAGE} was quarantined",
        "package.released": f"{PACKAGE} was released from quarantine",
        "*": (f"{{@event!words}}: {PACKAGE}", "{@event!words}"),
    },
    events=(
        Event("ping", "A webhook was made, or a ping was asked for"),
        Event("package.created", "A package was uploaded, and is not processed yet"),
        Event("package.deleted", "A package was deleted"),
        Event("package.failed", "A package could not be processed"),
        Event("package.quarantined", "A package was quarantined"),
        Event("package.released", "A package was released from quarantine"),
        Event("package.restored", "A package was restored"),
        Event("package.security_scanned", "A security scan is complete"),
        Event("package.synced", "A package was processed and can be had"),
        Event("package.syncing", "A package is being processed"),
        Event("package.tags_updated", "The tags of a package changed"),
    ),
)

"""Vercel.

Sources: Vercel's documentation, "Webhooks API Reference" (payload, event types; SHA-1 of the raw body in
x-vercel-signature) and "Setting Up Webhooks"; hookdeck/webhook-skills, skills/vercel-webhooks (the same scheme in three
languages, time-out and retries).
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Hmac

PROVIDER = Provider(
    id="vercel",
    title="Vercel",
    docs="https://vercel.com/docs/webhooks/webhooks-api",
    color="#000000",
    identify=(("header:x-vercel-signature", "body:type"), ("header:x-vercel-signature",)),
    event=("body:type",),
    delivery_id=("body:id",),
    signatures=(Hmac(name="sha1", at="header:x-vercel-signature", hash="sha1"),),
    sends=(("Content-Type", "application/json"),),
    summary={
        "deployment.created": "{payload.deployment.name}: a deployment[ to {payload.target}] began",
        "deployment.succeeded": "{payload.deployment.name} is deployed[ to {payload.target}]: {payload.deployment.url}",
        "deployment.ready": "{payload.deployment.name} is ready[ on {payload.target}]: {payload.deployment.url}",
        "deployment.error": "{payload.deployment.name}: the deployment[ to {payload.target}] failed",
        "deployment.canceled": "{payload.deployment.name}: the deployment[ to {payload.target}] was canceled",
        "deployment.promoted": "{payload.deployment.name} was promoted: {payload.deployment.url}",
        "*": ("{@event}: {payload.deployment.name/payload.project.name/payload.domain.name}", "{@event}"),
    },
    events=(
        Event("deployment.created", "A deployment began"),
        Event("deployment.succeeded", "A deployment succeeded"),
        Event("deployment.ready", "A deployment is ready to take requests"),
        Event("deployment.promoted", "A deployment was promoted to production"),
        Event("deployment.rollback", "Production went back to an earlier deployment"),
        Event("deployment.error", "A deployment failed"),
        Event("deployment.canceled", "A deployment was canceled"),
        Event("project.created", "A project was made"),
        Event("project.removed", "A project was deleted"),
        Event("domain.created", "A domain was added"),
        Event("integration-configuration.removed", "The integration was taken off"),
    ),
    limits=Limits(timeout=30, retries="with growing delays for up to 24 hours"),
    notes=(
        "The signature is SHA-1, in hex and without a prefix.",
        "The key is the webhook's own secret; for an integration it is the integration's client secret.",
        "createdAt is in milliseconds and is signed, being in the body; nothing else stops replays.",
        "Webhooks of an account are for the Pro and Enterprise plans.",
        "Log drains use x-vercel-signature too; their body is a list or lines of JSON, with no `type` of its own.",
    ),
)

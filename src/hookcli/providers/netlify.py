"""Netlify: deploy notifications as outgoing webhooks.

Sources: Netlify's documentation, "Deploy notifications" (what there is, payload signature); a delivery quoted in a
public issue (jamietanna/www-api, issue 107: payload keys); X-Netlify-Event as read by a public receiver; event names
from netlify/cli, src/utils/init/utils (hooks that it makes). The signature is a JWS: see the notes.
"""

from hookcli.providers.spec import Event, Provider
from hookcli.signing.jws import Jws

SITE = "{name}[ ({branch})]"

PROVIDER = Provider(
    id="netlify",
    title="Netlify",
    docs="https://docs.netlify.com/site-deploys/deploy-notifications/",
    color="#00ad9f",
    identify=(
        ("header:X-Netlify-Event", "body:site_id"),
        ("header:X-Webhook-Signature", "body:site_id", "body:deploy_ssl_url"),
        ("body:site_id", "body:build_id", "body:deploy_ssl_url"),
    ),
    event=("header:X-Netlify-Event",),
    action=("body:state",),
    signatures=(
        Jws(name="jws", at="header:X-Webhook-Signature", claims=(("iss", "netlify"), ("sha256", "sha256:{body}"))),
    ),
    sends=(("Content-Type", "application/json"), ("X-Netlify-Event", "{event}")),
    infer=(("body:state=ready", "deploy_created"),),
    summary={
        "deploy_created": (f"{SITE} was deployed[ in {{deploy_time}} s]: {{deploy_ssl_url}}",),
        "deploy_failed": f"{SITE} was not deployed[: {{error_message!line}}]",
        "deploy_building": f"{SITE} is being built",
        "*": (f"{SITE}: {{state!words}}",),
    },
    events=(
        Event("deploy_building", "A deploy began"),
        Event("deploy_created", "A deploy succeeded"),
        Event("deploy_failed", "A deploy failed"),
    ),
    notes=(
        "X-Webhook-Signature is a JWS, HS256 with the secret, and says sha256: the body's SHA-256 in hex.",
        "It says nothing of when it was made: a delivery that somebody kept holds for ever.",
        "A success is called deploy_created; state: ready says the same.",
        "Scheduled functions are called with X-Netlify-Event too; those are no webhooks.",
    ),
    sensitive=("body:log_access_attributes.token",),
)

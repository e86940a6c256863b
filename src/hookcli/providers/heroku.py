"""Heroku: app webhooks.

Sources: Heroku Dev Center, "App Webhooks" and "Using Webhooks as an Add-on Partner" (entities, levels, authorization,
secret); the Platform API's webhook parameters as documented by heroku_rs; getsentry/sentry's Heroku plug-in (base64 of
the SHA-256); webhook_metadata and its neighbours from a recorded release in a public receiver's tests.
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Hmac, Token

WHO = "{actor.email/data.user.email}"
APP = "{data.app.name/data.name}"

PROVIDER = Provider(
    id="heroku",
    title="Heroku",
    docs="https://devcenter.heroku.com/articles/app-webhooks",
    color="#430098",
    identify=(
        ("header:Heroku-Webhook-Hmac-SHA256",),
        ("body:webhook_metadata.event.include", "body:resource", "body:action"),
    ),
    event=("body:webhook_metadata.event.include", "body:resource"),
    action=("body:action",),
    delivery_id=("body:webhook_metadata.delivery.id", "body:id"),
    hook_id=("body:webhook_metadata.webhook.id",),
    signatures=(
        Hmac(name="sha256", at="header:Heroku-Webhook-Hmac-SHA256", encoding="base64"),
        Token(name="authorization", at="header:Authorization", default=False),
    ),
    sends=(("Content-Type", "application/json"),),
    summary={
        "api:release": (
            f"{WHO} released v{{data.version}} of {APP}[: {{data.description!line}}] ({{data.status}})",
            f"release of {APP}: {{action}}",
        ),
        "api:build": (f"{WHO} built {APP}: {{data.status!words}}", f"build of {APP}: {{data.status!words}}"),
        "api:dyno": "dyno {data.name} of {data.app.name}: {data.state/action!words}",
        "*": (
            f"{WHO} {{action!past}} {{resource}} of {APP}",
            f"{{resource}} of {APP}: {{action}}",
            "{@event} {action}",
        ),
    },
    events=(
        Event("api:addon-attachment", "An add-on was attached or detached"),
        Event("api:addon", "An add-on was made, changed or removed"),
        Event("api:app", "The app was changed or deleted"),
        Event("api:build", "A build began or ended"),
        Event("api:collaborator", "A collaborator was added, changed or removed"),
        Event("api:domain", "A domain was added or removed"),
        Event("api:dyno", "A dyno was started, changed or stopped"),
        Event("api:formation", "The number or size of dynos changed"),
        Event("api:release", "A release was made or changed"),
        Event("api:sni-endpoint", "A certificate was added, changed or removed"),
    ),
    limits=Limits(retries="level `notify`: none; level `sync`: again until it succeeds or a limit is reached"),
    notes=(
        "The signature is base64, not hex.",
        "The Authorization header is a text of your choice, whole: its secret here is the whole value (`Bearer abc`).",
        "The action is create, update or destroy; previous_data holds what an update changed.",
        "webhook_metadata names the delivery, the attempt, the event and the webhook, each by an id of its own.",
    ),
)

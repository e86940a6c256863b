"""Mattermost: outgoing webhooks.

Sources: mattermost/mattermost, `server/public/model/outgoing_webhook.go` (the payload, in JSON and as a form);
Mattermost's documentation, "Outgoing webhooks".
"""

from hookcli.providers.spec import Event, Provider
from hookcli.signing.schemes import Token

WHERE = "{user_name} wrote in {channel_name}"

PROVIDER = Provider(
    id="mattermost",
    title="Mattermost",
    docs="https://developers.mattermost.com/integrate/webhooks/outgoing/",
    color="#1e325c",
    identify=(
        ("body:token", "body:team_id", "body:team_domain", "body:post_id", "body:user_name", "!body:api_app_id"),
    ),
    event=("text:message",),
    action=("body:trigger_word",),
    delivery_id=("body:post_id",),
    hook_id=("body:channel_id",),
    signatures=(Token(name="token", at="body:token"),),
    sends=(("Content-Type", "application/json"), ("Accept", "application/json")),
    notes=(
        "Nothing is signed: the token in the body tells who sent it.",
        "JSON or form, by the webhook's content type; in a form the timestamp is in seconds, in JSON in milliseconds.",
        "The action is the word that triggered it; a webhook for a whole channel may have none.",
        "Webhooks that post into a channel (/hooks/...) go the other way: Mattermost receives those.",
    ),
    summary={"*": (f"{WHERE}: {{text!line}}", WHERE)},
    events=(Event("message", "Somebody wrote in a channel, or a word that a webhook waits for"),),
)

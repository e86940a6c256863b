"""Weblate: the webhook add-on.

Source: WeblateOrg/weblate, `weblate/addons/webhooks.py` (headers, signature, time-out, payload).
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.providers.standard_webhooks import V1

WHERE = "{project}[/{component}][/{translation}]"

PROVIDER = Provider(
    id="weblate",
    title="Weblate",
    docs="https://docs.weblate.org/en/latest/admin/addons.html",
    color="#1fa385",
    identify=(
        ("header:webhook-id", "body:change_id", "body:action", "body:timestamp", "body:url"),
        ("header:webhook-id", "body:change_id", "body:action", "body:timestamp", "body:project"),
    ),
    supersedes=("standard-webhooks",),
    event=("body:action",),
    delivery_id=("header:webhook-id",),
    signatures=(V1,),
    limits=Limits(timeout=15, retries="none"),
    notes=(
        "By Standard Webhooks; webhook-timestamp has a fraction, which is not signed.",
        "The action is told in words, as the web interface shows it: Translation changed, Comment added.",
        "source, target and old are lists: one text for each plural form.",
    ),
    summary={
        "*": (
            f"{{user}}: {{action}} in {WHERE}: {{target.0!line}}",
            f"{{user}}: {{action}} in {WHERE}",
            f"{{action}} in {WHERE}",
            "{action}",
        ),
    },
    events=(
        Event("Translation added", "A text was translated for the first time"),
        Event("Translation changed", "A translation was changed"),
        Event("Comment added", "Somebody commented on a text"),
    ),
)

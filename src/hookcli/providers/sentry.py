"""Sentry (sentry.io and self-hosted): the integration platform's webhooks.

Sources: Sentry's documentation, "Webhooks" of the integration platform (headers, resources, payloads); the sender,
getsentry/sentry, src/sentry/sentry_apps/api/serializers/app_platform_event.py (header order, Request-ID, what is
signed) and sentry_apps/utils/webhooks.py (resources and actions); getsentry/integration-platform-example
(verify_sentry_signature.py: the header's other name).
"""

from hookcli.providers.spec import Event, Provider
from hookcli.signing.schemes import Hmac

ISSUE = "{data.issue.shortId}: {data.issue.title!line}"

PROVIDER = Provider(
    id="sentry",
    title="Sentry",
    docs="https://docs.sentry.io/integrations/integration-platform/webhooks/",
    color="#362d59",
    identify=(("header:Sentry-Hook-Resource",), ("header:Sentry-Hook-Signature",)),
    event=("header:Sentry-Hook-Resource",),
    action=("body:action",),
    delivery_id=("header:Request-ID",),
    hook_id=("body:installation.uuid",),
    signatures=(
        Hmac(name="sha256", at="header:Sentry-Hook-Signature"),
        Hmac(name="app-signature", at="header:Sentry-App-Signature", default=False),
    ),
    sends=(
        ("Content-Type", "application/json"),
        ("Request-ID", "{id}"),
        ("Sentry-Hook-Resource", "{event}"),
        ("Sentry-Hook-Timestamp", "{seconds}"),
    ),
    id_form="hex32",
    infer=(
        ("body:data.triggered_rule", "event_alert"),
        ("body:data.metric_alert", "metric_alert"),
        ("body:data.issue", "issue"),
        ("body:data.error", "error"),
        ("body:data.comment_id", "comment"),
        ("body:data.installation", "installation"),
    ),
    summary={
        "issue.created": f"new issue {ISSUE}",
        "issue": (f"{{actor.name}} {{action!words}} {ISSUE}", f"issue {{action!words}}: {ISSUE}"),
        "event_alert": "{data.triggered_rule} triggered: {data.event.title!line}",
        "metric_alert": "{action!words}: {data.metric_alert.title!line}[ ({data.description_text!line})]",
        "error": "new error: {data.error.title!line}",
        "comment": "{actor.name} {action!words} a comment[ on issue {data.issue_id}][: {data.comment!line}]",
        "installation": "the integration was {action!words}[ by {actor.name}]",
        "*": "{@event!words} {action!words}",
    },
    events=(
        Event("issue", "An issue was created, resolved, assigned, archived or reopened"),
        Event("event_alert", "An issue alert's rule was triggered"),
        Event("metric_alert", "A metric alert went critical, warning, open or resolved"),
        Event("error", "An error was recorded"),
        Event("comment", "A comment on an issue was made, changed or deleted"),
        Event("installation", "The integration was installed or taken off"),
        Event("seer", "Seer began or finished a step on an issue"),
        Event("size_analysis", "The size of a build was analysed"),
    ),
    notes=(
        "The secret is the integration's Client Secret, not an auth token.",
        "Sentry-Hook-Timestamp is not signed: the signature speaks of the body alone, so it does not stop replays.",
        "Some requests have an empty body with Content-Type: application/json; the signature is that of no bytes.",
        "The action is in the body, the resource in the header: `issue` and `created`.",
        "Some requests carry the signature as Sentry-App-Signature instead.",
    ),
)

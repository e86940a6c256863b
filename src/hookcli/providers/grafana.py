"""Grafana Alerting: the webhook contact point.

Sources: grafana/alerting, receivers/webhook/v1/webhook.go and config.go (payload, authentication), templates/
template_data.go (the payload's keys), http/hmac.go (the signature) and http/webhook.go (headers).
"""

from hookcli.providers.spec import Event, Provider
from hookcli.signing.schemes import Hmac, Token

ALERT = "{commonLabels.alertname/groupLabels.alertname/alerts.0.labels.alertname}"
SUMMARY = "{commonAnnotations.summary/alerts.0.annotations.summary!line}"

PROVIDER = Provider(
    id="grafana",
    title="Grafana",
    docs="https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/"
    "integrations/webhook-notifier/",
    color="#f46800",
    identify=(
        ("header:X-Grafana-Alerting-Signature",),
        ("header:User-Agent~^Grafana", "body:alerts"),
        ("body:orgId", "body:groupKey", "body:alerts", "body:state"),
    ),
    event=("body:status",),
    action=("body:state",),
    signatures=(
        Hmac(name="sha256", at="header:X-Grafana-Alerting-Signature"),
        Token(name="basic", at="header:Authorization", style="basic", default=False),
        Token(name="bearer", at="header:Authorization", style="bearer", default=False),
    ),
    sends=(
        ("User-Agent", "Grafana"),
        ("Content-Type", "application/json"),
        ("Accept-Encoding", "gzip"),
    ),
    summary={
        "*": (
            f"{{alerts!count:alert}} {{status}}: {ALERT}[: {SUMMARY}]",
            "{title!line}",
            "{status}: {message!line}",
            "{status}",
        ),
    },
    events=(Event("firing", "Alerts of a group fire"), Event("resolved", "All alerts of a group are over")),
    notes=(
        "The signature's header can be named otherwise: hookcli knows the standard name.",
        "With a header for a timestamp the signature is of timestamp, colon and body: hookcli does not check that.",
        "Basic and Authorization (Bearer, or a scheme of your own) exclude each other; the signature goes with either.",
        "The method may be PUT. A custom payload replaces the whole body: then only the User-Agent tells Grafana.",
        "`status` is firing or resolved, `state` alerting or ok.",
        "truncatedAlerts tells how many alerts were left out (max alerts of the contact point).",
    ),
)

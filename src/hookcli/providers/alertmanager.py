"""Prometheus Alertmanager: the webhook receiver.

Sources: prometheus/alertmanager, notify/webhook/webhook.go (payload, version), notify/util.go (headers), template/
template.go (keys and their order) and docs/configuration.md (http_config).
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Token

ALERT = "{commonLabels.alertname/groupLabels.alertname/alerts.0.labels.alertname}"
SUMMARY = "{commonAnnotations.summary/alerts.0.annotations.summary/alerts.0.annotations.description!line}"

PROVIDER = Provider(
    id="alertmanager",
    title="Alertmanager",
    docs="https://prometheus.io/docs/alerting/latest/configuration/#webhook_config",
    color="#e6522c",
    identify=(
        ("header:User-Agent~^Alertmanager/", "body:alerts"),
        ("body:version=4", "body:groupKey", "body:receiver", "body:alerts"),
    ),
    event=("body:status",),
    signatures=(
        Token(name="basic", at="header:Authorization", style="basic"),
        Token(name="bearer", at="header:Authorization", style="bearer"),
    ),
    sends=(
        ("User-Agent", "Alertmanager/0.28.1"),
        ("Content-Type", "application/json"),
        ("Accept-Encoding", "gzip"),
    ),
    summary={
        "*": (
            f"{{alerts!count:alert}} {{status}}: {ALERT}[: {SUMMARY}]",
            "{alerts!count:alert} {status} for {receiver}",
            "{status}",
        ),
    },
    events=(Event("firing", "Alerts of a group fire"), Event("resolved", "All alerts of a group are over")),
    limits=Limits(retries="after 5xx or no answer; anything else that is not 2xx fails for good"),
    notes=(
        "Nothing is signed: a basic or bearer Authorization (http_config), or a client certificate.",
        "There is no delivery id: groupKey names the group of alerts, fingerprint an alert.",
        "A group is sent again at each repeat_interval as long as it fires, and when it changes.",
        "endsAt is 0001-01-01T00:00:00Z for an alert that still fires.",
        "truncatedAlerts tells how many alerts were left out (max_alerts). A custom payload replaces the body.",
    ),
)

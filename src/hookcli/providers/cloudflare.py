"""Cloudflare: Notifications to a generic webhook.

Sources: Cloudflare's documentation, "Configure webhooks" (cf-webhook-auth, the test message) and "Webhook payload
schema" (fields, alert_event); alert types from cloudflare/cloudflare-python, the enumeration `alert_type` of
notification policies.
"""

from hookcli.providers.spec import Event, Provider
from hookcli.signing.schemes import Token

TEST = "body:text~^Hello World! This is a test message sent from https://cloudflare.com"

PROVIDER = Provider(
    id="cloudflare",
    title="Cloudflare Notifications",
    docs="https://developers.cloudflare.com/notifications/get-started/configure-webhooks/",
    color="#f6821f",
    identify=(
        ("header:cf-webhook-auth",),
        ("body:alert_type", "body:policy_id", "body:account_id"),
        (TEST,),
    ),
    event=("body:alert_type",),
    action=("body:alert_event",),
    hook_id=("body:policy_id",),
    ping=((TEST,),),
    signatures=(Token(name="token", at="header:cf-webhook-auth"),),
    sends=(("Content-Type", "application/json"),),
    summary={"*": ("{text!line}", "{name!line}", "{@event!words}")},
    events=(
        Event("universal_ssl_event_type", "Something happened to a Universal SSL certificate"),
        Event("dedicated_ssl_certificate_event_type", "Something happened to an advanced certificate"),
        Event("custom_ssl_certificate_event_type", "A custom certificate is about to expire"),
        Event("dos_attack_l4", "A network attack was mitigated"),
        Event("dos_attack_l7", "An attack on a website was mitigated"),
        Event("http_alert_origin_error", "An origin answers with more errors than usual"),
        Event("http_alert_edge_error", "Visitors get more errors than usual"),
        Event("real_origin_monitoring", "An origin can't be reached"),
        Event("load_balancing_health_alert", "The health of a pool or its origins changed"),
        Event("health_check_status_notification", "The result of a health check changed"),
        Event("tunnel_health_event", "The health of a tunnel changed"),
        Event("tunnel_update_event", "A tunnel was made or deleted"),
        Event("clickhouse_alert_fw_anomaly", "The firewall sees more events than usual"),
        Event("billing_usage_alert", "A product was used more than was set"),
        Event("incident_alert", "Cloudflare has an incident"),
        Event("maintenance_event_notification", "Cloudflare has a maintenance"),
        Event("pages_event_alert", "Something happened to a deployment of Pages"),
        Event("stream_live_notifications", "A live input connected, disconnected or failed"),
        Event("traffic_anomalies_alert", "Traffic is other than usual"),
    ),
    notes=(
        "The secret, if one is set, is sent as it is; nothing is signed.",
        "`text` is a sentence, `data` differs by alert type; alert_event tells a start from an end.",
        "alert_correlation_id is the same for alerts that belong together; a delivery has no id of its own.",
        "Stream's own webhooks, for videos that are ready, are signed and a provider of their own: cloudflare-stream.",
    ),
)

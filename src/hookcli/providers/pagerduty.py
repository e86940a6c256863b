"""PagerDuty (webhooks v3).

Sources: PagerDuty/developer-docs, docs/webhooks: 01-Overview.md (payload, event types), 02-Behavior.md (limits,
retries, X-Webhook-Id) and 04-Signatures.md; PagerDuty/go-pagerduty, webhookv3 (the signature).
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Hmac

INCIDENT = "incident #{event.data.number}: {event.data.title!line}"
BY = "[ by {event.agent.summary}]"
TO = "[ to {event.data.assignees.0.summary}]"
OTHER = "{event.data.incident.summary!line}"

PROVIDER = Provider(
    id="pagerduty",
    title="PagerDuty",
    docs="https://developer.pagerduty.com/docs/webhooks-overview",
    color="#06ac38",
    identify=(
        ("header:X-PagerDuty-Signature",),
        ("body:event.event_type", "body:event.resource_type", "body:event.occurred_at"),
    ),
    event=("body:event.event_type",),
    delivery_id=("header:X-Webhook-Id", "body:event.id"),
    signatures=(Hmac(name="v1", at="header:X-PagerDuty-Signature", layout="pairs", pair="v1"),),
    sends=(("Content-Type", "application/json"), ("X-Webhook-Id", "{id}")),
    summary={
        "incident.triggered": f"{INCIDENT}[ ({{event.data.service.summary}}, {{event.data.urgency}})]",
        "incident.acknowledged": f"{INCIDENT}, acknowledged{BY}",
        "incident.resolved": f"{INCIDENT}, resolved{BY}",
        "incident.reopened": f"{INCIDENT}, reopened{BY}",
        "incident.escalated": f"{INCIDENT}, escalated{TO}",
        "incident.reassigned": f"{INCIDENT}, reassigned{TO}",
        "incident.annotated": (
            f"{{event.agent.summary}} noted on {OTHER}: {{event.data.content!line}}",
            f"a note on {OTHER}",
        ),
        "*": (
            f"{{event.agent.summary}}: {{@event}}, {INCIDENT}",
            f"{{@event}}, {INCIDENT}",
            f"{{@event}}: {OTHER}",
            "{@event}: {event.data.summary!line}",
            "{@event}",
        ),
    },
    events=(
        Event("incident.triggered", "An incident was opened"),
        Event("incident.acknowledged", "An incident was acknowledged"),
        Event("incident.unacknowledged", "An acknowledgement ran out or was taken back"),
        Event("incident.resolved", "An incident was resolved"),
        Event("incident.reopened", "An incident was opened again"),
        Event("incident.reassigned", "An incident was given to another user"),
        Event("incident.delegated", "An incident was given to another escalation policy"),
        Event("incident.escalated", "An incident went to another user of the same level"),
        Event("incident.annotated", "A note was put on an incident"),
        Event("incident.priority_updated", "An incident's priority changed"),
        Event("incident.service_updated", "An incident moved to another service"),
        Event("incident.incident_type.changed", "An incident's type changed"),
        Event("incident.custom_field_values.updated", "An incident's custom fields changed"),
        Event("incident.conference_bridge.updated", "An incident's conference number or address changed"),
        Event("incident.responder.added", "A responder was asked to an incident"),
        Event("incident.responder.replied", "A responder answered"),
        Event("incident.role.assigned", "A role in an incident was given or taken"),
        Event("incident.status_update_published", "A status update was published"),
        Event("incident.task.created", "A task of an incident was made"),
        Event("incident.task.updated", "A task of an incident was changed"),
        Event("incident.task.completed", "A task of an incident was done"),
        Event("incident.action_invocation.created", "An automation action was started"),
        Event("incident.action_invocation.updated", "An automation action changed"),
        Event("incident.action_invocation.terminated", "An automation action ended"),
        Event("incident.workflow.started", "An incident workflow started"),
        Event("incident.workflow.completed", "An incident workflow ended"),
        Event("service.created", "A service was made"),
        Event("service.updated", "A service was changed"),
        Event("service.deleted", "A service was deleted"),
        Event("service.custom_field_values.updated", "A service's custom fields changed"),
    ),
    limits=Limits(
        timeout=5,
        body=256 * 1024,
        retries="for up to 48 hours after no answer, 5xx or 429; any other 4xx drops the delivery",
    ),
    notes=(
        "The header may hold several v1= signatures, apart by commas, while a secret is being replaced: one is enough.",
        "X-Webhook-Id stays the same over the attempts of one delivery; event.id names the event.",
        "Custom incident actions are waited for 16 seconds.",
        "Delivery and order are promised up to 55 KB; what is larger may come late or not, over 256 KB it never comes.",
        "While a delivery fails, later ones of the same incident wait behind it.",
    ),
)

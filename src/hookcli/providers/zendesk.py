"""Zendesk.

Sources: developer.zendesk.com, "Verifying webhook authenticity" (the signature), "Anatomy of a webhook request"
(headers), "Webhook event types" and "Ticket events" (payload, catalogue).
"""

from hookcli.providers.spec import Event, Provider
from hookcli.signing.schemes import Hmac

TYPE = "zen:event-type:"

PROVIDER = Provider(
    id="zendesk",
    title="Zendesk",
    docs="https://developer.zendesk.com/documentation/webhooks/",
    color="#03363d",
    identify=(
        ("header:X-Zendesk-Webhook-Signature",),
        ("header:X-Zendesk-Webhook-Id",),
        ("body:zendesk_event_version", f"body:type~^{TYPE}"),
    ),
    event=("body:type",),
    delivery_id=("header:X-Zendesk-Webhook-Invocation-Id", "body:id"),
    hook_id=("header:X-Zendesk-Webhook-Id",),
    signatures=(
        Hmac(
            name="sha256",
            at="header:X-Zendesk-Webhook-Signature",
            encoding="base64",
            signed="{timestamp}{body}",
            timestamp="header:X-Zendesk-Webhook-Signature-Timestamp",
            rfc3339=True,
        ),
    ),
    sends=(
        ("Content-Type", "application/json"),
        ("X-Zendesk-Account-Id", "{number}"),
        ("X-Zendesk-Webhook-Id", "{uuid}"),
        ("X-Zendesk-Webhook-Invocation-Id", "{id}"),
    ),
    id_form="number",
    notes=(
        "The timestamp (RFC 3339) is signed before the body, nothing between; an older page reverses the two.",
        "While a webhook is being made, its test is signed with dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==.",
        "The secret is used as it is shown; it looks like base64, but is not decoded.",
        "A webhook of a trigger or automation has the method and the body that its author chose, and no event type.",
        "A GET or DELETE has no body: then the timestamp alone is signed.",
        "One action can set off several events: event.meta.sequence groups them, in no order that is promised.",
    ),
    summary={
        f"{TYPE}ticket.comment_added": (
            "comment on ticket {detail.id}: {event.comment.body!line}",
            "comment on ticket {detail.id}: {detail.subject!line}",
            "comment on {subject}",
        ),
        f"{TYPE}ticket.created": ("ticket {detail.id} made: {detail.subject!line}", "{subject} made"),
        f"{TYPE}ticket.status_changed": "ticket {detail.id} went from {event.previous} to {event.current}",
        "*": (
            "{type} of {subject}: {detail.subject/detail.name/detail.email!line}",
            "{type} of {subject}",
            "{@event}",
            "a trigger's or automation's own message",
        ),
    },
    events=tuple(
        Event(f"{TYPE}{name}", title)
        for name, title in (
            ("ticket.created", "A ticket was made"),
            ("ticket.agent_assignment_changed", "A ticket got another agent"),
            ("ticket.attachment_linked_to_comment", "A file was added to a comment"),
            ("ticket.attachment_redacted_from_comment", "A file was taken out of a comment"),
            ("ticket.brand_changed", "A ticket moved to another brand"),
            ("ticket.comment_added", "Somebody commented on a ticket"),
            ("ticket.group_assignment_changed", "A ticket got another group"),
            ("ticket.priority_changed", "A ticket's priority changed"),
            ("ticket.status_changed", "A ticket's status changed"),
            ("ticket.subject_changed", "A ticket's subject changed"),
            ("ticket.tags_changed", "A ticket's tags changed"),
            ("ticket.merged", "A ticket was merged into another"),
            ("ticket.soft_deleted", "A ticket was deleted, and can come back"),
            ("ticket.permanently_deleted", "A ticket was deleted for good"),
            ("messaging_ticket.message_added", "A chat message came into a ticket"),
            ("user.created", "A user was made"),
            ("user.active_changed", "A user was switched on or off"),
            ("organization.created", "An organization was made"),
            ("organization.name_changed", "An organization's name changed"),
        )
    ),
)

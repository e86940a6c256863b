"""Calendly.

Sources: developer.calendly.com, "Webhook Signatures" (the header, signing keys); what the header signs and its window
of three minutes as hookdeck/webhook-skills and docs.opennous.cloud describe them; payload from recorded deliveries
in hull/hull-connectors (packages/connectors/hull-calendly/test) and the types of awell-health/awell-extensions.
"""

from hookcli.providers.spec import Event, Provider
from hookcli.signing.schemes import Hmac

WHO = "{payload.name/payload.email!line}"
MEETING = "{payload.scheduled_event.name!line} at {payload.scheduled_event.start_time}"

PROVIDER = Provider(
    id="calendly",
    title="Calendly",
    docs="https://developer.calendly.com/api-docs/overview/webhooks/webhook-signatures",
    color="#006bff",
    identify=(
        ("header:Calendly-Webhook-Signature",),
        (r"body:event~^(invitee|invitee_no_show|routing_form_submission)\.", "body:payload", "body:created_at"),
    ),
    event=("body:event",),
    signatures=(
        Hmac(
            name="v1",
            at="header:Calendly-Webhook-Signature",
            layout="pairs",
            signed="{timestamp}.{body}",
            timestamp="pair:t",
            tolerance=180,
        ),
    ),
    sends=(("Content-Type", "application/json"),),
    notes=(
        "A webhook made with a personal access token is signed only where a signing_key was given when it was made.",
        "An OAuth app has one signing key for all its webhooks, shown when the app is made.",
        "A subscription of a user's scope does not see what the other members of the organization get.",
        "Rescheduling arrives as a cancellation with rescheduled: true, and as a new booking.",
        "There is no delivery id: payload.uri names the invitee.",
    ),
    summary={
        "invitee.created": (
            f"{WHO} booked {MEETING}",
            f"{WHO} booked an event",
        ),
        "invitee.canceled": (
            f"{WHO} cancelled {MEETING}[: {{payload.cancellation.reason!line}}]",
            f"{WHO} cancelled an event",
        ),
        "*": (f"{{@event!words}}: {WHO}", "{@event!words}"),
    },
    events=(
        Event("invitee.created", "Somebody booked an event"),
        Event("invitee.canceled", "A booking was cancelled"),
        Event("routing_form_submission.created", "Somebody sent a routing form in"),
    ),
)

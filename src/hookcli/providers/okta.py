"""Okta: event hooks.

Sources: Okta's documentation, "Event hooks" and "Event hooks API" (the verification by X-Okta-Verification-Challenge,
the Authorization header, the payload with System Log events), and the catalogue of event types of the System Log.
"""

from hookcli.providers.spec import Event, Handshake, Provider
from hookcli.signing.schemes import Token

ASKED = ("header:X-Okta-Verification-Challenge",)
WHAT = "{data.events.0.displayMessage/data.events.0.eventType}"
BY = "[ by {data.events.0.actor.alternateId}][, and {data.events!more:event}]"

PROVIDER = Provider(
    id="okta",
    title="Okta",
    docs="https://developer.okta.com/docs/concepts/event-hooks/",
    color="#007dc1",
    identify=(
        ASKED,
        ("body:eventType=com.okta.event_hook", "body:eventId", "body:data.events"),
    ),
    event=("body:data.events.0.eventType", "body:eventType"),
    action=("body:data.events.0.outcome.result",),
    delivery_id=("body:eventId",),
    ping=(ASKED,),
    handshake=Handshake(when=(ASKED,), body={"verification": "{header:X-Okta-Verification-Challenge}"}),
    signatures=(Token(name="authorization", at="header:Authorization"),),
    sends=(("Accept", "application/json"), ("Content-Type", "application/json")),
    summary={
        "*": (
            f"{WHAT}[: {{data.events.0.target.0.alternateId}}]{BY}",
            "asks for its challenge back",
        ),
    },
    events=(
        Event("user.lifecycle.create", "A user was made"),
        Event("user.lifecycle.activate", "A user was activated"),
        Event("user.lifecycle.deactivate", "A user was deactivated"),
        Event("user.lifecycle.suspend", "A user was suspended"),
        Event("user.lifecycle.unsuspend", "A user is suspended no more"),
        Event("user.lifecycle.delete.initiated", "A user is being deleted"),
        Event("user.account.update_profile", "A user's profile was changed"),
        Event("user.account.update_password", "A user changed the password"),
        Event("user.account.reset_password", "A user's password was reset"),
        Event("user.account.lock", "A user was locked out"),
        Event("user.session.start", "A user signed in"),
        Event("group.lifecycle.create", "A group was made"),
        Event("group.lifecycle.delete", "A group was deleted"),
        Event("group.user_membership.add", "A user was added to a group"),
        Event("group.user_membership.remove", "A user was removed from a group"),
        Event("application.user_membership.add", "A user was given an application"),
        Event("application.user_membership.remove", "An application was taken from a user"),
        Event("policy.lifecycle.update", "A policy was changed"),
    ),
    notes=(
        "Verification is a GET with X-Okta-Verification-Challenge; it is answered as verification, in JSON.",
        "The secret is sent as it is, in Authorization or a header of your choice; nothing is signed.",
        "data.events is a list of System Log events; event and action shown here are the first one's.",
        "Answer with an empty 200 or 204, before you work. The same event may come again: its uuid tells.",
    ),
)

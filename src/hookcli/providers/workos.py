"""WorkOS: webhooks for directories, connections, users and organizations.

Sources: WorkOS's documentation, "Sync data with webhooks" (the header, the payload) and "Webhooks best practices"
(three days of retries, no order); workos (its Python library), `workos/webhooks` (what is signed, a timestamp in
milliseconds, the blank in the header, 180 seconds) and `workos/common/models` (event names).
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Hmac

PERSON = "{data.email/data.user.email/data.username/data.id}"

PROVIDER = Provider(
    id="workos",
    title="WorkOS",
    docs="https://workos.com/docs/events/data-syncing/webhooks",
    color="#6363f1",
    identify=(("header:WorkOS-Signature",),),
    event=("body:event",),
    delivery_id=("body:id",),
    signatures=(
        Hmac(
            name="v1",
            at="header:WorkOS-Signature",
            signed="{timestamp}.{body}",
            layout="pairs",
            separator=", ",
            timestamp="pair:t",
            milliseconds=True,
            tolerance=180,
        ),
    ),
    sends=(("Content-Type", "application/json"),),
    summary={
        "dsync.user.created": f"{PERSON} was added to the directory",
        "dsync.user.updated": f"{PERSON} was changed in the directory",
        "dsync.user.deleted": f"{PERSON} was deleted from the directory",
        "dsync.group.user_added": "{data.user.email/data.user.username/data.user.id} joined {data.group.name}",
        "dsync.group.user_removed": "{data.user.email/data.user.username/data.user.id} left {data.group.name}",
        "connection.activated": "connection {data.name/data.id} was activated",
        "connection.deactivated": "connection {data.name/data.id} was deactivated",
        "*": (f"{{@event!words}}: {PERSON}", "{@event!words}"),
    },
    events=(
        Event("dsync.activated", "A directory was connected"),
        Event("dsync.deleted", "A directory was disconnected"),
        Event("dsync.user.created", "A user was added to a directory"),
        Event("dsync.user.updated", "A user of a directory was changed"),
        Event("dsync.user.deleted", "A user was deleted from a directory"),
        Event("dsync.group.created", "A group was added to a directory"),
        Event("dsync.group.updated", "A group of a directory was changed"),
        Event("dsync.group.deleted", "A group was deleted from a directory"),
        Event("dsync.group.user_added", "A user was added to a group"),
        Event("dsync.group.user_removed", "A user was removed from a group"),
        Event("connection.activated", "A connection for single sign-on was activated"),
        Event("connection.deactivated", "A connection for single sign-on was deactivated"),
        Event("connection.deleted", "A connection for single sign-on was deleted"),
        Event("user.created", "A user was made"),
        Event("user.updated", "A user was changed"),
        Event("user.deleted", "A user was deleted"),
        Event("organization.created", "An organization was made"),
        Event("organization.updated", "An organization was changed"),
        Event("organization.deleted", "An organization was deleted"),
        Event("organization_membership.created", "A user became a member of an organization"),
        Event("organization_membership.updated", "A membership was changed"),
        Event("organization_membership.deleted", "A membership ended"),
        Event("invitation.created", "Somebody was invited"),
        Event("invitation.accepted", "An invitation was accepted"),
        Event("authentication.password_succeeded", "Somebody signed in by password"),
        Event("authentication.password_failed", "Somebody could not sign in by password"),
        Event("authentication.sso_succeeded", "Somebody signed in by single sign-on"),
        Event("authentication.sso_failed", "Somebody could not sign in by single sign-on"),
    ),
    limits=Limits(retries="for up to three days, later each time; for some minutes where it is not production"),
    notes=(
        "The timestamp in the header counts milliseconds.",
        "Events may come out of order, also when one is sent again: look at the time of what you have.",
        "`id` is the event's and stays the same when it is sent again.",
    ),
)

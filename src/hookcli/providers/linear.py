"""Linear.

Sources: Linear's developer documentation, "Webhooks" (headers, retries, limits), as quoted in several public receivers;
its SDK (linear/linear: packages/sdk/src/webhooks/client.ts for the signature and the one minute, webhooks/types.ts for
the catalogue, schema.graphql for the payload's keys).
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Hmac

WHO = "{actor.name/data.user.name}"
DONE = "{action!past}"

PROVIDER = Provider(
    id="linear",
    title="Linear",
    docs="https://linear.app/developers/webhooks",
    color="#5e6ad2",
    identify=(
        ("header:Linear-Event",),
        ("header:Linear-Signature",),
        ("body:webhookTimestamp", "body:webhookId", "body:organizationId", "body:type"),
    ),
    event=("header:Linear-Event", "body:type"),
    action=("body:action",),
    delivery_id=("header:Linear-Delivery",),
    hook_id=("body:webhookId",),
    signatures=(Hmac(name="sha256", at="header:Linear-Signature"),),
    sends=(
        ("Accept-Charset", "utf-8"),
        ("Content-Type", "application/json; charset=utf-8"),
        ("Linear-Delivery", "{id}"),
        ("Linear-Event", "{event}"),
        ("Linear-Timestamp", "{milliseconds}"),
        ("User-Agent", "Linear-Webhook"),
    ),
    summary={
        "Issue": (
            f"{WHO} {DONE} {{data.identifier}}: {{data.title!line}}",
            f"{{data.identifier}} {DONE}: {{data.title!line}}",
        ),
        "Comment.create": f"{WHO} commented on {{data.issue.identifier}}: {{data.body!line}}",
        "Comment": (
            f"{WHO} {DONE} a comment on {{data.issue.identifier}}: {{data.body!line}}",
            f"{WHO} {DONE} a comment: {{data.body!line}}",
        ),
        "IssueSLA": "{issueData.identifier} SLA {action!words}: {issueData.title!line}",
        "*": (
            f"{WHO} {DONE} {{@event}}: {{data.name/data.title/data.id!line}}",
            f"{{@event}} {DONE}: {{data.name/data.title/data.id!line}}",
            "{@event} {action!words}",
        ),
    },
    events=(
        Event("Issue", "An issue was made, changed or removed"),
        Event("Comment", "A comment was made, changed or removed"),
        Event("IssueLabel", "A label was made, changed or removed"),
        Event("Attachment", "An attachment was put on an issue, changed or removed"),
        Event("Reaction", "Somebody reacted to a comment, or took it back"),
        Event("Project", "A project was made, changed or removed"),
        Event("ProjectUpdate", "A project's status was posted, changed or removed"),
        Event("Initiative", "An initiative was made, changed or removed"),
        Event("InitiativeUpdate", "An initiative's status was posted, changed or removed"),
        Event("Cycle", "A cycle was made, changed or removed"),
        Event("Document", "A document was made, changed or removed"),
        Event("Customer", "A customer was made, changed or removed"),
        Event("CustomerNeed", "A customer's request was made, changed or removed"),
        Event("User", "A user was changed"),
        Event("AuditEntry", "Something was written to the audit log"),
        Event("IssueSLA", "An issue's service level was set, is at risk or was missed"),
        Event("OAuthApp", "The application's access was revoked"),
        Event("AppUserNotification", "The application's user was notified"),
        Event("PermissionChange", "The application's access to teams changed"),
        Event("AgentSessionEvent", "An agent's session was begun or prompted"),
    ),
    limits=Limits(timeout=5, retries="up to three times: after 1 minute, 1 hour and 6 hours; anything but 200 fails"),
    notes=(
        "Linear's own SDK refuses a webhookTimestamp (in the body, milliseconds) that is over a minute off.",
        "So an old delivery that is sent again has a valid signature, and is refused all the same.",
        "updatedFrom holds the former values of what an update changed.",
        "Comment, Issue and the like have action create, update or remove; other events have their own.",
        "Linear may switch off a webhook that keeps failing.",
    ),
)

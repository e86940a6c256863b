"""Jira (Cloud; Data Center where the payload is the same).

Sources: Atlassian's developer documentation, "Webhooks" of Jira Cloud (signature with its test values, headers, what
admin webhooks are); event names and the meaning of the headers from the documentation of jira.js (webhooks module) and
the Jira REST API's webhook operations.
"""

from hookcli.providers.spec import Event, Provider
from hookcli.signing.schemes import Hmac

WHO = "{user.displayName/user.name/comment.author.displayName}"
ISSUE = "{issue.key}: {issue.fields.summary!line}"
NOTE = "{issue.key}: {comment.body!line}"

PROVIDER = Provider(
    id="jira",
    title="Jira",
    docs="https://developer.atlassian.com/cloud/jira/platform/webhooks/",
    color="#0052cc",
    identify=(
        ("header:X-Atlassian-Webhook-Identifier", "!header:X-Event-Key"),
        ("header:X-Hub-Signature", "!header:X-GitHub-Event", "body:webhookEvent"),
        ("body:webhookEvent", "body:timestamp"),
    ),
    event=("body:webhookEvent",),
    action=("body:issue_event_type_name",),
    delivery_id=("header:X-Atlassian-Webhook-Identifier",),
    signatures=(Hmac(name="sha256", at="header:X-Hub-Signature", prefix="sha256="),),
    sends=(
        ("Content-Type", "application/json"),
        ("X-Atlassian-Webhook-Identifier", "{id}"),
        ("X-Atlassian-Webhook-Flow", "Primary"),
    ),
    summary={
        "jira:issue_created": (f"{WHO} opened {ISSUE}", f"opened: {ISSUE}"),
        "jira:issue_updated": (
            f"{WHO} changed {{changelog.items.0.field}} of {{issue.key}} to {{changelog.items.0.toString!line}}",
            f"{WHO} changed {ISSUE}",
            f"changed: {ISSUE}",
        ),
        "jira:issue_deleted": (f"{WHO} deleted {ISSUE}", f"deleted: {ISSUE}"),
        "comment_created": (f"{WHO} commented on {NOTE}", f"{WHO} commented on {{issue.key}}"),
        "comment_updated": (f"{WHO} changed a comment on {NOTE}", f"{WHO} changed a comment on {{issue.key}}"),
        "comment_deleted": "a comment on {issue.key} was deleted",
        "*": (
            "{@event!words}: {sprint.name/version.name/project.name/board.name/attachment.filename!line}",
            "{@event!words}: {issue.key}",
            "{@event!words}",
        ),
    },
    events=(
        Event("jira:issue_created", "An issue was opened"),
        Event("jira:issue_updated", "An issue was changed, moved, assigned or commented on"),
        Event("jira:issue_deleted", "An issue was deleted"),
        Event("comment_created", "Somebody commented on an issue"),
        Event("comment_updated", "A comment was changed"),
        Event("comment_deleted", "A comment was deleted"),
        Event("attachment_created", "A file was attached to an issue"),
        Event("attachment_deleted", "An attached file was deleted"),
        Event("issue_property_set", "A property was set on an issue"),
        Event("issue_property_deleted", "A property of an issue was deleted"),
        Event("sprint_created", "A sprint was made"),
        Event("sprint_updated", "A sprint was changed"),
        Event("sprint_deleted", "A sprint was deleted"),
        Event("sprint_started", "A sprint was started"),
        Event("sprint_closed", "A sprint was closed"),
        Event("jira:version_created", "A version was made"),
        Event("jira:version_updated", "A version was changed"),
        Event("jira:version_moved", "A version was moved in the order"),
        Event("jira:version_released", "A version was released"),
        Event("jira:version_unreleased", "A release was taken back"),
        Event("jira:version_merged", "A version was merged into another"),
        Event("jira:version_deleted", "A version was deleted"),
    ),
    notes=(
        "X-Hub-Signature is SHA-256 here, not SHA-1 as GitHub's header of that name: `sha256=` and hex.",
        "Only webhooks that an admin made with a secret are signed so.",
        "Webhooks of Connect and OAuth apps carry a token in Authorization instead, which hookcli does not check.",
        "X-Atlassian-Webhook-Identifier stays the same over retries; X-Atlassian-Webhook-Retry counts them.",
        "X-Atlassian-Webhook-Flow is Primary for the change itself and Secondary for what follows from it in bulk.",
        "webhookEvent tells what happened; issue_event_type_name says it finer (issue_assigned, issue_commented).",
    ),
)

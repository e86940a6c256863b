"""Azure DevOps: service hooks to the consumer "Web Hooks".

Sources: Microsoft's documentation, "Service hooks events" (MicrosoftDocs/azure-devops-docs, docs/service-hooks/
events.md: event ids, payloads) and "Webhooks" with Azure DevOps (basic authentication, HTTPS); subscriptionId,
notificationId and the parts of a push from payloads recorded in the tests of public receivers.
"""

from hookcli.providers.spec import Event, Provider
from hookcli.signing.schemes import Token

PUSHED = "{resource.pushedBy.displayName} pushed {resource.commits!count:commit} to {resource.refUpdates.0.name!branch}"
SAID = "{message.text/message.markdown/detailedMessage.text!line}"

PROVIDER = Provider(
    id="azure-devops",
    title="Azure DevOps",
    docs="https://learn.microsoft.com/azure/devops/service-hooks/services/webhooks",
    color="#0078d7",
    identify=(
        ("body:publisherId", "body:eventType", "body:resourceContainers"),
        ("body:publisherId", "body:eventType", "body:resource"),
    ),
    event=("body:eventType",),
    delivery_id=("body:id",),
    hook_id=("body:subscriptionId",),
    signatures=(Token(name="basic", at="header:Authorization", style="basic"),),
    sends=(("Content-Type", "application/json; charset=utf-8"),),
    summary={
        "git.push": (
            f"{PUSHED}: {{resource.commits.0.comment!line}}",
            SAID,
            "push to {resource.refUpdates.0.name!branch}",
        ),
        "*": (SAID, "{@event!words}"),
    },
    events=(
        Event("git.push", "Commits were pushed"),
        Event("git.pullrequest.created", "A pull request was opened"),
        Event("git.pullrequest.updated", "A pull request was changed, reviewed, completed or abandoned"),
        Event("git.pullrequest.merged", "A merge was tried for a pull request"),
        Event("tfvc.checkin", "A changeset was checked in"),
        Event("build.complete", "A build ended"),
        Event("ms.vss-release.release-created-event", "A release was made"),
        Event("ms.vss-release.release-abandoned-event", "A release was given up"),
        Event("ms.vss-release.deployment-started-event", "A deployment began"),
        Event("ms.vss-release.deployment-completed-event", "A deployment ended"),
        Event("ms.vss-release.deployment-approval-pending-event", "A deployment waits for approval"),
        Event("ms.vss-release.deployment-approval-completed-event", "A deployment was approved or rejected"),
        Event("workitem.created", "A work item was made"),
        Event("workitem.updated", "A work item was changed"),
        Event("workitem.commented", "Somebody commented on a work item"),
        Event("workitem.deleted", "A work item was deleted"),
        Event("workitem.restored", "A work item was restored"),
    ),
    notes=(
        "Nothing is signed: user and password in Authorization, over HTTPS, are all there is; headers may be added.",
        "publisherId is tfs for code, builds and work items, and rm for releases.",
        "How much of message, detailedMessage and resource is sent is a setting: any of them may be missing.",
        "`id` is the event's; notificationId counts within one subscription (subscriptionId).",
    ),
)

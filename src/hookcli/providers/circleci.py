"""CircleCI.

Sources: circleci/circleci-docs, guides/integration/outbound-webhooks.adoc (headers, signature with example values,
deduplicating, events) and reference/outbound-webhooks-reference.adoc (payload).
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Hmac

BRANCH = "{pipeline.vcs.branch/pipeline.trigger_parameters.git.branch/pipeline.vcs.tag}"
STATUS = "{job.status/workflow.status!words}"

PROVIDER = Provider(
    id="circleci",
    title="CircleCI",
    docs="https://circleci.com/docs/guides/integration/outbound-webhooks/",
    color="#343434",
    identify=(
        ("header:circleci-event-type",),
        ("header:circleci-signature",),
        ("body:happened_at", "body:webhook.id", "body:pipeline.id"),
    ),
    event=("header:circleci-event-type", "body:type"),
    action=("body:job.status", "body:workflow.status"),
    delivery_id=("body:id",),
    hook_id=("body:webhook.id",),
    signatures=(Hmac(name="v1", at="header:circleci-signature", layout="pairs", pair="v1"),),
    sends=(
        ("content-type", "application/json"),
        ("user-agent", "CircleCI-Webhook/1.0"),
        ("circleci-event-type", "{event}"),
    ),
    infer=(("body:job", "job-completed"), ("body:workflow", "workflow-completed")),
    summary={
        "workflow-completed": (
            f"workflow {{workflow.name}} of {{project.name}} on {BRANCH}: {STATUS}",
            f"workflow {{workflow.name}} of {{project.name}}: {STATUS}",
        ),
        "job-completed": (
            f"job {{job.name}} of {{project.name}} on {BRANCH}: {STATUS}",
            f"job {{job.name}} of {{project.name}}: {STATUS}",
        ),
        "*": ("{@event!words}: {project.name}", "{@event!words}"),
    },
    events=(
        Event("workflow-completed", "A workflow ended: success, failed, error, canceled or unauthorized"),
        Event("job-completed", "A job ended: success, failed, canceled or unauthorized"),
    ),
    limits=Limits(retries="later, after anything but 2xx or no answer in a short time"),
    notes=(
        "circleci-signature may list further versions (v1=...,v2=...); v1 is the only one there is so far.",
        "A delivery may come twice: the payload's `id` tells.",
        "pipeline.vcs is there for GitHub OAuth and Bitbucket Cloud only; others have pipeline.trigger_parameters.",
        "A job's delivery has no workflow.status: the workflow is still running.",
    ),
)

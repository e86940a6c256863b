"""Harbor: project webhooks in the default payload format.

Sources: goharbor/harbor, src/pkg/notifier/formats/default.go and model/event.go (payload), handler/notification/
http_handler.go (Authorization), src/pkg/notification/notification.go and src/controller/event/topic.go (event types),
src/jobservice/job/impl/notification (sending, time-out).
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Token

WHO = "{operator}"
IMAGE = "{event_data.repository.repo_full_name}[:{event_data.resources.0.tag}]"

PROVIDER = Provider(
    id="harbor",
    title="Harbor",
    docs="https://goharbor.io/docs/latest/working-with-projects/project-configuration/configure-webhooks/",
    color="#60b932",
    identify=(("body:occur_at", "body:operator", "body:event_data", "body:type"),),
    event=("body:type",),
    signatures=(Token(name="auth-header", at="header:Authorization"),),
    sends=(
        ("User-Agent", "Go-http-client/1.1"),
        ("Content-Type", "application/json"),
        ("Accept-Encoding", "gzip"),
    ),
    summary={
        "PUSH_ARTIFACT": f"{WHO} pushed {IMAGE}",
        "PULL_ARTIFACT": f"{WHO} pulled {IMAGE}",
        "DELETE_ARTIFACT": f"{WHO} deleted {IMAGE}",
        "SCANNING_COMPLETED": f"{IMAGE} was scanned",
        "SCANNING_FAILED": f"{IMAGE} could not be scanned",
        "SCANNING_STOPPED": f"the scan of {IMAGE} was stopped",
        "QUOTA_EXCEED": "quota exceeded by {event_data.repository.repo_full_name}",
        "QUOTA_WARNING": "quota nearly used up by {event_data.repository.repo_full_name}",
        "REPLICATION": "replication[ ({event_data.replication.trigger_type})]: {event_data.replication.job_status}",
        "TAG_RETENTION": (
            "tag retention in {event_data.retention.project_name}: kept {event_data.retention.retained} of "
            "{event_data.retention.total}"
        ),
        "*": ("{@event!words}: {event_data.repository.repo_full_name}", "{@event!words}"),
    },
    events=(
        Event("PUSH_ARTIFACT", "An artifact was pushed"),
        Event("PULL_ARTIFACT", "An artifact was pulled"),
        Event("DELETE_ARTIFACT", "An artifact was deleted"),
        Event("SCANNING_COMPLETED", "A scan ended"),
        Event("SCANNING_STOPPED", "A scan was stopped"),
        Event("SCANNING_FAILED", "A scan failed"),
        Event("QUOTA_EXCEED", "The project's quota was exceeded"),
        Event("QUOTA_WARNING", "The project's quota is nearly used up"),
        Event("REPLICATION", "A replication changed its state"),
        Event("TAG_RETENTION", "Tags were kept and deleted by rule"),
    ),
    limits=Limits(timeout=3, retries="until it failed three times (both are settings of the job service)"),
    notes=(
        "Nothing is signed: the auth header of the policy is sent as Authorization, whole and as it is.",
        "In the payload format CloudEvents a delivery is a CloudEvent: hookcli then tells cloudevents.",
        "There is no delivery id; occur_at is in seconds.",
        "An artifact that was pulled by digest has the digest as its tag.",
    ),
)

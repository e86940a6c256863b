"""Snyk: webhooks of an organisation (beta).

Sources: Snyk's documentation, "Webhook events and payloads" and "Validation and versioning of payloads" (headers,
events, signature).
"""

from hookcli.providers.spec import Event, Provider
from hookcli.signing.schemes import Hmac

PROVIDER = Provider(
    id="snyk",
    title="Snyk",
    docs="https://docs.snyk.io/snyk-api/using-specific-snyk-apis/webhooks-apis/webhooks",
    color="#4c4a73",
    identify=(("header:X-Snyk-Event",),),
    event=("header:X-Snyk-Event",),
    delivery_id=("header:X-Snyk-Transport-ID",),
    hook_id=("body:webhookId",),
    ping=(("header:X-Snyk-Event~^ping/",),),
    signatures=(Hmac(name="sha256", at="header:X-Hub-Signature", prefix="sha256="),),
    sends=(
        ("X-Snyk-Event", "{event}"),
        ("X-Snyk-Transport-ID", "{id}"),
        ("X-Snyk-Timestamp", "{time}"),
        ("User-Agent", "Snyk-Webhooks/{hex7}"),
        ("Content-Type", "application/json"),
    ),
    infer=(("body:webhookId", "ping/v0"), ("body:newIssues", "project_snapshot/v0")),
    notes=(
        "The event's name has the version of its payload: project_snapshot/v0.",
        "X-Hub-Signature is GitHub's older header, with SHA-256 in it: sha256= and the HMAC of the body in hex.",
        "A project_snapshot is sent for every test of a project, with or without new issues.",
        "Only projects of Open Source and containers send; Snyk Code and IaC do not.",
        "Webhooks are in beta: Snyk may change the payloads without notice.",
    ),
    summary={
        "ping/v0": "a ping of the webhook {webhookId}",
        "project_snapshot/v0": (
            "{project.name}: {newIssues!count:new issue}, {removedIssues!count:fixed issue}",
            "{project.name} was tested",
        ),
        "*": "{@event!words}",
    },
    events=(
        Event("ping/v0", "A webhook was made, or a ping was asked for"),
        Event("project_snapshot/v0", "A project was tested"),
    ),
)

"""Buildkite (Pipelines).

Sources: buildkite/docs, pages/apis/webhooks: pipelines.md (headers, events), pipelines/build_events.md, job_events.md,
ping_events.md and _agent_events_table.md (payloads), _webhook_signature.md, _verifying_hmac_signatures.md and
_defending_against_replay_attacks.md (the signature and its timestamp).
"""

from hookcli.providers.spec import Event, Provider
from hookcli.signing.schemes import Hmac, Token

BUILD = "{pipeline.name} #{build.number}[ on {build.branch}]"

PROVIDER = Provider(
    id="buildkite",
    title="Buildkite",
    docs="https://buildkite.com/docs/apis/webhooks/pipelines",
    color="#14cc80",
    identify=(("header:X-Buildkite-Event",), ("header:X-Buildkite-Signature",), ("header:X-Buildkite-Token",)),
    event=("header:X-Buildkite-Event", "body:event"),
    action=("body:build.state",),
    ping=(("header:X-Buildkite-Event=ping",),),
    signatures=(
        Hmac(
            name="signature",
            at="header:X-Buildkite-Signature",
            layout="pairs",
            pair="signature",
            signed="{timestamp}.{body}",
            timestamp="pair:timestamp",
            tolerance=300,
            group="token or signature",
        ),
        Token(name="token", at="header:X-Buildkite-Token", group="token or signature"),
    ),
    sends=(("Content-Type", "application/json"), ("X-Buildkite-Event", "{event}")),
    infer=(("body:service", "ping"), ("body:job", "job.finished"), ("body:build", "build.finished")),
    summary={
        "build.scheduled": f"{BUILD} is scheduled[: {{build.message!line}}]",
        "build.running": f"{BUILD} runs[: {{build.message!line}}]",
        "build.failing": f"{BUILD} is failing[: {{build.message!line}}]",
        "build.finished": f"{BUILD} {{build.state!words}}[: {{build.message!line}}]",
        "ping": ("ping[ by {sender.name}]: the notification's settings were saved",),
        "*": (
            f"{{@event}}: {{job.name/job.command!line}} of {BUILD}[, {{job.state}}]",
            f"{{@event}}: {BUILD}",
            "{@event}: {agent.name}",
            "{@event}",
        ),
    },
    events=(
        Event("ping", "The webhook's settings were changed"),
        Event("build.scheduled", "A build was scheduled"),
        Event("build.running", "A build started"),
        Event("build.failing", "A job failed while the build still runs"),
        Event("build.finished", "A build ended"),
        Event("build.skipped", "A build was skipped"),
        Event("job.scheduled", "A command job waits for an agent"),
        Event("job.started", "A command job started on an agent"),
        Event("job.finished", "A job ended"),
        Event("job.activated", "A block step was unblocked"),
        Event("job.promised_exit_status", "A running job told its exit status ahead"),
        Event("agent.connected", "An agent connected"),
        Event("agent.lost", "An agent is not heard of any more"),
        Event("agent.disconnected", "An agent disconnected"),
        Event("agent.stopping", "An agent was told to stop and finishes its job"),
        Event("agent.stopped", "An agent stopped"),
        Event("agent.blocked", "An agent's address is not allowed any more"),
        Event("cluster_token.registration_blocked", "An agent was turned away for its address"),
    ),
    notes=(
        "The webhook's settings choose one: X-Buildkite-Token, the secret itself, or X-Buildkite-Signature.",
        "The timestamp of the signature is when it was sent, not when the build changed.",
        "There is no delivery id: a build's id with the event tells deliveries apart, mostly.",
        "A blocked build arrives as build.finished with blocked: true.",
        "A fast build may be further than the event says: the payload is of the time of sending.",
    ),
)

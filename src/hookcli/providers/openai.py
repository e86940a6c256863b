"""OpenAI: webhooks of a project.

Sources: OpenAI's documentation, "Webhooks" (the delivery as an example, retries) and openai-python, `lib/_webhooks.py`
(what is signed, the forms of the secret, 300 seconds) and `types/webhooks` (the events and what they hold).
"""

from dataclasses import replace

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.providers.standard_webhooks import V1

PROVIDER = Provider(
    id="openai",
    title="OpenAI",
    docs="https://platform.openai.com/docs/guides/webhooks",
    color="#10a37f",
    identify=(
        ("header:webhook-id", "header:User-Agent~^OpenAI/", "body:object=event"),
        (
            "header:webhook-id",
            "body:object=event",
            r"body:type~^(response|batch|fine_tuning\.job|eval\.run|(realtime|live)\.call|safety_identifier)\.\w+$",
            "body:data",
        ),
    ),
    supersedes=("standard-webhooks",),
    event=("body:type",),
    delivery_id=("header:webhook-id",),
    # A secret with whsec_ is decoded, any other is the key as it stands.
    signatures=(
        replace(V1, secret="whsec"),  # noqa: S106 (the form of a secret)
        replace(V1, secret="not whsec"),  # noqa: S106 (the form of a secret)
    ),
    sends=(
        ("User-Agent", "OpenAI/1.0 (+https://platform.openai.com/docs/webhooks)"),
        ("Content-Type", "application/json"),
    ),
    limits=Limits(retries="for up to 72 hours, later each time; a redirect counts as a failure"),
    notes=(
        "By Standard Webhooks: webhook-id stays the same when a delivery is sent again.",
        "data has hardly more than the id: fetch the response, batch or job by it.",
        "`data.sip_headers` of an incoming call are the caller's own: they are not to be trusted.",
    ),
    summary={
        "realtime.call.incoming": "an incoming call: {data.call_id}",
        "live.call.incoming": "an incoming call: {data.session_id}",
        "safety_identifier.blocked": "blocked for {data.safety_category}: {data.safety_identifier}",
        "*": ("{type!words}: {data.id}", "{type!words}"),
    },
    events=(
        Event("response.completed", "A background response is complete"),
        Event("response.cancelled", "A background response was cancelled"),
        Event("response.failed", "A background response failed"),
        Event("response.incomplete", "A background response was interrupted"),
        Event("batch.completed", "A batch is complete"),
        Event("batch.cancelled", "A batch was cancelled"),
        Event("batch.expired", "A batch ran out of time"),
        Event("batch.failed", "A batch failed"),
        Event("fine_tuning.job.succeeded", "A fine-tuning job succeeded"),
        Event("fine_tuning.job.failed", "A fine-tuning job failed"),
        Event("fine_tuning.job.cancelled", "A fine-tuning job was cancelled"),
        Event("eval.run.succeeded", "An evaluation succeeded"),
        Event("eval.run.failed", "An evaluation failed"),
        Event("eval.run.canceled", "An evaluation was cancelled"),
        Event("realtime.call.incoming", "A call came in over SIP, to be taken by the Realtime API"),
        Event("live.call.incoming", "A call came in over SIP, to be taken by the Live API"),
        Event("safety_identifier.blocked", "A request was blocked for its safety identifier"),
    ),
)

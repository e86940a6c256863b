"""Replicate: webhooks of predictions and trainings.

Sources: Replicate's documentation, "Webhooks" (when they are sent, retries) and "Verify webhooks"; replicate-python,
`replicate/webhook.py` (headers, what is signed, the form of the secret) and `replicate/prediction.py` (the payload).
"""

from dataclasses import replace

from hookcli.providers.spec import Event, Provider
from hookcli.providers.standard_webhooks import V1

WHAT = "{model/id}"

PROVIDER = Provider(
    id="replicate",
    title="Replicate",
    docs="https://replicate.com/docs/topics/webhooks",
    color="#ea2805",
    identify=(
        (
            "header:webhook-id",
            r"body:urls.get~^https://api\.replicate\.com/v1/(predictions|trainings)/",
            "body:status",
            "body:id",
        ),
    ),
    supersedes=("standard-webhooks",),
    event=("body:status",),
    delivery_id=("header:webhook-id",),
    signatures=(replace(V1, secret="whsec"),),  # noqa: S106 (the form of a secret)
    notes=(
        "The body is the prediction or training itself, as the API gives it: no event is named, status tells.",
        "The secret (whsec_) is one for the whole account: GET /v1/webhooks/default/secret.",
        "Which moments are sent (start, output, logs, completed) is said with each prediction: webhook_events_filter.",
        "Replicate's own library checks the age of a delivery only where it is told to.",
    ),
    summary={
        "failed": f"{WHAT} failed: {{error!line}}",
        "*": (f"{WHAT}: {{status}} after {{metrics.predict_time}} s", f"{WHAT}: {{status}}"),
    },
    events=(
        Event("starting", "It is about to run"),
        Event("processing", "It runs: output or logs may be new"),
        Event("succeeded", "It is done"),
        Event("failed", "It failed"),
        Event("canceled", "It was cancelled"),
    ),
)

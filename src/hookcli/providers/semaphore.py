"""Semaphore CI: webhook notifications.

Sources: semaphoreio/semaphore, `notifications/lib/notifications/workers/webhook.ex` and `webhook/signature.ex`
(headers, signature, time-outs, retries); its documentation, "Notifications" (the payload).
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Hmac

WHERE = "{project.name}[ on {revision.branch.name}]"

PROVIDER = Provider(
    id="semaphore",
    title="Semaphore CI",
    docs="https://docs.semaphore.io/using-semaphore/notifications",
    color="#19a974",
    identify=(
        ("header:X-Semaphore-Webhook-Id",),
        ("header:X-Semaphore-Signature-256",),
        ("header:User-Agent=Semaphore-Webhook",),
    ),
    event=("body:pipeline.result", "body:pipeline.state"),
    delivery_id=("header:X-Semaphore-Webhook-Id",),
    signatures=(Hmac(name="sha256", at="header:X-Semaphore-Signature-256"),),
    sends=(
        ("Content-type", "application/json"),
        ("User-Agent", "Semaphore-Webhook"),
        ("X-Semaphore-Webhook-Id", "{id}"),
    ),
    limits=Limits(timeout=0.5, retries="none, or up to five after a time-out, later each time, where that is set"),
    notes=(
        "It waits half a second for the answer, unless the notification says otherwise.",
        "The secret is the value of WEBHOOK_SECRET in an organisation's secret.",
        "X-Semaphore-Webhook-Id stays the same when a notification is sent again.",
    ),
    summary={
        "*": (
            f"{{pipeline.name}} {{pipeline.result}}: {WHERE}: {{revision.commit_message!line}}",
            f"{{pipeline.name}} {{pipeline.result}}: {WHERE}",
        ),
    },
    events=(
        Event("passed", "A pipeline passed"),
        Event("failed", "A pipeline failed"),
        Event("stopped", "A pipeline was stopped"),
        Event("canceled", "A pipeline was cancelled"),
    ),
)

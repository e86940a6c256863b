"""Render: webhooks of a workspace.

Sources: Render's documentation, "Webhooks" (headers, payload, time-out, retries) and its example apps
(render-examples/webhook-github-action, `app.ts` and `render.ts`: Standard Webhooks, the keys of a payload).
"""

from dataclasses import replace

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.providers.standard_webhooks import V1

SERVICE = "{data.serviceName/data.serviceId}"

PROVIDER = Provider(
    id="render",
    title="Render",
    docs="https://render.com/docs/webhooks",
    color="#8a05ff",
    identify=(
        (
            "header:webhook-id",
            "body:type~^[a-z_]+$",
            "body:timestamp",
            "body:data.id~^ev[a-z]-",
            "body:data.serviceId",
        ),
    ),
    supersedes=("standard-webhooks",),
    event=("body:type",),
    delivery_id=("header:webhook-id",),
    signatures=(replace(V1, secret="whsec or base64"),),  # noqa: S106 (the form of a secret)
    limits=Limits(
        timeout=15, retries="up to eight attempts over about 33 hours, later each time; then it is switched off"
    ),
    notes=(
        "By Standard Webhooks.",
        "data has the event's id, the service and, where something ended, its status: fetch the rest by the API.",
        "Webhooks are a paid feature (Professional and above).",
    ),
    summary={"*": (f"{{type!words}}: {SERVICE} {{data.status}}", f"{{type!words}}: {SERVICE}", "{type!words}")},
    events=(
        Event("build_started", "A build began"),
        Event("build_ended", "A build ended"),
        Event("deploy_started", "A deploy began"),
        Event("deploy_ended", "A deploy ended"),
        Event("pre_deploy_started", "A pre-deploy command began"),
        Event("pre_deploy_ended", "A pre-deploy command ended"),
        Event("image_pull_failed", "An image could not be pulled"),
        Event("job_run_ended", "A one-off job ended"),
        Event("commit_ignored", "A commit was passed over"),
        Event("server_failed", "An instance failed"),
        Event("server_available", "An instance is healthy again"),
    ),
)

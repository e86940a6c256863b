"""HCP Terraform (formerly Terraform Cloud) and Terraform Enterprise: notifications of the destination type `generic`.

Sources: HashiCorp's documentation, "Notification Configurations API" (hashicorp/terraform-docs-common, website/docs/
cloud-docs/api-docs/notification-configurations.mdx: triggers, payloads, authenticity, verification); the headers and
the verification payload from requests recorded in two public repositories.
"""

from hookcli.providers.spec import Event, Provider
from hookcli.signing.schemes import Hmac

WHERE = "{organization_name}/{workspace_name}"
RUN = f"{WHERE}: {{notifications.0.message!line}}[ ({{run_message!line}})]"

PROVIDER = Provider(
    id="terraform-cloud",
    title="HCP Terraform",
    docs="https://developer.hashicorp.com/terraform/cloud-docs/api-docs/notification-configurations",
    color="#7b42bc",
    identify=(
        ("header:X-TFE-Notification-Signature",),
        ("body:notification_configuration_id", "body:payload_version"),
    ),
    event=("body:notifications.0.trigger", "body:trigger"),
    action=("body:notifications.0.run_status",),
    hook_id=("body:notification_configuration_id",),
    ping=(("body:notifications.0.trigger=verification",), ("body:trigger=verification",)),
    signatures=(Hmac(name="sha512", at="header:X-TFE-Notification-Signature", hash="sha512"),),
    sends=(
        ("Accept", "application/json"),
        ("Accept-Encoding", "gzip, deflate"),
        ("User-Agent", "TFE/1.0 (+https://app.terraform.io; TFE)"),
        ("Content-Type", "application/json"),
    ),
    summary={
        "verification": ("{notifications.0.message/message!line}",),
        "*": (
            f"{{notifications.0.run_updated_by/run_created_by}}, {RUN}",
            RUN,
            "{details.organization_name}/{details.workspace_name}: {message!line}",
            "{@event!words}",
        ),
    },
    events=(
        Event("verification", "The notification was switched on, or is being tried"),
        Event("run:created", "A run was made and waits"),
        Event("run:planning", "A run is planning"),
        Event("run:needs_attention", "A run waits for somebody to approve or override"),
        Event("run:applying", "A run is applying"),
        Event("run:completed", "A run ended well"),
        Event("run:errored", "A run ended by an error, or was canceled"),
        Event("assessment:drifted", "The real resources are not what the configuration says"),
        Event("assessment:check_failure", "A continuous check failed"),
        Event("assessment:failed", "A health assessment could not be made"),
    ),
    notes=(
        "The digest is SHA-512, in hex. Without a token the header is there all the same, and empty.",
        "Switching a notification on sends `verification`, with nulls for the run: answer 2xx, or it stays off.",
        "A run's notifications (payload_version 1) hold a list, so far always of one.",
        'A workspace\'s notifications (payload_version "2", a text) have `trigger` and `details` instead.',
        "A canceled run arrives as run:errored; run_status tells.",
    ),
)

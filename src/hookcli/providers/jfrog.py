"""JFrog Platform (Artifactory, Xray, Distribution): predefined webhooks.

Sources: JFrog's documentation, "Webhooks" (domains and events, X-JFrog-Event-Auth, signing); jfrog/terraform-provider-
artifactory (`use_secret_for_signing`: sign, or send the secret as it is); receivers that read these deliveries:
akuity/kargo, `pkg/webhook/external/artifactory.go` (hex HMAC-SHA256 of the body), influxdata/telegraf,
`plugins/inputs/webhooks/artifactory` (the payload of each domain).
"""

from hookcli.providers.spec import Event, Provider
from hookcli.signing.schemes import Hmac, Token

ARTIFACT = "{data.repo_key}/{data.path}"
IMAGE = "{data.image_name}:{data.tag} in {data.repo_key}"
AT = "header:X-JFrog-Event-Auth"

PROVIDER = Provider(
    id="jfrog",
    title="JFrog Artifactory",
    docs="https://docs.jfrog.com/integrations/docs/predefined-webhooks",
    color="#40be46",
    identify=(
        (AT,),
        ("body:domain", "body:event_type", "body:data", "body:jpd_origin"),
        ("body:domain", "body:event_type", "body:data", "body:subscription_key"),
    ),
    event=("body:domain",),
    action=("body:event_type",),
    hook_id=("body:subscription_key",),
    signatures=(
        Hmac(name="sha256", at=AT),
        Token(name="token", at=AT, default=False),
    ),
    sends=(("Content-Type", "application/json"),),
    notes=(
        "X-JFrog-Event-Auth is the HMAC of the body, or else the secret itself: use the secret for payload signing.",
        "The domain and the event type name an event together: artifact deployed, docker pushed, build promoted.",
        "A custom webhook writes its body and headers by a template: only what is in it can tell.",
        "There is no delivery id. jpd_origin is the address of the platform.",
    ),
    summary={
        "artifact.deployed": f"{ARTIFACT} was deployed",
        "artifact.deleted": f"{ARTIFACT} was deleted",
        "artifact.moved": "{data.source_repo_path} was moved to {data.target_repo_path}",
        "artifact.copied": "{data.source_repo_path} was copied to {data.target_repo_path}",
        "artifact.cached": f"{ARTIFACT} was cached",
        "docker.pushed": f"{IMAGE} was pushed",
        "docker.deleted": f"{IMAGE} was deleted",
        "docker.promoted": f"{IMAGE} was promoted",
        "build": "build {data.build_name} #{data.build_number} {@action!words}",
        "release_bundle": "release bundle {data.release_bundle_name} {data.release_bundle_version}: {@action!words}",
        "*": (f"{{@event!words}} {{@action!words}}: {ARTIFACT}", "{@event!words} {@action!words}"),
    },
    events=(
        Event("artifact", "An artifact was deployed, deleted, moved, copied or cached"),
        Event("artifact_property", "A property of an artifact was added or deleted"),
        Event("docker", "A tag was pushed, deleted or promoted"),
        Event("build", "A build was uploaded, deleted or promoted"),
        Event("release_bundle", "A release bundle was created, signed or deleted"),
        Event("distribution", "A release bundle is being distributed, or a distribution ended"),
        Event("artifactory_release_bundle", "A release bundle arrived, or its deletion ended"),
        Event("user", "A user was locked out"),
    ),
)

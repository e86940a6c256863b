"""Bitrise: outgoing webhooks.

Sources: Bitrise's documentation, "Outgoing webhooks" (header, payloads, no retries); bitrise-io/addons-test-backend and
bitrise-io/addons-ship-backend (the keys that Bitrise's own add-ons read).
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.providers.unknown import QUERY_TOKENS
from hookcli.signing.schemes import Token

BUILD = "build {build_number}[ ({build_triggered_workflow})][ on {git.src_branch}]"

PROVIDER = Provider(
    id="bitrise",
    title="Bitrise",
    docs="https://docs.bitrise.io/",
    color="#683d87",
    identify=(("header:Bitrise-Event-Type",),),
    event=("header:Bitrise-Event-Type",),
    delivery_id=("body:build_slug",),
    hook_id=("body:app_slug",),
    signatures=(Token(name="auth-header", at="header:Authorization"), *QUERY_TOKENS),
    sends=(("Content-Type", "application/json"), ("Bitrise-Event-Type", "{event}")),
    infer=(("body:build_status=0", "build/triggered"), ("body:build_slug", "build/finished")),
    limits=Limits(retries="none; by hand in the Code tab"),
    notes=(
        "No signature is documented: set a header of your own, or put a secret into the URL.",
        "build_status is 0 not finished, 1 success, 2 failed, 3 aborted.",
        "There is no delivery id: the build's slug stands for it.",
    ),
    summary={
        "build/triggered": f"{BUILD} began",
        "build/finished": f"{BUILD} is done: status {{build_status}}",
        "*": f"{{@event!words}}: {BUILD}",
    },
    events=(Event("build/triggered", "A build was triggered"), Event("build/finished", "A build is done")),
)

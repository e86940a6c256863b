"""AppVeyor: webhook notifications.

Source: AppVeyor's documentation (appveyor/website, `src/docs/notifications.md`: methods, headers, payload).
"""

from hookcli.providers.spec import Event, Provider
from hookcli.signing.schemes import Token

BUILD = "{eventData.projectName} {eventData.buildVersion}"

PROVIDER = Provider(
    id="appveyor",
    title="AppVeyor",
    docs="https://www.appveyor.com/docs/notifications/#webhooks",
    color="#00b3e0",
    identify=(("body:eventName~^build_(success|failure)$", "body:eventData.buildVersion", "body:eventData.projectId"),),
    event=("body:eventName",),
    delivery_id=("body:eventData.buildId",),
    hook_id=("body:eventData.projectId",),
    signatures=(Token(name="auth-header", at="header:Authorization"),),
    sends=(("Content-Type", "application/json"),),
    notes=(
        "Nothing is signed: set a header of your own (Authorization, say), encrypted in appveyor.yml.",
        "The method may be GET, which has no body; a body of your own replaces this one.",
        "There is no delivery id: the build's stands for it.",
    ),
    summary={
        "build_success": f"{BUILD} passed[ on {{eventData.branch}}]: {{eventData.commitMessage!line}}",
        "build_failure": f"{BUILD} failed[ on {{eventData.branch}}]: {{eventData.commitMessage!line}}",
        "*": f"{BUILD}: {{eventData.status}}",
    },
    events=(Event("build_success", "A build passed"), Event("build_failure", "A build failed")),
)

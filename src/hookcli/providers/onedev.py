"""OneDev.

Source: theonedev/onedev, `io/onedev/server/notification/WebHookManager.java` (headers; the secret as it is) and
`model/support/WebHook.java` (the kinds of events); a receiver that reads these deliveries (type, projectId, refName).
"""

from hookcli.providers.spec import Event, Provider
from hookcli.signing.schemes import Token

PROVIDER = Provider(
    id="onedev",
    title="OneDev",
    docs="https://docs.onedev.io/",
    color="#1e6fff",
    identify=(("header:X-OneDev-Signature",),),
    event=("body:type",),
    hook_id=("body:projectId",),
    signatures=(Token(name="token", at="header:X-OneDev-Signature"),),
    sends=(
        ("Accept", "application/json"),
        ("Content-Type", "application/json"),
        ("Accept-Charset", "UTF-8"),
    ),
    notes=(
        "X-OneDev-Signature is no signature but the secret itself: it does not tell whether the body was changed.",
        "The body has ids, not names: ask the API for the project of projectId.",
        "Only 200 is taken for success; nothing is sent again.",
    ),
    summary={
        "RefUpdated": "{refName!branch} of project {projectId} was updated",
        "*": ("{type} in project {projectId}", "{type}"),
    },
    events=(Event("RefUpdated", "A branch or tag was pushed, created or deleted"),),
)

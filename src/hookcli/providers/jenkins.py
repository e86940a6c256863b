"""Jenkins: the Notification plugin (jenkinsci/notification-plugin), in JSON.

Sources: its `Protocol.java` (Content-Type, Authorization from the URL), `Format.java`, `Phase.java`, `Endpoint.java`
(time-out, retries) and `model/JobState.java`, `BuildState.java`, `ScmState.java` (the payload).
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.providers.unknown import QUERY_TOKENS
from hookcli.signing.schemes import Token

BUILD = "{name} #{build.number}"

PROVIDER = Provider(
    id="jenkins",
    title="Jenkins",
    docs="https://plugins.jenkins.io/notification/",
    color="#d33833",
    identify=(
        (
            "body:name",
            "body:url",
            "body:build.number",
            "body:build.url",
            "body:build.phase~^(QUEUED|STARTED|COMPLETED|FINALIZED|NONE)$",
        ),
    ),
    event=("body:build.phase",),
    action=("body:build.status",),
    signatures=(Token(name="basic", at="header:Authorization", style="basic"), *QUERY_TOKENS),
    sends=(("Content-Type", "application/json;charset=UTF-8"),),
    limits=Limits(timeout=30, retries="none, unless the endpoint is given some"),
    notes=(
        "Jenkins itself sends no webhooks: this is what the Notification plugin sends, in its format JSON.",
        "Nothing is signed: user and password in the URL arrive as Authorization (Basic), a token in it as it is.",
        "COMPLETED comes before the actions after the build, FINALIZED behind them.",
        "There is no delivery id: build.full_url and build.phase name a notification.",
        "A 307 is followed, every other answer is passed over.",
    ),
    summary={
        "STARTED": f"{BUILD} began[ on {{build.scm.branch!branch}}]",
        "QUEUED": f"{BUILD} waits",
        "*": (f"{BUILD} {{build.phase!words}}: {{build.status!words}}", f"{BUILD} {{build.phase!words}}"),
    },
    events=(
        Event("QUEUED", "A build waits for an executor"),
        Event("STARTED", "A build began"),
        Event("COMPLETED", "A build is done"),
        Event("FINALIZED", "A build and what follows it is done"),
    ),
)

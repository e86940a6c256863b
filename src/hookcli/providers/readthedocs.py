"""Read the Docs: build notifications.

Sources: readthedocs/readthedocs.org, `builds/tasks.py` (headers, older payload, time-out), `projects/models.py`
(signature) and `docs/user/guides/build/webhooks.rst` (events, payloads by a template).
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Hmac

PROVIDER = Provider(
    id="readthedocs",
    title="Read the Docs",
    docs="https://docs.readthedocs.com/platform/stable/build-notifications.html",
    color="#8ca1af",
    identify=(("header:X-RTD-Event",), ("header:User-Agent~^Read-the-Docs/",)),
    event=("header:X-RTD-Event",),
    signatures=(Hmac(name="sha256", at="header:X-Hub-Signature"),),
    sends=(
        ("User-Agent", "Read-the-Docs/15.7.0 (app.readthedocs.org)"),
        ("Accept-Encoding", "gzip, deflate"),
        ("Accept", "*/*"),
        ("Connection", "keep-alive"),
        ("content-type", "application/json"),
        ("X-RTD-Event", "{event}"),
    ),
    infer=(("body:build.success=false", "build:failed"), ("body:build.success=true", "build:passed")),
    limits=Limits(timeout=2, retries="none"),
    notes=(
        "X-Hub-Signature is the HMAC-SHA256 of the body in hex, with no sha256= before it.",
        "The body is written by a template of your own: only the headers and what you put there can be relied on.",
        "It waits two seconds for the answer.",
    ),
    summary={
        "build:triggered": ("the build of {slug} began", "a build of the documentation began"),
        "build:failed": ("the build of {slug} failed", "a build of the documentation failed"),
        "build:passed": ("the build of {slug} passed", "a build of the documentation passed"),
        "*": "{@event!words}",
    },
    events=(
        Event("build:triggered", "A build began"),
        Event("build:failed", "A build failed"),
        Event("build:passed", "A build passed"),
    ),
)

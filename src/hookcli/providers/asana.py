"""Asana.

Sources: developers.asana.com, "Webhooks" (the handshake, signature, heartbeats, retries) and "Establish a webhook"; the
shape of events from there and from the reference of the same events under "Events".
"""

from hookcli.providers.spec import Event, Handshake, Limits, Provider
from hookcli.signing.schemes import Hmac

FIRST = "{events!count:event}, first {@event!words} {events.0.resource.gid} {@action}"

PROVIDER = Provider(
    id="asana",
    title="Asana",
    docs="https://developers.asana.com/docs/webhooks-guide",
    color="#f06a6a",
    identify=(
        ("header:X-Hook-Secret",),
        ("header:X-Hook-Signature", "body:events"),
        ("body:events.0.resource.gid", "body:events.0.action"),
    ),
    event=("body:events.0.resource.resource_type",),
    action=("body:events.0.action",),
    ping=(("header:X-Hook-Secret",), ("header:X-Hook-Signature", "body:events", "!body:events.0")),
    handshake=Handshake(when=(("header:X-Hook-Secret",),), headers=(("X-Hook-Secret", "{header:X-Hook-Secret}"),)),
    signatures=(Hmac(name="sha256", at="header:X-Hook-Signature"),),
    sends=(("Content-Type", "application/json"),),
    limits=Limits(timeout=10, retries="for up to 24 hours"),
    notes=(
        "The secret comes once, as X-Hook-Secret of the handshake, and signs every later delivery: keep it.",
        "The handshake wants that header back with 200 or 204 while the request that makes the webhook still waits.",
        "A delivery is a list of events; event and action shown here are the first one's.",
        "An empty list is a heartbeat: it wants a 2xx too.",
        "Events have ids only: what changed has to be fetched, and may have changed again.",
        "There is no delivery id, and a delivery can't be sent again by hand.",
        "Deliveries come at most once; for certainty poll the resource as well.",
    ),
    summary={
        "*": (
            f"{FIRST} in {{events.0.parent.resource_type!words}} {{events.0.parent.gid}}",
            FIRST,
            "heartbeat: {events!count:event}",
            "handshake",
        ),
    },
    events=(
        Event("task", "A task was added, changed, removed, deleted or undeleted"),
        Event("story", "The same of a comment or an entry of a task's history"),
        Event("project", "The same of a project"),
        Event("section", "The same of a section"),
        Event("tag", "The same of a tag"),
        Event("attachment", "The same of a file"),
        Event("portfolio", "The same of a portfolio"),
        Event("goal", "The same of a goal"),
    ),
    sensitive=("header:X-Hook-Secret",),
)

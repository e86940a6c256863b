"""Docker Registry (CNCF Distribution): notifications.

Sources: distribution/distribution, docs/content/about/notifications.md (configuration, envelope, responses),
notifications/event.go (media type, actions, keys and their order) and notifications/http.go (how it is sent).
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Token

FIRST = "{events.0.target.repository}"
DONE = f"{FIRST}[:{{events.0.target.tag}}]"
BY = "[ by {events.0.actor.name}]"

PROVIDER = Provider(
    id="docker-registry",
    title="Docker Registry",
    docs="https://distribution.github.io/distribution/about/notifications/",
    color="#0db7ed",
    identify=(
        (r"header:Content-Type~^application/vnd\.docker\.distribution\.events\.v\d\+json",),
        ("body:events.0.target.repository", "body:events.0.action", "body:events.0.source"),
    ),
    event=("body:events.0.action",),
    delivery_id=("body:events.0.id",),
    signatures=(
        Token(name="basic", at="header:Authorization", style="basic"),
        Token(name="bearer", at="header:Authorization", style="bearer"),
    ),
    sends=(
        ("User-Agent", "Go-http-client/1.1"),
        ("Content-Type", "application/vnd.docker.distribution.events.v2+json"),
        ("Accept-Encoding", "gzip"),
    ),
    summary={
        "push": f"{DONE} was pushed{BY}",
        "pull": f"{DONE} was pulled{BY}",
        "delete": f"{DONE} was deleted{BY}",
        "mount": f"a layer was mounted into {FIRST}[ from {{events.0.target.fromRepository}}]",
        "*": (f"{{@event}} {DONE}", "{@event}"),
    },
    events=(
        Event("push", "A manifest or a layer was pushed"),
        Event("pull", "A manifest or a layer was pulled"),
        Event("mount", "A layer was mounted from another repository"),
        Event("delete", "A manifest, a layer or a tag was deleted"),
    ),
    limits=Limits(retries="until it succeeds, with a pause after `threshold` failures; 2xx and 3xx are successes"),
    notes=(
        "Nothing is signed: headers of your choice can be set (notifications.endpoints.headers), Authorization mostly.",
        "The body is a list of events that need not belong together; hookcli tells of the first.",
        "A push of an image is an event for each layer and one for the manifest: only that has a tag.",
        "A deletion has the digest and the repository only.",
        "The events waiting to be sent are kept in memory: a restart of the registry loses them.",
        "The time-out is a setting (timeout: 500ms in the documentation's example).",
    ),
)

"""Phabricator: Herald webhooks.

Sources: phacility/phabricator, src/docs/user/userguide/webhooks.diviner (format, verifying, retries) and the sender,
src/applications/herald/worker/HeraldWebhookWorker.php (headers, keys and their order, time-out).
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Hmac

CHANGED = "{object.phid}: {transactions!count:change}"

PROVIDER = Provider(
    id="phabricator",
    title="Phabricator",
    docs="https://secure.phabricator.com/book/phabricator/article/webhooks/",
    color="#4a5f88",
    identify=(
        ("header:X-Phabricator-Webhook-Signature",),
        ("body:object.phid~^PHID-", "body:action.epoch"),
    ),
    event=("body:object.type",),
    ping=(("body:action.test=true",),),
    signatures=(Hmac(name="sha256", at="header:X-Phabricator-Webhook-Signature"),),
    sends=(("Content-Type", "application/json"),),
    summary={
        "TASK": f"task {CHANGED}",
        "DREV": f"revision {CHANGED}",
        "*": (f"{{object.type}} {CHANGED}", "{object.type} {object.phid}"),
    },
    events=(
        Event("TASK", "A task was made or changed (Maniphest)"),
        Event("DREV", "A revision was made or changed (Differential)"),
    ),
    limits=Limits(timeout=10, retries="until it succeeds, for 7 days; a test is sent once"),
    notes=(
        "The body only points at what changed: ask Conduit (transaction.search, phid.query) for the rest.",
        "The event is the type of the object, the second part of its PHID.",
        "The documentation speaks of a time-out of 10 seconds, the source has 15.",
        "A webhook is never called twice at a time, and calls may come out of order.",
        "action.silent asks not to notify anybody; action.secure not to pass details on over open channels.",
    ),
)

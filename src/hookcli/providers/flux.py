"""Flux: the notification controller's providers `generic` and `generic-hmac`.

Sources: fluxcd/notification-controller, `internal/notifier/forwarder.go` (headers, signature), `client.go` (retries)
and `docs/spec/v1beta3/providers.md` (the delivery as an example).
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Hmac

OBJECT = "{involvedObject.kind} {involvedObject.namespace}/{involvedObject.name}"

PROVIDER = Provider(
    id="flux",
    title="Flux",
    docs="https://fluxcd.io/flux/components/notification/providers/#generic-webhook",
    color="#326ce5",
    identify=(
        ("header:Gotk-Component",),
        ("body:involvedObject.kind", "body:reportingController", "body:severity", "body:reason"),
    ),
    event=("body:reason",),
    action=("body:severity",),
    signatures=(Hmac(name="sha256", at="header:X-Signature", prefix="sha256="),),
    sends=(
        ("User-Agent", "Go-http-client/1.1"),
        ("Content-Type", "application/json"),
        ("Gotk-Component", "{body:reportingController}"),
        ("Accept-Encoding", "gzip"),
    ),
    limits=Limits(retries="up to four, after 2 to 30 seconds"),
    notes=(
        "X-Signature is there with the type generic-hmac; its key is `token` of the referenced secret.",
        "With the type generic nothing is signed: set a header by the referenced secret.",
        "The signature is of the event as the controller serialises it, which is what it sends.",
        "Events of one object with the same message are held back for five minutes.",
        "reason is the controller's own word: ReconciliationSucceeded, HealthCheckFailed, ...",
    ),
    summary={"*": (f"{OBJECT}: {{message!line}}", f"{OBJECT}: {{reason}}")},
    events=(
        Event("ReconciliationSucceeded", "An object was reconciled"),
        Event("ReconciliationFailed", "An object could not be reconciled"),
        Event("ValidationFailed", "An object is not valid"),
        Event("HealthCheckFailed", "What was applied is not healthy"),
        Event("Progressing", "An object is being reconciled"),
    ),
)

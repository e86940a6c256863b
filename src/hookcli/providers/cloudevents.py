"""CloudEvents over HTTP: binary, structured and batched content mode.

Sources, all in cloudevents/spec: `cloudevents/bindings/http-protocol-binding.md` (the modes, how a receiver tells
them apart, percent-encoding), `cloudevents/http-webhook.md` (tokens, the handshake, what to answer),
`formats/json-format.md` (data, data_base64), `spec.md` (size). Header case and order as cloudevents/sdk-go writes
them (`v2/protocol/http`).
"""

from hookcli.providers.spec import Event, Handshake, Limits, Provider
from hookcli.signing.schemes import Token

LEAVE_TO_SEND = Handshake(
    when=(("header:WebHook-Request-Origin",),),
    headers=(
        ("WebHook-Allowed-Origin", "{header:WebHook-Request-Origin}"),
        ("WebHook-Allowed-Rate", "{header:WebHook-Request-Rate}"),
        ("Allow", "POST"),
    ),
)
"""The answer that gives an origin leave to send; others who send CloudEvents ask for it in the same way."""

PROVIDER = Provider(
    id="cloudevents",
    title="CloudEvents",
    docs="https://github.com/cloudevents/spec/blob/main/cloudevents/bindings/http-protocol-binding.md",
    color="#1f9d6b",
    identify=(
        ("header:ce-specversion",),
        ("header:ce-specversion", "header:ce-id", "header:ce-source", "header:ce-type"),
        ("header:Content-Type~(?i)^application/cloudevents",),
        ("header:WebHook-Request-Origin",),
        ("body:specversion", "body:id", "body:source", "body:type"),
    ),
    event=("header:ce-type", "body:type", "body:0.type"),
    delivery_id=("header:ce-id", "body:id", "body:0.id"),
    ping=(("header:WebHook-Request-Origin", "!header:Content-Type"),),
    handshake=LEAVE_TO_SEND,
    signatures=(
        Token(name="bearer", at="header:Authorization", style="bearer", group="token"),
        Token(name="query-access_token", at="query:access_token", group="token"),
    ),
    sends=(
        ("User-Agent", "Go-http-client/1.1"),
        ("Ce-Id", "{id}"),
        ("Ce-Source", "/hookcli"),
        ("Ce-Specversion", "1.0"),
        ("Ce-Time", "{time}"),
        ("Ce-Type", "{event}"),
        ("Content-Type", "application/json"),
        ("Accept-Encoding", "gzip"),
    ),
    summary={
        "*": (
            "{header:ce-type} from {header:ce-source}[ about {header:ce-subject}]",
            "{type} from {source}[ about {subject}]",
            "batch of {!count:event}, first {0.type} from {0.source}[ about {0.subject}]",
            "{header:WebHook-Request-Origin} asks for leave to send[ {header:WebHook-Request-Rate} events a minute]",
        ),
    },
    events=(Event("com.example.someevent", "Types are the producer's own: its reversed domain, then what happened"),),
    limits=Limits(retries="the producer's choice; 429 with Retry-After slows it down, 410 ends it"),
    notes=(
        "Binary mode: the attributes in ce- headers, the data as the body.",
        "Structured mode: all in one JSON object of the type application/cloudevents+json.",
        "Batched mode: a list of those, application/cloudevents-batch+json; its event here is that of the first.",
        "hookcli makes the binary mode: a payload that is signed becomes the data.",
        "Handshake: answer OPTIONS by WebHook-Allowed-Origin (the origin that asks, or *) and WebHook-Allowed-Rate.",
        "Instead of that answer, the URL in WebHook-Request-Callback may be called later.",
        "Answer 200 or 201 with a body, 201 or 204 without, 202 when the work is still to do; never a redirect.",
        "Header values are percent-encoded (a space is %20). There is no ce-datacontenttype: Content-Type says it.",
        "`data` is JSON where datacontenttype is JSON or absent, else a string; bytes stand in data_base64.",
        "Nothing is signed. Events up to 64 KiB pass every intermediary.",
    ),
)

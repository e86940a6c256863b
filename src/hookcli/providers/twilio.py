"""Twilio: messages, calls and whatever else calls back.

Sources: Twilio Docs, "Webhooks security" (both signatures), "Twilio's request to your incoming message Webhook URL" and
"Event delivery retries and event duplication"; twilio/twilio-python, `twilio/request_validator.py` (fields sorted and
each pair once, bodySHA256, SHA-256 under a shared key) and its tests (the published vectors).
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Hmac

SIGNATURE = "header:X-Twilio-Signature"

PROVIDER = Provider(
    id="twilio",
    title="Twilio",
    docs="https://www.twilio.com/docs/usage/webhooks",
    color="#f22f46",
    identify=((SIGNATURE,), ("header:I-Twilio-Idempotency-Token",)),
    event=("body:CallStatus", "body:MessageStatus", "body:SmsStatus", "body:EventType", "body:0.type"),
    delivery_id=("header:I-Twilio-Idempotency-Token",),
    signatures=(
        Hmac(name="form-sha256", at=SIGNATURE, encoding="base64", signed="{url}{form}", default=False),
        Hmac(
            name="json-sha256",
            at=SIGNATURE,
            encoding="base64",
            signed="{url}",
            body_hash="query:bodySHA256",
            default=False,
        ),
        Hmac(name="form", at=SIGNATURE, hash="sha1", encoding="base64", signed="{url}{form}"),
        Hmac(name="json", at=SIGNATURE, hash="sha1", encoding="base64", signed="{url}", body_hash="query:bodySHA256"),
    ),
    sends=(
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("I-Twilio-Idempotency-Token", "{id}"),
    ),
    limits=Limits(retries="Event Streams: up to four hours, with growing pauses"),
    notes=(
        "The signature covers the URL that Twilio called, to the letter: behind a proxy or tunnel give it with --url.",
        "After the URL come the form's fields, sorted by name, names and values run together, without separators.",
        "JSON is signed by its SHA-256, which stands in the query as bodySHA256; the URL with it is what is signed.",
        "A port in the URL may be in the signature or not: Twilio's own libraries try it with and without.",
        "The secret is the account's auth token; for a subaccount, the subaccount's.",
        "X-Twilio-Webhooks-Signature-Settings says that a shared key signed instead, and with which hash.",
        "New parameters come without notice: verify whatever fields are there.",
        "I-Twilio-Idempotency-Token is the same when a delivery is sent again.",
        "The answer is TwiML; `<Response/>` with Content-Type text/xml asks for nothing.",
    ),
    summary={
        "*": (
            "message to {To}: {MessageStatus!words}[, error {ErrorCode}]",
            "message from {From} to {To}: {Body!line}",
            "call from {From} to {To}: {CallStatus!words}",
            "{!count:event}, first {0.type}",
        ),
    },
    events=(
        Event("received", "A message came in"),
        Event("queued", "A message or a call waits to be sent or made"),
        Event("sending", "A message is being handed on"),
        Event("sent", "The carrier took a message"),
        Event("delivered", "The carrier confirmed that a message arrived"),
        Event("undelivered", "A message did not arrive"),
        Event("failed", "A message or a call could not be sent or made"),
        Event("read", "A message was read (WhatsApp, RCS)"),
        Event("ringing", "A call is ringing"),
        Event("in-progress", "A call was answered"),
        Event("completed", "A call ended"),
        Event("busy", "A call met a busy line"),
        Event("no-answer", "Nobody took a call"),
        Event("canceled", "A call or a message was withdrawn"),
    ),
)

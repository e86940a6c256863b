"""Cloudflare Stream: webhooks for videos that are ready, or can't be made so.

Sources: Cloudflare's documentation, "Use webhooks" of Stream (Webhook-Signature, what is signed, the payload and the
error codes in it).
"""

from hookcli.providers.spec import Event, Provider
from hookcli.signing.schemes import Hmac

VIDEO = "{meta.name/meta.filename/uid}"

PROVIDER = Provider(
    id="cloudflare-stream",
    title="Cloudflare Stream",
    docs="https://developers.cloudflare.com/stream/manage-video-library/using-webhooks/",
    color="#faae40",
    identify=(
        (r"header:Webhook-Signature~^time=\d+,\s*sig1=",),
        ("body:uid", "body:status.state", "body:readyToStream"),
    ),
    event=("body:status.state",),
    action=("body:status.errorReasonCode",),
    signatures=(
        Hmac(
            name="sig1",
            at="header:Webhook-Signature",
            signed="{timestamp}.{body}",
            layout="pairs",
            pair="sig1",
            timestamp="pair:time",
        ),
    ),
    sends=(("Content-Type", "application/json"),),
    summary={
        "ready": (f"{VIDEO} is ready[: {{duration}} s, {{input.width}}×{{input.height}}]",),
        "error": (f"{VIDEO} failed: {{status.errorReasonText!line}}", f"{VIDEO} failed"),
        "*": (f"{VIDEO}: {{status.state!words}}",),
    },
    events=(
        Event("ready", "A video was processed and can be streamed"),
        Event("error", "A video could not be processed"),
    ),
    notes=(
        "The secret is the one that the API answers when the webhook is set; there is one webhook an account.",
        "How old a signature may be is the receiver's choice: the documentation says to refuse old ones, not which.",
        "A video is ready to stream before all its qualities are made: readyToStream, and status.pctComplete.",
        "An error's code, such as ERR_NON_VIDEO, stands in status.errorReasonCode.",
        "Live inputs are told of through Notifications instead: the provider cloudflare.",
    ),
)

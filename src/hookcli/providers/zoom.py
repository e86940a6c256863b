"""Zoom.

Sources: Zoom Developer Docs, "Using webhooks", the change log's "Webhook validation and verification changes" and the
blog's "Resolving webhook delays" (three seconds, retries); zoom/webhook-sample, README (headers, their order, the
payload) and code (the signature, the validation).
"""

from hookcli.providers.spec import Event, Handshake, Limits, Provider
from hookcli.signing.schemes import Hmac

TOPIC = "{payload.object.topic!line}"

PROVIDER = Provider(
    id="zoom",
    title="Zoom",
    docs="https://developers.zoom.us/docs/api/webhooks/",
    color="#0b5cff",
    identify=(
        ("header:x-zm-signature",),
        ("header:x-zm-request-timestamp",),
        ("header:User-Agent~^Zoom Marketplace/", "body:event"),
    ),
    event=("body:event",),
    hook_id=("header:clientid",),
    ping=(("body:event=endpoint.url_validation",),),
    handshake=Handshake(
        when=(("body:event=endpoint.url_validation", "body:payload.plainToken"),),
        body={
            "plainToken": "{body:payload.plainToken}",
            "encryptedToken": "{hmac-sha256:body:payload.plainToken}",
        },
    ),
    signatures=(
        Hmac(
            name="v0",
            at="header:x-zm-signature",
            prefix="v0=",
            signed="v0:{timestamp}:{body}",
            timestamp="header:x-zm-request-timestamp",
        ),
    ),
    sends=(
        ("User-Agent", "Zoom Marketplace/1.0a"),
        ("Content-Type", "application/json; charset=utf-8"),
        ("x-zm-request-timestamp", "{seconds}"),
        ("Accept-Encoding", "gzip"),
    ),
    limits=Limits(timeout=3, retries="three: after 5 minutes, 20 minutes more, 60 minutes more"),
    notes=(
        "The secret is the app's secret token; the verification token that stood in Authorization is gone since 2023.",
        "The URL is validated when it is entered and every 72 hours: the handshake needs the secret.",
        "Answer 200 or 204 within three seconds; after the third retry the event is lost.",
        "Nothing names a delivery: event, event_ts and the object's uuid together tell a repeated one.",
        "x-zm-request-timestamp is in seconds, event_ts in the body in milliseconds.",
        "download_token, beside payload, opens a recording without signing in.",
    ),
    summary={
        "endpoint.url_validation": "asks for its token, signed",
        "meeting.started": f"meeting started: {TOPIC}",
        "meeting.ended": f"meeting ended: {TOPIC}",
        "meeting.participant_joined": f"{{payload.object.participant.user_name}} joined {TOPIC}",
        "meeting.participant_left": f"{{payload.object.participant.user_name}} left {TOPIC}",
        "recording.completed": f"recording ready: {TOPIC}",
        "user.created": "user created: {payload.object.email}",
        "*": (f"{{@event!words}}: {TOPIC}", "{@event!words}"),
    },
    events=(
        Event("endpoint.url_validation", "Zoom checks the URL: answer with the token, signed"),
        Event("meeting.started", "A meeting started"),
        Event("meeting.ended", "A meeting ended"),
        Event("meeting.participant_joined", "Somebody joined a meeting"),
        Event("meeting.participant_left", "Somebody left a meeting"),
        Event("recording.completed", "A cloud recording can be had"),
        Event("user.created", "A user was added to the account"),
    ),
    sensitive=("body:download_token",),
)

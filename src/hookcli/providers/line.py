"""LINE Messaging API.

Sources: LINE Developers, "Receive messages (webhook)" and "Error notification" (redelivery); line/line-openapi,
`webhook.yml` (events, fields, the empty list that checks the connection); line-bot-sdk for Python,
`linebot/v3/webhook.py` (the signature); headers from a delivery that a public repository recorded.
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Hmac

WHO = "{events.0.source.userId/events.0.source.groupId/events.0.source.roomId}"

PROVIDER = Provider(
    id="line",
    title="LINE",
    docs="https://developers.line.biz/en/docs/messaging-api/receiving-messages/",
    color="#06c755",
    identify=(("header:X-Line-Signature",),),
    event=("body:events.0.type",),
    action=("body:events.0.message.type",),
    delivery_id=("body:events.0.webhookEventId",),
    hook_id=("body:destination",),
    ping=(("header:X-Line-Signature", "body:destination", "!body:events.0"),),
    signatures=(Hmac(name="sha256", at="header:x-line-signature", encoding="base64"),),
    sends=(
        ("user-agent", "LineBotWebhook/2.0"),
        ("content-type", "application/json; charset=utf-8"),
        ("accept-encoding", "gzip"),
    ),
    limits=Limits(retries="none, unless redelivery is switched on for the channel"),
    notes=(
        "One delivery may carry several events: event and id here are those of the first.",
        "An empty list of events checks the connection (the console's Verify): answer 200.",
        "The secret is the channel secret; it looks like hex but is used as text.",
        "deliveryContext.isRedelivery tells a second try; the webhookEventId stays the same.",
        "A replyToken lets whoever also has the channel's access token answer.",
        "mode is `active` or `standby`; activated, deactivated, botSuspended and botResumed go to modules alone.",
    ),
    summary={
        "message.text": f"{WHO} wrote: {{events.0.message.text!line}}",
        "message": f"{WHO} sent {{@action!words}}",
        "follow": f"{WHO} added the account as a friend",
        "unfollow": f"{WHO} blocked the account",
        "join": f"the account joined {WHO}",
        "leave": f"the account left {WHO}",
        "postback": f"{WHO} chose {{events.0.postback.data!line}}",
        "unsend": f"{WHO} took a message back",
        "*": (f"{{@event!words}} from {WHO}", "{@event!words}", "is somebody there?"),
    },
    events=(
        Event("message", "Somebody sent a text, image, video, audio, file, location or sticker"),
        Event("unsend", "Somebody took a message back"),
        Event("follow", "Somebody added the account as a friend, or unblocked it"),
        Event("unfollow", "Somebody blocked the account"),
        Event("join", "The account joined a group or room"),
        Event("leave", "The account left a group or was removed"),
        Event("memberJoined", "Somebody joined a group that the account is in"),
        Event("memberLeft", "Somebody left a group that the account is in"),
        Event("postback", "Somebody used a button or menu with postback data"),
        Event("videoPlayComplete", "Somebody watched a video to its end"),
        Event("beacon", "Somebody came near a beacon"),
        Event("accountLink", "Somebody linked the LINE account to one of yours"),
        Event("membership", "Somebody joined, renewed or left a membership"),
        Event("module", "A module was attached or detached"),
        Event("activated", "The module became the one that answers"),
        Event("deactivated", "The module is no longer the one that answers"),
        Event("botSuspended", "The account was suspended"),
        Event("botResumed", "The account is back"),
        Event("delivery", "A notification by phone number arrived"),
    ),
    sensitive=("body:events.0.replyToken",),
)

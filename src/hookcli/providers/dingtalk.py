"""DingTalk: messages to a bot, over HTTP.

Sources: DingTalk open platform, "接收消息的消息协议" / "receive-message" (header, signature, one hour, body); message
types from dingtalk-stream (the official Python library), `dingtalk_stream/chatbot.py`.
"""

from hookcli.providers.spec import Event, Provider
from hookcli.signing.schemes import Hmac

PROVIDER = Provider(
    id="dingtalk",
    title="DingTalk",
    docs="https://open.dingtalk.com/document/isvapp/receive-message",
    color="#1677ff",
    identify=(
        ("header:sign", "header:timestamp", "body:msgtype", "body:conversationId"),
        ("body:msgtype", "body:msgId", "body:conversationId", "body:chatbotUserId"),
    ),
    event=("body:msgtype",),
    delivery_id=("body:msgId",),
    hook_id=("body:robotCode", "body:chatbotUserId"),
    signatures=(
        Hmac(
            name="sign",
            at="header:sign",
            encoding="base64",
            signed="{timestamp}\n{secret}",
            timestamp="header:timestamp",
            milliseconds=True,
            tolerance=3600,
        ),
    ),
    sends=(("Content-Type", "application/json; charset=utf-8"), ("timestamp", "{milliseconds}")),
    notes=(
        "The signature covers the timestamp only, never the body: it tells who sent a message, not what was sent.",
        "The secret is the bot's appSecret (client secret); a signature is good for one hour.",
        "The headers are called just `timestamp` and `sign`.",
        "sessionWebhook lets whoever has it answer in the conversation, until sessionWebhookExpiredTime.",
        "Callbacks of events (signature, timestamp and nonce in the query, an encrypted body) are another protocol.",
        "Webhooks that post into a group (oapi.dingtalk.com/robot/send) go the other way: DingTalk receives those.",
    ),
    summary={
        "text": (
            "{senderNick} wrote in {conversationTitle}: {text.content!line}",
            "{senderNick} wrote: {text.content!line}",
        ),
        "*": ("{senderNick} sent {@event!words}[ in {conversationTitle}]", "{@event!words}"),
    },
    events=(
        Event("text", "Somebody wrote to the bot"),
        Event("picture", "Somebody sent the bot a picture"),
        Event("richText", "Somebody sent the bot text and pictures together"),
    ),
    sensitive=("body:sessionWebhook",),
)

"""Telegram's Bot API.

Sources: the Bot API documentation, "setWebhook" and "Update"; "Marvin's Marvellous Guide to All Things Webhook"
(networks, ports); tdlib/telegram-bot-api, `telegram-bot-api/WebhookActor.cpp` and `.h` (headers and their order,
retries) and `Client.cpp` (`get_update_type_name`).
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Token

PROVIDER = Provider(
    id="telegram",
    title="Telegram",
    docs="https://core.telegram.org/bots/api#setwebhook",
    color="#229ed9",
    identify=(
        ("header:X-Telegram-Bot-Api-Secret-Token",),
        ("body:update_id~^[0-9]+$",),
    ),
    # What kind of update it is stands in the name of a key, which no place can tell.
    event=("text:update",),
    delivery_id=("body:update_id",),
    signatures=(Token(name="secret_token", at="header:X-Telegram-Bot-Api-Secret-Token"),),
    sends=(
        ("Content-Type", "application/json"),
        ("Connection", "keep-alive"),
        ("Accept-Encoding", "gzip, deflate"),
    ),
    networks=("149.154.160.0/20", "91.108.4.0/22"),
    limits=Limits(retries="until the update expires, the wait doubling up to one or two minutes"),
    notes=(
        "Nothing is signed: the header repeats the secret_token given to setWebhook, if one was given.",
        "The kind of an update is the key beside update_id: message, edited_message, callback_query, ...",
        "update_id stays over retries: the same one again means done already. After a quiet week it starts elsewhere.",
        "The answer may itself be a call of the API: a JSON body with `method` and its parameters.",
        "A Retry-After in the answer is kept to; 410 Gone for 23 hours takes the webhook off.",
        "Telegram calls ports 443, 80, 88 and 8443 only, and always with TLS.",
        "While a webhook is set getUpdates does not work; getWebhookInfo tells the last error.",
        "A user and password in the webhook's URL arrive as basic Authorization.",
    ),
    summary={
        "update": (
            "{message.from.first_name/message.sender_chat.title} wrote[ in {message.chat.title}]: {message.text!line}",
            "{message.from.first_name/message.sender_chat.title} sent something[ in {message.chat.title}]",
            "{edited_message.from.first_name} changed a message: {edited_message.text!line}",
            "{edited_message.from.first_name} changed a message",
            "{channel_post.chat.title}: {channel_post.text!line}",
            "new post in {channel_post.chat.title}",
            "a post in {edited_channel_post.chat.title} was changed",
            "{callback_query.from.first_name} pressed {callback_query.data!line}",
            "{inline_query.from.first_name} searches for {inline_query.query!line}",
            "{chosen_inline_result.from.first_name} chose {chosen_inline_result.result_id}",
            "{pre_checkout_query.from.first_name} is about to pay",
            "{my_chat_member.from.first_name} made the bot {my_chat_member.new_chat_member.status!words}",
            "{chat_member.new_chat_member.user.first_name} is now {chat_member.new_chat_member.status!words}",
            "{chat_join_request.from.first_name} asks to join {chat_join_request.chat.title}",
            "{message_reaction.user.first_name} reacted to a message",
            "poll: {poll.question!line}",
            "{poll_answer.user.first_name} voted in a poll",
            "update {update_id}",
        ),
    },
    events=(Event("update", "A message, a button pressed, a member, a payment, ...: the key beside update_id tells"),),
)

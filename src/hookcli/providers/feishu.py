"""Feishu (and Lark, the same outside China).

Sources: Feishu open platform, "将事件发送至开发者服务器" (Encrypt Key, Verification Token), "Encrypt Key 加密配置案例"
(AES-256-CBC, with a published vector) and "接收事件" (the signature, the two shapes); lark-oapi (the official Python
library), `event/dispatcher_handler.py` and `event/context.py`; headers from a delivery that a public test suite
recorded.
"""

from hookcli.providers.spec import Event, Handshake, Provider
from hookcli.signing.encryption import Encryption
from hookcli.signing.schemes import Digest, Token

SENDER = "{event.sender.sender_id.open_id}"

PROVIDER = Provider(
    id="feishu",
    title="Feishu / Lark",
    docs="https://open.feishu.cn/document/ukTMukTMukTM/uYDNxYjL2QTM24iN0EjN/event-subscription-configure-/"
    "encrypt-key-encryption-configuration-case",
    color="#3370ff",
    identify=(
        ("header:X-Lark-Signature",),
        ("header:X-Lark-Request-Timestamp", "header:X-Lark-Request-Nonce"),
        ("body:schema=2.0", "body:header.event_type", "body:header.event_id", "body:header.app_id"),
        ("body:uuid", "body:token", "body:type=event_callback", "body:event.type"),
        ("body:type=url_verification", "body:challenge", "body:token"),
        # An encrypted url_verification has neither signature nor anything else to know it by. Whoever else sends this
        # one key has a signature in the query (DingTalk), so it is left to them.
        ("body:encrypt~^[A-Za-z0-9+/]{43,}=*$", "!query:signature", "!query:msg_signature"),
    ),
    event=("body:header.event_type", "body:event.type", "body:type"),
    delivery_id=("body:header.event_id", "body:uuid"),
    hook_id=("body:header.app_id",),
    ping=(("body:type=url_verification",),),
    encryption=Encryption(kind="sha256", at="body:encrypt"),
    handshake=Handshake(
        when=(("body:type=url_verification", "body:challenge"),), body={"challenge": "{body:challenge}"}
    ),
    # What is made by default is a delivery of an app without Encrypt Key: with one the body would have to be encrypted.
    signatures=(
        Digest(
            name="sha256",
            at="header:X-Lark-Signature",
            signed="{timestamp}{header:X-Lark-Request-Nonce}{secret}{body}",
            timestamp="header:X-Lark-Request-Timestamp",
            default=False,
        ),
        Token(name="token", at="body:header.token"),
        Token(name="token-v1", at="body:token", default=False),
    ),
    sends=(
        ("User-Agent", "Go-http-client/1.1"),
        ("Content-Type", "application/json;charset=utf-8"),
        ("X-Lark-Request-Timestamp", "{seconds}"),
        ("X-Lark-Request-Nonce", "{number}"),
        ("X-Request-Id", "{uuid}"),
        ("Accept-Encoding", "gzip"),
    ),
    notes=(
        "With an Encrypt Key the body is only {encrypt}: AES-256-CBC, signed and stored as it came.",
        "Given the Encrypt Key as a secret (feishu=KEY), hookcli reads event, id and summary inside, and answers.",
        "The Encrypt Key is the secret of X-Lark-Signature; the Verification Token the one of `token` in the body.",
        "Both are secrets of their own: --secret feishu=ENCRYPT_KEY --secret feishu=VERIFICATION_TOKEN.",
        "Without an Encrypt Key nothing is signed: the token in the body alone tells who sent it.",
        "The signature is a plain SHA-256 of timestamp, nonce, key and body run together, no HMAC.",
        "A url_verification is not signed; where it comes encrypted it takes the Encrypt Key to answer it.",
        "Events of the older shape (1.0) have uuid, token and type=event_callback beside `event`.",
    ),
    summary={
        "im.message.receive_v1": (
            f"{SENDER} sent {{event.message.message_type}}: {{event.message.content!line}}",
            f"{SENDER} sent a message",
        ),
        "url_verification": "asks for its challenge back",
        "*": ("{@event}", "encrypted"),
    },
    events=(
        Event("url_verification", "A request URL was entered: answer with the challenge"),
        Event("im.message.receive_v1", "Somebody wrote to the bot, or in a group that it is in"),
        Event("im.message.message_read_v1", "Somebody read a message of the bot"),
        Event("im.chat.member.user.added_v1", "Somebody joined a group"),
        Event("im.chat.member.bot.added_v1", "The bot was added to a group"),
        Event("contact.user.created_v3", "Somebody joined the organisation"),
        Event("contact.user.deleted_v3", "Somebody left the organisation"),
        Event("card.action.trigger", "Somebody used a button or field of a card"),
    ),
)

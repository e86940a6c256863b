"""WeChat official accounts (微信公众号) and mini programs: messages and events, in plain and in safe mode.

Sources: WeChat's developer documentation, "接入概述" (GET with echostr, signature of token, timestamp and nonce),
"接收普通消息" and "接收事件推送" (types, five seconds, three retries), "消息加解密说明" (encrypt_type, msg_signature,
AES); wechatpy (a library for Python, MIT), `utils.py`, `crypto` and `events.py`.
"""

from hookcli.providers.spec import Event, Handshake, Limits, Provider
from hookcli.signing.encryption import Encryption, SortedDigest

WHO = "{xml:FromUserName}"
SIGNED = "{secret} {timestamp} {query:nonce}"

PROVIDER = Provider(
    id="wechat",
    title="WeChat (微信公众号)",
    docs="https://developers.weixin.qq.com/doc/offiaccount/Basic_Information/Access_Overview.html",
    color="#07c160",
    identify=(
        ("query:signature", "query:timestamp", "query:nonce", "xml:ToUserName"),
        ("query:signature", "query:timestamp", "query:nonce", "query:echostr"),
    ),
    event=("xml:Event", "xml:MsgType"),
    delivery_id=("xml:MsgId",),
    hook_id=("xml:ToUserName",),
    ping=(("query:echostr",),),
    encryption=Encryption(kind="wechat", at="xml:Encrypt"),
    handshake=Handshake(when=(("query:echostr", "query:signature"),), body="{query:echostr}"),
    signatures=(
        SortedDigest(
            name="msg-signature",
            at="query:msg_signature",
            hash="sha1",
            signed=f"{SIGNED} {{xml:Encrypt}}",
            timestamp="query:timestamp",
            default=False,
        ),
        SortedDigest(
            name="signature",
            at="query:signature",
            hash="sha1",
            signed=SIGNED,
            timestamp="query:timestamp",
        ),
    ),
    target="/?nonce=1597212914",
    sends=(("Content-Type", "text/xml"),),
    limits=Limits(timeout=5, retries="three times in all, where no answer came in time"),
    notes=(
        "`signature` is the SHA-1 of token, timestamp and nonce, sorted and run together: it never covers the body.",
        "In safe mode the body has the message in Encrypt, and msg_signature speaks for that, too.",
        "Give the secret as TOKEN:EncodingAESKey for safe mode (wechat=TOKEN:KEY), as TOKEN for plain mode.",
        "The body is stored as it came; with the key the message inside is read.",
        "The URL is verified by a GET that wants its echostr back, as it is: hookcli answers it.",
        "An answer is empty, `success`, or a reply in XML; anything else tells the user that the account has a fault.",
        "MsgId tells a message that came again; for events, FromUserName and CreateTime together.",
        "In safe mode the query has signature, msg_signature and encrypt_type=aes; WeCom's has msg_signature alone.",
    ),
    summary={
        "text": f"{WHO} wrote: {{xml:Content!line}}",
        "subscribe": f"{WHO} follows the account",
        "unsubscribe": f"{WHO} follows the account no more",
        "CLICK": f"{WHO} chose {{xml:EventKey!line}}",
        "VIEW": f"{WHO} opened {{xml:EventKey!line}}",
        "*": (f"{{@event!words}} by {WHO}[ ({{xml:EventKey!line}})]", "{@event!words}", "encrypted"),
    },
    events=(
        Event("text", "Somebody wrote to the account"),
        Event("image", "Somebody sent a picture"),
        Event("voice", "Somebody sent a voice message"),
        Event("video", "Somebody sent a film"),
        Event("shortvideo", "Somebody sent a short film"),
        Event("location", "Somebody sent a place"),
        Event("link", "Somebody sent a link"),
        Event("subscribe", "Somebody follows the account, or scanned its code to do so"),
        Event("unsubscribe", "Somebody follows the account no more"),
        Event("SCAN", "A follower scanned a code of the account"),
        Event("LOCATION", "A follower's place was told"),
        Event("CLICK", "A menu item was chosen"),
        Event("VIEW", "A menu item opened a page"),
        Event("TEMPLATESENDJOBFINISH", "A template message was delivered, or was not"),
        Event("MASSSENDJOBFINISH", "A message to many was sent"),
    ),
)

"""WeCom (企业微信): callbacks of an application, as it receives messages and events.

Sources: WeCom's developer documentation, "回调配置" and "加解密方案说明" (GET with echostr, msg_signature, AES, the
secrets, five seconds, three retries), "消息格式" and "事件格式" (types); wechatpy (a library for Python, MIT),
`work/crypto`, `work/events.py` and its published vectors in `tests/test_crypto.py`.
"""

from hookcli.providers.spec import Event, Handshake, Limits, Provider
from hookcli.signing.encryption import Encryption, SortedDigest

WHO = "{xml:FromUserName}"
SIGNED = "{secret} {timestamp} {query:nonce}"

PROVIDER = Provider(
    id="wecom",
    title="WeCom (企业微信)",
    docs="https://developer.work.weixin.qq.com/document/path/90238",
    color="#2aae67",
    identify=(
        ("query:msg_signature", "query:timestamp", "query:nonce", "!query:signature", "xml:Encrypt"),
        ("query:msg_signature", "query:timestamp", "query:nonce", "!query:signature", "query:echostr"),
    ),
    event=("xml:Event", "xml:InfoType", "xml:MsgType"),
    action=("xml:ChangeType",),
    delivery_id=("xml:MsgId",),
    hook_id=("xml:AgentID",),
    ping=(("query:echostr",),),
    encryption=Encryption(kind="wechat", at="xml:Encrypt"),
    # Only where the signature holds: else anybody could have a message decrypted that is not theirs.
    handshake=Handshake(when=(("query:echostr",),), body="{decrypted:query:echostr}", signed=True),
    signatures=(
        SortedDigest(
            name="msg-signature",
            at="query:msg_signature",
            hash="sha1",
            signed=f"{SIGNED} {{xml:Encrypt}}",
            timestamp="query:timestamp",
        ),
        # The URL is verified by a GET, which has the ciphertext in its query.
        SortedDigest(
            name="msg-signature",
            at="query:msg_signature",
            hash="sha1",
            signed=f"{SIGNED} {{query:echostr}}",
            timestamp="query:timestamp",
        ),
    ),
    target="/?nonce=1597212914",
    sends=(("Content-Type", "text/xml"),),
    limits=Limits(timeout=5, retries="three times in all, where no answer came in time"),
    notes=(
        "Give the secret as TOKEN:EncodingAESKey, the two words of the callback's settings: --secret wecom=TOKEN:KEY.",
        "The token alone checks the signature; with the key the message inside is read, and the URL verified.",
        "msg_signature is the SHA-1 of token, timestamp, nonce and ciphertext, sorted and run together.",
        "The body is XML with the message in Encrypt: AES-256-CBC under the EncodingAESKey. It is stored as it came.",
        "The URL is verified by a GET that wants its echostr back, decrypted: hookcli answers it with the key.",
        "`sign` encrypts a payload in plain XML where it is given TOKEN:EncodingAESKey; ToUserName is the receiver.",
        "An empty answer is enough; a reply to the user would have to be encrypted, too.",
        "Webhooks of group bots (qyapi.weixin.qq.com/cgi-bin/webhook/send) go the other way: WeCom receives those.",
    ),
    summary={
        "text": f"{WHO} wrote: {{xml:Content!line}}",
        "change_contact": (
            "contacts: {@action!words} {xml:UserID/xml:Id}",
            "contacts: {@action!words}",
        ),
        "batch_job_result": "the job {xml:BatchJob.JobType} is done: {xml:BatchJob.ErrMsg}",
        "*": (
            f"{{@event!words}}[: {{@action!words}}] by {WHO}[ ({{xml:EventKey!line}})]",
            "{@event!words}",
            "encrypted",
        ),
    },
    events=(
        Event("text", "Somebody wrote to the application"),
        Event("image", "Somebody sent a picture"),
        Event("voice", "Somebody sent a voice message"),
        Event("video", "Somebody sent a film"),
        Event("location", "Somebody sent a place"),
        Event("link", "Somebody sent a link"),
        Event("subscribe", "A member was let in to the application"),
        Event("unsubscribe", "A member was taken out of the application"),
        Event("enter_agent", "A member opened the application"),
        Event("LOCATION", "The application was told where a member is"),
        Event("click", "A menu item was chosen"),
        Event("view", "A menu item opened a page"),
        Event("batch_job_result", "An asynchronous job is done"),
        Event("change_contact", "Members, departments or tags changed"),
        Event("change_external_contact", "An external contact was added, changed or removed"),
        Event("change_external_chat", "A group chat with customers changed"),
        Event("open_approval_change", "An approval changed its state"),
        Event("template_card_event", "A button of a card was pressed"),
    ),
)

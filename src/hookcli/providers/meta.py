"""Meta: the Graph API's webhooks (Facebook pages and users, Messenger, Instagram, WhatsApp).

Sources: Meta for Developers, "Webhooks from Meta" and its "Get Started" (verification, the payload's shape), "Meta
Webhooks for Messenger Platform"; the shape of WhatsApp's and the User-Agent from deliveries logged in public
repositories; messenger4j issue 16 (the payload is escaped before it is signed: verify it as it came).
"""

from hookcli.providers.spec import Event, Handshake, Provider
from hookcli.signing.schemes import Hmac

OBJECTS = "body:object~^(page|user|permissions|instagram|whatsapp_business_account)$"
VALUE = "entry.0.changes.0.value"
TALK = "entry.0.messaging.0"

PROVIDER = Provider(
    id="meta",
    title="Meta",
    docs="https://developers.facebook.com/docs/graph-api/webhooks/getting-started/",
    color="#0668e1",
    identify=(
        ("header:X-Hub-Signature-256", "!header:X-GitHub-Event", OBJECTS, "body:entry"),
        ("header:X-Hub-Signature", "!header:X-GitHub-Event", OBJECTS, "body:entry"),
        (OBJECTS, "body:entry.0.id"),
        ("query:hub.mode=subscribe", "query:hub.challenge", "query:hub.verify_token", "!query:hub.topic"),
    ),
    event=("body:object", "query:hub.mode"),
    action=("body:entry.0.changes.0.field",),
    hook_id=("body:entry.0.id",),
    ping=(("query:hub.mode=subscribe", "query:hub.challenge"),),
    handshake=Handshake(
        when=(("query:hub.mode=subscribe", "query:hub.challenge"),),
        body="{query:hub.challenge}",
        token="query:hub.verify_token",  # noqa: S106 (the place of one)
    ),
    signatures=(
        Hmac(name="sha256", at="header:X-Hub-Signature-256", prefix="sha256="),
        Hmac(name="sha1", at="header:X-Hub-Signature", hash="sha1", prefix="sha1=", default=False),
    ),
    sends=(("User-Agent", "facebookexternalua"), ("Content-Type", "application/json")),
    notes=(
        "The secret is the app secret; the verify token is another word, and asked for by the GET at set-up alone.",
        "One delivery may carry several entries, each with several changes: the action here is the first one's.",
        "Letters beyond ASCII arrive escaped (\\u00e4) and are signed so: verify the raw body, before any parsing.",
        "Messenger and Instagram messages stand in entry[].messaging, everything else in entry[].changes.",
        "Nothing names a delivery; WhatsApp's messages have an id and a status of their own.",
        "PHP turns hub.challenge in the query into hub_challenge.",
    ),
    summary={
        "subscribe": "asks for its challenge back",
        "whatsapp_business_account.messages": (
            f"{{{VALUE}.contacts.0.profile.name/{VALUE}.messages.0.from}} wrote: {{{VALUE}.messages.0.text.body!line}}",
            f"{{{VALUE}.messages.0.from}} sent {{{VALUE}.messages.0.type}}",
            f"message to {{{VALUE}.statuses.0.recipient_id}}: {{{VALUE}.statuses.0.status}}",
        ),
        "page.feed": (
            f"{{{VALUE}.from.name}} {{{VALUE}.verb!past}} {{{VALUE}.item}}[: {{{VALUE}.message!line}}]",
            f"{{{VALUE}.item}} {{{VALUE}.verb!words}}",
        ),
        "*": (
            f"{{{TALK}.sender.id}} wrote: {{{TALK}.message.text!line}}",
            f"{{@event!words}} {{@action!words}}: {{{VALUE}.verb!words}}",
            "{@event!words} {@action!words}",
            "{@event!words}",
        ),
    },
    events=(
        Event("page", "Something of a Facebook page: its feed, its messages"),
        Event("user", "Something of a user of the app, such as the photos"),
        Event("permissions", "A user gave or took back a permission"),
        Event("instagram", "Something of an Instagram account: comments, mentions, messages"),
        Event("whatsapp_business_account", "Something of a WhatsApp account: a message, its status, a template"),
        Event("subscribe", "Verification: a GET that wants hub.challenge back"),
    ),
    sensitive=("query:hub.verify_token",),
)

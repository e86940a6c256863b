"""Discord: interactions and webhook events.

Sources: discord/discord-api-docs, `developers/interactions/overview.mdx`, `receiving-and-responding.mdx` and
`developers/events/webhook-events.mdx` (headers, types, PING, three seconds, retries); discord-interactions (Discord's
Python library), `verify_key`; headers and their order from a PING that a public test suite recorded. The documentation
names no User-Agent: this one is of interactions, as recorded.
"""

from hookcli.providers.spec import Event, Handshake, Limits, Provider
from hookcli.signing.public_key import KeyPair

WHO = "{member.user.username/user.username}"
USER = "{event.data.user.username}"

PING = ("body:type=1", "!body:event")
EVENTS_PING = ("body:type=0", "!body:event")

PROVIDER = Provider(
    id="discord",
    title="Discord",
    docs="https://discord.com/developers/docs/interactions/overview",
    color="#5865f2",
    identify=(("header:X-Signature-Ed25519", "header:X-Signature-Timestamp"),),
    event=("body:event.type", "body:type"),
    action=("body:data.name", "body:data.custom_id"),
    delivery_id=("body:id",),
    hook_id=("body:application_id",),
    ping=(PING, EVENTS_PING),
    handshake=(
        Handshake(when=(PING,), body={"type": 1}, signed=True),
        # Empty, and still with a content type: the documentation asks for both.
        Handshake(when=(EVENTS_PING,), status=204, headers=(("Content-Type", "application/json"),), signed=True),
    ),
    signatures=(
        KeyPair(
            name="ed25519",
            at="header:X-Signature-Ed25519",
            algorithm="ed25519",
            signed="{timestamp}{body}",
            timestamp="header:X-Signature-Timestamp",
        ),
    ),
    sends=(
        ("User-Agent", "Discord-Interactions/1.0 (+https://discord.com)"),
        ("Content-Type", "application/json"),
        ("X-Signature-Timestamp", "{seconds}"),
        ("Accept-Encoding", "gzip"),
    ),
    limits=Limits(timeout=3, retries="webhook events: several, ever further apart, for up to 10 minutes"),
    notes=(
        "The secret is the application's public key, in hex, as the Developer Portal shows it: only Discord can sign.",
        "An interaction's event is its type, a number: 2 is a command, 3 a component, 5 a modal.",
        "PING: an interaction of type 1 is answered 200 with type 1; a webhook event of type 0 is answered 204, empty.",
        "Discord sends wrong signatures on purpose and takes the URL off where they are not answered with 401.",
        "With the public key as its secret, a PING signed wrong gets its 401; --require-valid sees to the rest.",
        "Webhook events may come out of order.",
        "For 15 minutes an interaction's token lets whoever has it answer and follow up.",
        "Webhooks that post into a channel go the other way: Discord receives those.",
    ),
    summary={
        "1": "ping: is the interactions endpoint there?",
        "0": "ping: is the webhook events endpoint there?",
        "2": f"{WHO} used {{data.name}}",
        "3": f"{WHO} used {{data.custom_id}}",
        "4": f"{WHO} is typing a {{data.name}}",
        "5": f"{WHO} submitted {{data.custom_id}}",
        "APPLICATION_AUTHORIZED": (
            f"{USER} authorized the app for {{event.data.guild.name}}",
            f"{USER} authorized the app",
        ),
        "APPLICATION_DEAUTHORIZED": f"{USER} deauthorized the app",
        "*": ("{@event!words}",),
    },
    events=(
        Event("0", "Ping for webhook events: answer 204"),
        Event("1", "Ping for interactions: answer with type 1"),
        Event("2", "A slash, user or message command was used"),
        Event("3", "A button, select menu or other component was used"),
        Event("4", "A command being typed asks for suggestions"),
        Event("5", "A modal was submitted"),
        Event("APPLICATION_AUTHORIZED", "A user added the app, to a server or to the account"),
        Event("APPLICATION_DEAUTHORIZED", "A user took the app's authorization back"),
        Event("ENTITLEMENT_CREATE", "A purchase or grant began"),
        Event("ENTITLEMENT_UPDATE", "A purchase or grant changed"),
        Event("ENTITLEMENT_DELETE", "A purchase or grant was taken back"),
        Event("QUEST_USER_ENROLLMENT", "A user took up a quest"),
        Event("LOBBY_MESSAGE_CREATE", "A message was written in a lobby"),
        Event("LOBBY_MESSAGE_UPDATE", "A message in a lobby was changed"),
        Event("LOBBY_MESSAGE_DELETE", "A message in a lobby was deleted"),
        Event("GAME_DIRECT_MESSAGE_CREATE", "A direct message was written during a game"),
        Event("GAME_DIRECT_MESSAGE_UPDATE", "A direct message of a game was changed"),
        Event("GAME_DIRECT_MESSAGE_DELETE", "A direct message of a game was deleted"),
    ),
    sensitive=("body:token",),
)

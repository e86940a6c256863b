"""Twitch EventSub over webhooks.

Sources: Twitch Developers, "Getting Events Using Webhook Callbacks" and "EventSub" (message types, duplicates, the
secret's length); twitchdev/twitch-cli, `internal/events/trigger/forward_event.go` (headers, the signature),
`internal/events/verify` (the answer to a verification), `internal/events/types` and `internal/models` (events, shapes).
"""

from hookcli.providers.spec import Event, Handshake, Limits, Provider
from hookcli.signing.schemes import Hmac

CHANNEL = "{event.broadcaster_user_name}"
WHO = "{event.user_name}"

PROVIDER = Provider(
    id="twitch",
    title="Twitch",
    docs="https://dev.twitch.tv/docs/eventsub/handling-webhook-events/",
    color="#9146ff",
    identify=(("header:Twitch-Eventsub-Message-Id",), ("header:Twitch-Eventsub-Message-Type",)),
    event=("header:Twitch-Eventsub-Subscription-Type", "body:subscription.type"),
    delivery_id=("header:Twitch-Eventsub-Message-Id",),
    hook_id=("body:subscription.id",),
    ping=(("header:Twitch-Eventsub-Message-Type=webhook_callback_verification",),),
    handshake=Handshake(
        when=(("header:Twitch-Eventsub-Message-Type=webhook_callback_verification", "body:challenge"),),
        body="{body:challenge}",
    ),
    signatures=(
        Hmac(
            name="sha256",
            at="header:Twitch-Eventsub-Message-Signature",
            prefix="sha256=",
            signed="{id}{timestamp}{body}",
            id="header:Twitch-Eventsub-Message-Id",
            timestamp="header:Twitch-Eventsub-Message-Timestamp",
            rfc3339=True,
        ),
    ),
    sends=(
        ("Content-Type", "application/json"),
        ("Twitch-Eventsub-Message-Id", "{id}"),
        ("Twitch-Eventsub-Message-Retry", "0"),
        ("Twitch-Eventsub-Message-Type", "notification"),
        ("Twitch-Eventsub-Message-Timestamp", "{time}"),
        ("Twitch-Eventsub-Subscription-Type", "{event}"),
        ("Twitch-Eventsub-Subscription-Version", "{body:subscription.version}"),
    ),
    limits=Limits(retries="it is sent again where Twitch is not sure; too many failures end the subscription"),
    notes=(
        "Twitch-Eventsub-Message-Type tells what it is: notification, webhook_callback_verification or revocation.",
        "A verification is answered with the bare challenge, as plain text; a revocation is the last message.",
        "The secret is 10 to 100 characters long, given when subscribing; it is not the client secret.",
        "A message that is sent again keeps its Twitch-Eventsub-Message-Id; it comes at least once.",
        "Answer within a few seconds, else notification_failures_exceeded ends the subscription.",
        "The timestamp is RFC 3339 with nanoseconds: sign the text as it came, not a parsed one.",
    ),
    summary={
        "channel.follow": f"{WHO} follows {CHANNEL}",
        "channel.subscribe": f"{WHO} subscribed to {CHANNEL}",
        "channel.subscription.gift": f"{WHO} gave {{event.total!count:subscription}} to {CHANNEL}",
        "channel.subscription.message": f"{WHO} resubscribed to {CHANNEL}",
        "channel.cheer": (
            f"{WHO} cheered {{event.bits!count:bit}} to {CHANNEL}",
            f"somebody cheered {{event.bits!count:bit}} to {CHANNEL}",
        ),
        "channel.raid": "{event.from_broadcaster_user_name} raids {event.to_broadcaster_user_name}",
        "channel.ban": f"{{event.moderator_user_name}} banned {WHO} from {CHANNEL}",
        "channel.unban": f"{{event.moderator_user_name}} unbanned {WHO} in {CHANNEL}",
        "channel.update": f"{CHANNEL} is now: {{event.title!line}}",
        "stream.online": f"{CHANNEL} went live",
        "stream.offline": f"{CHANNEL} went offline",
        "*": (
            f"{{@event!words}}: {CHANNEL}",
            "{@event}: {event.user_name}",
            "{@event}: {header:Twitch-Eventsub-Message-Type!words} ({subscription.status!words})",
            "{@event}",
        ),
    },
    events=(
        Event("channel.follow", "A channel has a new follower"),
        Event("channel.update", "A channel's title, category or language changed"),
        Event("channel.subscribe", "A channel has a new subscriber"),
        Event("channel.subscription.end", "A subscription to a channel ended"),
        Event("channel.subscription.gift", "Somebody gave subscriptions to a channel"),
        Event("channel.subscription.message", "Somebody resubscribed with a message"),
        Event("channel.cheer", "Somebody cheered with bits"),
        Event("channel.raid", "A channel raids another one"),
        Event("channel.ban", "Somebody was banned or timed out"),
        Event("channel.unban", "Somebody was unbanned"),
        Event("channel.moderator.add", "Somebody became moderator"),
        Event("channel.moderator.remove", "Somebody is no longer moderator"),
        Event("channel.channel_points_custom_reward.add", "A custom reward was made"),
        Event("channel.channel_points_custom_reward_redemption.add", "Somebody redeemed a custom reward"),
        Event("channel.poll.begin", "A poll began"),
        Event("channel.poll.end", "A poll ended"),
        Event("channel.prediction.begin", "A prediction began"),
        Event("channel.prediction.end", "A prediction ended"),
        Event("channel.hype_train.begin", "A hype train began"),
        Event("channel.hype_train.end", "A hype train ended"),
        Event("stream.online", "A stream began"),
        Event("stream.offline", "A stream ended"),
        Event("user.update", "A user changed the account"),
        Event("user.authorization.grant", "A user authorized the app"),
        Event("user.authorization.revoke", "A user took the authorization back"),
    ),
)

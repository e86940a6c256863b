"""Slack: the Events API, slash commands and interactivity (buttons, modals, shortcuts).

Sources: Slack's documentation, "Verifying requests from Slack" (the published vector, five minutes), "HTTP Request
URLs" and "Events API" (three seconds, three retries, X-Slack-No-Retry); slackapi/python-slack-sdk,
`slack_sdk/signature`; the shapes from slackapi/bolt-python, `slack_bolt/request/payload_utils.py` and
`tests/scenario_tests`; headers and their order from a request printed in Camunda's connector documentation.
"""

from hookcli.providers.spec import Event, Handshake, Limits, Provider
from hookcli.signing.schemes import Hmac

WHO = "{user.username/user.name/user.id}"

PROVIDER = Provider(
    id="slack",
    title="Slack",
    docs="https://docs.slack.dev/authentication/verifying-requests-from-slack/",
    color="#e01e5a",
    identify=(("header:X-Slack-Signature",), ("header:X-Slack-Request-Timestamp",)),
    event=("body:event.type", "body:type", "text:command"),
    action=("body:event.subtype", "body:actions.0.action_id", "body:view.callback_id", "body:callback_id"),
    delivery_id=("body:event_id", "body:trigger_id"),
    hook_id=("body:api_app_id",),
    ping=(("body:type=url_verification",), ("form:ssl_check=1",)),
    handshake=Handshake(when=(("body:type=url_verification", "body:challenge"),), body="{body:challenge}"),
    signatures=(
        Hmac(
            name="v0",
            at="header:X-Slack-Signature",
            prefix="v0=",
            signed="v0:{timestamp}:{body}",
            timestamp="header:X-Slack-Request-Timestamp",
            tolerance=300,
        ),
    ),
    sends=(
        ("Content-Type", "application/json"),
        ("X-Slack-Request-Timestamp", "{seconds}"),
        ("Accept", "application/json,*/*"),
        ("Accept-Encoding", "gzip,deflate"),
        ("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)"),
    ),
    limits=Limits(timeout=3, retries="three: at once, after 1 minute, after 5 minutes"),
    notes=(
        "Commands and interactivity arrive as a form: the raw form body is what is signed, before any decoding.",
        "A retry says so: X-Slack-Retry-Num (from 1) and X-Slack-Retry-Reason (http_timeout, http_error, ...).",
        "Answer a failure with X-Slack-No-Retry: 1 and it is not sent again; after a timeout that is too late.",
        "An event keeps its event_id over retries; commands and interactions have a trigger_id instead.",
        "The secret is the app's signing secret; `token` in the body is the older, deprecated verification token.",
        "A response_url lets whoever has it answer in the conversation.",
    ),
    summary={
        "app_mention": "{event.user} mentioned the app in {event.channel}: {event.text!line}",
        "message": (
            "{event.user/event.username/event.bot_id} wrote in {event.channel}: {event.text!line}",
            "message in {event.channel}",
        ),
        "message.message_changed": "a message in {event.channel} was changed: {event.message.text!line}",
        "message.message_deleted": "a message in {event.channel} was deleted",
        "reaction_added": "{event.user} reacted with {event.reaction}[ in {event.item.channel}]",
        "reaction_removed": "{event.user} took back {event.reaction}[ in {event.item.channel}]",
        "app_home_opened": "{event.user} opened the app's {event.tab}",
        "member_joined_channel": "{event.user} joined {event.channel}",
        "member_left_channel": "{event.user} left {event.channel}",
        "channel_created": "{event.channel.creator} created #{event.channel.name}",
        "team_join": "{event.user.name/event.user.id} joined the workspace",
        "command": ("{user_name/user_id} ran {command}[ {text!line}]", "is the certificate good? (ssl_check)"),
        "block_actions": f"{WHO} used {{actions.0.action_id}}[ in #{{channel.name}}]",
        "view_submission": f"{WHO} submitted {{view.callback_id/view.id}}",
        "view_closed": f"{WHO} closed {{view.callback_id/view.id}}",
        "shortcut": f"{WHO} used the shortcut {{callback_id}}",
        "message_action": f"{WHO} used {{callback_id}} on a message[ in #{{channel.name}}]",
        "url_verification": "asks for its challenge back",
        "*": ("{@event!words} by {event.user}", "{@event!words} in {event.channel}", "{@event!words}"),
    },
    events=(
        Event("url_verification", "A request URL was entered: answer with the challenge"),
        Event("app_mention", "Somebody mentioned the app"),
        Event("message", "A message was posted, changed or deleted where the app may read"),
        Event("reaction_added", "Somebody put a reaction on something"),
        Event("reaction_removed", "Somebody took a reaction back"),
        Event("app_home_opened", "Somebody opened the app's home or its messages"),
        Event("member_joined_channel", "Somebody joined a channel"),
        Event("member_left_channel", "Somebody left a channel"),
        Event("channel_created", "A channel was created"),
        Event("team_join", "Somebody joined the workspace"),
        Event("function_executed", "A workflow called a function of the app"),
        Event("assistant_thread_started", "Somebody opened a thread with the app as assistant"),
        Event("command", "Somebody ran a slash command"),
        Event("block_actions", "Somebody used a button, menu or other block element"),
        Event("block_suggestion", "A menu asks the app for its options"),
        Event("view_submission", "Somebody submitted a modal"),
        Event("view_closed", "Somebody closed a modal"),
        Event("shortcut", "Somebody used a global shortcut"),
        Event("message_action", "Somebody used a shortcut on a message"),
    ),
    sensitive=("body:token", "body:response_url"),
)

"""Discourse.

Sources: discourse/discourse, `app/jobs/regular/emit_web_hook_event.rb` (headers, signature, body, retries),
`app/services/web_hook_emitter.rb` (time-out) and `config/initializers/012-web_hook_events.rb` (the events).
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Hmac

PROVIDER = Provider(
    id="discourse",
    title="Discourse",
    docs="https://meta.discourse.org/t/49045",
    color="#00aeef",
    identify=(("header:X-Discourse-Event-Type",),),
    event=("header:X-Discourse-Event", "header:X-Discourse-Event-Type"),
    delivery_id=("header:X-Discourse-Event-Id",),
    ping=(("header:X-Discourse-Event-Type=ping",),),
    signatures=(Hmac(name="sha256", at="header:X-Discourse-Event-Signature", prefix="sha256="),),
    sends=(
        ("Accept", "*/*"),
        ("Connection", "close"),
        ("Content-Type", "application/json"),
        ("User-Agent", "Discourse/3.5.1"),
        ("X-Discourse-Instance", "https://forum.example.com"),
        ("X-Discourse-Event-Id", "{id}"),
        ("X-Discourse-Event-Type", "{kind}"),
        ("X-Discourse-Event", "{event}"),
    ),
    id_form="number",
    infer=(("body:ping", "ping"), ("body:post", "post_created"), ("body:topic", "topic_created")),
    limits=Limits(timeout=20, retries="up to four (after 1, 5, 25 and 125 minutes), where the site is set to"),
    notes=(
        "X-Discourse-Event-Type is the kind (post), X-Discourse-Event what happened (post_created).",
        "The body has one key, named like the kind: post, topic, user, ...",
        "With the content type form-urlencoded the body is JSON all the same.",
        "404 and 410, after the retries, switch the webhook off.",
    ),
    summary={
        "post_created": "{post.username} posted in {post.topic_title!line}",
        "post_edited": "{post.username} edited a post in {post.topic_title!line}",
        "topic_created": "{topic.created_by.username} opened {topic.title!line}",
        "user_created": "{user.username} joined",
        "ping": "a ping",
        "*": ("{@event!words}: {topic.title/post.topic_title/user.username!line}", "{@event!words}"),
    },
    events=(
        Event("ping", "A webhook was tested"),
        Event("topic_created", "A topic was opened"),
        Event("topic_edited", "A topic was edited"),
        Event("topic_destroyed", "A topic was deleted"),
        Event("topic_recovered", "A topic was restored"),
        Event("post_created", "Somebody posted"),
        Event("post_edited", "A post was edited"),
        Event("post_destroyed", "A post was deleted"),
        Event("post_recovered", "A post was restored"),
        Event("user_created", "Somebody joined"),
        Event("user_logged_in", "Somebody logged in"),
        Event("user_logged_out", "Somebody logged out"),
        Event("user_updated", "A user was changed"),
        Event("user_approved", "A user was approved"),
        Event("user_badge_granted", "A badge was granted"),
        Event("group_created", "A group was made"),
        Event("group_updated", "A group was changed"),
        Event("category_created", "A category was made"),
        Event("category_updated", "A category was changed"),
        Event("tag_created", "A tag was made"),
        Event("tag_updated", "A tag was changed"),
        Event("reviewable_created", "Something waits for review"),
        Event("reviewable_transitioned_to", "What waited for review was decided"),
        Event("notification_created", "Somebody was notified"),
    ),
)

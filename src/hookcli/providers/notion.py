"""Notion: integration webhooks.

Sources: developers.notion.com, "Webhooks" (the verification token, the signature) and "Event types & delivery" (fields,
catalogue, retries).
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Hmac

PROVIDER = Provider(
    id="notion",
    title="Notion",
    docs="https://developers.notion.com/reference/webhooks",
    color="#787774",
    identify=(
        ("header:X-Notion-Signature",),
        ("body:verification_token~^secret_", "!body:type"),
        ("body:subscription_id", "body:integration_id", "body:entity.id", "body:type"),
    ),
    event=("body:type",),
    delivery_id=("body:id",),
    attempt=("body:attempt_number",),
    hook_id=("body:subscription_id",),
    ping=(("body:verification_token", "!body:type"),),
    signatures=(Hmac(name="sha256", at="header:X-Notion-Signature", prefix="sha256="),),
    sends=(("Content-Type", "application/json"),),
    limits=Limits(retries="up to eight times, with growing pauses, for about a day"),
    notes=(
        "The secret is the verification_token of the first request: paste it into the integration's settings as well.",
        "The first request can't be signed yet; every later one is.",
        "An event says what changed, not how: fetch the page, and mind that it may have changed again.",
        "Events that follow each other quickly, page.content_updated above all, are put together into one.",
        "Events may come out of order: timestamp tells. attempt_number counts from 1.",
        "The webhook action of a button or an automation is another thing: its author chose the body, unsigned.",
    ),
    summary={
        "comment.created": "{authors.0.type} commented[ on page {data.page_id}]",
        "*": (
            "{type!words}: {entity.type!words} {entity.id}, by {authors!count:author}",
            "{type!words}: {entity.type!words} {entity.id}",
            "verification token for the subscription",
        ),
    },
    events=(
        Event("page.created", "A page was made"),
        Event("page.content_updated", "What stands on a page changed"),
        Event("page.properties_updated", "A page's properties changed"),
        Event("page.moved", "A page moved"),
        Event("page.deleted", "A page went to the trash"),
        Event("page.undeleted", "A page came back from the trash"),
        Event("page.locked", "A page was locked"),
        Event("page.unlocked", "A page was unlocked"),
        Event("database.created", "A database was made"),
        Event("database.content_updated", "Rows of a database came or went"),
        Event("database.schema_updated", "A database's properties changed"),
        Event("database.moved", "A database moved"),
        Event("database.deleted", "A database went to the trash"),
        Event("database.undeleted", "A database came back from the trash"),
        Event("data_source.created", "A data source was made"),
        Event("data_source.content_updated", "Rows of a data source came or went"),
        Event("data_source.schema_updated", "A data source's properties changed"),
        Event("comment.created", "Somebody commented"),
        Event("comment.updated", "A comment changed"),
        Event("comment.deleted", "A comment was deleted"),
    ),
    sensitive=("body:verification_token",),
)

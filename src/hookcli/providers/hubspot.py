"""HubSpot.

Sources: developers.hubspot.com, "Validating requests" (v1, v2 and v3, with vectors of v1 and v2) and "Webhooks API"
 (payload, subscription types); HubSpot/hubspot-api-python, `hubspot/utils/signature.py` (what each version signs).
"""

from hookcli.providers.spec import Event, Provider
from hookcli.signing.schemes import Digest, Hmac

KINDS = {
    "contact": "A contact",
    "company": "A company",
    "deal": "A deal",
    "ticket": "A ticket",
    "product": "A product",
    "line_item": "A line item",
}
CHANGES = {
    "creation": "was made",
    "deletion": "was deleted",
    "merge": "was merged with another",
    "restore": "was restored",
    "associationChange": "was linked to something else, or the link was cut",
    "propertyChange": "changed in a property",
}

PROVIDER = Provider(
    id="hubspot",
    title="HubSpot",
    docs="https://developers.hubspot.com/docs/api/webhooks",
    color="#ff7a59",
    identify=(("header:X-HubSpot-Signature-v3",), ("header:X-HubSpot-Signature",)),
    event=("body:0.subscriptionType", "body:subscriptionType"),
    delivery_id=("body:0.eventId", "body:eventId"),
    attempt=("body:0.attemptNumber", "body:attemptNumber"),
    hook_id=("body:0.subscriptionId", "body:subscriptionId"),
    signatures=(
        Hmac(
            name="v3",
            at="header:X-HubSpot-Signature-v3",
            encoding="base64",
            signed="{method}{url}{body}{timestamp}",
            timestamp="header:X-HubSpot-Request-Timestamp",
            milliseconds=True,
            tolerance=300,
        ),
        Digest(name="v2", at="header:X-HubSpot-Signature", signed="{secret}{method}{url}{body}", default=False),
        Digest(name="v1", at="header:X-HubSpot-Signature", signed="{secret}{body}"),
    ),
    sends=(("Content-Type", "application/json"), ("X-HubSpot-Signature-Version", "v1")),
    id_form="number",
    notes=(
        "The secret of all three versions is the app's client secret.",
        "v3 covers method, URL, body and time; v2 (workflow actions, cards) method, URL and body; v1 the body.",
        "v2 and v3 sign the URL that HubSpot called, query and all: behind a proxy or a tunnel give it with --url.",
        "v1 and v2 are plain hashes that begin with the secret, not HMACs; X-HubSpot-Signature-Version says which one.",
        "A delivery is a list of events, even of one; event, id and attempt shown here are the first one's.",
        "attemptNumber begins at 0. Events may come out of order: occurredAt (milliseconds) tells.",
        "A webhook belongs to the app: every account that installs it sends to the one address.",
    ),
    summary={
        "*": (
            "{!count:event}, first {0.subscriptionType} of {0.objectId}: {0.propertyName} now {0.propertyValue!line}",
            "{!count:event}, first {0.subscriptionType} of {0.objectId}",
            "{!count:event}, first {0.subscriptionType}",
            "{subscriptionType} of {objectId}",
        ),
    },
    events=(
        *(
            Event(f"{kind}.{change}", f"{what} {done}")
            for kind, what in KINDS.items()
            for change, done in CHANGES.items()
        ),
        Event("contact.privacyDeletion", "A contact was deleted for privacy"),
        Event("conversation.creation", "A thread was begun"),
        Event("conversation.newMessage", "A message came into a thread"),
        Event("conversation.propertyChange", "A thread changed in a property"),
        Event("conversation.deletion", "A thread was archived or deleted"),
        Event("conversation.privacyDeletion", "A thread was deleted for good"),
    ),
)

"""Coinbase Commerce.

Sources: Coinbase Developer Docs, "Webhooks overview" (signature, retries), "Webhooks fields" (envelope, events); the
signature from coinbase-commerce 1.0.1 (coinbase_commerce/webhook.py); header names, values and order from the delivery
shown in bchavez/Coinbase.Commerce, README.md.
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Hmac

CHARGE = "charge {event.data.code}[ ({event.data.name!line})]"
PRICE = "[: {event.data.pricing.local.amount} {event.data.pricing.local.currency}]"

PROVIDER = Provider(
    id="coinbase-commerce",
    title="Coinbase Commerce",
    docs="https://docs.cdp.coinbase.com/commerce/api-arcitecture/webhooks-overview",
    color="#0052ff",
    identify=(
        ("header:X-CC-Webhook-Signature",),
        ("header:User-Agent=weipay-webhooks",),
        ("body:event.type~^charge:", "body:event.id", "body:event.data.code"),
    ),
    event=("body:event.type",),
    delivery_id=("body:event.id",),
    attempt=("body:attempt_number",),
    signatures=(Hmac(name="signature", at="header:X-Cc-Webhook-Signature"),),
    sends=(
        ("User-Agent", "weipay-webhooks"),
        ("Content-Type", "application/json"),
        ("Accept-Encoding", "gzip;q=1.0,deflate;q=0.6,identity;q=0.3"),
        ("Accept", "*/*"),
        ("Connection", "close"),
    ),
    limits=Limits(retries="for up to three days with growing pauses, an hour at most"),
    notes=(
        "The signature is hex, over the raw body, with the shared secret of the whole account.",
        "Answer 200: anything else is tried again.",
        "attempt_number, in the signed body, tells the repetitions: the signature differs from one to the next.",
        "A payment is final with charge:confirmed; with charge:pending it is on the chain, not final yet.",
    ),
    summary={
        "charge:confirmed": f"{CHARGE} confirmed{PRICE}",
        "charge:created": f"{CHARGE} created{PRICE}",
        "charge:failed": f"{CHARGE} failed{PRICE}",
        "charge:pending": f"{CHARGE} paid, not confirmed yet{PRICE}",
        "*": ("{event.type}: {event.data.code/event.data.id}", "{event.type}"),
    },
    events=(
        Event("charge:confirmed", "A charge was paid, for good"),
        Event("charge:created", "A charge was made"),
        Event("charge:failed", "A charge was not paid"),
        Event("charge:pending", "A charge was paid and waits for confirmation"),
    ),
)

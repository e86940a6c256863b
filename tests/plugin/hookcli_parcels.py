"""A provider that wraps the deliveries of others: what only code can take out of its envelope."""

import base64

from hookcli.delivery import Headers, Message
from hookcli.providers.spec import Event, Provider
from hookcli.reading import Reading
from hookcli.signing.schemes import Hmac


def carried(reading: Reading) -> Message | None:
    """The delivery inside: headers as a table, the body in base64."""
    payload = reading.payload
    if not isinstance(payload, dict) or "parcel" not in payload:
        return None
    return Message(
        headers=Headers(list(payload["parcel"]["headers"].items())),
        body=base64.b64decode(payload["parcel"]["body"]),
    )


PROVIDER = Provider(
    id="parcels",
    title="Parcels",
    docs="https://parcels.example/webhooks",
    color="#aa7733",
    identify=(("header:X-Parcels-Event",),),
    event=("header:X-Parcels-Event",),
    carries=carried,
    signatures=(Hmac(name="sha256", at="header:X-Parcels-Signature", prefix="sha256="),),
    sends=(("Content-Type", "application/json"), ("X-Parcels-Event", "{event}")),
    events=(Event("parcel.arrived", "A parcel arrived"),),
)

"""Figma.

Sources: developers.figma.com, REST API, "Webhooks V2" (who sees what), "Events" (payload of each) and "Types".
"""

from hookcli.providers.spec import Event, Provider
from hookcli.signing.schemes import Token

FILE = "{file_name!line}"
BY = "[ by {triggered_by.handle!line}]"

PROVIDER = Provider(
    id="figma",
    title="Figma",
    docs="https://developers.figma.com/docs/rest-api/webhooks",
    color="#a259ff",
    identify=(("body:event_type~^[A-Z_]+$", "body:passcode", "body:webhook_id", "body:timestamp"),),
    event=("body:event_type",),
    hook_id=("body:webhook_id",),
    ping=(("body:event_type=PING",),),
    signatures=(Token(name="passcode", at="body:passcode"),),
    sends=(("Content-Type", "application/json"),),
    notes=(
        "The passcode stands in the body: it tells who sent a delivery, not that nobody changed it.",
        "PING comes when a webhook is made, unless it is made paused.",
        "FILE_UPDATE comes when nobody has edited a file for up to 30 minutes, not with every change.",
        "There is no header to know Figma by, and no delivery id.",
        "A team's webhook sees only the files that everybody on the team can see.",
    ),
    summary={
        "PING": "ping for webhook {webhook_id}",
        "FILE_UPDATE": f"{FILE} was edited",
        "FILE_DELETE": f"{FILE} was deleted{BY}",
        "FILE_VERSION_UPDATE": f"version of {FILE}{BY}[: {{label!line}}]",
        "FILE_COMMENT": (f"comment on {FILE}{BY}: {{comment.0.text!line}}", f"comment on {FILE}{BY}"),
        "LIBRARY_PUBLISH": f"library {FILE} published{BY}[: {{description!line}}]",
        "DEV_MODE_STATUS_UPDATE": f"{FILE}: a layer is now {{status!words}}{BY}",
        "*": (f"{{event_type!words}}: {FILE}", "{event_type!words}"),
    },
    events=(
        Event("PING", "A webhook was made"),
        Event("FILE_UPDATE", "A file was edited, and left alone since"),
        Event("FILE_DELETE", "A file was deleted"),
        Event("FILE_VERSION_UPDATE", "A named version of a file was made"),
        Event("FILE_COMMENT", "Somebody commented on a file"),
        Event("LIBRARY_PUBLISH", "A library was published"),
        Event("DEV_MODE_STATUS_UPDATE", "A layer changed its status in Dev Mode"),
    ),
)

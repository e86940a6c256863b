"""Azure Event Grid: webhooks as event handlers, in its own schema and in that of CloudEvents.

Sources: Microsoft's documentation, "Webhook event delivery" (both handshakes, a secret in the URL's query), "Message
headers" (aeg-*: MicrosoftDocs/azure-docs, articles/event-grid/includes/message-headers.md), "Azure Event Grid event
schema" and "Subscribe to events through portal"'s validation event (fields), "Use CloudEvents v1.0 schema with Event
Grid" (OPTIONS with WebHook-Request-Origin: eventgrid.azure.net), "Event Grid message delivery and retry"; event names
from the pages "Azure ... as an Event Grid source".
"""

from hookcli.providers.cloudevents import LEAVE_TO_SEND
from hookcli.providers.spec import Event, Handshake, Limits, Provider
from hookcli.providers.unknown import QUERY_TOKENS
from hookcli.signing.schemes import Token

VALIDATION = "Microsoft.EventGrid.SubscriptionValidationEvent"
LEAVE = ("header:WebHook-Request-Origin=eventgrid.azure.net",)

PROVIDER = Provider(
    id="azure-event-grid",
    title="Azure Event Grid",
    docs="https://learn.microsoft.com/azure/event-grid/webhook-event-delivery",
    color="#5c2d91",
    identify=(
        ("header:aeg-event-type",),
        ("header:aeg-subscription-name",),
        LEAVE,
        ("body:0.eventType", "body:0.eventTime", "body:0.subject", "body:0.topic"),
        (f"body:0.eventType={VALIDATION}", "body:0.data.validationCode"),
    ),
    supersedes=("cloudevents",),
    event=("body:0.eventType", "header:ce-type", "body:type", "body:0.type", "header:aeg-event-type"),
    delivery_id=("body:0.id", "header:ce-id", "body:id"),
    attempt=("header:aeg-delivery-count",),
    hook_id=("header:aeg-subscription-name",),
    ping=((f"body:0.eventType={VALIDATION}",), LEAVE),
    handshake=(
        Handshake(
            when=((f"body:0.eventType={VALIDATION}", "body:0.data.validationCode"),),
            body={"validationResponse": "{body:0.data.validationCode}"},
        ),
        LEAVE_TO_SEND,
    ),
    signatures=(*QUERY_TOKENS, Token(name="query-code", at="query:code", group="query")),
    sends=(
        ("aeg-subscription-name", "HOOKCLI"),
        ("aeg-delivery-count", "0"),
        ("aeg-data-version", "{body:0.dataVersion}"),
        ("aeg-metadata-version", "1"),
        ("aeg-event-type", "Notification"),
        ("Content-Type", "application/json; charset=utf-8"),
    ),
    summary={
        VALIDATION: "asks for its validation code back",
        "*": (
            "{0.eventType}[ about {0.subject}][, and {!more:event}]",
            "{0.type}[ about {0.subject/0.source}][, and {!more:event}]",
            "{header:ce-type/type}[ about {header:ce-subject/header:ce-source/subject/source}]",
            "{header:WebHook-Request-Origin} asks for leave to send",
        ),
    },
    events=(
        Event(VALIDATION, "A subscription is being made: answer with the code"),
        Event("Microsoft.EventGrid.SubscriptionDeletedEvent", "A subscription was deleted"),
        Event("Microsoft.Storage.BlobCreated", "A blob was made or replaced"),
        Event("Microsoft.Storage.BlobDeleted", "A blob was deleted"),
        Event("Microsoft.Storage.BlobTierChanged", "A blob was moved to another tier"),
        Event("Microsoft.Resources.ResourceWriteSuccess", "A resource was made or changed"),
        Event("Microsoft.Resources.ResourceWriteFailure", "A resource could not be made or changed"),
        Event("Microsoft.Resources.ResourceDeleteSuccess", "A resource was deleted"),
        Event("Microsoft.Resources.ResourceActionSuccess", "An action on a resource succeeded"),
        Event("Microsoft.ContainerRegistry.ImagePushed", "An image was pushed"),
        Event("Microsoft.ContainerRegistry.ImageDeleted", "An image was deleted"),
        Event("Microsoft.KeyVault.SecretNewVersionCreated", "A secret got a new version"),
        Event("Microsoft.KeyVault.SecretNearExpiry", "A secret is about to expire"),
        Event("Microsoft.KeyVault.SecretExpired", "A secret expired"),
        Event("Microsoft.KeyVault.CertificateNearExpiry", "A certificate is about to expire"),
        Event("Microsoft.AppConfiguration.KeyValueModified", "A key and value were set"),
        Event("Microsoft.Communication.SMSReceived", "A text message came in"),
        Event("Microsoft.Devices.DeviceCreated", "A device was registered with an IoT hub"),
        Event("Microsoft.Devices.DeviceTelemetry", "A device sent telemetry"),
        Event("Microsoft.Web.AppUpdated", "The configuration of a web app was changed"),
    ),
    limits=Limits(timeout=30, retries="after 10 s, 30 s, 1 min and later each time, at most 30 attempts in 24 hours"),
    notes=(
        "A delivery is a list of events, also of one; event and id shown here are the first one's.",
        "A new subscription is validated first: answer the code as validationResponse, in JSON, with 200.",
        "Who can't answer may fetch data.validationUrl within five minutes instead.",
        "With the CloudEvents schema an event is one object, and the handshake OPTIONS with WebHook-Request-Origin.",
        "Nothing is signed: put a secret into the query of the endpoint (code, key, token, ...).",
        "Microsoft Entra can be made to send a bearer token along: hookcli does not check those.",
        "After 400, 401, 403 and 413 nothing is tried again: mind that when --require-valid refuses.",
        "aeg-delivery-count counts attempts from 0. Events may come out of order, and more than once.",
        "data.validationCode and validationUrl let whoever has them complete the handshake.",
    ),
    sensitive=("body:0.data.validationCode", "body:0.data.validationUrl"),
)

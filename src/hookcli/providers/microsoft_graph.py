"""Microsoft Graph: change notifications and lifecycle notifications.

Sources: Microsoft Graph documentation, "Receive change notifications through webhooks" (validation, clientState,
payload, ten seconds, retries), "Reduce missing subscriptions and change notifications" (lifecycle events), "Set up
change notifications that include resource data" (encryptedContent, validationTokens), and the resource type
changeNotification (fields, the values of changeType and lifecycleEvent).
"""

from hookcli.providers.spec import Event, Handshake, Limits, Provider
from hookcli.signing.schemes import Token

ASKED = ("query:validationToken",)

PROVIDER = Provider(
    id="microsoft-graph",
    title="Microsoft Graph",
    docs="https://learn.microsoft.com/graph/change-notifications-delivery-webhooks",
    color="#0f6cbd",
    identify=(
        ASKED,
        ("body:value.0.subscriptionId", "body:value.0.changeType"),
        ("body:value.0.subscriptionId", "body:value.0.lifecycleEvent"),
    ),
    event=("body:value.0.lifecycleEvent", "body:value.0.changeType"),
    delivery_id=("body:value.0.id",),
    hook_id=("body:value.0.subscriptionId",),
    ping=(ASKED,),
    handshake=Handshake(when=(ASKED,), body="{query:validationToken}"),
    signatures=(Token(name="clientState", at="body:value.*.clientState"),),
    sends=(("Content-Type", "application/json; charset=utf-8"),),
    summary={
        "reauthorizationRequired": "subscription {value.0.subscriptionId} has to be authorized again",
        "subscriptionRemoved": "subscription {value.0.subscriptionId} was removed",
        "missed": "notifications of subscription {value.0.subscriptionId} were missed",
        "*": (
            "{value.0.resource} {value.0.changeType}[, and {value!more:notification}]",
            "asks for its validation token back: {query:validationToken!line}",
        ),
    },
    events=(
        Event("created", "What is subscribed to was made"),
        Event("updated", "What is subscribed to was changed"),
        Event("deleted", "What is subscribed to was deleted"),
        Event("reauthorizationRequired", "Lifecycle: the subscription has to be authorized again, or it ends"),
        Event("subscriptionRemoved", "Lifecycle: the subscription was removed and has to be made again"),
        Event("missed", "Lifecycle: notifications were not delivered; look for what changed"),
    ),
    limits=Limits(timeout=10, retries="for up to 4 hours, later each time"),
    notes=(
        "The secret is the subscription's clientState. It stands in each notification, and each one has to have it.",
        "A delivery is a list of notifications, `value`, also of one; event and id shown here are the first one's.",
        "Validation: a POST with ?validationToken= is answered 200, text/plain, with the token, percent-decoded.",
        "Nothing is signed; clientState does not cover the body. Answer 202 before you work.",
        "Resource data comes as encryptedContent, for your certificate's private key: hookcli does not decrypt it.",
        "Beside it stand validationTokens, signed by Microsoft's identity platform: hookcli does not check those.",
        "Lifecycle notifications come to lifecycleNotificationUrl, which is validated in the same way.",
    ),
)

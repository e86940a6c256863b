"""Sonatype Nexus Repository, and Sonatype Lifecycle (Nexus IQ), which sends the same headers.

Sources: sonatype/nexus-public, `org/sonatype/nexus/internal/webhooks/WebhookServiceImpl.java` (headers, signature) and
the plugin's webhooks (names and payloads of repository events, as Sonatype's documentation, "Webhooks", shows them);
sonatype-nexus-community (receivers of iq:applicationEvaluation and iq:policyAlert).
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Hmac

COMPONENT = "{component.group}[/]{component.name}"

PROVIDER = Provider(
    id="nexus",
    title="Sonatype Nexus",
    docs="https://help.sonatype.com/en/webhooks.html",
    color="#1b1c30",
    identify=(("header:X-Nexus-Webhook-ID",),),
    event=("header:X-Nexus-Webhook-ID",),
    action=("body:action",),
    delivery_id=("header:X-Nexus-Webhook-Delivery",),
    signatures=(Hmac(name="sha1", at="header:X-Nexus-Webhook-Signature", hash="sha1"),),
    sends=(
        ("X-Nexus-Webhook-ID", "{event}"),
        ("X-Nexus-Webhook-Delivery", "{id}"),
        ("Content-Type", "application/json; charset=UTF-8"),
    ),
    infer=(
        ("body:component", "rm:repository:component"),
        ("body:asset", "rm:repository:asset"),
        ("body:applicationEvaluation", "iq:applicationEvaluation"),
    ),
    limits=Limits(retries="none"),
    notes=(
        "X-Nexus-Webhook-ID names the event, not the hook.",
        "The signature is there where the capability has a secret key: HMAC-SHA1 of the body, bare hex.",
        "One upload makes many events: a component, and every asset of it, created and then updated.",
        "Answers of 300 and above are failures, which are only logged.",
    ),
    summary={
        "rm:repository:component": (
            "{component.group}/{component.name} {component.version} {action!words} in {repositoryName}",
            "{component.name} {component.version} {action!words} in {repositoryName}",
            "{component.name} {action!words} in {repositoryName}",
        ),
        "rm:repository:asset": "{asset.name} {action!words} in {repositoryName}",
        "iq:applicationEvaluation": (
            "{applicationEvaluation.application.name}: {applicationEvaluation.outcome} at {applicationEvaluation.stage}"
        ),
        "*": ("{@event} {action!words}", "{@event}"),
    },
    events=(
        Event("rm:repository:component", "A component was created, updated or deleted"),
        Event("rm:repository:asset", "An asset was created, updated or deleted"),
        Event("rm:global:repository", "A repository was created, updated or deleted"),
        Event("rm:global:audit", "Something was written to the audit log"),
        Event("iq:applicationEvaluation", "An application was evaluated (Lifecycle)"),
        Event("iq:policyAlert", "An evaluation violated a policy (Lifecycle)"),
    ),
)

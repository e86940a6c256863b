"""SonarQube Server, Cloud and Community Build.

Sources: SonarSource/sonarqube, `org/sonar/server/webhook/WebhookCallerImpl.java` (headers, Authorization from the URL)
and `WebhookPayloadFactoryImpl.java` (the payload); SonarQube's documentation, "Webhooks"
(X-Sonar-Webhook-HMAC-SHA256, ten seconds).
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Hmac, Token

BRANCH = "{project.name}[ ({branch.name})]"

PROVIDER = Provider(
    id="sonarqube",
    title="SonarQube",
    docs="https://docs.sonarsource.com/sonarqube-server/latest/project-administration/webhooks/",
    color="#126ed3",
    identify=(
        ("header:X-SonarQube-Project",),
        ("header:X-Sonar-Webhook-HMAC-SHA256",),
        ("body:serverUrl", "body:status", "body:changedAt", "body:project.key"),
    ),
    event=("body:status",),
    action=("body:qualityGate.status",),
    delivery_id=("body:taskId",),
    hook_id=("header:X-SonarQube-Project",),
    signatures=(
        Hmac(name="sha256", at="header:X-Sonar-Webhook-HMAC-SHA256"),
        Token(name="basic", at="header:Authorization", style="basic", default=False),
    ),
    sends=(
        ("X-SonarQube-Project", "{body:project.key}"),
        ("Content-Type", "application/json; charset=utf-8"),
        ("Accept-Encoding", "gzip"),
    ),
    limits=Limits(timeout=10, retries="none"),
    notes=(
        "No event is named: status says how the analysis went, qualityGate.status what the gate says of it.",
        "A user and password in the webhook's URL arrive as Authorization (Basic).",
        "taskId is missing where no analysis stands behind a delivery.",
    ),
    summary={
        "SUCCESS": (f"{BRANCH}: quality gate {{qualityGate.name}} is {{qualityGate.status}}", f"{BRANCH} was analysed"),
        "*": (f"the analysis of {BRANCH}: {{status!words}}", "{status!words}"),
    },
    events=(
        Event("SUCCESS", "A project was analysed, or its quality gate changed"),
        Event("FAILED", "An analysis failed"),
    ),
)

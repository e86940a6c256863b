"""Azure Container Registry.

Source: Microsoft's documentation, "Azure Container Registry webhook reference" (headers of one's own, payloads).
"""

from hookcli.providers.spec import Event, Provider
from hookcli.signing.schemes import Token

IMAGE = "{target.repository}[:{target.tag}][ on {request.host}]"

PROVIDER = Provider(
    id="azure-container-registry",
    title="Azure Container Registry",
    docs="https://learn.microsoft.com/azure/container-registry/container-registry-webhook-reference",
    color="#0078d4",
    identify=(
        ("body:id", "body:action", "body:target.repository", r"body:request.host~\.azurecr\.(io|cn|us)$"),
        ("body:id", "body:action~^chart_", "body:target.mediaType=application/vnd.acr.helm.chart"),
    ),
    event=("body:action",),
    delivery_id=("body:id",),
    signatures=(
        Token(name="bearer", at="header:Authorization", style="bearer"),
        Token(name="basic", at="header:Authorization", style="basic", default=False),
    ),
    sends=(("Content-Type", "application/json; charset=utf-8"),),
    notes=(
        "Nothing is signed: put a secret into a custom header (Authorization, say) or into the URL.",
        "request.host names the registry; request.useragent tells what pushed.",
    ),
    summary={
        "push": f"{IMAGE} was pushed",
        "delete": f"{IMAGE} was deleted",
        "chart_push": f"chart {IMAGE} was pushed",
        "chart_delete": f"chart {IMAGE} was deleted",
        "*": (f"{{action!words}}: {IMAGE}", "{action!words}"),
    },
    events=(
        Event("push", "An image was pushed"),
        Event("delete", "An image or a repository was deleted; not for a tag"),
        Event("chart_push", "A Helm chart was pushed"),
        Event("chart_delete", "A Helm chart was deleted"),
        Event("quarantine", "An image was quarantined"),
    ),
)

"""Docker Trusted Registry, today Mirantis Secure Registry 2 and 3.

Sources: docker/docs, `ee/dtr/admin/manage-webhooks` (events, wrapper, contents, and the payload of the test button
in `use-the-web-ui.md`); Mirantis documentation of MSR 2.9, 3.1 and 4.0, "Webhook types", "Manage content structure
using API" and "Configuring Webhooks". Headers are not documented: these are what a Go program sends.
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.providers.unknown import QUERY_TOKENS

EVENTS = (
    Event("TAG_PUSH", "A tag was pushed"),
    Event("TAG_PULL", "A tag was pulled"),
    Event("TAG_DELETE", "A tag was deleted"),
    Event("MANIFEST_PUSH", "A manifest was pushed"),
    Event("MANIFEST_PULL", "A manifest was pulled"),
    Event("MANIFEST_DELETE", "A manifest was deleted"),
    Event("SCAN_COMPLETED", "A security scan finished"),
    Event("SCAN_FAILED", "A security scan failed"),
    Event("PROMOTION", "An image was promoted to another repository"),
    Event("PUSH_MIRRORING", "An image was mirrored to another registry"),
    Event("POLL_MIRRORING", "An image was mirrored from another registry"),
    Event("CHART_PUSH", "A Helm chart was pushed (MSR 3)"),
    Event("CHART_PULL", "A Helm chart was pulled (MSR 3)"),
    Event("CHART_DELETE", "A Helm chart was deleted (MSR 3)"),
    Event("CHART_LINTED", "A Helm chart was linted (MSR 3)"),
    Event("REPO_CREATED", "A repository was made (API only)"),
    Event("REPO_UPDATED", "A repository changed (API only)"),
    Event("REPO_DELETED", "A repository was deleted (API only)"),
    Event("REPO_EVENT", "A repository was made, changed or deleted (DTR 2; API only)"),
    Event("SCANNER_UPDATE_COMPLETED", "The scanner's database was updated (API only)"),
)

IMAGE = "{contents.namespace}/{contents.repository}:{contents.tag}"
MANIFEST = "{contents.namespace}/{contents.repository}@{contents.digest}"
REPOSITORY = "{contents.namespace}/{contents.repository}"
SCAN = "contents.scanSummary"

PROVIDER = Provider(
    id="dtr",
    title="Docker Trusted Registry / Mirantis Secure Registry",
    docs="https://docs.mirantis.com/msr/3.1/ops/manage-webhooks.html",
    color="#00a3a1",
    identify=((f"body:type~^({'|'.join(event.name for event in EVENTS)})$", "body:createdAt", "body:contents"),),
    event=("body:type",),
    ping=(
        (
            "body:contents.pushedAt=2015-01-02T15:04:05Z",
            "body:contents.digest=sha256:b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c",
        ),
    ),
    signatures=QUERY_TOKENS,
    sends=(
        ("User-Agent", "Go-http-client/1.1"),
        ("Content-Type", "application/json"),
        ("Accept-Encoding", "gzip"),
    ),
    summary={
        "TAG_PUSH": (f"{{contents.author}} pushed {IMAGE}", f"{IMAGE} was pushed"),
        "TAG_PULL": (f"{{contents.author}} pulled {IMAGE}", f"{IMAGE} was pulled"),
        "TAG_DELETE": (f"{{contents.author}} deleted {IMAGE}", f"{IMAGE} was deleted"),
        "MANIFEST_PUSH": (f"{{contents.author}} pushed {MANIFEST}", f"{MANIFEST} was pushed"),
        "MANIFEST_PULL": (f"{{contents.author}} pulled {MANIFEST}", f"{MANIFEST} was pulled"),
        "MANIFEST_DELETE": (f"{{contents.author}} deleted {MANIFEST}", f"{MANIFEST} was deleted"),
        "SCAN_COMPLETED": (
            f"scan of {IMAGE}: {{{SCAN}.critical}} critical, {{{SCAN}.major}} major, {{{SCAN}.minor}} minor",
            f"scan of {IMAGE} finished",
        ),
        "SCAN_FAILED": (f"scan of {IMAGE} failed: {{contents.error!line}}", f"scan of {IMAGE} failed"),
        "PROMOTION": f"{IMAGE} was promoted",
        "PUSH_MIRRORING": f"{IMAGE} was mirrored to another registry",
        "POLL_MIRRORING": f"{IMAGE} was mirrored from another registry",
        "REPO_CREATED": f"{{contents.author}} made the repository {REPOSITORY}",
        "REPO_UPDATED": f"{{contents.author}} changed the repository {REPOSITORY}",
        "REPO_DELETED": f"{{contents.author}} deleted the repository {REPOSITORY}",
        "REPO_EVENT": f"{{contents.event!words}} {REPOSITORY}[ by {{contents.author}}]",
        "SCANNER_UPDATE_COMPLETED": "scanner database updated to version {contents.db_version}",
        "*": (f"{{@event!words}} {IMAGE}", f"{{@event!words}} {REPOSITORY}", "{@event!words}"),
    },
    events=EVENTS,
    limits=Limits(retries="none that the documentation tells of"),
    notes=(
        "Nothing is signed and no header names the event: put a secret into the URL (?key=...).",
        "The test button sends the chosen type with a made-up image, foo/bar:latest, pushed 2015-01-02T15:04:05Z.",
        "imageName starts with the registry's host, except in the test of later releases.",
        "last_scan_status: 0 failed, 1 unscanned, 2 scanning, 3 pending, 4 scanned, 5 checking, 6 completed.",
        "Mirantis Secure Registry 4 is built on Harbor and sends Harbor's payloads instead, or CloudEvents.",
    ),
)

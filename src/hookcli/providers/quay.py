"""Quay.io and Red Hat Quay: repository notifications of the method "Webhook POST".

Sources: quay/quay, notifications/notificationmethod.py (headers, time-out), notifications/__init__.py (what every
payload has) and notifications/notificationevent.py (the events and their payloads).
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.providers.unknown import QUERY_TOKENS

BUILD = "build {build_id!short} of {repository}"

PROVIDER = Provider(
    id="quay",
    title="Quay",
    docs="https://docs.quay.io/guides/notifications.html",
    color="#40b4e5",
    identify=(("body:docker_url", "body:homepage", "body:repository", "body:namespace", "body:name"),),
    signatures=QUERY_TOKENS,
    sends=(
        ("Accept-Encoding", "gzip, deflate"),
        ("Accept", "*/*"),
        ("Connection", "keep-alive"),
        ("Content-type", "application/json"),
    ),
    summary={
        "*": (
            "{repository} was pushed: {updated_tags.0}[ and {updated_tags.1}]",
            "{vulnerability.priority} vulnerability {vulnerability.id} in {repository}",
            f"{BUILD} failed: {{error_message!line}}",
            f"{BUILD}[ ({{build_name}})]",
            "{repository}: images expire in {expiring_in}",
            "{repository}: {message!line}",
            "{repository}",
        ),
    },
    events=(
        Event("repo_push", "Tags of the repository were pushed"),
        Event("repo_mirror_sync_started", "A mirror began to synchronise"),
        Event("repo_mirror_sync_success", "A mirror was synchronised"),
        Event("repo_mirror_sync_failed", "A mirror could not be synchronised"),
        Event("vulnerability_found", "A vulnerability was found in an image"),
        Event("build_queued", "A build waits"),
        Event("build_start", "A build began"),
        Event("build_success", "A build succeeded"),
        Event("build_failure", "A build failed"),
        Event("build_cancelled", "A build was cancelled"),
        Event("repo_image_expiry", "Images are about to expire"),
    ),
    limits=Limits(timeout=10),
    notes=(
        "No header or field names the event: give each notification a URL of its own, or look at the keys.",
        "updated_tags is a push; vulnerability, build_id and expiring_in tell of theirs.",
        "Nothing is signed and no header can be set: put a secret into the URL (?key=...).",
        "A template of your own replaces the whole body.",
    ),
)

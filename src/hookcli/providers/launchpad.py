"""Launchpad: webhooks of Git repositories, recipes, bugs and archives.

Sources: Launchpad's documentation, "Webhooks" (headers, signature, events, payloads); canonical/launchpad,
`lib/lp/services/webhooks/client.py` and its test (the headers as they are made, with a vector).
"""

from hookcli.providers.spec import Event, Provider
from hookcli.signing.schemes import Hmac

PROVIDER = Provider(
    id="launchpad",
    title="Launchpad",
    docs="https://ubuntu.com/docs/launchpad/user/reference/webhooks/",
    color="#e95420",
    identify=(("header:X-Launchpad-Event-Type",),),
    event=("header:X-Launchpad-Event-Type",),
    action=("body:action",),
    delivery_id=("header:X-Launchpad-Delivery",),
    ping=(("header:X-Launchpad-Event-Type=ping",),),
    signatures=(Hmac(name="sha1", at="header:X-Hub-Signature", hash="sha1", prefix="sha1="),),
    sends=(
        ("User-Agent", "launchpad.net-Webhooks/r0"),
        ("Content-Type", "application/json"),
        ("X-Launchpad-Event-Type", "{event}"),
        ("X-Launchpad-Delivery", "{id}"),
    ),
    id_form="number",
    infer=(
        ("body:ping", "ping"),
        ("body:ref_changes", "git:push:0.1"),
        ("body:merge_proposal", "merge-proposal:0.1"),
        ("body:commit_sha1", "ci:build:0.1"),
        ("body:snap_build", "snap:build:0.1"),
        ("body:livefs_build", "livefs:build:0.1"),
    ),
    notes=(
        "The event's name has the version of its payload: git:push:0.1.",
        "X-Hub-Signature is HMAC-SHA1 of the body, and there only where the webhook has a secret.",
        "X-Launchpad-Delivery is a number that grows: sort by it where the order counts.",
        "Most values are paths: put https://launchpad.net before them.",
        "In ref_changes old is null for a new ref, new is null for a deleted one.",
    ),
    summary={
        "ping": "a ping",
        "git:push:0.1": (
            "{ref_changes!count:ref} of {git_repository_path} pushed",
            "{git_repository} was pushed",
        ),
        "merge-proposal:0.1": ("merge proposal {action!words}: {merge_proposal}",),
        "ci:build:0.1": "build of {commit_sha1!short} in {git_repository}: {status}",
        "snap:build:0.1": "snap build {snap_build}: {status}",
        "bug:0.1": "bug {action!words}: {bug}",
        "bug:comment:0.1": "comment {action!words} on {bug}",
        "*": ("{@event} {action!words}: {status}", "{@event} {action!words}", "{@event}"),
    },
    events=(
        Event("git:push:0.1", "A Git repository was pushed"),
        Event("merge-proposal:0.1", "A merge proposal was created, changed or deleted"),
        Event("ci:build:0.1", "A CI build changed its state"),
        Event("livefs:build:0.1", "A live filesystem's build changed its state"),
        Event("snap:build:0.1", "A snap's build changed its state"),
        Event("ocirecipe:build:0.1", "An OCI image's build changed its state"),
        Event("charm-recipe:build:0.1", "A charm's build changed its state"),
        Event("craft-recipe:build:0.1", "A craft's build changed its state"),
        Event("bug:0.1", "A bug was reported or changed"),
        Event("bug:comment:0.1", "Somebody commented on a bug"),
        Event("archive:source-package-upload:0.1", "A source package's upload changed its state"),
        Event("archive:binary-package-upload:0.1", "A binary package's upload changed its state"),
        Event("archive:binary-build:0.1", "A binary build changed its state"),
        Event("ping", "A test was asked for"),
    ),
)

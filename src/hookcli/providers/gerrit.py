"""Gerrit Code Review: the webhooks plugin.

Sources: Gerrit's plugin webhooks, `HttpSession.java` (headers), `Configuration.java` (time-outs, tries) and
`config.md`; Gerrit's documentation, "gerrit stream-events" (the events and their payloads).
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.providers.unknown import QUERY_TOKENS

CHANGE = "change {change.number} in {change.project}: {change.subject!line}"
KINDS = (
    "patchset-created|change-merged|change-abandoned|change-restored|change-deleted|comment-added|ref-updated|"
    "batch-ref-updated|ref-replicated|ref-replication-done|reviewer-added|reviewer-deleted|topic-changed|"
    "hashtags-changed|vote-deleted|wip-state-changed|private-state-changed|project-created|project-head-updated|"
    "assignee-changed|custom-keyed-values-changed"
)

PROVIDER = Provider(
    id="gerrit",
    title="Gerrit",
    docs="https://gerrit.googlesource.com/plugins/webhooks/",
    color="#3f7d20",
    identify=(("body:eventCreatedOn", f"body:type~^({KINDS})$"),),
    event=("body:type",),
    signatures=QUERY_TOKENS,
    sends=(("Content-Type", "application/json; charset=utf-8"),),
    limits=Limits(timeout=5, retries="up to five tries, a second apart (all of it can be configured)"),
    notes=(
        "Nothing is signed and no header can be set: put a secret into the URL (?key=...).",
        "The payloads are those of `gerrit stream-events`; eventCreatedOn is in seconds.",
        "There is no delivery id. A new patch set sends ref-updated, too.",
        "TLS certificates are only checked where sslVerify is set.",
    ),
    summary={
        "patchset-created": f"{{uploader.name}} uploaded patch set {{patchSet.number}} of {CHANGE}",
        "change-merged": f"{{submitter.name}} merged {CHANGE}",
        "change-abandoned": f"{{abandoner.name}} abandoned {CHANGE}",
        "change-restored": f"{{restorer.name}} restored {CHANGE}",
        "comment-added": f"{{author.name}} reviewed {CHANGE}",
        "reviewer-added": f"{{reviewer.name}} was asked to review {CHANGE}",
        "ref-updated": (
            "{submitter.name} updated {refUpdate.refName!branch} of {refUpdate.project} to {refUpdate.newRev!short}",
            "{refUpdate.refName!branch} of {refUpdate.project} is at {refUpdate.newRev!short}",
        ),
        "project-created": "project {projectName} was created",
        "*": (f"{{type!words}}: {CHANGE}", "{type!words}"),
    },
    events=(
        Event("patchset-created", "A patch set was uploaded"),
        Event("change-merged", "A change was merged"),
        Event("change-abandoned", "A change was abandoned"),
        Event("change-restored", "A change was restored"),
        Event("change-deleted", "A change was deleted"),
        Event("comment-added", "Somebody commented or voted"),
        Event("ref-updated", "A ref was updated"),
        Event("batch-ref-updated", "Several refs were updated at once"),
        Event("reviewer-added", "A reviewer was added"),
        Event("reviewer-deleted", "A reviewer was removed"),
        Event("topic-changed", "The topic of a change was changed"),
        Event("hashtags-changed", "The hashtags of a change were changed"),
        Event("vote-deleted", "A vote was removed"),
        Event("wip-state-changed", "A change became work in progress, or is so no more"),
        Event("private-state-changed", "A change became private, or is so no more"),
        Event("project-created", "A project was created"),
        Event("project-head-updated", "The HEAD of a project was changed"),
        Event("assignee-changed", "The assignee of a change was changed"),
    ),
)

"""Bitbucket Data Center (earlier: Bitbucket Server, Stash).

Sources: Atlassian documentation, "Event payload" (headers, events), "Manage webhooks" (secret, basic
authentication) and "Troubleshooting webhooks" (what is skipped). Header order and Content-Type as in a request log
quoted in bleenco/abstruse, issue 315, the ping's Content-Type from bitrise-io/bitrise-webhooks, issue 72;
User-Agent, keys and their order as in the recorded payloads of jenkinsci/bitbucket-branch-source-plugin,
`impl/webhook/server` of its test resources, and go-playground/webhooks, `testdata/bitbucket-server`;
project:modified, repo:secret_detected and pr:reviewer:changes_requested from coderabbitai/bitbucket,
`src/server/webhooks/events`.
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Hmac, Token

ACTOR = "{actor.name/actor.displayName}"
PULL = "pull request #{pullRequest.id}"
TITLED = f"{PULL}: {{pullRequest.title!line}}"
SAID = "{comment.text!line}"

PROVIDER = Provider(
    id="bitbucket-server",
    title="Bitbucket Data Center",
    docs="https://confluence.atlassian.com/bitbucketserver/event-payload-938025882.html",
    color="#0052cc",
    identify=(
        ("header:X-Event-Key", "!header:X-Hook-UUID", "!header:X-Request-UUID", "header:X-Request-Id"),
        ("header:X-Event-Key", "!header:X-Hook-UUID", r"header:User-Agent~\bBitbucket-\d"),
        (
            "header:X-Event-Key~^(repo:(refs_changed|modified|forked|comment:|secret_)|proj|pr:|mirror:|diag)",
            "!header:X-Hook-UUID",
        ),
    ),
    event=("header:X-Event-Key", "body:eventKey"),
    delivery_id=("header:X-Request-Id",),
    ping=(("header:X-Event-Key=diagnostics:ping",),),
    signatures=(
        Hmac(name="sha256", at="header:X-Hub-Signature", hash="sha256", prefix="sha256="),
        Token(name="basic", at="header:Authorization", style="basic", default=False),
    ),
    sends=(
        ("User-Agent", "Atlassian HttpClient 4.2.0 / Bitbucket-9.4.2 (9004002) / Default"),
        ("X-Request-Id", "{id}"),
        ("Content-Type", "application/json; charset=utf-8"),
        ("X-Event-Key", "{event}"),
    ),
    infer=(("body:test", "diagnostics:ping"),),
    summary={
        "diagnostics:ping": "ping: a test of the connection",
        "repo:refs_changed": (
            f"{ACTOR} pushed {{changes.0.ref.displayId}}: {{commits.0.message!line}}",
            f"{ACTOR} pushed {{changes.0.ref.displayId}} ({{changes.0.type}} {{changes.0.ref.type}})",
        ),
        "repo:modified": f"{ACTOR} changed the repository {{new.project.key}}/{{new.slug}}",
        "repo:forked": f"{ACTOR} forked {{repository.origin.slug}} to {{repository.project.key}}/{{repository.slug}}",
        "repo:comment:added": f"{ACTOR} commented on {{commit!short}}: {SAID}",
        "repo:comment:edited": f"{ACTOR} changed a comment on {{commit!short}}: {SAID}",
        "repo:comment:deleted": f"{ACTOR} deleted a comment on {{commit!short}}",
        "repo:secret_detected": f"{ACTOR} pushed a secret: {{secretLocations.0.path}} ({{secretLocations.0.ruleName}})",
        "mirror:repo_synchronized": "{mirrorServer.name} has synchronised {repository.project.key}/{repository.slug}",
        "project:modified": f"{ACTOR} changed the project {{new.key}}: {{new.name}}",
        "pr:opened": f"{ACTOR} opened {TITLED}",
        "pr:from_ref_updated": f"{ACTOR} pushed to {TITLED}",
        "pr:to_ref_updated": f"the target branch moved under {TITLED}",
        "pr:modified": f"{ACTOR} changed {TITLED}",
        "pr:reviewer:updated": f"{ACTOR} changed the reviewers of {TITLED}",
        "pr:reviewer:approved": f"{ACTOR} approved {TITLED}",
        "pr:reviewer:unapproved": f"{ACTOR} took back the review of {TITLED}",
        "pr:reviewer:needs_work": f"{ACTOR} asked for changes to {TITLED}",
        "pr:reviewer:changes_requested": f"{ACTOR} asked for changes to {TITLED}",
        "pr:merged": f"{ACTOR} merged {TITLED}",
        "pr:declined": f"{ACTOR} declined {TITLED}",
        "pr:deleted": f"{ACTOR} deleted {TITLED}",
        "pr:comment:added": f"{ACTOR} commented on {PULL}: {SAID}",
        "pr:comment:edited": f"{ACTOR} changed a comment on {PULL}: {SAID}",
        "pr:comment:deleted": f"{ACTOR} deleted a comment on {TITLED}",
        "*": (f"{{@event!words}} by {ACTOR}", "{@event!words}"),
    },
    events=(
        Event("diagnostics:ping", "The button that tests the connection was pressed"),
        Event("repo:refs_changed", "Branches or tags were pushed, made or deleted"),
        Event("repo:modified", "The repository was renamed or moved"),
        Event("repo:forked", "The repository was forked"),
        Event("repo:comment:added", "Someone commented on a commit"),
        Event("repo:comment:edited", "A comment on a commit was edited"),
        Event("repo:comment:deleted", "A comment on a commit was deleted"),
        Event("repo:secret_detected", "Commits with a secret in them were pushed"),
        Event("mirror:repo_synchronized", "A mirror has caught up with the repository"),
        Event("project:modified", "A project changed (project webhooks)"),
        Event("pr:opened", "A pull request was opened"),
        Event("pr:from_ref_updated", "The source branch of a pull request moved"),
        Event("pr:to_ref_updated", "The target branch of a pull request moved"),
        Event("pr:modified", "Title, description or target branch of a pull request changed"),
        Event("pr:reviewer:updated", "The reviewers of a pull request changed"),
        Event("pr:reviewer:approved", "A reviewer approved a pull request"),
        Event("pr:reviewer:unapproved", "A reviewer took back an approval or a request for changes"),
        Event("pr:reviewer:needs_work", "A reviewer asked for changes"),
        Event("pr:reviewer:changes_requested", "A reviewer asked for changes (newer name)"),
        Event("pr:merged", "A pull request was merged"),
        Event("pr:declined", "A pull request was declined"),
        Event("pr:deleted", "A pull request was deleted"),
        Event("pr:comment:added", "Someone commented on a pull request"),
        Event("pr:comment:edited", "A comment on a pull request was edited"),
        Event("pr:comment:deleted", "A comment on a pull request was deleted"),
    ),
    limits=Limits(
        retries="none documented; after five failures the webhook is skipped, for 10 seconds, later for up to 10 hours",
    ),
    notes=(
        'The test of the connection is `diagnostics:ping` with the body {"test": true} and no eventKey in it.',
        "Nothing names the webhook or counts attempts: X-Hook-UUID and X-Attempt-Number are Bitbucket Cloud's.",
        "A push lists five commits at most (older releases none); `type` of a change is ADD, UPDATE or DELETE.",
        "Times are milliseconds since 1970, from release 10 on also ISO 8601 text within commits.",
        "Some editions of the documentation call the project event proj:modified, others project:modified.",
        "250 webhooks may be under way at once; more are skipped.",
    ),
)

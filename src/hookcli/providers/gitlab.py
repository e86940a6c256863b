"""GitLab (GitLab.com, Self-Managed and Dedicated).

Sources: GitLab Docs, "Webhooks", "Webhook events" and "System hooks"; header order and limits from gitlabhq/gitlabhq,
app/services/web_hook_service.rb; payload keys and their order from lib/gitlab/data_builder and lib/gitlab/hook_data;
the signing token from gitlab-org/gitlab, merge request 230944 (webhook-id equals Idempotency-Key).
"""

from dataclasses import replace

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.providers.standard_webhooks import V1
from hookcli.signing.schemes import Token

WHO = "{user.username/user.name}"
PUSHER = "{user_username/user_name}"
MERGE_REQUEST = "merge request !{object_attributes.iid}: {object_attributes.title!line}"
ISSUE = "{object_kind!words} #{object_attributes.iid}: {object_attributes.title!line}"
DONE = "{object_attributes.action!past}"
NOTE = "{object_attributes.note!line}"

PUSHED = (
    f"{PUSHER} pushed {{total_commits_count!count:commit}} to {{ref!branch}}: {{commits.0.message!line}}",
    f"{PUSHER} pushed {{ref!branch}} at {{checkout_sha!short}}",
    f"{PUSHER} deleted {{ref!branch}}",
)
COMMENTED = (
    f"{WHO} commented on merge request !{{merge_request.iid}}: {NOTE}",
    f"{WHO} commented on issue #{{issue.iid}}: {NOTE}",
    f"{WHO} commented on {{commit.id!short}}: {NOTE}",
    f"{WHO} commented on snippet {{snippet.title!line}}: {NOTE}",
)
JOB = "job {build_name} on {ref!branch}: {build_status!words}"

PROVIDER = Provider(
    id="gitlab",
    title="GitLab",
    docs="https://docs.gitlab.com/user/project/integrations/webhooks/",
    color="#fc6d26",
    identify=(("header:X-Gitlab-Event",),),
    supersedes=("standard-webhooks",),
    event=("header:X-Gitlab-Event",),
    action=("body:object_attributes.action", "body:action"),
    delivery_id=("header:webhook-id", "header:X-Gitlab-Event-UUID", "header:Idempotency-Key"),
    hook_id=("header:X-Gitlab-Webhook-UUID",),
    signatures=(
        replace(V1, name="signing-token", secret="whsec"),  # noqa: S106 (the form of a secret)
        Token(name="token", at="header:X-Gitlab-Token", secret="not whsec"),  # noqa: S106 (the form of a secret)
    ),
    sends=(
        ("Content-Type", "application/json"),
        ("User-Agent", "GitLab/18.5.1"),
        ("Idempotency-Key", "{id}"),
        ("X-Gitlab-Event", "{event}"),
        ("X-Gitlab-Webhook-Uuid", "{uuid}"),
        ("X-Gitlab-Instance", "https://gitlab.example.com"),
        ("X-Gitlab-Event-Uuid", "{id}"),
        ("Accept-Encoding", "gzip;q=1.0,deflate;q=0.6,identity;q=0.3"),
        ("Accept", "*/*"),
        ("Connection", "close"),
    ),
    limits=Limits(
        timeout=10,
        body=25 * 1024 * 1024,
        retries="resend by hand or through the API; Idempotency-Key stays the same",
    ),
    notes=(
        "Group webhooks are a paid feature (Premium and Ultimate); so the Member, Project and Subgroup hooks are too.",
        "X-Gitlab-Token is the secret itself: it tells who sent a delivery, not that nobody changed the body.",
        "A signing token (whsec_ and 32 bytes in base64) signs webhook-id, webhook-timestamp and the body.",
        "System hooks all arrive as `System Hook`: event_name, or else object_kind, in the body tells which.",
        "X-Gitlab-Event-UUID is shared by hooks that set each other off; Idempotency-Key tells deliveries apart.",
        "The documentation has X-Gitlab-Webhook-UUID name the hook; the source makes a new one for each delivery.",
        "On the wire it is X-Gitlab-Event-Uuid: Ruby's Net::HTTP writes each part of a header's name with one capital.",
        "A push of more than three branches or tags sends nothing (push_event_hooks_limit).",
        "A push lists its newest 20 commits; total_commits_count is their real number.",
        "Four failures in a row switch a hook off for a while, forty for good.",
        "An e-mail address that its owner keeps private reads [REDACTED].",
        "A custom webhook template replaces the whole body: then only the header tells the event.",
        "There is no ping: the Test button sends an event made from the project's own data.",
    ),
    infer=(
        ("body:object_kind=push", "Push Hook"),
        ("body:object_kind=tag_push", "Tag Push Hook"),
        ("body:object_kind=merge_request", "Merge Request Hook"),
        ("body:event_type=confidential_issue", "Confidential Issue Hook"),
        ("body:event_type=confidential_note", "Confidential Note Hook"),
        ("body:object_kind~^(issue|work_item)$", "Issue Hook"),
        ("body:object_kind=note", "Note Hook"),
        ("body:object_kind=pipeline", "Pipeline Hook"),
        ("body:object_kind=build", "Job Hook"),
        ("body:object_kind=wiki_page", "Wiki Page Hook"),
        ("body:object_kind=deployment", "Deployment Hook"),
        ("body:object_kind=feature_flag", "Feature Flag Hook"),
        ("body:object_kind=release", "Release Hook"),
        ("body:object_kind=milestone", "Milestone Hook"),
        ("body:object_kind=emoji", "Emoji Hook"),
        ("body:object_kind=access_token", "Resource Access Token Hook"),
        ("body:object_kind=vulnerability", "Vulnerability Hook"),
        ("body:event_name~^subgroup_", "Subgroup Hook"),
        (r"body:event_name~^user_\w+_(to|for|from)_group$", "Member Hook"),
        ("body:event_name", "System Hook"),
    ),
    summary={
        "Push Hook": PUSHED,
        "Tag Push Hook": (
            f"{PUSHER} tagged {{checkout_sha!short}} as {{ref!branch}}[: {{message!line}}]",
            f"{PUSHER} deleted tag {{ref!branch}}",
        ),
        "Merge Request Hook": (f"{WHO} {DONE} {MERGE_REQUEST}", f"{WHO} changed {MERGE_REQUEST}"),
        "Merge Request Hook.approval": f"{WHO} gave one approval to {MERGE_REQUEST}",
        "Merge Request Hook.unapproval": f"{WHO} took one approval from {MERGE_REQUEST}",
        "Issue Hook": (f"{WHO} {DONE} {ISSUE}", f"{WHO} changed {ISSUE}"),
        "Confidential Issue Hook": (f"{WHO} {DONE} confidential {ISSUE}", f"{WHO} changed confidential {ISSUE}"),
        "Note Hook": COMMENTED,
        "Note Hook.update": tuple(line.replace(" commented", " changed a comment") for line in COMMENTED),
        "Confidential Note Hook": tuple(line.replace(" commented", " commented confidentially") for line in COMMENTED),
        "Pipeline Hook": (
            "pipeline #{object_attributes.id} on {object_attributes.ref!branch}: {object_attributes.status!words}"
            "[ after {object_attributes.duration} s]"
        ),
        "Job Hook": JOB,
        "Build Hook": JOB,
        "Wiki Page Hook": f"{WHO} {DONE} wiki page {{object_attributes.title!line}}",
        "Deployment Hook": "deployment to {environment}: {status!words}[, by {user.username}]",
        "Feature Flag Hook": f"{WHO} set feature flag {{object_attributes.name}} active: {{object_attributes.active}}",
        "Release Hook": "release {tag} {action!past}[: {name!line}]",
        "Milestone Hook": "milestone {object_attributes.title!line} {action!past}",
        "Emoji Hook": f"{WHO} reacted to a {{object_attributes.awardable_type}} with :{{object_attributes.name}}:",
        "Emoji Hook.revoke": f"{WHO} took :{{object_attributes.name}}: from a {{object_attributes.awardable_type}}",
        "Member Hook": "{event_name!words}: {user_username}[ in {group_path}][ as {group_access}]",
        "Project Hook": "{event_name!words}: {path_with_namespace}",
        "Subgroup Hook": "{event_name!words}: {full_path}",
        "Resource Access Token Hook": (
            "access token {object_attributes.name!line} runs out on {object_attributes.expires_at}"
            "[ in {project.path_with_namespace/group.full_path}]"
        ),
        "Vulnerability Hook": (
            "{object_attributes.severity} vulnerability {object_attributes.state!words}: {object_attributes.title!line}"
        ),
        "System Hook": (
            *PUSHED,
            f"{WHO} {DONE} {{object_kind!words}} {{object_attributes.iid}}: {{object_attributes.title!line}}",
            "{object_kind!words} {object_attributes.iid}: {object_attributes.title!line}",
            "{event_name!words}: {path_with_namespace}[, before: {old_path_with_namespace}]",
            "{event_name!words}: {user_username}[ in {project_path_with_namespace/group_path}]",
            "{event_name!words}: {full_path/username/project.path_with_namespace/path/name!line}",
            "{event_name/object_kind!words}",
        ),
        "*": (f"{{@event!words}} by {WHO}", "{@event!words}"),
    },
    events=(
        Event("Push Hook", "Commits were pushed, or a branch was made or deleted"),
        Event("Tag Push Hook", "A tag was made or deleted"),
        Event("Merge Request Hook", "A merge request was opened, changed, approved, merged or closed"),
        Event("Issue Hook", "An issue or another work item was opened, changed, closed or reopened"),
        Event("Confidential Issue Hook", "The same of a confidential issue"),
        Event("Note Hook", "Somebody commented on a merge request, issue, commit or snippet"),
        Event("Confidential Note Hook", "Somebody commented confidentially, or on a confidential issue"),
        Event("Pipeline Hook", "A pipeline's status changed"),
        Event("Job Hook", "A job's status changed"),
        Event("Build Hook", "Job Hook under its older name"),
        Event("Wiki Page Hook", "A wiki page was made, changed or deleted"),
        Event("Deployment Hook", "A deployment started, succeeded, failed or was cancelled"),
        Event("Feature Flag Hook", "A feature flag was switched on or off"),
        Event("Release Hook", "A release was made, changed or deleted"),
        Event("Milestone Hook", "A milestone was made, closed, reopened or deleted"),
        Event("Emoji Hook", "An emoji reaction was given or taken back"),
        Event("Resource Access Token Hook", "A project's or group's access token or deploy token runs out soon"),
        Event("Vulnerability Hook", "A vulnerability was found or changed its state"),
        Event("Member Hook", "A group's member came, changed or went (group webhooks)"),
        Event("Project Hook", "A project was made or deleted in the group (group webhooks)"),
        Event("Subgroup Hook", "A subgroup was made or removed (group webhooks)"),
        Event("System Hook", "Anything that an administrator's system hook reports of the whole instance"),
    ),
)

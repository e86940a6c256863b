"""Travis CI.

Sources: travis-ci/docs-travis-ci-com, user/notifications.md.erb ("Configure Webhook notifications": format, types,
status messages, verifying); the sender, travis-ci/travis-tasks, lib/travis/addons/webhook/task.rb (headers, SHA-1 by
RSA over the payload before it is urlencoded) and payload.rb (keys and their order).
"""

from hookcli.providers.spec import Event, Provider
from hookcli.signing.public_key import KeyPair

BUILD = "build #{number} of {repository.owner_name}/{repository.name}"

PROVIDER = Provider(
    id="travis-ci",
    title="Travis CI",
    docs="https://docs.travis-ci.com/user/notifications/#configure-webhook-notifications",
    color="#3eaaaf",
    identify=(
        ("header:Travis-Repo-Slug",),
        ("header:User-Agent=Travis CI Notifications",),
        ("body:status_message", "body:build_url", "body:matrix"),
    ),
    event=("body:type",),
    action=("body:state",),
    signatures=(
        KeyPair(
            name="rsa-sha1",
            at="header:Signature",
            algorithm="rsa",
            hash="sha1",
            encoding="base64",
            signed="{form:payload}",
        ),
    ),
    sends=(
        ("Travis-Repo-Slug", "{body:repository.owner_name}/{body:repository.name}"),
        ("User-Agent", "Travis CI Notifications"),
        ("Content-Type", "application/x-www-form-urlencoded"),
    ),
    summary={
        "pull_request": (
            f"{BUILD}, pull request #{{pull_request_number}}: {{status_message}}[ ({{pull_request_title!line}})]",
        ),
        "*": (f"{BUILD} on {{tag/branch}}: {{status_message}}[ ({{message!line}})]", f"{BUILD}: {{state!words}}"),
    },
    events=(
        Event("push", "A build for a push changed its state"),
        Event("pull_request", "A build for a pull request changed its state"),
        Event("cron", "A build by schedule changed its state"),
        Event("api", "A build that was asked for through the API changed its state"),
    ),
    notes=(
        "The body is a form with one field, payload: what is signed is the JSON in it, after decoding.",
        "The secret is a public key: config.notifications.webhook.public_key of https://api.travis-ci.com/config.",
        "`hookcli sign` needs a private key of your own, and a body that is the form already.",
        "The digest is SHA-1 (RSA, PKCS #1 v1.5, base64).",
        "status and result are 0 for passed, 1 for failed or errored and null for anything else.",
        "There is no delivery id: `id` is the build's, and a build may be told of when it starts and when it ends.",
        "A notification is for a build, not for its jobs; those are listed in matrix.",
        "User and password in the webhook's URL arrive as a basic Authorization.",
    ),
)

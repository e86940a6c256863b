"""Docker Hub.

Sources: Docker's manuals, "Webhooks" of Docker Hub (docker/docs, `docker-hub/repos/manage/webhooks.md`: payload,
and that callback_url is no longer supported), docker/docs issue 23955 (what it answers) and the former section
"Validating a callback". Order of the keys as in a delivery quoted in a 2022 tutorial; push_data.media_type, in a
place of our choice, as read by akuity/kargo, `webhook/external/dockerhub.go`. Headers are not documented: these are
what a Go program sends.
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.providers.unknown import QUERY_TOKENS

PROVIDER = Provider(
    id="dockerhub",
    title="Docker Hub",
    docs="https://docs.docker.com/docker-hub/repos/manage/webhooks/",
    color="#1d63ed",
    identify=(
        ("body:push_data", "body:repository.repo_name", "body:callback_url"),
        ("body:push_data.tag", "body:repository.repo_name"),
    ),
    event=("text:push",),
    signatures=QUERY_TOKENS,
    sends=(
        ("User-Agent", "Go-http-client/1.1"),
        ("Content-Type", "application/json"),
        ("Accept-Encoding", "gzip"),
    ),
    summary={
        "push": (
            "{push_data.pusher} pushed {repository.repo_name}:{push_data.tag}",
            "{repository.repo_name}:{push_data.tag} was pushed",
            "{repository.repo_name} was pushed",
        ),
    },
    events=(Event("push", "A tag was pushed to the repository"),),
    limits=Limits(retries="none that the documentation tells of; the webhook's history shows what was answered"),
    notes=(
        "Nothing is signed and no header can be set: put a secret into the URL (?key=...), and keep it out of logs.",
        "No header or field names the event or the delivery; the only event is a push.",
        "callback_url is a leftover that Docker no longer supports: POSTing to it does nothing, or answers 404.",
        "A receiver used to POST {state, description, context, target_url} there: success, failure or error.",
        "push_data.images is empty nowadays: ask the registry for the digest of the tag.",
        "pushed_at and date_created are seconds since 1970; automated builds used to write them as 1.4e+09.",
    ),
)

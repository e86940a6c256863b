"""Docker Hub.

Sources: Docker's manuals, "Webhooks" of Docker Hub (docker/docs, `docker-hub/repos/manage/webhooks.md`: payload,
and that callback_url is no longer supported), docker/docs issue 23955 and docker/hub-feedback issue 943 (what it
answers) and, in former versions of `docker-hub/webhooks.md`, "Validate a webhook callback" (its fields and their
lengths). Order of the keys as in a delivery quoted in a 2022 tutorial; push_data.media_type, in a place of our choice,
as read by akuity/kargo, `webhook/external/dockerhub.go`. Headers are not documented: these are what a Go program sends.
"""

from hookcli.providers.spec import Callback, Event, Limits, Provider
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
    callback=Callback(
        at="body:callback_url",
        hosts=("hub.docker.com",),
        states=("success", "failure", "error"),
        body={
            "state": "{state}",
            "description": "{description}",
            "context": "{context}",
            "target_url": "{target_url}",
        },
        longest={"description": 255, "context": 100},
        note="callback_url is a legacy field that Docker no longer supports: it does nothing, or answers 400 or 404.",
    ),
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
        "In a chain of webhooks, the next one used to be called only after a callback with the state success.",
        "push_data.images is empty nowadays: ask the registry for the digest of the tag.",
        "pushed_at and date_created are seconds since 1970; automated builds used to write them as 1.4e+09.",
    ),
)

"""The forms that there are, each once: what `export` writes, and what `replay`, `verify`, `explain` and `import` read.

The command line's choices, its help and completion, the recognising of files and the README's table come from here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hookcli.errors import WrongInput, did_you_mean
from hookcli.formats import (
    argo,
    cloudevent,
    curl,
    curl_reading,
    github_delivery,
    gitlab_event,
    har,
    hookdeck,
    http_file,
    httpie,
    ngrok,
    record,
    smee,
    snippet,
    webhook_site,
    wget,
)
from hookcli.formats.form import File, Form, Found, Kept

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hookcli.delivery import Message


def _lines(kept: Sequence[Kept]) -> bytes:
    return b"".join(
        record.line(one.delivery, one.status, answer=one.answer, repeats=one.repeats).encode() + b"\n" for one in kept
    )


def _read_records(file: File) -> list[Found]:
    return [
        Found(message=record.read(item, file.name), status=record.status_of(item.get("status"))) for item in file.items
    ]


def _text(write: Callable[[Message, str], str]) -> Callable[[Message, str], bytes]:
    return lambda message, url: write(message, url).encode("utf-8", "surrogateescape") + b"\n"


FORMS = (
    Form(
        id="http",
        title="an HTTP message: request line, headers, an empty line, the raw body",
        suffixes=(".http",),
        of_message=lambda message, _url: http_file.write(message),
        recognise=lambda file: http_file.looks_like(file.data),
        read=lambda file: [Found(message=http_file.read(file.data, file.name))],
    ),
    Form(
        id="json",
        title="hookcli's JSON, one object on one line",
        suffixes=(".json",),
        write=_lines,
        recognise=lambda file: bool(file.items) and all(map(record.looks_like, file.items)),
        read=_read_records,
    ),
    Form(
        id="ndjson",
        title="the same, one delivery a line",
        suffixes=(".ndjson", ".jsonl"),
        several=True,
        write=_lines,
        read=_read_records,
    ),
    Form(
        id="har",
        title="a HAR 1.2 archive, with what was answered, for browsers, proxies and API tools",
        suffixes=(".har",),
        several=True,
        answers=True,
        write=har.write,
        recognise=har.recognise,
        read=har.read,
    ),
    Form(
        id="curl",
        title="a curl command",
        suffixes=(".sh", ".curl"),
        of_message=_text(curl.write),
        recognise=curl_reading.recognise,
        read=curl_reading.read,
    ),
    Form(
        id="httpie",
        title="an HTTPie command",
        suffixes=(".sh",),
        of_message=_text(httpie.write),
        alters=httpie.alters,
    ),
    Form(
        id="wget",
        title="a wget command",
        suffixes=(".sh",),
        of_message=_text(wget.write),
        alters=wget.alters,
    ),
    Form(
        id="python",
        title="a Python script with requests",
        suffixes=(".py",),
        of_message=_text(snippet.write_requests),
        alters=snippet.requests_alters,
    ),
    Form(
        id="aiohttp",
        title="a Python script with aiohttp",
        suffixes=(".py",),
        of_message=_text(snippet.write_aiohttp),
        alters=snippet.aiohttp_alters,
    ),
    Form(
        id="cloudevents",
        title="a CloudEvent, structured: one JSON object",
        suffixes=(".json",),
        body_alone=True,
        write=cloudevent.write_structured,
        recognise=cloudevent.recognise,
        read=cloudevent.read,
        payload=True,
    ),
    Form(
        id="cloudevents-binary",
        title="a CloudEvent, binary: an HTTP message with ce- headers",
        suffixes=(".http",),
        body_alone=True,
        write=cloudevent.write_binary,
    ),
    Form(
        id="argo-events",
        title="the envelope of argo-events",
        suffixes=(".json",),
        write=argo.write,
        recognise=argo.recognise,
        read=argo.read,
        payload=True,
    ),
    Form(
        id="github-delivery",
        title="a delivery of GitHub's API",
        suffixes=(".json",),
        recognise=github_delivery.recognise,
        read=github_delivery.read,
    ),
    Form(
        id="gitlab-event",
        title="webhook events of GitLab's API",
        suffixes=(".json",),
        recognise=gitlab_event.recognise,
        read=gitlab_event.read,
    ),
    Form(
        id="ngrok",
        title="captured requests of ngrok's agent",
        suffixes=(".json",),
        recognise=ngrok.recognise,
        read=ngrok.read,
    ),
    Form(
        id="smee",
        title="an event of smee.io",
        suffixes=(".json",),
        recognise=smee.recognise,
        read=smee.read,
    ),
    Form(
        id="webhook-site",
        title="requests of webhook.site",
        suffixes=(".json",),
        recognise=webhook_site.recognise,
        read=webhook_site.read,
    ),
    Form(
        id="hookdeck",
        title="events or requests of Hookdeck",
        suffixes=(".json",),
        recognise=hookdeck.recognise,
        read=hookdeck.read,
    ),
)

WRITTEN = {form.id: form for form in FORMS if form.is_written}
"""What `export` can write, by name."""

SUFFIXES = tuple(dict.fromkeys(suffix for form in FORMS if form.read for suffix in form.suffixes))
"""How files end that may hold deliveries."""

_TELLING = {
    suffix: form for form in FORMS if form.read and form.id in {"http", "har", "curl"} for suffix in form.suffixes
}
"""Endings that tell the form: such a file is wrong where it is of no other."""


def form_named(name: str) -> Form:
    """The form to write that is called so. Raises WrongInput, with the likely one, where there is none."""
    found = WRITTEN.get(name.lower())
    if found is None:
        what = f"There is no form {name!r}. {did_you_mean(name, WRITTEN)}".rstrip()
        raise WrongInput(what, f"There are: {', '.join(WRITTEN)}.")
    return found


def form_of(file: File, suffix: str = "") -> Form | None:
    """The form of a file, by what is in it and else by how its name ends; None where it is of none."""
    found = next((form for form in FORMS if form.recognise and form.recognise(file)), None)
    return found or _TELLING.get(suffix.lower())


def read(file: File, form: Form) -> list[Found]:
    """The messages in a file of this form. Raises WrongInput where it is not as it should be."""
    if form.read is None:
        return []
    try:
        return form.read(file)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        told = f"{error} is missing" if isinstance(error, KeyError) else error
        what = f"{file.name} looks like {form.title}, but something in it is not as it should be: {told}."
        raise WrongInput(what) from error

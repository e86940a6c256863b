"""Telling a provider how it went, as its declaration says: where to, and in what words.

The URL stands in a payload, which anyone can write. So it is trusted only where it is https on a host that the provider
declares, with nothing else odd about it, or where the person names its host.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hookcli import __version__
from hookcli.delivery import Headers, Message
from hookcli.errors import WrongInput

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from hookcli.providers.spec import Callback
    from hookcli.reading import Reading

HTTPS_PORT = 443
_WORD = re.compile(r"\{(\w+)\}")
_PLAIN = re.compile(r"[!-~]+")
_HOST = re.compile(r"[a-z0-9.-]+")


def callback_url(reading: Reading, callback: Callback | None) -> str | None:
    """The URL that a delivery wants to be told at; None where there is none."""
    return reading.word(callback.at) if callback else None


def doubt(url: str, hosts: Collection[str], allowed: Collection[str] = ()) -> str | None:
    """Why nothing should be sent to this URL; None where it may be.

    `hosts` are trusted with what is below them, by https alone. `allowed` are HOST or HOST:PORT that the person trusts
    just as they stand, by http too.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "it is no URL"
    named = parts.netloc.lower() in {one.lower() for one in allowed}
    below = _HOST.fullmatch(host) and any(host == one or host.endswith(f".{one}") for one in hosts)
    doubts = (
        (not _PLAIN.fullmatch(url) or parts.scheme not in {"http", "https"} or not host, "it is no http or https URL"),
        ("@" in parts.netloc, "it has a user name in it"),
        (not named and not below, f"its host is {parts.netloc}"),
        (not named and parts.scheme != "https", "it is not https"),
        (not named and port not in {None, HTTPS_PORT}, f"it names the port {port}"),
    )
    return next((why for doubtful, why in doubts if doubtful), None)


def authority(url: str) -> str:
    """The host of a URL, with its port where it names one; empty where it is no URL."""
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


def message(callback: Callback, words: Mapping[str, str]) -> Message:
    """What is sent. Raises WrongInput for a state that the provider does not know, and for a word that is too long."""
    if words["state"] not in callback.states:
        what = f"{words['state']!r} is no state that can be told."
        raise WrongInput(what, f"There are: {', '.join(callback.states)}.")
    for name, most in callback.longest.items():
        if len(words.get(name, "")) > most:
            what = f"The {name} has {len(words[name])} characters; {most} are allowed."
            raise WrongInput(what, "Make it shorter.")
    filled = {name: _filled(template, words) for name, template in callback.body.items()}
    told = {name: value for name, value in filled.items() if value is not None}
    return Message(
        headers=Headers([("User-Agent", f"hookcli/{__version__}"), ("Content-Type", "application/json")]),
        body=json.dumps(told, ensure_ascii=False).encode("utf-8", "replace"),
    )


def _filled(template: str, words: Mapping[str, str]) -> str | None:
    """The template with its words; None where one is not given."""
    if any(name not in words for name in _WORD.findall(template)):
        return None
    return _WORD.sub(lambda match: words[match[1]], template)

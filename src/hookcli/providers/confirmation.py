"""What a provider wants fetched before it sends, and whether it may be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hookcli.providers.spec import Provider
    from hookcli.reading import Reading

_URL = re.compile(r"https://(?P<host>[a-z0-9.-]+)(?:[/?][!-~]*)?", re.ASCII)
"""An https URL in its plainest form: a host in lower case, without user, password or port, and what follows."""

_ODD = re.compile(r"[\\#<>\"^`{|}]")
"""What URLs do not hold, or what programs read in different ways. Source: RFC 3986, section 2, and its `#`."""


def asked(reading: Reading, provider: Provider) -> str | None:
    """The URL that a delivery wants fetched; None where it asks for nothing."""
    confirmation = provider.confirmation
    if confirmation is None or not any(reading.meets(rule) for rule in confirmation.when):
        return None
    return reading.word(confirmation.url)


def doubt(url: str, host: str) -> str | None:
    """Why this URL is not fetched; None where it may be: plain https, on a host that the pattern matches as a whole."""
    found = _URL.fullmatch(url)
    if found is None or _ODD.search(url):
        return "it is no plain https URL"
    return None if re.fullmatch(host, found["host"]) else f"its host is {found['host']}"

"""Who is let in: a browser that comes with the link, once, and from then on that browser alone.

Stored deliveries hold secrets, and whoever reaches the interface can send: every other page in the browser, and every
other person on the machine, is kept out.

- The link holds a token. Its first use sets a cookie with a value of its own; from then on the token opens nothing.
- Everything needs the cookie: the page, its files and the WebSocket.
- Host has to be the address that is served, so that a name that somebody points here (DNS rebinding) gets nothing.
- What a page of another origin asks for is refused, whatever cookie it brings: by Origin and Sec-Fetch-Site. A person
  who follows a link there is not: SameSite=Strict keeps the cookie back then, and the page can't be framed.

Sources: RFC 6265bis, section 5.2 (SameSite); Fetch Metadata Request Headers (W3C), section 2.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from multidict import CIMultiDictProxy

TOKEN_BYTES = 32


def _random() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


@dataclass(kw_only=True)
class Gate:
    """The gate of what is served at `authority`, as in 127.0.0.1:4041."""

    authority: str
    token: str = field(default_factory=_random)
    session: str = field(default_factory=_random)
    _spent: bool = False

    @property
    def origin(self) -> str:
        """What a browser calls it."""
        return f"http://{self.authority}"

    @property
    def link(self) -> str:
        """The URL that opens it, once."""
        return f"{self.origin}/?token={self.token}"

    @property
    def cookie(self) -> str:
        """The name of the cookie: browsers share them between the ports of a host."""
        return f"hookcli_{self.authority.rpartition(':')[2]}"

    def stranger(self, method: str, headers: CIMultiDictProxy[str], *, to_page: bool) -> str | None:
        """Why a request is refused for where it comes from, whatever it brings; None where it is not.

        `to_page` says whether it is for the page itself, to which links of other sites may lead.
        """
        if headers.getall("Host", []) != [self.authority]:
            return f"This is served at {self.origin} alone."
        if any(origin != self.origin for origin in headers.getall("Origin", [])):
            return "A page of another site may not ask for this."
        site = headers.get("Sec-Fetch-Site", "none")
        followed = to_page and method == "GET" and _is_navigation(headers)
        if site not in {"none", "same-origin"} and not followed:
            return "A page of another site may not ask for this."
        return None

    def holds(self, cookies: Mapping[str, str]) -> bool:
        """Whether these cookies come from the browser that was let in."""
        return _equal(cookies.get(self.cookie, ""), self.session)

    def is_right(self, token: str) -> bool:
        """Whether it is the token, spent or not."""
        return _equal(token, self.token)

    def enter(self, token: str, headers: CIMultiDictProxy[str]) -> str | None:
        """Why a token does not open; None where it does, which is once.

        Only a person's own visit spends it: no program that looks ahead for a preview.
        """
        if not self.is_right(token):
            return "This link does not open anything: it is not the one that hookcli printed."
        if not _is_navigation(headers) or _looks_ahead(headers):
            return "This link is opened in a browser."
        if self._spent:
            return "This link has been used. Start hookcli again for another one."
        self._spent = True
        return None


def _equal(one: str, other: str) -> bool:
    return compare_digest(one.encode("utf-8", "surrogateescape"), other.encode())


def _is_navigation(headers: CIMultiDictProxy[str]) -> bool:
    """Whether a browser's window goes there, by Fetch Metadata; from a browser without, by what it accepts."""
    mode = headers.get("Sec-Fetch-Mode")
    if mode is None:
        return "text/html" in headers.get("Accept", "")
    return mode == "navigate" and headers.get("Sec-Fetch-Dest") == "document"


def _looks_ahead(headers: CIMultiDictProxy[str]) -> bool:
    """Whether a browser fetches it in case that somebody goes there. Source: HTML Standard, the Sec-Purpose header."""
    return any("prefetch" in headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz"))

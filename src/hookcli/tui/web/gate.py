"""Who may come in: the browser that opened the one link that was printed, and nobody else.

The interface shows secrets and sends requests, and any page that this browser shows can ask 127.0.0.1 for something, as
can any program on this machine. So:

- The link holds a token, good for one visit. That sets a cookie that scripts can't read and that no other site's
  requests carry (HttpOnly, SameSite=Strict), and leads on to an address without the token.
- Browsers send a cookie to every port of a host, and so to any other server of this machine that is looked at. So it is
  bound to a path of its own, which can't be guessed and which nobody else is asked for.
- Host must be the very address that was printed: a name that somebody has turned to 127.0.0.1 (DNS rebinding) is not.
- Origin, where it is sent, and always for the WebSocket, must be that address too; so must Sec-Fetch-Site be this site,
  or nobody's (the address bar).
- Nothing on the page may come from elsewhere (Content-Security-Policy), and no page may frame it.
"""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

COOKIE = "hookcli"
_WORDS = 32
"""Bytes of chance in the token and in the cookie; half of that in the path."""

_OWN_SITE = frozenset({"", "same-origin", "none"})
_AHEAD = ("Sec-Purpose", "Purpose", "X-Moz")
"""Headers by which a browser says that it fetches ahead of the person."""

_REFUSED, _NOT_HERE = 403, 421


class Gate:
    """Decides on every request; `authority` is the host and port that the link names."""

    def __init__(self, authority: str, *, random: Callable[[int], str] = secrets.token_urlsafe) -> None:
        self.authority = authority
        self.origin = f"http://{authority}"
        self.path = f"/{random(_WORDS // 2)}"
        self._token: str | None = random(_WORDS)
        self._cookie = random(_WORDS)
        self.link = f"{self.origin}/?token={self._token}"

    @web.middleware
    async def admit(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Let a request through, or refuse it."""
        headers = request.headers
        if headers.get("Host") != self.authority:
            return _refusal("This is not its address.", _NOT_HERE)
        origin = headers.get("Origin")
        opens_socket = headers.get("Upgrade", "").lower() == "websocket"
        if origin != self.origin and (origin is not None or opens_socket):
            return _refusal("Another site has nothing to ask here.")
        if headers.get("Sec-Fetch-Site", "") not in _OWN_SITE:
            return _refusal("Copy the link into the address bar: it can't be followed from another site.")
        if request.path == "/":
            return self._arrival(request)
        if not any(_same(one, self._cookie) for one in _cookies_of(request)):
            return _refusal("Open the link that hookcli printed; it is good for one browser.")
        return await handler(request)

    def _arrival(self, request: web.Request) -> web.StreamResponse:
        """Take the token, once, for a cookie."""
        ahead = any("prefetch" in request.headers.get(name, "").lower() for name in _AHEAD)
        if request.method != "GET" or ahead or not self._spend(request.query.get("token", "")):
            return _refusal("This link is not good, or has been used. `hookcli inspect --web` gives a new one.")
        response = web.Response(status=303, headers={"Location": f"{self.path}/"})
        response.set_cookie(COOKIE, self._cookie, path=f"{self.path}/", httponly=True, samesite="Strict")
        return response

    def _spend(self, token: str) -> bool:
        if self._token is None or not _same(token, self._token):
            return False
        self._token = None
        return True

    async def harden(self, _request: web.Request, response: web.StreamResponse) -> None:
        """Say with every answer what a browser may do with it."""
        policy = (
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self';"
            f" img-src 'self' data:; connect-src ws://{self.authority}; base-uri 'none'; form-action 'none';"
            " frame-ancestors 'none'"
        )
        response.headers.update(
            {
                "Content-Security-Policy": policy,
                "X-Frame-Options": "DENY",
                "X-Content-Type-Options": "nosniff",
                "Referrer-Policy": "no-referrer",
                "Cache-Control": "no-store",
                "Cross-Origin-Opener-Policy": "same-origin",
                "Cross-Origin-Resource-Policy": "same-origin",
            }
        )


def _same(given: str, known: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), known.encode())


def _cookies_of(request: web.Request) -> list[str]:
    """Every cookie of our name: another server of this host may have set one, too."""
    pairs = (part.strip().partition("=") for part in request.headers.get("Cookie", "").split(";"))
    return [value for name, _, value in pairs if name == COOKIE]


def _refusal(why: str, status: int = _REFUSED) -> web.Response:
    return web.Response(status=status, text=f"{why}\n")

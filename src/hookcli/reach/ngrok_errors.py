"""What ngrok and its agent say when there is no tunnel, in words that help and tell no token.

The error codes are those of https://ngrok.com/docs/errors/.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from hookcli.errors import Environment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyngrok.log import NgrokLog

GET_AGENT = "Install the ngrok agent from https://ngrok.com/download, or name its program in HOOKCLI_NGROK."
_SIGN_IN = (
    "Copy your authtoken from https://dashboard.ngrok.com/get-started/your-authtoken and give it with --ngrok-token, "
    "in NGROK_AUTHTOKEN, or once and for all with `ngrok config add-authtoken`."
)


class _Refusal(NamedTuple):
    """What an ngrok error code means here; `quotes` where ngrok's own sentence says more and tells no token."""

    codes: frozenset[int]
    what: str
    fix: str
    quotes: bool = True


_REFUSALS = (
    _Refusal(frozenset({4018}), "ngrok wants the authtoken of an account and got none", _SIGN_IN, quotes=False),
    _Refusal(frozenset({105, 106, 107, 300}), "ngrok does not accept the authtoken", _SIGN_IN, quotes=False),
    _Refusal(
        frozenset({108}),
        "ngrok allows this account no further agent at the same time",
        "End the other agent (https://dashboard.ngrok.com/agents shows where it runs) and try again.",
    ),
    _Refusal(
        frozenset({119, 120, 121}),
        "ngrok no longer accepts an agent this old",
        "Run `ngrok update`, or install the current agent from https://ngrok.com/download.",
    ),
    _Refusal(
        frozenset({334}),
        "Another tunnel is open at this address",
        "End it (https://dashboard.ngrok.com/endpoints shows where it runs), or give another --ngrok-domain.",
        quotes=False,
    ),
    _Refusal(
        frozenset({*range(313, 324), *range(326, 332), 15002, 15013}),
        "ngrok refuses the domain",
        "Give one of the domains on https://dashboard.ngrok.com/domains with --ngrok-domain, or leave it away.",
    ),
)


def reason(body: str) -> str:
    """What the API's answer gives as the reason: {"msg": ..., "details": {"err": ...}}."""
    try:
        answer = json.loads(body)
        return str((answer.get("details") or {}).get("err") or answer["msg"])
    except (ValueError, AttributeError, LookupError):
        return body


def not_started(error: Exception, said: str, waited: float | None, tokens: set[str]) -> Environment:
    """The error for an agent that pyngrok could not start.

    `said` is the agent's stderr, `waited` the seconds after which it was given up, if it was.
    """
    from pyngrok.exception import PyngrokNgrokError

    if isinstance(error, OSError):
        return Environment(f"The ngrok agent can't be started: {error.strerror}: {error.filename}", GET_AGENT)
    if not isinstance(error, PyngrokNgrokError):
        what = f"The config file of ngrok can't be used: {first_line(error, tokens)}"
        return Environment(what, "Correct it; `ngrok config check` tells where it is.")
    complaint = _complaint(error.ngrok_logs, said)
    quoted = first_line(complaint, tokens)
    if code_in(complaint):
        return refused(complaint, tokens)
    if waited is None:
        what = f"The ngrok agent stopped while it was starting: {quoted or 'it does not say why.'}"
        return Environment(what, "Try `ngrok diagnose`.")
    if any("client session established" in (log.msg or "") for log in error.ngrok_logs):
        return Environment(
            "The ngrok agent runs without its local API, or that can't be reached.",
            "If a proxy is set in http_proxy, put 127.0.0.1 into no_proxy; otherwise try `ngrok diagnose`.",
        )
    what = f"The ngrok agent was not connected within {waited:g} seconds. {quoted}".strip()
    return Environment(what, "Check the network; `ngrok diagnose` tests the way to ngrok.")


def _complaint(logs: Iterable[NgrokLog], said: str) -> str:
    """The first complaint, or the first with a code: what follows repeats it or follows from it."""
    complaints = [log.err or log.msg or "" for log in logs if is_error(log)]
    complaints = [text.replace("\\r", "").replace("\\n", "\n") for text in complaints]
    complaints.append(re.sub(r"(?m)^ERROR:", "", said))
    return next(filter(code_in, complaints), None) or next(filter(str.strip, complaints), "")


def refused(said: str, tokens: set[str]) -> Environment:
    """The error for what ngrok said, in our words where we know its code."""
    code, quoted = code_in(said), first_line(said, tokens)
    number = int(code.rpartition("_")[2]) if code else 0
    for refusal in _REFUSALS:
        if number in refusal.codes:
            return Environment(f"{refusal.what} ({code}){f': {quoted}' if refusal.quotes else '.'}", refusal.fix)
    return Environment(
        f"ngrok refuses{f' ({code})' if code else ''}: {quoted}",
        f"See https://ngrok.com/docs/errors/{code.lower()}" if code else "Try `ngrok diagnose`.",
    )


def is_error(log: NgrokLog) -> bool:
    """Whether a line of the agent's log is a complaint."""
    return log.lvl in {"ERROR", "CRITICAL"}


def code_in(said: str) -> str:
    """The first error code of ngrok in there, or nothing."""
    found = re.search(r"ERR_NGROK_\d+", said)
    return found[0] if found else ""


def first_line(said: object, tokens: Iterable[str]) -> str:
    """The first line, fit to be shown: no token in it, known or by its looks, and no control characters."""
    line = next((line.strip() for line in str(said).splitlines() if line.strip()), "")
    for token in sorted(tokens, key=len, reverse=True):
        line = line.replace(token, "***")
    line = re.sub(r"(?i)(your authtoken: *)\S+|\b[0-9a-z]{15,}_[0-9a-z]{15,}\b", r"\1***", line)
    return "".join(char if char.isprintable() else " " for char in line)[:300]

"""What a configuration file that is found in a folder may say: nothing that could do harm.

Such a file comes with the folder, and who wrote it may be anybody: somebody clones a project and calls hookcli there.
It must not be able to send deliveries elsewhere, open this machine to others, read or write files beside its own,
switch a protection off, or delete. The person's own file, and one that is named with --config, may say everything.

An option that stands in none of these tables may not be set by a found file either.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from hookcli.config.secrets import leaves_folder
from hookcli.errors import WrongInput

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

FREE = frozenset(
    {
        "all",
        "allow-from",
        "at",
        "concurrency",
        "context",
        "count",
        "delay",
        "description",
        "dry-run",
        "event",
        "explain",
        "filter",
        "format",
        "header",
        "headers",
        "id",
        "ignore",
        "invalid",
        "jq",
        "json",
        "keep-going",
        "keep-host",
        "limit",
        "max-body",
        "no-handshake",
        "path",
        "port",
        "print",
        "provider",
        "rate",
        "raw",
        "read-only",
        "repeat",
        "require-valid",
        "scheme",
        "send-timeout",
        "set-header",
        "show-bytes",
        "since",
        "status",
        "strict",
        "target-url",
        "timeout",
        "timestamp",
        "tolerance",
        "ui",
        "url",
        "verify-token",
        "web",
    }
)
"""Options that can do no harm, whatever their value."""

FORBIDDEN: Mapping[str, str] = {
    "allow-host": "lets a payload say where to send",
    "allow-target": "lets an agent send elsewhere",
    "before": "deletes",
    "confirm": "fetches an address that a sender names",
    "force": "writes over files",
    "insecure": "takes any certificate",
    "ngrok-domain": "makes the listener public",
    "ngrok-token": "makes the listener public through somebody's account",
    "output": "writes a file",
    "reveal": "shows secrets",
    "trust-proxy": "lets a sender name its own address",
    "tunnel": "makes the listener public",
}
"""Options that a found file may not set at all, each with what it does."""


def _sends_here(value: Any, folder: Path) -> bool:  # noqa: ANN401, ARG001 (one shape for all)
    from hookcli.wire import Destination  # the same reading as when it is sent

    try:
        return _is_here(Destination.parse(str(value)).host)
    except WrongInput:
        return True  # it is no URL, which is told elsewhere


def _listens_here(value: Any, folder: Path) -> bool:  # noqa: ANN401, ARG001 (one shape for all)
    return _is_here(str(value))


def _is_here(host: str) -> bool:
    try:
        return host.lower() == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _lies_within(value: Any, folder: Path) -> bool:  # noqa: ANN401 (one shape for all)
    return (folder / str(value)).resolve().is_relative_to(folder.resolve())


def _is_no_file(value: Any, folder: Path) -> bool:  # noqa: ANN401, ARG001 (one shape for all)
    return not str(value).startswith("@")


def _names_no_file_outside(value: Any, folder: Path) -> bool:  # noqa: ANN401 (one shape for all)
    return not leaves_folder(str(value), folder)


BOUNDED: Mapping[str, tuple[Callable[[Any, Path], bool], str]] = {
    "body": (_is_no_file, "may not answer with the content of a file"),
    "forward": (_sends_here, "may send to this machine alone"),
    "host": (_listens_here, "may listen on this machine's own address alone, such as 127.0.0.1"),
    "secret": (_names_no_file_outside, "may name a file below its own folder alone"),
    "secret-file": (_lies_within, "may name a file below its own folder alone"),
    "send": (_sends_here, "may send to this machine alone"),
    "store": (_lies_within, "may name a store below its own folder alone"),
    "to": (_sends_here, "may send to this machine alone"),
}
"""Options that a found file may set within bounds, each with whether a value keeps them, and which they are."""


def refusal(option: str, value: Any, folder: Path) -> str | None:  # noqa: ANN401 (whatever stands in the file)
    """Why a file found in a folder may not give an option this value; None where it may."""
    if option in FREE:
        return None
    if option in FORBIDDEN:
        return f"a file found in a folder may not set it: it {FORBIDDEN[option]}."
    if option not in BOUNDED:
        return "a file found in a folder may not set it."
    keeps, bounds = BOUNDED[option]
    values = value if isinstance(value, list) else [value]
    return None if all(keeps(one, folder) for one in values) else f"a file found in a folder {bounds}."

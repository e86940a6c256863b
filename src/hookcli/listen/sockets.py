"""The listener's sockets: bound before anything else is promised, with a clear word where that can't be."""

from __future__ import annotations

import errno
import socket

from hookcli.errors import Environment


def bind(host: str, port: int) -> list[socket.socket]:
    """A bound socket for each address of the host; port 0 is a free one, the same for all.

    Raises Environment where the port is taken or not allowed, or the host is not of this machine.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError) as error:
        what = f"The host {host!r} is not known here."
        raise Environment(
            what, "Use --host 127.0.0.1 for this machine alone, 0.0.0.0 for all that reach it."
        ) from error
    sockets: list[socket.socket] = []
    try:
        for family, kind, protocol, _, address in dict.fromkeys(found):
            chosen = sockets[0].getsockname()[1] if sockets else port
            sockets.append(_bound(family, kind, protocol, (address[0], chosen, *address[2:])))
    except OSError as error:
        for one in sockets:
            one.close()
        raise _refusal(host, port, error) from error
    return sockets


def _bound(family: int, kind: int, protocol: int, address: tuple[object, ...]) -> socket.socket:
    one = socket.socket(family, kind, protocol)
    try:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        one.bind(address)
        # Listening tells whether the port is free; binding alone does not on every system.
        one.listen(1024)
    except OSError:
        one.close()
        raise
    return one


def _refusal(host: str, port: int, error: OSError) -> Environment:
    if error.errno == errno.EADDRINUSE:
        return Environment(
            f"Port {port} on {host} is taken by another program.",
            "Choose another with --port, or --port 0 for any free one.",
        )
    if error.errno in {errno.EACCES, errno.EPERM}:
        return Environment(f"Port {port} needs more rights than you have.", "Choose one above 1023 with --port.")
    if error.errno == errno.EADDRNOTAVAIL:
        return Environment(f"{host} is not an address of this machine.", "Use --host 127.0.0.1 or 0.0.0.0.")
    return Environment(f"Can't listen on {host}:{port}: {error.strerror or error}.", "Try another --host or --port.")


def urls(sockets: list[socket.socket], path: str = "/") -> list[str]:
    """The URL of each socket; one on every address is named by localhost first."""
    found = []
    for one in sockets:
        host, port = one.getsockname()[:2]
        if host in {"0.0.0.0", "::"}:  # noqa: S104 (compared, not bound)
            host = "localhost"
        found.append(f"http://[{host}]:{port}{path}" if ":" in host else f"http://{host}:{port}{path}")
    return list(dict.fromkeys(found))

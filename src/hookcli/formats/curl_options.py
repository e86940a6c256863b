"""The options of curl that a command may have: which make the message, and which only say how to send it.

Source: curl's man page (curl.1).
"""

from __future__ import annotations

SHORT = {
    "X": "request", "H": "header", "d": "data", "u": "user", "A": "user-agent", "e": "referer", "b": "cookie",
    "G": "get", "I": "head", "0": "http1.0", "o": "output", "m": "max-time", "w": "write-out", "x": "proxy",
    "U": "proxy-user", "E": "cert", "D": "dump-header", "c": "cookie-jar", "r": "range", "Y": "speed-limit",
    "y": "speed-time", "s": "silent", "S": "show-error", "k": "insecure", "L": "location", "v": "verbose",
    "i": "include", "f": "fail", "N": "no-buffer", "g": "globoff", "#": "progress-bar", "4": "ipv4", "6": "ipv6",
    "q": "disable", "O": "remote-name", "J": "remote-header-name", "R": "remote-time", "Z": "parallel", "1": "tlsv1",
    "2": "sslv2", "3": "sslv3", "p": "proxytunnel", "j": "junk-session-cookies",
}  # fmt: skip
"""Letters, and what they stand for."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


WITH_VALUE = _names("""
    request header data data-ascii data-raw data-binary data-urlencode json user user-agent referer cookie url
    url-query oauth2-bearer request-target range
""")
"""Options with a value that make the message what it is."""

SWITCHES = _names("get head compressed path-as-is")
"""The same without a value."""

SENDING_WITH_VALUE = _names("""
    output max-time connect-timeout retry retry-delay retry-max-time write-out cacert capath cert cert-type key
    key-type pass proxy proxy-user proxy-header resolve connect-to interface dump-header limit-rate cookie-jar stderr
    trace trace-ascii trace-config max-redirs unix-socket ciphers tls13-ciphers tls-max curves expect100-timeout
    keepalive-time noproxy proto proto-default proto-redir rate dns-servers speed-limit speed-time local-port
    pinnedpubkey output-dir max-filesize happy-eyeballs-timeout-ms parallel-max socks5 socks5-hostname
""")
"""Options with a value that say how to send, where, or what to do with the answer."""

SENDING = _names("""
    silent show-error insecure location location-trusted verbose include fail fail-with-body fail-early no-buffer
    buffer globoff progress-bar progress-meter ipv4 ipv6 disable remote-name remote-name-all remote-header-name
    remote-time parallel http1.0 http1.1 http2 http2-prior-knowledge http3 http3-only tcp-nodelay tcp-fastopen
    keepalive alpn npn sessionid ssl-no-revoke ssl-revoke-best-effort ssl-reqd tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3
    sslv2 sslv3 post301 post302 post303 retry-all-errors retry-connrefused create-dirs styled-output basic
    proxytunnel proxy-insecure junk-session-cookies trace-time trace-ids raw suppress-connect-headers cert-status
    doh-insecure
""")
"""The same without a value; each also with `no-` before it."""

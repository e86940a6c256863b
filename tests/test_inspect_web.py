"""`hookcli inspect --web`: who gets in and who does not, what is printed, and how it ends."""

from __future__ import annotations

import os
import re
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from browsing import VISIT, serving
from support import SAFETY, hookcli, takes_no_more

if TYPE_CHECKING:
    from collections.abc import Iterator

    from browsing import Serving

UPGRADE = {
    "connection": "Upgrade",
    "upgrade": "websocket",
    "sec_websocket_version": "13",
    "sec_websocket_key": "dGhlIHNhbXBsZSBub25jZQ==",
}
SCREEN = "/screen/dark?width=100&height=30"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "deliveries.db"


@pytest.fixture
def served(store: Path) -> Iterator[Serving]:
    with serving(store) as running:
        yield running


class TestLink:
    def test_it_opens_once_and_gives_a_cookie_that_no_script_reads_and_no_other_site_sends(
        self, served: Serving
    ) -> None:
        answer = served.get(served.query, **VISIT)
        assert (answer.status, answer.headers["location"]) == (303, "/")
        name, _, attributes = answer.headers["set-cookie"].partition("=")
        value, *rest = attributes.split("; ")
        assert name == f"hookcli_{served.port}"
        assert sorted(rest) == ["HttpOnly", "Path=/", "SameSite=Strict"]
        assert len(value) >= 40
        assert value not in served.link

        again = served.get(served.query, **VISIT)
        assert (again.status, again.body) == (
            403,
            "This link has been used. Start hookcli again for another one.\n",
        )
        assert "set-cookie" not in again.headers

    def test_each_run_has_another_token_and_another_cookie(self, store: Path) -> None:
        with serving(store) as one, serving(store) as other:
            assert one.query != other.query
            assert one.enter().partition("=")[2] != other.enter().partition("=")[2]

    @pytest.mark.parametrize("token", ["", "x", "%ff", "%C3%A9", "token"])
    def test_a_wrong_one_opens_nothing_and_spends_nothing(self, served: Serving, token: str) -> None:
        answer = served.get(f"/?token={token}", **VISIT)
        assert answer.status == 403
        assert answer.body == "This link does not open anything: it is not the one that hookcli printed.\n"
        assert "set-cookie" not in answer.headers
        assert served.enter()

    def test_a_wrong_one_is_refused_with_the_cookie_too(self, served: Serving) -> None:
        cookie = served.enter()
        assert served.get("/?token=wrong", cookie=cookie, **VISIT).status == 403

    @pytest.mark.parametrize(
        "headers",
        [
            pytest.param({"method": "HEAD", **VISIT}, id="HEAD"),
            pytest.param({"accept": "*/*"}, id="a program that makes previews"),
            pytest.param({**VISIT, "sec_purpose": "prefetch;prerender"}, id="a browser that looks ahead"),
            pytest.param({**VISIT, "sec_fetch_mode": "no-cors", "sec_fetch_dest": "image"}, id="an image"),
            pytest.param({**VISIT, "sec_fetch_dest": "iframe"}, id="a frame"),
            pytest.param({**VISIT, "sec_fetch_site": "cross-site", "sec_fetch_dest": "iframe"}, id="a foreign frame"),
        ],
    )
    def test_only_a_visit_spends_it(self, served: Serving, headers: dict[str, str]) -> None:
        answer = served.get(served.query, **headers)
        assert answer.status in {403, 405}
        assert "set-cookie" not in answer.headers
        assert served.enter()

    def test_a_browser_that_does_not_tell_where_a_visit_comes_from_gets_in(self, served: Serving) -> None:
        assert served.get(served.query, accept="text/html,*/*").status == 303

    def test_who_is_in_may_open_it_again(self, served: Serving) -> None:
        cookie = served.enter()
        answer = served.get(served.query, cookie=cookie, **VISIT)
        assert (answer.status, answer.headers["location"]) == (303, "/")
        assert "set-cookie" not in answer.headers

    def test_followed_from_elsewhere_the_page_itself_goes_on_so_that_the_cookie_is_sent(self, served: Serving) -> None:
        answer = served.get(served.query, **{**VISIT, "sec_fetch_site": "cross-site"})
        assert answer.status == 200
        assert '<meta http-equiv="refresh" content="0; url=/">' in answer.body
        assert "set-cookie" in answer.headers


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Serving, str]]:
    """A server, and the cookie of the browser that was let in."""
    with serving(tmp_path_factory.mktemp("house") / "deliveries.db") as running:
        yield running, running.enter()


class TestDoor:
    @pytest.mark.parametrize(
        "path", ["/", "/static/page.js", "/static/textual.js", "/static/none", "/static/", "/none", SCREEN]
    )
    @pytest.mark.parametrize("cookie", [None, "hookcli=x", "hookcli_{port}=wrong", "hookcli_{port}="])
    def test_nothing_is_there_without_the_cookie(
        self, house: tuple[Serving, str], path: str, cookie: str | None
    ) -> None:
        served, _ = house
        more = {"cookie": cookie.format(port=served.port)} if cookie else {}
        answer = served.get(path, **more, **(UPGRADE if path == SCREEN else {}), origin=served.origin)
        assert (answer.status, answer.body) == (403, "Open the link that hookcli printed, in this browser.\n")

    def test_the_token_is_no_cookie(self, house: tuple[Serving, str]) -> None:
        served, _ = house
        token = served.query.partition("=")[2]
        assert served.get("/", cookie=f"hookcli_{served.port}={token}").status == 403
        assert served.get(f"/static/page.js?token={token}").status == 403
        assert served.get(f"{SCREEN}&token={token}", origin=served.origin, **UPGRADE).status == 403

    def test_page_and_files_are_there_with_it_and_nothing_else(self, house: tuple[Serving, str]) -> None:
        served, cookie = house
        page = served.get("/", cookie=cookie, **VISIT)
        assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        names = re.findall(r'(?:src|href)="([^"]+)"', page.body)
        assert len(names) == 5
        css = served.get("/static/page.css", cookie=cookie).body
        for name in [*names, *re.findall(r'url\("([^"]+)"\)', css)]:
            answer = served.get(name, cookie=cookie, sec_fetch_site="same-origin", sec_fetch_mode="no-cors")
            assert answer.status == 200, name
        for name in ("/static/", "/static/server.py", "/static/..%2Fgate.py", "/static/../gate.py", "/download/x"):
            assert served.get(name, cookie=cookie).status == 404, name

    def test_nothing_that_is_served_names_another_host(self, house: tuple[Serving, str]) -> None:
        served, cookie = house
        for name in ("/", "/static/page.css", "/static/page.js", "/static/xterm.css"):
            found = re.findall(r"""(?:https?:)?//[a-z][\w.-]+\.[a-z]{2,}""", served.get(name, cookie=cookie).body)
            assert [one for one in found if "github.com" not in one and "bellard.org" not in one] == [], name

    @pytest.mark.parametrize(
        "host", ["evil.example", "evil.example:{port}", "localhost:{port}", "127.0.0.1", "127.0.0.1:1", "[::1]:{port}"]
    )
    @pytest.mark.parametrize("path", ["/", "/?token", "/static/page.js", SCREEN])
    def test_another_host_is_refused(self, house: tuple[Serving, str], host: str, path: str) -> None:
        served, cookie = house
        path = served.query if path == "/?token" else path
        named = host.format(port=served.port)
        answer = served.get(path, host=named, cookie=cookie, origin=served.origin, **UPGRADE)
        assert (answer.status, answer.body) == (403, f"This is served at {served.origin} alone.\n")

    def test_a_second_host_is_refused(self, house: tuple[Serving, str]) -> None:
        served, cookie = house
        for hosts in (f"{served.authority}\r\nHost: evil.example", f"evil.example\r\nHost: {served.authority}"):
            assert served.get("/", host=hosts, cookie=cookie).status in {400, 403}

    @pytest.mark.parametrize(
        "origin",
        ["http://evil.example", "null", "http://127.0.0.1:1", "http://localhost:{port}", "https://127.0.0.1", ""],
    )
    @pytest.mark.parametrize("path", ["/", "/static/page.js", SCREEN])
    def test_a_foreign_origin_is_refused(self, house: tuple[Serving, str], origin: str, path: str) -> None:
        served, cookie = house
        more = UPGRADE if path == SCREEN else {}
        answer = served.get(path, cookie=cookie, origin=origin.format(port=served.port), **more)
        assert (answer.status, answer.body) == (403, "A page of another site may not ask for this.\n")

    def test_the_socket_needs_an_origin(self, house: tuple[Serving, str]) -> None:
        served, cookie = house
        answer = served.get(SCREEN, cookie=cookie, **UPGRADE)
        assert (answer.status, answer.body) == (403, "This is for the page alone.\n")

    @pytest.mark.parametrize("site", ["cross-site", "same-site"])
    @pytest.mark.parametrize(
        ("path", "mode", "dest"),
        [
            ("/", "no-cors", "image"),
            ("/", "cors", "empty"),
            ("/", "navigate", "iframe"),
            ("/", "navigate", "object"),
            ("/static/page.js", "no-cors", "script"),
            ("/static/page.js", "navigate", "document"),
            (SCREEN, "websocket", "websocket"),
        ],
    )
    def test_what_a_page_elsewhere_asks_for_is_refused(
        self, house: tuple[Serving, str], site: str, path: str, mode: str, dest: str
    ) -> None:
        served, cookie = house
        more = {"origin": served.origin, **UPGRADE} if path == SCREEN else {}
        answer = served.get(path, cookie=cookie, sec_fetch_site=site, sec_fetch_mode=mode, sec_fetch_dest=dest, **more)
        assert (answer.status, answer.body) == (403, "A page of another site may not ask for this.\n")

    @pytest.mark.parametrize("method", ["POST", "PUT", "HEAD", "OPTIONS", "DELETE"])
    def test_things_are_only_asked_for(self, house: tuple[Serving, str], method: str) -> None:
        served, cookie = house
        assert served.get("/", method, cookie=cookie, content_length="0").status == 405

    def test_the_socket_opens_for_the_page(self, house: tuple[Serving, str]) -> None:
        served, cookie = house
        lines = {"Host": served.authority, "Origin": served.origin, "Cookie": cookie}
        lines |= {name.replace("_", "-"): value for name, value in UPGRADE.items()}
        with socket.create_connection(("127.0.0.1", served.port), timeout=SAFETY) as connection:
            head = "\r\n".join([f"GET {SCREEN} HTTP/1.1", *(f"{name}: {value}" for name, value in lines.items())])
            connection.sendall(f"{head}\r\n\r\n".encode())
            answer = connection.recv(65536)
            assert answer.startswith(b"HTTP/1.1 101 ")
            assert b"no-store" in answer

    @pytest.mark.parametrize("path", ["/", "/none", "/static/page.js"])
    @pytest.mark.parametrize("is_in", [True, False])
    def test_every_answer_says_what_browsers_may_do_with_it(
        self, house: tuple[Serving, str], path: str, *, is_in: bool
    ) -> None:
        served, cookie = house
        headers = served.get(path, **({"cookie": cookie} if is_in else {})).headers
        policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
        assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert policy["script-src"] == policy["connect-src"] == "'self'"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["server"] == "hookcli"


class TestProgram:
    def test_it_says_where_and_how_and_ctrl_c_ends_it(self, served: Serving, store: Path) -> None:
        assert served.banner.startswith(f"Serving on http://127.0.0.1:{served.port}/?token=")
        assert str(store) in served.banner
        assert "in one browser on this machine. Ctrl-C stops." in served.banner
        ended = served.stop()
        assert (ended.code, ended.out, ended.err) == (0, b"", "")
        takes_no_more(served.port)

    def test_sigterm_ends_it(self, served: Serving) -> None:
        assert served.stop(signal.SIGTERM).code == 0

    @pytest.mark.parametrize("host", ["0.0.0.0", "::", "localhost", "192.0.2.1", "127.0.0.2"])
    def test_it_is_served_on_this_machine_alone(self, store: Path, host: str) -> None:
        done = hookcli("inspect", "--web", "--host", host, "--store", store)
        assert done.code == 2
        assert f"--web is served on this machine alone, at 127.0.0.1 or ::1, not on {host}." in done.err
        assert "ssh -L 4041:127.0.0.1:4041" in done.err

    def test_ipv6(self, store: Path) -> None:
        try:
            socket.create_server(("::1", 0), family=socket.AF_INET6).close()
        except OSError:
            pytest.skip("no IPv6 here")
        with serving(store, "--host", "::1") as served:
            assert served.authority.startswith("[::1]:")

    def test_a_port_that_is_taken(self, store: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            done = hookcli("inspect", "--web", "--port", str(port), "--store", store)
        assert done.code == 3
        assert f"Port {port} on 127.0.0.1 is taken by another program." in done.err

    def test_a_store_that_cannot_be_used_is_told_at_once(self, tmp_path: Path) -> None:
        broken = tmp_path / "broken.db"
        broken.write_bytes(b"no database" * 1000)
        done = hookcli("inspect", "--web", "--port", "0", "--store", broken)
        assert done.code == 3
        assert "token" not in done.err

    @pytest.mark.parametrize("option", [("--port", "5000"), ("--host", "::1"), ("--open",)])
    def test_what_is_for_the_browser_says_nothing_without(self, store: Path, option: tuple[str, ...]) -> None:
        done = hookcli("inspect", *option, "--store", store)
        assert done.code == 2
        assert f"{option[0]} says nothing without --web." in done.err

    def test_without_the_extra_it_says_which(self, store: Path) -> None:
        program = "import sys; sys.modules['textual_serve'] = None; from hookcli.cli import main; main()"
        done = subprocess.run(
            [sys.executable, "-c", program, "inspect", "--web", "--store", str(store)],
            capture_output=True,
            text=True,
            check=False,
            timeout=SAFETY,
        )
        assert done.returncode == 3
        assert "pip install 'hookcli[web]'" in done.stderr

    def test_open_leads_a_browser_there_without_telling_the_token_on_a_command_line(
        self, store: Path, tmp_path: Path
    ) -> None:
        got, pipe = tmp_path / "got", tmp_path / "pipe"
        os.mkfifo(pipe)
        browser = tmp_path / "browser"
        browser.write_text(
            f'#!/bin/sh\necho "$1" > {got}\ncp "${{1#file://}}" {got}.html\n'
            f'stat -c %a "${{1#file://}}" > {got}.mode\necho done > {pipe}\n'
        )
        browser.chmod(0o755)
        with serving(store, "--open", BROWSER=f"{browser} %s") as served:
            assert pipe.read_text() == "done\n"
            file = Path(got.read_text().strip().removeprefix("file://"))
            assert served.link not in got.read_text()
            assert served.link in (tmp_path / "got.html").read_text()
            assert (tmp_path / "got.mode").read_text() == "600\n"
            assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
            assert served.stop().code == 0
            assert not file.exists()

    def test_where_no_browser_can_be_opened_it_says_so(self, store: Path) -> None:
        with serving(store, "--open", BROWSER="false %s") as served:
            assert served.process.stderr is not None
            assert "No browser could be opened" in served.process.stderr.readline()

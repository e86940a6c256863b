"""Providers that other packages bring: a real one, built and installed, and ones that fail."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support import SAFETY, a_message, environment, hookcli, listening, post

if TYPE_CHECKING:
    from collections.abc import Callable

PLUGIN = Path(__file__).parent / "plugin"
PIP_INSTALL = [
    *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
    *("--no-index", "--no-deps", "--no-build-isolation"),
]
PUSH = {"X-GitHub-Event": "push", "Content-Type": "application/json"}
PARCEL = json.dumps({"parcel": {"headers": PUSH, "body": b64encode(b'{"ref": "refs/heads/main"}').decode()}}).encode()


def beside(folder: Path) -> dict[str, str]:
    """An environment in which the packages of a folder are installed, too."""
    return {"PYTHONPATH": os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment with the package of `plugin/` in it, built and installed as any other."""
    folder = tmp_path_factory.mktemp("site")
    subprocess.run(
        [*PIP_INSTALL, "--target", str(folder), str(PLUGIN)],
        env=environment(),
        timeout=SAFETY * 4,
        check=True,
    )
    return beside(folder)


@pytest.fixture
def broken(tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """Makes an environment with a package in it whose provider is this code."""

    def make(code: str) -> dict[str, str]:
        site = tmp_path / "site"
        about = site / "hookcli_broken-0.3.dist-info"
        about.mkdir(parents=True)
        (about / "METADATA").write_text("Metadata-Version: 2.1\nName: hookcli-broken\nVersion: 0.3\n", encoding="utf-8")
        (about / "entry_points.txt").write_text("[hookcli.providers]\nbroken = hookcli_broken\n", encoding="utf-8")
        (site / "hookcli_broken.py").write_text(code, encoding="utf-8")
        return beside(site)

    return make


class TestInstalled:
    def test_it_is_listed_and_told_of(self, installed: dict[str, str]) -> None:
        listed = hookcli("providers", env=installed)
        assert (listed.code, listed.err) == (0, "")
        assert "parcels" in listed.text
        assert "A parcel arrived" in hookcli("providers", "parcels", env=installed).text

    def test_what_it_signs_it_verifies(self, installed: dict[str, str], tmp_path: Path) -> None:
        ask = ("sign", "--provider", "parcels", "--event", "parcel.arrived", "--secret", "S", "--format", "http")
        (tmp_path / "made.http").write_bytes(hookcli(*ask, stdin=PARCEL, env=installed).out)
        assert hookcli("verify", tmp_path / "made.http", "--secret", "S", env=installed).code == 0
        assert hookcli("verify", tmp_path / "made.http", "--secret", "T", env=installed).code == 1

    def test_a_listener_knows_it_and_what_it_carries(self, installed: dict[str, str], tmp_path: Path) -> None:
        with listening(tmp_path / "store", "--json", env=installed) as listener:
            post(listener.port, a_message(PARCEL, x_parcels_event="parcel.arrived", content_type="application/json"))
            came = listener.record()
        assert (came["provider"], came["event"], came["verdict"]["state"]) == ("parcels", "parcel.arrived", "unsigned")
        assert (came["carries"]["provider"], came["carries"]["event"]) == ("github", "push")


UNSOUND = """\
from dataclasses import replace
from hookcli.providers.line import PROVIDER as LINE
PROVIDER = replace(LINE, id="broken", identify=(("header:A~(",),))
"""

FAILURES = {
    "an import": ("import nowhere_at_all", "ModuleNotFoundError: No module named 'nowhere_at_all'"),
    "its own end": ("raise SystemExit(7)", "SystemExit: 7"),
    "another type": ("PROVIDER = 'broken'", "It has to name a hookcli Provider, and this is of type str."),
    "a pattern": (
        UNSOUND,
        "the pattern of 'header:A~(' is wrong",
    ),
}


class TestBroken:
    @pytest.mark.parametrize("failure", FAILURES)
    def test_it_is_told_once_and_passed_over(self, broken: Callable[[str], dict[str, str]], failure: str) -> None:
        code, told = FAILURES[failure]
        done = hookcli("verify", "github/push", "--secret", "hookcli", env=broken(code))
        assert done.code == 0
        assert done.err.startswith("! The package hookcli-broken 0.3 brings no provider: ")
        assert told in done.err
        assert done.err.count("\n") == 1

    def test_a_listener_tells_it_below_its_url_and_takes_deliveries(
        self, broken: Callable[[str], dict[str, str]], tmp_path: Path
    ) -> None:
        with listening(tmp_path / "store", "--json", env=broken("import nowhere_at_all")) as listener:
            assert listener.banner[0].startswith("Listening on ")
            post(listener.port, a_message(b"{}", x_github_event="push"))
            assert listener.record()["provider"] == "github"
            ended = listener.stop()
        assert ended.err.count("! The package hookcli-broken 0.3 brings no provider") == 1

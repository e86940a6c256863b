"""The fixtures that come along: `PROVIDER/EVENT[.ACTION]`, found by name."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from hookcli.errors import WrongInput, did_you_mean

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

SUFFIX = ".http"
SECRET = "hookcli"  # noqa: S105 (made for everybody to know)
"""What every fixture that carries a signature or token is signed with."""


def root() -> Traversable:
    """The folder of the fixtures: inside the installed package, or beside `src` in a checkout."""
    packed = files("hookcli").joinpath("fixtures")
    return packed if packed.is_dir() else Path(__file__).resolve().parents[2] / "fixtures"


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """Every fixture's name, sorted."""
    return tuple(
        sorted(
            f"{folder.name}/{file.name.removesuffix(SUFFIX)}"
            for folder in root().iterdir()
            if folder.is_dir()
            for file in folder.iterdir()
            if file.name.endswith(SUFFIX)
        ),
    )


def load(name: str) -> bytes:
    """The bytes of the fixture of this very name."""
    provider, _, event = name.partition("/")
    return root().joinpath(provider, event + SUFFIX).read_bytes()


def matching(text: str) -> list[str]:
    """The names that a person means: the name itself, else every one that it is the beginning of, or a glob.

    `github/push`, `gitlab/Push Hook`, `github/pull_request` (all its actions), `github/*`, `github/`.
    Raises WrongInput where it looks like a fixture's name and there is none such.
    """
    provider, slash, event = text.lower().partition("/")
    known = [name for name in names() if name.partition("/")[0] == provider]
    if not slash or not known:
        return []
    wanted = f"{provider}/{_slug(event)}"
    for exact in (wanted, wanted.replace(".", "_")):
        if exact in known:
            return [exact]
    if not event:
        return known
    # All actions of an event come before events whose names begin alike: pull_request is not pull_request_review.
    for more in (r"(\..*)?", r"([._].*)?"):
        pattern = re.compile(re.escape(wanted).replace(r"\*", ".*") + more)
        found = [name for name in known if pattern.fullmatch(name)]
        if found:
            return found
    events = [name.partition("/")[2] for name in known]
    near = did_you_mean(_slug(event), events)
    what = f"There is no fixture {text!r}."
    raise WrongInput(what, f"{near} There are: {', '.join(events)}.".lstrip())


def meant(text: str) -> str:
    """`Did you mean X?` of the fixture whose name is nearest, or nothing."""
    return did_you_mean(text, names(), least=_ALIKE)


_ALIKE = 0.8
"""Names of fixtures have much in common."""


def _slug(event: str) -> str:
    return re.sub(r"[^a-z0-9.*]+", "_", event).strip("_")

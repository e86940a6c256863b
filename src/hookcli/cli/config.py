"""`hookcli config`."""

from __future__ import annotations

import json
import os
from importlib import import_module
from importlib.resources import files as packed
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.text import Text

from hookcli.cli import COMMANDS
from hookcli.cli.defaults import mistakes, unknown_tables
from hookcli.cli.options import json_option, reveal_option
from hookcli.config import files
from hookcli.config.effect import Config, counting, in_effect
from hookcli.config.mistakes import PROVIDERS, SECRETS, Located, Mistake, WrongConfig, near, short
from hookcli.config.secrets import from_folder, lies_open
from hookcli.config.secrets import mistakes as secret_mistakes
from hookcli.errors import Environment, WrongInput
from hookcli.providers import declared
from hookcli.providers.registry import known_by_code
from hookcli.render.config import as_toml, masked, mistake_lines
from hookcli.render.escape import visible
from hookcli.render.terminal import notes, output
from hookcli.signing.secrets import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from hookcli.config.files import File


@click.group("config")
def command() -> None:
    """Check, show and begin the configuration file: hookcli.toml here or up to the project's root, and your own.

    Your own lies in your configuration directory (`hookcli config path` tells where). Of what both say, the nearer
    counts. HOOKCLI_CONFIG or `hookcli --config FILE` name one that counts alone.

    \b
    Examples:
      hookcli config init
      hookcli config check
      hookcli config show
    """


@command.command("check")
@click.argument("paths", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path))
@json_option
def check(paths: Sequence[Path], as_json: bool) -> int:
    """Tell every mistake in the configuration by file, line and field. Exits with 1 where there is one.

    Without a file, those that are in effect. A warning is none: a secret, say, that is not where it should be.

    \b
    Examples:
      hookcli config check
      hookcli config check hookcli.toml --json
    """
    found = files.in_folder()
    named = [(path, found is not None and path.exists() and path.samefile(found)) for path in paths]
    looked_at = named or counting()
    told = _all_mistakes(looked_at)
    wrong = any(not one.is_warning for one in told)
    out = output()
    if as_json:
        out.write("".join(json.dumps(_record(one), ensure_ascii=False) + "\n" for one in told))
        return int(wrong)
    out.lines(mistake_lines(told))
    if not looked_at:
        notes().lines([Text("There is no configuration file: `hookcli config init` begins one.", "dim")])
    grave = {one.path for one in told if not one.is_warning}
    out.lines(Text(f"✓ {visible(short(path))}", "green") for path, _ in looked_at if path not in grave)
    return int(wrong)


def _all_mistakes(looked_at: Sequence[tuple[Path, bool]]) -> list[Located]:
    read: list[File] = []
    told: list[Located] = []
    for path, is_found in looked_at:
        try:
            read.append(files.read(path, is_found=is_found))
        except WrongConfig as error:
            told += error.mistakes
    ids = {name for file in read for name in _table(file.tables, PROVIDERS)}
    for file in read:
        alone = Config((file,))
        # What stands above the tables is looked at with each command that it is for.
        lines = dict.fromkeys(alone.located(mistake) for mistake in _mistakes_of(alone, file, ids))
        told += sorted(lines, key=lambda one: one.line or 0)
    return told


def _mistakes_of(alone: Config, file: File, ids: set[str]) -> Iterator[Mistake]:
    by_code = known_by_code()
    yield from unknown_tables(file.tables)
    yield from secret_mistakes(alone)
    own, wrong = declared.read(file.tables, by_code, ids)
    yield from wrong
    for name, one in own.items():
        if not one.identify and name != "unknown":
            fix = "Say what tells it: identify = ..."
            yield Mistake((PROVIDERS, name), "no delivery is taken for it.", fix, is_warning=True)
    known = {**dict.fromkeys(ids, by_code["unknown"]), **by_code, **own}
    for name in COMMANDS:
        if name in file.tables or "store" in file.tables:
            yield from mistakes(import_module(f"hookcli.cli.{name}").command, (name,), alone, lambda: known)
    if not any(secret_mistakes(alone)):
        yield from _secret_warnings(file, set(known))


def _secret_warnings(file: File, ids: set[str]) -> Iterator[Mistake]:
    """What is no mistake in the file, and yet is likely not as it is meant."""
    for name, value in _table(file.tables, SECRETS).items():
        meant = near(name, ids)
        if name not in ids and meant:
            what = f"no provider is called so, and only --secret config:{name} takes it."
            yield Mistake((SECRETS, name), what, meant, is_warning=True)
        for number, one in enumerate(value if isinstance(value, list) else [value]):
            try:
                resolve(from_folder(one, file.path.absolute().parent))
            except Environment as error:
                key = (SECRETS, name, number) if isinstance(value, list) else (SECRETS, name)
                yield Mistake(key, error.what[:1].lower() + error.what[1:], error.fix, is_warning=True)
    if lies_open(file):
        fix = f"chmod 600 {short(file.path)}, or name the secrets by reference."
        yield Mistake((SECRETS,), "there are secrets here, and others may read the file.", fix, is_warning=True)


def _table(tables: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = tables.get(name, {})
    return found if isinstance(found, dict) else {}


def _record(one: Located) -> dict[str, Any]:
    kind = "warning" if one.is_warning else "mistake"
    return {
        "kind": kind,
        "file": str(one.path),
        "line": one.line,
        "field": one.field,
        "what": one.what,
        "fix": one.fix,
    }


@command.command("path")
@json_option
def path(as_json: bool) -> None:
    """Tell where configuration files lie, and which are in effect.

    \b
    Examples:
      hookcli config path
    """
    inside = dict(counting())
    places = {**inside, files.of_person(): False}
    out = output()
    if as_json:
        out.write("".join(json.dumps({"file": str(one), "in_effect": one in inside}) + "\n" for one in places))
        return
    for one, is_found in places.items():
        line = Text(visible(short(one)), "bold" if one in inside else "default")
        state = "in effect" if one in inside else "left out" if files.is_there(one) else "not there"
        out.lines([line.append(f"  {state}{', found in a folder' if is_found else ''}", "not bold dim")])


@command.command("show")
@json_option
@reveal_option
def show(as_json: bool, reveal: bool) -> None:
    """Show all that is in effect, and from which file and line it comes. Secrets are masked.

    \b
    Examples:
      hookcli config show
      hookcli config show --json | jq .listen
    """
    config, out = in_effect(), output()
    if as_json:
        out.write(json.dumps(masked(config.tables, reveal=reveal), ensure_ascii=False, default=str) + "\n")
        return
    out.lines(as_toml(config, reveal=reveal))
    if not config.files:
        notes().lines([Text("There is no configuration file: `hookcli config init` begins one.", "dim")])


@command.command("init")
@click.option("--user", is_flag=True, help="Your own, for every folder, instead of one here.")
def init(user: bool) -> None:
    """Write a configuration file to begin with, all commented out. It overwrites nothing.

    \b
    Examples:
      hookcli config init
      hookcli config init --user
    """
    target = files.of_person() if user else Path(files.NAME)
    text = packed("hookcli.config").joinpath("starter.toml").read_bytes()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # One's own may come to hold secrets; one in a project is there to be shared.
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if user else 0o666)
    except FileExistsError as error:
        what = f"{short(target)} is there already, and is left as it is."
        raise WrongInput(what, "`hookcli config check` checks it.") from error
    except OSError as error:
        what = f"{short(target)} can't be written: {error.strerror}."
        raise Environment(what) from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(text)
    notes().lines([Text(f"Wrote {visible(short(target))}: take the # away from what you want.")])

"""Defaults of the commands' options out of the configuration, held against the options themselves.

store = "deliveries.db"     above the tables: for every command that has a store
[listen]                    a command
port = 3000                 an option by its long name; flags are true or false, what may be repeated is a list
"""

from __future__ import annotations

from copy import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hookcli.cli import COMMANDS
from hookcli.cli.exclusive import exclusions
from hookcli.cli.guarded import refusal
from hookcli.cli.options import SIZE, SPAN
from hookcli.config.effect import in_effect
from hookcli.config.files import of_person
from hookcli.config.mistakes import PROVIDERS, SECRETS, Mistake, near, short
from hookcli.config.secrets import OPTIONS, from_folder
from hookcli.config.typed import what_is
from hookcli.errors import WrongInput
from hookcli.units import parse_moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hookcli.config.effect import Config
    from hookcli.config.files import File
    from hookcli.config.positions import Key
    from hookcli.providers.spec import Provider

GENERAL = "store"
"""The option that may stand above the tables."""

UNSET = dict.fromkeys(
    (("delete", "before"), ("delete", "filter")), "What to delete is said on the command line, each time."
)
"""Options that no file may set, and why."""

PATHS = frozenset({"secret-file"})
"""Options that are paths though their type does not say so."""


def configured(command: click.Command, name: str) -> click.Command:
    """A command with its defaults out of the configuration in effect, where there are any.

    Raises WrongConfig where what the configuration says to this command is wrong.
    """
    config = in_effect()
    if not config.tables:
        return command
    from hookcli.providers.registry import providers  # who has no configuration needs none for its defaults

    laid = {**_general(command, config.tables), **_table(config.tables, name)}
    for option in _given_way(command, (name,), config):
        del laid[option]
    config.refuse([*unknown_tables(config.tables), *mistakes(command, (name,), config, providers)])
    return _with_defaults(command, (name,), laid, config)


def unknown_tables(tables: Mapping[str, Any]) -> Iterator[Mistake]:
    """What stands at the top of a file and has no place there."""
    for name, value in tables.items():
        if name not in {*COMMANDS, SECRETS, PROVIDERS, GENERAL} or name == "config":
            what = "there is no such table." if isinstance(value, dict) else "nothing of this name stands here."
            known = [one for one in (*COMMANDS, SECRETS, PROVIDERS) if one != "config"]
            yield Mistake((name,), what, near(name, known, f"There are {', '.join(known)}."))
        elif name in COMMANDS and not isinstance(value, dict):
            yield Mistake((name,), f"this is {what_is(value)}.", f"Write [{name}], and below it its options.")


def mistakes(
    command: click.Command, way: tuple[str, ...], config: Config, known: Callable[[], Mapping[str, Provider]]
) -> Iterator[Mistake]:
    """What is wrong in a command's table, and with what stands above the tables; `known` tells the providers."""
    options = options_of(command)
    if GENERAL in config.tables and GENERAL in options and len(way) == 1:
        yield from _mistake(options[GENERAL], GENERAL, config.tables[GENERAL], (GENERAL,), config, known)
    table = _table(config.tables, *way)
    for name, value in table.items():
        key: Key = (*way, name)
        if isinstance(command, click.Group) and name in command.commands:
            if isinstance(value, dict):
                yield from mistakes(command.commands[name], (*way, name), config, known)
            else:
                yield Mistake(key, f"this is {what_is(value)}.", f"Write [{'.'.join((*way, name))}].")
        elif name not in options:
            told = f"`hookcli {' '.join(way)} --help` lists them."
            yield Mistake(key, "there is no such option.", near(name, options, told))
        elif (way[0], name) in UNSET:
            yield Mistake(key, "this can't be set here.", UNSET[way[0], name])
        else:
            yield from _mistake(options[name], name, value, key, config, known)
    yield from _clashes(command, way, config)


def options_of(command: click.Command) -> dict[str, click.Option]:
    """The options of a command that can have a default, by their long names."""
    return {
        _long_name(param): param
        for param in command.params
        if isinstance(param, click.Option) and param.expose_value and not param.is_eager
    }


def _long_name(param: click.Option) -> str:
    return next((opt.removeprefix("--") for opt in param.opts if opt.startswith("--")), param.name or "")


def _table(tables: Mapping[str, Any], *way: str) -> Mapping[str, Any]:
    for name in way:
        inner = tables.get(name, {})
        tables = inner if isinstance(inner, dict) else {}
    return tables


def _general(command: click.Command, tables: Mapping[str, Any]) -> dict[str, Any]:
    return {GENERAL: tables[GENERAL]} if GENERAL in tables and GENERAL in options_of(command) else {}


def _mistake(
    param: click.Option,
    name: str,
    value: Any,  # noqa: ANN401 (whatever stands in the file)
    key: Key,
    config: Config,
    known: Callable[[], Mapping[str, Provider]],
) -> Iterator[Mistake]:
    file = config.file_of(key)
    forms, form = _forms(param)
    parts = value if param.multiple and isinstance(value, list) else [value]
    for number, part in enumerate(parts):
        where = (*key, number) if isinstance(value, list) else key
        if type(part) not in forms:
            yield Mistake(where, f"this is {what_is(part)}.", f"It has to be {form}.")
            continue
        why = refusal(name, part, file.path.parent) if file.is_found else None
        if why:
            fix = f"Say it in {short(of_person())}, or name the file: hookcli --config {short(file.path)} ..."
            yield Mistake(where, why, fix)
            continue
        try:
            if not param.is_flag:
                param.type.convert(part, param, None)
            _means_something(name, part, known)
        except click.UsageError as error:
            yield Mistake(where, error.message[:1].lower() + error.message[1:])
        except WrongInput as error:
            yield Mistake(where, error.what[:1].lower() + error.what[1:], error.fix)


def _forms(param: click.Option) -> tuple[tuple[type, ...], str]:
    """The types that an option's value may have in a file, and how a person calls them."""
    many = " or a list of such" if param.multiple else ""
    if param.is_flag:
        return (bool,), "true or false"
    if isinstance(param.type, type(click.INT)):
        return (int,), "a whole number" + many
    if isinstance(param.type, type(click.FLOAT)):
        return (int, float), "a number" + many
    if param.type is SPAN:
        return (str, int, float), 'a time such as "30s", or a number of seconds'
    if param.type is SIZE:
        return (str, int), 'a size such as "25MiB", or a number of bytes'
    return (str,), "a text" + many


def _means_something(name: str, value: Any, known: Callable[[], Mapping[str, Provider]]) -> None:  # noqa: ANN401
    """Raise WrongInput where a value of the right form means nothing."""
    if name == "provider" and value.lower() not in known():
        what = f"There is no provider {value!r}."
        raise WrongInput(what, near(value.lower(), known(), "`hookcli providers` lists them."))
    if name in {"forward", "to", "send"}:
        from hookcli.wire import Destination

        Destination.parse(value)
    if name in {"since", "at"}:
        parse_moment(value, datetime.now(UTC))
    if name == "allow-from":
        from hookcli.listen.guard import networks

        networks([value], known())


def _set(command: click.Command, table: Mapping[str, Any]) -> list[list[str]]:
    """Of options that exclude one another, those that a table sets, in lists."""
    options = options_of(command)
    return [
        [name for name in group if table.get(name) and name in options and table[name] != options[name].default]
        for group in exclusions(command)
    ]


def _clashes(command: click.Command, way: tuple[str, ...], config: Config) -> Iterator[Mistake]:
    """Options of one file that exclude one another."""
    for file in config.files:
        for names in _set(command, _table(file.tables, *way)):
            for name in names[1:]:
                yield Mistake((*way, name), f"this and {names[0]} exclude each other.", "Leave one of them out.")


def _given_way(command: click.Command, way: tuple[str, ...], config: Config) -> Iterator[str]:
    """Options that a nearer file excludes."""
    for names in _set(command, _table(config.tables, *way)):
        order = [config.files.index(config.file_of((*way, name))) for name in names]
        yield from (name for name, number in zip(names, order, strict=True) if number > min(order))


def _with_defaults(
    command: click.Command, way: tuple[str, ...], laid: Mapping[str, Any], config: Config
) -> click.Command:
    """A copy of a command whose options have these defaults, and say so in the help."""
    changed = copy(command)
    defaults: dict[str, Any] = {}
    for name, param in options_of(command).items():
        if name in laid:
            key: Key = (*way, name) if name in _table(config.tables, *way) else (name,)
            defaults[param.name or ""] = _rebased(param, name, laid[name], config.file_of(key))
    changed.params = [_told(param, defaults, config, way) for param in command.params]
    if isinstance(changed, click.Group) and isinstance(command, click.Group):
        changed.commands = {
            name: _with_defaults(inner, (*way, name), _table(config.tables, *way, name), config)
            for name, inner in command.commands.items()
        }
    changed.context_settings = {**command.context_settings, "default_map": defaults}
    return changed


def _rebased(param: click.Option, name: str, value: Any, file: File) -> Any:  # noqa: ANN401 (see _mistake)
    """A value whose paths start at the file that says it."""
    folder = file.path.absolute().parent

    def one(text: Any) -> Any:  # noqa: ANN401 (see _mistake)
        if not isinstance(text, str):
            return text
        if isinstance(param.type, click.Path) or name in PATHS:
            return str(folder / Path(text).expanduser())
        if name == "secret":
            return from_folder(text, folder)
        return f"@{folder / Path(text[1:]).expanduser()}" if name == "body" and text.startswith("@") else text

    if param.multiple:
        return [one(part) for part in (value if isinstance(value, list) else [value])]
    return one(value)


def _told(param: click.Parameter, defaults: Mapping[str, Any], config: Config, way: tuple[str, ...]) -> click.Parameter:
    """An option with its default out of a file in its help, and, where that sets a flag, with a way to unset it."""
    if not isinstance(param, click.Option) or param.name not in defaults:
        return param
    changed, name, value = copy(param), _long_name(param), defaults[param.name]
    where = short(config.file_of((*way, name) if name in _table(config.tables, *way) else (name,)).path)
    listed = ", ".join(map(str, value)) if isinstance(value, list) else str(value).lower() if param.is_flag else value
    changed.show_default = f"from {where}" if name in OPTIONS else f"{listed}, from {where}"
    if param.is_flag and value and not param.secondary_opts:
        changed.secondary_opts = [f"--{name.removeprefix('no-') if name.startswith('no-') else f'no-{name}'}"]
    return changed

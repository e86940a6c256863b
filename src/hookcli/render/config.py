"""The configuration for a person: in short, and as one file with where each line comes from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rich.text import Text

from hookcli.config.mistakes import PROVIDERS, SECRETS, short
from hookcli.config.secrets import OPTIONS, is_literal
from hookcli.mask import MASK
from hookcli.render.escape import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hookcli.config.effect import Config
    from hookcli.config.mistakes import Located
    from hookcli.config.positions import Key


def in_short(config: Config) -> str:
    """The files that say something, each with the providers that it declares; empty where there is none."""
    return ", ".join(
        short(file.path) + (f" (declares {', '.join(own)})" if (own := file.tables.get(PROVIDERS)) else "")
        for file in config.files
        if file.tables
    )


def mistake_lines(mistakes: list[Located]) -> Iterator[Text]:
    """Each mistake on a line, and what would be right there below it; warnings are told apart by a word."""
    for one in mistakes:
        line = Text().append(f"{visible(one.where)}: ", "bold")
        line.append(f"{visible(one.field)}: " if one.field else "")
        line.append("warning: " if one.is_warning else "", "yellow")
        yield line.append(visible(one.what), "yellow" if one.is_warning else "red")
        if one.fix:
            yield Text(f"  {visible(one.fix)}", "dim")


def masked(tables: Mapping[str, Any], *, reveal: bool = False) -> dict[str, Any]:
    """The tables with their secrets masked: a reference stays."""
    return {name: _masked(value, (name,), reveal=reveal) for name, value in tables.items()}


def _masked(value: Any, key: Key, *, reveal: bool) -> Any:  # noqa: ANN401 (whatever stands in a file)
    if isinstance(value, dict):
        return {name: _masked(part, (*key, name), reveal=reveal) for name, part in value.items()}
    if isinstance(value, list):
        return [_masked(part, key, reveal=reveal) for part in value]
    is_secret = key[0] == SECRETS or (key[-1] in OPTIONS and key[0] != PROVIDERS)
    return MASK if is_secret and not reveal and isinstance(value, str) and is_literal(value) else value


def as_toml(config: Config, *, reveal: bool = False) -> Iterator[Text]:
    """All that is in effect as TOML, with the file and line that each value comes from."""
    yield from _table(config, masked(config.tables, reveal=reveal), ())


def _table(config: Config, table: Mapping[str, Any], key: Key) -> Iterator[Text]:
    plain = {name: value for name, value in table.items() if not isinstance(value, dict)}
    if key and (plain or not table):
        yield Text(visible(f"[{'.'.join(_name(str(part)) for part in key)}]"), "bold")
    for name, value in plain.items():
        file = config.file_of((*key, name))
        line = Text(visible(f"{_name(name)} = {_value(value)}"))
        yield line.append(f"  # {short(file.path)}:{file.line((*key, name))}", "dim")
    if plain:
        yield Text()
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _table(config, value, (*key, name))


def _name(name: str) -> str:
    return name if name.replace("-", "").replace("_", "").isalnum() and name.isascii() else _text(name)


def _value(value: Any) -> str:  # noqa: ANN401 (see _masked)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_name(name)} = {_value(part)}" for name, part in value.items()) + "}"
    return str(value).lower() if isinstance(value, bool | float) else str(value)


def _text(text: str) -> str:
    # JSON's escapes are TOML's, but for this one sign.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

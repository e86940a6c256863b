"""Options that several commands have, and the values they turn into."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from hookcli.errors import WrongInput
from hookcli.units import parse_size, parse_span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from hookcli.providers.spec import Provider
    from hookcli.signing.secrets import Secrets
    from hookcli.store.filters import Filter

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")

F = TypeVar("F", bound="Callable[..., Any]")


class SizeType(click.ParamType[int]):
    """Bytes, as in 25MiB."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: ANN401
        """Bytes of the text."""
        try:
            return value if isinstance(value, int) else parse_size(value)
        except WrongInput as error:
            self.fail(f"{error.what} {error.fix}", param, ctx)


class SpanType(click.ParamType[float]):
    """Seconds, as in 30s, 2m."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:  # noqa: ANN401
        """Seconds of the text."""
        try:
            return float(value) if isinstance(value, int | float) else parse_span(value).total_seconds()
        except WrongInput as error:
            self.fail(f"{error.what} {error.fix}", param, ctx)


class HeaderType(click.ParamType[tuple[str, str]]):
    """`Name: value`."""

    name = "name:value"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:  # noqa: ANN401
        """The pair."""
        name, _, text = (part.strip(" \t") for part in value.partition(":"))
        if not _NAME.fullmatch(name) or ":" not in value or _CONTROL.search(text):
            self.fail(f"{value!r} is no header: write it as Name:value.", param, ctx)
        return name, text


SIZE, SPAN, HEADER = SizeType(), SpanType(), HeaderType()


def store_option(function: F) -> F:
    """`--store`."""
    return click.option(
        "--store",
        type=click.Path(path_type=Path),
        envvar="HOOKCLI_STORE",
        help="The store's file; else HOOKCLI_STORE, else one in your data directory.",
    )(function)


def secret_options(function: F) -> F:
    """`--secret` and `--secret-file`."""
    function = click.option(
        "--secret-file",
        "secret_files",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="A file with one SECRET or PROVIDER=SECRET a line.",
    )(function)
    return click.option(
        "--secret",
        "secret_texts",
        multiple=True,
        metavar="[PROVIDER=]SECRET",
        help="A secret to check signatures with; give it as often as you have one.",
    )(function)


def filter_argument(function: F) -> F:
    """`FILTER...`: the words of an expression in the filter language."""
    return click.argument("filter_words", metavar="FILTER...", nargs=-1)(function)


_EXCLUDED = re.compile(r"-(\w[\w.-]*:.*)", re.DOTALL)
_WHOLE_VALUE = re.compile(r"((?:not )?event:)([^\s\"':]+\s[^\"':]*)")


class FilterCommand(click.Command):
    """A command that takes a filter: `-verdict:valid` is a word of it, and no option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments, the filter's own minus signs as the word that says the same."""
        meant = (_EXCLUDED.fullmatch(one) for one in args)
        return super().parse_args(ctx, [f"not {m[1]}" if m else one for m, one in zip(meant, args, strict=True)])


def filter_of(words: Sequence[str], now: datetime) -> Filter:
    """The filter in some words of the command line. Raises WrongInput.

    A word may be a whole expression in quotes. The shell takes the quotes from `event:"Push Hook"`; it is meant still.
    """
    from hookcli.store.filters import parse_filter

    meant = (_WHOLE_VALUE.fullmatch(word) for word in words)
    texts = (f'{match[1]}"{match[2]}"' if match else word for match, word in zip(meant, words, strict=True))
    return parse_filter(" ".join(texts), now)


def json_option(function: F) -> F:
    """`--json`."""
    return click.option("--json", "as_json", is_flag=True, help="JSON on standard output, for programs.")(function)


def reveal_option(function: F) -> F:
    """`--reveal`."""
    return click.option("--reveal", is_flag=True, help="Show secrets and tokens instead of masking them.")(function)


def sending_options(function: F) -> F:
    """`--send-timeout`, `--keep-host` and `--insecure`: how something is sent."""
    for option in (
        click.option("--insecure", is_flag=True, help="Take any TLS certificate from the target."),
        click.option("--keep-host", is_flag=True, help="Send the delivery's own Host header, not the target's."),
        click.option(
            "--send-timeout",
            type=SPAN,
            default="30s",
            show_default=True,
            help="How long the target may take to answer.",
        ),
    ):
        function = option(function)
    return function


def store_path(given: Path | None) -> Path:
    """The store to use."""
    from hookcli.store.database import default_path

    return given.expanduser() if given else default_path()


def secrets_of(texts: Sequence[str], paths: Sequence[Path]) -> Secrets:
    """All the secrets that were given, files last."""
    from hookcli.providers.registry import providers
    from hookcli.signing.secrets import parse_secrets, read_secret_file

    known = providers().keys()
    secrets = parse_secrets(texts, known)
    for path in paths:
        secrets += read_secret_file(path, known)
    return secrets


def provider_of(name: str | None) -> Provider | None:
    """The provider that was named, if one was. Raises WrongInput for one that there is none of."""
    from hookcli.providers.registry import provider

    return provider(name) if name else None


def one_of(given: dict[str, bool]) -> None:
    """Raise WrongInput where more than one of some options is set."""
    names = [name for name, is_set in given.items() if is_set]
    if len(names) > 1:
        what = f"{' and '.join(names)} exclude each other."
        raise WrongInput(what, "Give one of them.")

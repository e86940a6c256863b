"""Options that several commands have, and the values they turn into."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from hookcli.errors import Note, WrongInput
from hookcli.units import parse_size, parse_span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from click.shell_completion import CompletionItem

    from hookcli.formats.form import Form
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


class FormType(click.ParamType["Form"]):
    """One of the forms that deliveries are written in."""

    name = "form"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Form:  # noqa: ANN401
        """The form of this name."""
        from hookcli.formats.known import form_named

        try:
            return form_named(value) if isinstance(value, str) else value
        except WrongInput as error:
            self.fail(f"{error.what} {error.fix}", param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002 (click's signature)
        """The forms whose names begin so."""
        from click.shell_completion import CompletionItem

        from hookcli.formats.known import WRITTEN

        return [CompletionItem(name, help=form.title) for name, form in WRITTEN.items() if name.startswith(incomplete)]


SIZE, SPAN, HEADER, FORM = SizeType(), SpanType(), HeaderType(), FormType()


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


def json_option(function: F) -> F:
    """`--json`."""
    return click.option("--json", "as_json", is_flag=True, help="JSON on standard output, for programs.")(function)


def reveal_option(function: F) -> F:
    """`--reveal`."""
    return click.option("--reveal", is_flag=True, help="Show secrets and tokens instead of masking them.")(function)


def filter_option(help_text: str) -> Callable[[F], F]:
    """`--filter`, as often as one likes; the help says what becomes of the deliveries that it keeps."""
    return click.option("--filter", "filters", multiple=True, metavar="EXPR", help=help_text)


def jq_option(function: F) -> F:
    """`--jq`."""
    help_text = "Print what a jq program gives for the JSON of each, and leave out those it gives nothing for."
    return click.option("--jq", "program", metavar="EXPR", help=help_text)(function)


_EXCLUDING = re.compile(r"-[A-Za-z][\w.-]*:")
_FIELD = re.compile(r"(?:^|\s)-?[A-Za-z][^\s:]*:")


class FilterCommand(click.Command):
    """A command with filters for arguments: `-provider:github` is one, and no options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Set the terms that exclude something behind the options."""
        at = args.index("--") if "--" in args else len(args)
        options = [one for one in args[:at] if not _EXCLUDING.match(one)]
        terms = [one for one in args[:at] if _EXCLUDING.match(one)]
        return super().parse_args(ctx, [*options, "--", *terms, *args[at + 1 :]])


def filter_of(words: Sequence[str], now: datetime, *, arguments: bool = False) -> Filter:
    """The filter that expressions make together. Of `arguments` each is a term: a blank in it belongs to its value.

    Raises WrongInput.
    """
    from hookcli.store.filters import parse_filter

    return parse_filter(" ".join(map(_quoted, words) if arguments else words), now)


def _quoted(word: str) -> str:
    """A term as it was before the shell took its quotes away: event:"Push Hook", "a phrase"."""
    if not any(one.isspace() for one in word) or '"' in word or "'" in word:
        return word
    fields = list(_FIELD.finditer(word))
    if not fields:
        return f'"{word}"'
    start = fields[0].end()
    return f'{word[:start]}"{word[start:]}"' if len(fields) == 1 and fields[0].start() == 0 else word


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


def with_configured(given: Secrets) -> Secrets:
    """The secrets that were given, and those of the configuration for the providers that these say nothing about.

    Warns, with a Note, of a file that has secrets in it and may be read by others.
    """
    from hookcli.config.effect import in_effect
    from hookcli.config.mistakes import short
    from hookcli.config.secrets import lies_open, references
    from hookcli.providers.registry import providers

    config = in_effect()
    for file in config.files:
        if lies_open(file):
            path = short(file.path)
            what = f"{path} holds secrets and others may read it: chmod 600 {path}, or name them by reference."
            warnings.warn(what, Note, stacklevel=2)
    known, told = providers(), references(config)
    return given.or_else((name, one) for name, listed in told.items() if name in known for one in listed)


def provider_of(name: str | None) -> Provider | None:
    """The provider that was named, if one was. Raises WrongInput for one that there is none of."""
    from hookcli.providers.registry import provider

    return provider(name) if name else None

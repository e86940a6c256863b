"""What the commands say of themselves, as values: click's help, taken apart."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

EXIT_CODES = (
    ("0", "Done."),
    ("1", "A negative result: a signature that does not hold, an answer that is not 2xx, deliveries that differ."),
    ("2", "Usage: what was asked for makes no sense."),
    ("3", "Environment: port taken, store unreadable, tunnel refused."),
)


class Paragraph(NamedTuple):
    """Some lines of a description: one text, or lines that stand as they are."""

    text: str
    verbatim: bool = False


class Described(NamedTuple):
    """An option or a variable, and what it is for."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One command. `path` is how it is called, `summary` what it does in few words, `help` its help as click has it."""

    path: str
    summary: str
    usage: str
    description: tuple[Paragraph, ...]
    examples: tuple[str, ...]
    options: tuple[Described, ...]
    variables: tuple[Described, ...]
    help: str
    pages: tuple[Page, ...] = ()

    def walk(self) -> Iterator[Page]:
        """The page and all below it, in the order in which a person meets them."""
        yield self
        for page in self.pages:
            yield from page.walk()


def manual(command: click.Command, name: str, parent: click.Context | None = None, width: int = 80) -> Page:
    """The page of a command, with those of its commands."""
    # Resilient: what the person's own configuration sets is not the manual's.
    settings = {**command.context_settings, "resilient_parsing": True, "terminal_width": width, "color": False}
    with click.Context(command, info_name=name, parent=parent, **settings) as ctx:
        below = []
        if isinstance(command, click.Group):
            found = ((word, command.get_command(ctx, word)) for word in command.list_commands(ctx))
            below = [manual(one, word, ctx, width) for word, one in found if one is not None and not one.hidden]
        paragraphs = list(_paragraphs(command.help or ""))
        examples = [one.text for one in paragraphs if one.verbatim and one.text.startswith(_EXAMPLES)]
        # That each command has --help is said once, at the top.
        params = command.params if parent else command.get_params(ctx)
        records = [param.get_help_record(ctx) for param in params if isinstance(param, click.Option)]
        return Page(
            path=ctx.command_path,
            summary=re.split(r"[.:](?: |$)", paragraphs[0].text)[0] if paragraphs else "",
            usage=" ".join([ctx.command_path, *command.collect_usage_pieces(ctx)]),
            description=tuple(one for one in paragraphs if one.text not in examples),
            examples=tuple(line.strip() for text in examples for line in text.splitlines()[1:]),
            options=tuple(Described(names, " ".join(text.split())) for names, text in filter(None, records)),
            variables=tuple(_variables(params)),
            help=command.get_help(ctx),
            pages=tuple(below),
        )


_EXAMPLES = "Examples:"


def _paragraphs(text: str) -> Iterator[Paragraph]:
    """The paragraphs of a help text: click leaves those alone that begin with a line of a backspace."""
    for part in re.split(r"\n{2,}", inspect.cleandoc(text)):
        if part.startswith("\b\n"):
            yield Paragraph(part.removeprefix("\b\n"), verbatim=True)
        elif part:
            yield Paragraph(" ".join(part.split()))


def _variables(params: list[click.Parameter]) -> Iterator[Described]:
    for param in params:
        names = [param.envvar] if isinstance(param.envvar, str) else param.envvar or ()
        yield from (Described(name, f"As {max(param.opts, key=len)}.") for name in names)

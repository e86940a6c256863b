"""The commands as far as completing needs them: their options and arguments, and nothing that they do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hookcli.cli.completion.values import offered

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.shell_completion import CompletionItem

    from hookcli.cli.completion.table import Table


FILTER = "filter_words"
"""The argument that is a filter."""


def skeleton(table: Table) -> click.Command:
    """The command line that is completed."""
    return _command("hookcli", table["command"], table)


def _command(name: str, kept: Table, table: Table) -> click.Command:
    params = [_param(one, table) for one in kept["params"]]
    if "commands" not in kept:
        return _Command(name, params=params, short_help=kept["help"], add_help_option=False)
    inner = {word: _command(word, one, table) for word, one in kept["commands"].items()}
    return _Group(name, commands=inner, params=params, short_help=kept["help"], add_help_option=False)


class _Command(click.Command):
    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """The options; and where a filter is taken, its fields too, for a minus sign may stand before these."""
        wanted = next((param for param in self.params if param.name == FILTER), None)
        fields = wanted.shell_complete(ctx, incomplete) if wanted and incomplete[:2] not in {"", "--"} else []
        return [*super().shell_complete(ctx, incomplete), *fields]


class _Group(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """The commands in the order in which a person meets them."""
        return list(self.commands)


def _param(kept: Table, table: Table) -> click.Parameter:
    form = click.Choice(kept["choices"]) if kept["choices"] else click.STRING
    complete = _complete(kept["offers"], table) if kept["offers"] else None
    if "flag" not in kept:
        return click.Argument([kept["name"]], nargs=kept["nargs"], required=False, type=form, shell_complete=complete)
    return click.Option(
        [kept["name"], *kept["opts"]],
        is_flag=kept["flag"],
        type=None if kept["flag"] else form,
        nargs=kept["nargs"],
        multiple=kept["multiple"] and not kept["flag"],
        hidden=kept["hidden"],
        help=kept["help"],
        shell_complete=complete,
    )


def _complete(
    kinds: list[str], table: Table
) -> Callable[[click.Context, click.Parameter, str], list[CompletionItem[str]]]:
    return lambda ctx, _, incomplete: offered(kinds, ctx, incomplete, table)

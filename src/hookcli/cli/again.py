"""A command line again, from what it came to: for a process that is to do the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hookcli.cli.exclusive import is_said

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


def words_of(ctx: click.Context, *, without: Collection[str] = ()) -> list[str]:
    """The words that call this command with the options that were given, of the group's and its own."""
    before = list(_given(ctx.parent, without)) if ctx.parent else []
    return [*before, ctx.info_name or "", *_given(ctx, without)]


def _given(ctx: click.Context, without: Collection[str]) -> Iterator[str]:
    for param in ctx.command.params:
        name = param.name or ""
        if not isinstance(param, click.Option) or name in without or not is_said(ctx, name):
            continue
        value, word = ctx.params[name], param.opts[0]
        if param.is_flag:
            if value:
                yield word
        else:
            # In one word: a value may begin like an option.
            yield from (f"{word}={one}" for one in (value if param.multiple else [value]))

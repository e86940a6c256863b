"""Options of which a command takes one: what the command line says rules out what a configuration file says."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

from hookcli.errors import WrongInput

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

F = TypeVar("F", bound="Callable[..., Any]")


def exclusive(*names: str) -> Callable[[F], F]:
    """Options, by their long names, of which a command takes one; of a command line with more, WrongInput.

    One on the command line counts for all: what the configuration file says of the others is left out then.
    """

    def decorate(function: F) -> F:
        @wraps(function)
        def command(**given: Any) -> Any:  # noqa: ANN401 (whatever the command takes and returns)
            return function(**{**given, **_left_out(click.get_current_context(), names, given)})

        command.exclusive = (*getattr(function, "exclusive", ()), names)  # type: ignore[attr-defined]
        return command  # type: ignore[return-value]

    return decorate


def exclusions(command: click.Command) -> tuple[tuple[str, ...], ...]:
    """The groups of options of which a command takes one."""
    found: tuple[tuple[str, ...], ...] = getattr(command.callback, "exclusive", ())
    return found


def _left_out(ctx: click.Context, names: Sequence[str], given: dict[str, Any]) -> dict[str, Any]:
    """The values of the options that give way to one on the command line."""
    params = {name: param for name in names for param in ctx.command.params if f"--{name}" in param.opts}
    said = {name: param for name, param in params.items() if is_said(ctx, param.name or "")}
    meant = [name for name, param in said.items() if given[param.name or ""] not in (param.default, None, False)]
    if len(meant) > 1:
        what = f"{' and '.join(f'--{name}' for name in meant)} exclude each other."
        raise WrongInput(what, "Give one of them.")
    others = [param for name, param in params.items() if meant and name not in said]
    return {param.name or "": _plain_default(param) for param in others}


def is_said(ctx: click.Context, parameter: str) -> bool:
    """Whether the command line or the environment gives a parameter, and not a default."""
    return ctx.get_parameter_source(parameter) in {
        click.core.ParameterSource.COMMANDLINE,
        click.core.ParameterSource.ENVIRONMENT,
    }


def _plain_default(param: click.Parameter) -> Any:  # noqa: ANN401 (an option may have any)
    if isinstance(param, click.Option) and param.is_flag:
        return False
    # Without one, some versions of click keep a sign of their own in its place.
    return param.default if isinstance(param.default, str | int | float) else () if param.multiple else None

"""The command line: one module a command, imported only when it is called."""

from __future__ import annotations

import os
import sys
import warnings
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn, TextIO

import click

from hookcli import __version__
from hookcli.errors import HookcliError, Note, WrongInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hookcli.config.effect import Choice

COMMANDS = {
    "listen": "Receive deliveries on a local port, and store and show each.",
    "list": "List stored deliveries, the newest first.",
    "tail": "Show the last deliveries, and with -f those that come.",
    "show": "Show one stored delivery.",
    "inspect": "Look through stored deliveries on a full screen, live.",
    "replay": "Send deliveries again: stored ones, files, fixtures.",
    "callback": "Tell the sender of a stored delivery how it went.",
    "sign": "Make the headers that a provider would send for a payload.",
    "verify": "Check the signature of a delivery.",
    "explain": "Find out why a signature does not hold.",
    "diff": "Compare two deliveries: stored ones, files, fixtures.",
    "stats": "Count stored deliveries: when they came, and from whom.",
    "providers": "Show the providers that hookcli knows.",
    "export": "Write stored deliveries for other programs.",
    "import": "Put the deliveries of files into the store.",
    "delete": "Delete stored deliveries.",
    "config": "Check, show and begin the configuration file.",
    "mcp": "Serve coding agents over the Model Context Protocol.",
    "docs": "Read the manual: all commands in one document, or one of them.",
    "completions": "Print what completes hookcli's command line in a shell.",
}
"""Each command with its line of help, so that listing them imports none."""

INTERRUPTED = 130


class LazyGroup(click.Group):
    """Commands that are imported when they are called.

    Each is then a name in this module, too: `list` here is no list any more once it was called.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """The commands in the order in which a person meets them."""
        return [*COMMANDS]

    def invoke(self, ctx: click.Context) -> object:
        """Run a command with the configuration that the command line chooses."""
        from hookcli.config.effect import chosen  # --version and --help need none

        with chosen(_choice(ctx)):
            return super().invoke(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command, and give it its defaults out of the configuration; a completion does without."""
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = import_module(f"hookcli.cli.{cmd_name}").command
        # The one that looks after the configuration has to work where that is wrong.
        if ctx.resilient_parsing or cmd_name == "config":
            return found
        from hookcli.config.effect import counting

        if not counting():
            return found
        from hookcli.cli.defaults import configured  # who has no configuration does without

        return configured(found, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one was likely meant."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches  # only a wrong word needs it

            near = get_close_matches(args[0], COMMANDS, n=1)
            ctx.fail(f"No such command {args[0]!r}." + (f" Did you mean {near[0]!r}?" if near else ""))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 (click's signature)
        """The table of commands."""
        with formatter.section("Commands"):
            formatter.write_dl([*COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", metavar="FILE", envvar="HOOKCLI_CONFIG", help="The configuration file, and no other.")
@click.option("--no-config", is_flag=True, help="Read no configuration file.")
@click.version_option(__version__, "-V", "--version", message="hookcli %(version)s")
def cli(config: str | None, no_config: bool) -> None:
    """Receive, look at, replay, sign and verify webhooks on your own machine.

    \b
    Examples:
      hookcli listen                        take deliveries on http://127.0.0.1:8080
      hookcli replay github/push            send a sample delivery to it
      hookcli show last                     look at the newest one
    """


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit with its code: 0, 1 a negative result, 2 usage, 3 environment."""
    if asked := os.environ.get("_HOOKCLI_COMPLETE"):
        from hookcli.cli.completion import complete  # a shell asks what to offer, and for nothing else

        complete(asked)
        sys.exit(0)
    stdout = sys.stdout
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always", Note)
            warnings.showwarning = _show_warning
            result = cli.main(args=arguments, prog_name="hookcli", standalone_mode=False)
        # What is still in the buffer goes out here, where a reader that has left is no error.
        stdout.flush()
    except HookcliError as error:
        _tell(error)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        from hookcli.cli.hints import hint_on  # only a mistake needs it

        error.show()
        if hint := hint_on(error):
            click.echo(hint, err=True)
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        _leave_quietly()
    except SystemExit:
        # Where the reader of a pipe has left, click wraps the stream and exits with 1, which is a negative result here.
        if sys.stdout is stdout:
            raise
        _leave_quietly()
    sys.exit(result if isinstance(result, int) else 0)


def _leave_quietly() -> NoReturn:
    from hookcli.render.terminal import stdout_is_gone  # an end that is seldom met

    stdout_is_gone()
    sys.exit(0)


def _choice(ctx: click.Context) -> Choice:
    from pathlib import Path

    from hookcli.config.effect import Choice

    named, none = ctx.params["config"], ctx.params["no_config"]
    if none and ctx.get_parameter_source("config") is click.core.ParameterSource.COMMANDLINE:
        what = "--config and --no-config exclude each other."
        raise WrongInput(what, "Give one of them.")
    return Choice(none=True) if none else Choice(named=Path(named) if named else None)


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,  # noqa: ARG001 (see above)
    line: str | None = None,
) -> None:
    if not issubclass(category, Note):
        sys.stderr.write(warnings.formatwarning(message, category, filename, lineno, line))
        return
    from hookcli.cli.output import note  # seldom there is any
    from hookcli.render.terminal import notes

    notes().lines([note(str(message))])


def _tell(error: HookcliError) -> None:
    from rich.text import Text  # only an error needs it before its command does

    from hookcli.render.escape import visible
    from hookcli.render.terminal import notes

    what = Text(f"Error: {visible(error.what, lines=True)}", "red")
    notes().lines([what, *([Text(visible(error.fix))] if error.fix else [])])

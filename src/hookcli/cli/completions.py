"""`hookcli completions`."""

from __future__ import annotations

import click

from hookcli.cli.completion import VARIABLE
from hookcli.cli.completion.shells import SHELLS

INSTALL = {
    "bash": ('eval "$(hookcli completions bash)"', "~/.bashrc", "~/.local/share/bash-completion/completions/hookcli"),
    "zsh": ('eval "$(hookcli completions zsh)"', "~/.zshrc, below compinit", "a folder of your fpath, as _hookcli"),
    "fish": (
        "hookcli completions fish | source",
        "~/.config/fish/config.fish",
        "~/.config/fish/completions/hookcli.fish",
    ),
}
"""For each shell the line that loads the script, where that line goes, and where else the script itself does."""


@click.command("completions")
@click.argument("shell", type=click.Choice(list(SHELLS)))
def command(shell: str) -> None:
    """Print what completes hookcli's command line in a shell: bash, zsh or fish.

    It completes commands, options and their values, and what is live: deliveries in the store, with provider, event
    and age where the shell shows such, fixtures, events of the provider that is named.

    \b
    Examples:
      hookcli completions bash > ~/.local/share/bash-completion/completions/hookcli
      hookcli completions zsh
      hookcli completions fish > ~/.config/fish/completions/hookcli.fish
    """
    line, file, place = INSTALL[shell]
    script = SHELLS[shell](click.Command("hookcli"), {}, "hookcli", VARIABLE).source()
    told = f"# To complete hookcli in {shell}, put this line into {file}:\n#     {line}\n# or keep this in {place}.\n"
    # zsh knows a file of completions by its first line.
    first, _, rest = script.partition("\n")
    click.echo(f"{first}\n{told}{rest}" if first.startswith("#") else told + script, nl=False)

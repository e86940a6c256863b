"""Completing a command line in bash, zsh and fish.

A key press must not wait: what is known of the commands, providers and fixtures is kept in a table, made from the
commands themselves once for each version, so that completing imports none of them. What is live, ids, is asked of the
store, and where it can't be read, or anything else goes wrong, nothing is offered.
"""

from __future__ import annotations

import sys
from contextlib import suppress

VARIABLE = "_HOOKCLI_COMPLETE"
"""The environment variable by which a shell's script asks: `bash_complete` and so on."""


def complete(instruction: str) -> None:
    """Print what the shell is to offer."""
    with suppress(Exception):
        from hookcli.cli.completion.shells import SHELLS  # click's part is not needed to say no
        from hookcli.cli.completion.skeleton import skeleton
        from hookcli.cli.completion.table import table

        shell = SHELLS[instruction.removesuffix("_complete")]
        text = shell(skeleton(table()), {}, "hookcli", VARIABLE).complete()
        sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape") + b"\n" * bool(text))
        sys.stdout.flush()

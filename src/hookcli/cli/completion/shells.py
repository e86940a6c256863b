"""The three shells: what script asks hookcli, and in which form it wants the answer.

click's own scripts for bash part words at `:` and `=`, put a blank behind what goes on, and leave blanks in values to
be parted; so bash asks with the line as it stands, and is answered in words that are quoted.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, ClassVar

from click.shell_completion import BashComplete, CompletionItem, FishComplete, ZshComplete, split_arg_string

from hookcli.cli.completion.values import PART

if TYPE_CHECKING:
    from click.shell_completion import ShellComplete

_BASH = r"""
%(complete_func)s() {
    local IFS=$'\n' kind value item cur=${COMP_WORDS[COMP_CWORD]} parts=0
    COMPREPLY=()
    while IFS=$'\t' read -r kind value; do
        case $kind in
            file | dir)
                compopt -o filenames
                for item in $(compgen -"${kind:0:1}" -- "$value"); do COMPREPLY+=("$item"); done ;;
            part) COMPREPLY+=("$value"); parts=1 ;;
            plain) COMPREPLY+=("$value") ;;
        esac
    done < <(%(complete_var)s=bash_complete COMP_LINE=${COMP_LINE:0:COMP_POINT} \
        COMP_WORDBREAKS=$COMP_WORDBREAKS "${1/#\~/$HOME}" 2>/dev/null)
    if [[ ${#COMPREPLY[@]} == 1 && $parts == 1 ]]; then compopt -o nospace; fi
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""

_ZSH = r"""
#compdef %(prog_name)s
%(complete_func)s() {
    local -a plain described parts response
    local kind value told
    response=("${(@f)$(COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT-1)) \
        %(complete_var)s=zsh_complete "${words[1]/#\~/$HOME}" 2>/dev/null)}")
    for kind value told in ${response}; do
        case $kind in
            file | dir)
                if [[ ${words[CURRENT]} == --*=* ]]; then compset -P '*='; fi
                if [[ $kind == file ]]; then _path_files -f; else _path_files -/; fi ;;
            part) parts+=("$value:$told") ;;
            plain) if [[ $told == _ ]]; then plain+=("$value"); else described+=("$value:$told"); fi ;;
        esac
    done
    if (( $#described )); then _describe -V unsorted described -U; fi
    if (( $#plain )); then compadd -U -V unsorted -a plain; fi
    if (( $#parts )); then _describe -V parts parts -U -S ''; fi
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""

_FISH = r"""
function %(complete_func)s
    set -l words (commandline -cpo)
    set -lx COMP_WORDS (commandline -cp)
    set -lx COMP_CWORD (commandline -ct)
    set -lx %(complete_var)s fish_complete
    set -l program (string replace -r '^~' $HOME -- $words[1])
    for line in ($program 2>/dev/null)
        set -l item (string split -m 1 , -- $line)
        switch $item[1]
            case file
                __fish_complete_path $item[2]
            case dir
                __fish_complete_directories $item[2]
            case plain part
                echo -- $item[2]
        end
    end
end
complete --no-files --command %(prog_name)s --arguments "(%(complete_func)s)"
"""


class Bash(BashComplete):
    """bash, from 4.4 on."""

    source_template: ClassVar[str] = _BASH.lstrip()

    def source(self) -> str:
        """The script; it is the reader's bash that counts, and not the one that is found here."""
        return self.source_template % self.source_vars()

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the one that is completed, and that."""
        line = os.environ["COMP_LINE"]
        words = split_arg_string(line)
        if not words or _ENDED.search(line):
            return words[1:], ""
        return words[1:-1], words[-1]

    def complete(self) -> str:
        """A line a value: its kind, and what bash puts in place of the part of the word that it knows."""
        words, begun = self.get_completion_args()
        items = self.get_completions(words, begun)
        if begun.startswith("--"):
            begun = begun.partition("=")[2]
        breaks = os.environ.get("COMP_WORDBREAKS", " =:")
        kept = max((begun.rfind(sign) for sign in "=:" if sign in breaks), default=-1) + 1
        quoted = _QUOTE.search(os.environ["COMP_LINE"]) is not None
        return "\n".join(self._line(item, kept, quoted=quoted) for item in items)

    def _line(self, item: CompletionItem[str], kept: int, *, quoted: bool) -> str:
        value = item.value[kept:]
        return f"{item.type}\t{value if quoted or item.type in _PATHS else _SPECIAL.sub(_BACKSLASH, value)}"


_ENDED = re.compile(r"(?<!\\)\s$")
_QUOTE = re.compile(r"(?:^|\s)[\"'][^\"']*$")
_SPECIAL = re.compile(r"([^\w@%+=:,./~-])")
_BACKSLASH = r"\\\1"
_PATHS = ("file", "dir")


class Zsh(ZshComplete):
    """zsh; what goes on is described as all else is."""

    source_template: ClassVar[str] = _ZSH.lstrip()

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[str]]:
        """The values, as whole words."""
        return _as_words(super().get_completions(args, incomplete), incomplete)

    def format_completion(self, item: CompletionItem[str]) -> str:
        """Three lines a value: its kind, itself, and what it is."""
        if item.type == PART:
            return super().format_completion(CompletionItem(item.value, item.type, item.help or " "))
        return super().format_completion(item)


class Fish(FishComplete):
    """fish; a description may have commas in it."""

    source_template: ClassVar[str] = _FISH.lstrip()

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[str]]:
        """The values, as whole words."""
        return _as_words(super().get_completions(args, incomplete), incomplete)


def _as_words(items: list[CompletionItem[str]], begun: str) -> list[CompletionItem[str]]:
    """The values with the `--option=` that they stand behind: click hands them over without."""
    option, sign, _ = begun.partition("=")
    if not sign or not option.startswith("--"):
        return items
    return [
        item if item.type in _PATHS else CompletionItem(f"{option}={item.value}", item.type, item.help)
        for item in items
    ]


SHELLS: dict[str, type[ShellComplete]] = {"bash": Bash, "zsh": Zsh, "fish": Fish}

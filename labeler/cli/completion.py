"""The command completion: what a shell needs to complete commands, options and names."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from labeler.cli.command import Run, command
from labeler.errors import UsageError

# Each script gives the line up to the cursor to labeler, which answers with lines of a value, a tabulator and a help
# text. No answer is run as code. Where there is none, the shell completes files. Bash takes ":" and "=" as
# ends of words and "@" as the beginning of one, so that what stands before the last of them goes off each value again.
_BASH = r"""
_labeler_completion() {
    local line="${COMP_LINE:0:COMP_POINT}" value help
    local word="${line##*[[:space:]]}"
    local before="${word%"${word##*["$COMP_WORDBREAKS"]}"}"
    COMPREPLY=()
    while IFS=$'\t' read -r value help; do
        COMPREPLY+=("${value#"${before%@}"}")
    done < <(_LABELER_COMPLETE="$line" "$1" 2>/dev/null)
}
complete -o bashdefault -o default -F _labeler_completion labeler
"""
_ZSH = r"""
_labeler_completion() {
    local value help
    local -a found
    while IFS=$'\t' read -r value help; do
        found+=("${value//:/\\:}${help:+:$help}")
    done < <(_LABELER_COMPLETE="${words[1,CURRENT-1]} $PREFIX" "${words[1]}" 2>/dev/null)
    if (( $#found )); then _describe -V labeler found; else _files; fi
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
compdef _labeler_completion labeler
"""
_FISH = r"""
function __labeler_completion
    set -l found (_LABELER_COMPLETE=(commandline -cp) labeler 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete --command labeler --no-files --arguments '(__labeler_completion)'
"""
_SCRIPTS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}
SHELLS = tuple(_SCRIPTS)
_FILES = {"bash": "~/.bashrc", "zsh": "~/.zshrc", "fish": "~/.config/fish/config.fish"}


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    command(app, "completion", completion)


def completion(
    run: Run,
    shell: Annotated[str, typer.Argument(metavar="SHELL", help="bash, zsh or fish.", show_default=False)],
) -> None:
    """Print what makes a shell complete commands, options and the names of topics, models, formats and the like.

    Put it into the start file of the shell: ~/.bashrc, ~/.zshrc or ~/.config/fish/config.fish.

    Example: labeler completion bash >> ~/.bashrc
    """
    if shell not in SHELLS:
        raise UsageError(f"there is no completion for {shell!r}", f"known are: {', '.join(SHELLS)}")
    script, file = _SCRIPTS[shell].strip(), _FILES[shell]
    run.result({"shell": shell, "file": file, "script": script}, f"# labeler: completion\n{script}", for_people=False)
    if sys.stdout.isatty():
        run.say(f"Put this into {file}: `labeler completion {shell} >> {file}`. New shells have it.")
    else:
        run.say(f"This belongs into {file}; shells that are started from then on have it.")

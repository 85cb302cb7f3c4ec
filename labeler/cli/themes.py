"""The command that groups papers of which few were judged: themes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from labeler.cli.command import Format, Inputs, Run, command
from labeler.errors import UsageError
from labeler.wording import counted, shortened

if TYPE_CHECKING:
    from labeler.flows.themes import Themes

_EXAMPLES, _TITLE = 3, 70  # titles of a theme, and their letters

Add = Annotated[
    int | None, typer.Option("--add", min=1, metavar="NUMBER", help="Make the theme of this number a topic (--name).")
]
Name = Annotated[str | None, typer.Option("--name", metavar="NAME", help="The name of the topic.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    command(app, "themes", themes)


def themes(run: Run, inputs: Inputs, format_name: Format = None, add: Add = None, name: Name = None) -> None:
    """Group the papers of digests that are unlike what was judged, with the words that set them apart.

    A group is a new theme: a field that has come into your digests, or one that nobody judged yet. --add makes it a
    topic; `labeler push DIGEST --topic NAME` then sends people the papers that are most likely of it.

    Example: labeler themes digest.txt --add 1 --name "Web agents"
    """
    from labeler.flows.themes import adopt, new_themes

    if (add is None) != (name is None):
        raise UsageError("--add and --name go together", 'labeler themes digest.txt --add 1 --name "Web agents"')
    found = new_themes(run.workspace, inputs, format_name)
    for note in found.notes:
        run.say(f"note: {note}")
    if add is None or name is None:
        run.result(found.to_dict(), text_of(found))
        return
    topic = adopt(run.workspace, found, add, name)
    added = {"id": topic.id, "name": topic.name, "definition": topic.definition}
    run.done({"added": added}, f"{topic.name} is a topic now (definition: {topic.definition!r}), next: `labeler push`.")


def text_of(found: Themes) -> str:
    """The themes, for people."""
    looked_at = f"{counted(len(found.papers), 'paper')} that nobody judged, beside {found.judged} judged ones"
    if not found.found:
        return f"No new theme in {looked_at}."
    lines = [f"{counted(len(found.found), 'new theme')} in {looked_at}:"]
    for number, (theme, record) in enumerate(zip(found.found, found.to_dict()["themes"], strict=True), start=1):
        field = f" ({record['field']})" if record["field"] else ""
        verb = "was" if theme.judged <= 1 else "were"
        like = f"{theme.judged or 'none'} like them {verb} judged"
        lines.append(f"{number}. {counted(len(theme.members), 'paper')}: {', '.join(theme.words)}{field}; {like}.")
        lines += [f"   {shortened(paper['title'], _TITLE)}" for paper in record["papers"][:_EXAMPLES]]
    return "\n".join(lines)

from __future__ import annotations

from pathlib import Path

import pytest

from labeler.config import Workspace, find_workspace
from labeler.flows.kept_curve import FILE, keep_curve, kept_curve
from labeler.flows.training_input import judgements_digest
from labeler.judgements import read_log
from labeler.judgements.forgotten import NOTHING_FORGOTTEN, Tombstone, note_forgotten
from tests.flows.workspaces import bring, make_scheme

CURVE = {"measured": [{"papers": 10, "value": 0.5}], "projected": [{"papers": 20, "value": 0.6}], "sentences": ["x"]}


def kept(workspace: Path) -> Workspace:
    """A workspace with a curve of its judgements."""
    make_scheme(workspace, "single", "robots", "speech")
    bring(workspace, [("One\nOf robots", "robots"), ("Two\nOf speech", "speech")])
    space = find_workspace(str(workspace))
    assert keep_curve(space, CURVE, judgements_digest(read_log(space).judgements, {}), NOTHING_FORGOTTEN) == []
    return space


def test_a_curve_is_shown_until_a_judgement_comes(workspace: Path) -> None:
    space = kept(workspace)
    assert kept_curve(space) == CURVE
    bring(workspace, [("Three\nOf robots that walk", "robots")])
    assert kept_curve(space) is None


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"judgements": "x", "curve": {}}', '{"curve": 3}'])
def test_a_file_that_is_no_curve_is_as_if_there_were_none(workspace: Path, content: str) -> None:
    space = kept(workspace)
    (space.private / FILE).write_text(content)
    assert kept_curve(space) is None


def test_a_curve_of_what_was_forgotten_meanwhile_is_not_kept(workspace: Path) -> None:
    space = kept(workspace)
    (space.private / FILE).unlink()
    note_forgotten(space, [Tombstone.of_annotator(["ada"], "2026-03-01T10:00:00Z", 0)])
    (message,) = keep_curve(space, CURVE, "x", NOTHING_FORGOTTEN)
    assert message.endswith("a person or paper was forgotten meanwhile, so that nothing was saved; try again")
    assert not (space.private / FILE).exists()


def test_where_nothing_can_be_written_a_message_says_so(workspace: Path) -> None:
    space = kept(workspace)
    (space.private / FILE).unlink()
    (space.private / FILE).mkdir()
    (message,) = keep_curve(space, CURVE, "x", NOTHING_FORGOTTEN)
    assert message.startswith("the curve is not kept for the report: ")

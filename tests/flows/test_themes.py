from __future__ import annotations

import json
from pathlib import Path

import pytest

from labeler.config import find_workspace
from labeler.errors import InputError, NotFoundError, RefusedError
from labeler.flows.themes import Themes, adopt, new_themes
from labeler.topics import load_scheme
from tests.drift.test_themes import texts


def digest_of(path: Path, **counts: int) -> Path:
    """A file of invented papers of some kinds."""
    papers = [
        {"title": text.partition("\n")[0], "abstract": text.partition("\n")[2]}
        for kind, count in counts.items()
        for text in texts(kind, count, 1)
    ]
    path.write_text("\n".join(map(json.dumps, papers)))
    return path


@pytest.fixture
def found(trained: Path) -> Themes:
    return new_themes(find_workspace(), [str(digest_of(trained / "new.jsonl", language=60, vision=60, cells=50))])


@pytest.mark.slow
def test_a_theme_is_found_and_becomes_a_topic(found: Themes) -> None:
    cells = next(number for number, theme in enumerate(found.found, start=1) if "protein" in " ".join(theme.words))
    record = found.to_dict()["themes"][cells - 1]
    assert record["judged"] == 0
    assert len(record["papers"]) >= 45
    topic = adopt(find_workspace(), found, cells, "Cell biology")
    kept = load_scheme(find_workspace().topics)
    assert kept.topics[-1] == topic
    assert topic.definition.startswith("Papers on ")
    with pytest.raises(RefusedError, match="'cell BIOLOGY' cannot be a new topic"):
        adopt(find_workspace(), found, cells, "cell BIOLOGY")
    with pytest.raises(NotFoundError, match="there is no theme 99"):
        adopt(find_workspace(), found, 99, "Any")
    assert load_scheme(find_workspace().topics) == kept


def test_papers_that_are_judged_are_not_new(trained: Path) -> None:
    found = new_themes(find_workspace(), ["annotations/judgements.jsonl"])
    assert (found.found, len(found.papers)) == ([], 0)


def test_without_judged_papers_nothing_can_be_told(workspace: Path) -> None:
    with pytest.raises(InputError, match="0 papers of this workspace are judged, too few to tell what is new"):
        new_themes(find_workspace(), [str(digest_of(workspace / "new.jsonl", cells=3))])

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from labeler import load_model
from labeler.errors import InputError
from labeler.papers import Paper
from labeler.topics import Mode, Scheme, Topic
from models.arxiv import build, cross_lists
from models.arxiv.build import build_model
from models.arxiv.cross_lists import LEAST
from tests.learn.factories import text_of

TOPICS = {"cs.RO": "robots", "eess.AS": "speech", "cs.CV": "vision"}


def corpus(path: Path, each: int = 40, categories: tuple[str, ...] = tuple(TOPICS)) -> str:
    """Invented papers of these categories, from January to December, and some that are of no use."""
    rows = []
    for number in range(each * len(categories)):
        category = categories[number % len(categories)]
        title, abstract = text_of([TOPICS.get(category, "")], number).split("\n")
        date = f"2025-{number * 12 // (each * len(categories)) + 1:02}-03"
        crossed = categories[(number + 1) % len(categories)] if number % 4 == 0 else "cs.LG"
        rows.append(
            {"title": f"{title} {number}", "abstract": abstract, "date": date, "categories": [category, crossed]}
        )
    rows += [{"title": f"Undated {n}", "categories": ["cs.DB"]} for n in range(each)]
    rows += [{"title": f"Of no category {n}", "date": "2025-12-01"} for n in range(each)]
    rows += [{"title": f"Retired {n}", "date": "2025-12-01", "categories": ["astro-ph"]} for n in range(each)]
    rows += [{"title": f"Rare {n}", "date": "2025-12-01", "categories": ["hep-ex"]} for n in range(5)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (
        ("_MIN_PAPERS", 30),
        ("_RECENT_PAPERS", 30),
        ("_PRUNING_PAPERS", 90),
        ("_TERMS", 2000),
        ("_HELD_OUT", 20),
        ("_MIN_EVALUATED", 5),
    ):
        monkeypatch.setattr(build, name, value)
    monkeypatch.setattr(cross_lists, "_POSSIBLE", 1e-5)  # a model of a hundred papers that hardly differ is very sure


def test_a_model_over_categories_is_made_measured_and_told(tmp_path: Path) -> None:
    messages: list[str] = []
    result = build_model([corpus(tmp_path / "pile.jsonl")], tmp_path / "arxiv" / "1", messages.append)
    assert (result.topics, result.papers) == (3, 120)
    assert "learning from those before 2025-10-01" in " ".join(messages)
    model = load_model(tmp_path / "arxiv" / "1")
    assert sorted(model.classes_) == sorted(TOPICS)
    assert list(model.predict(["a robot with a gripper arm", "the voice of a speaker"])) == ["cs.RO", "eess.AS"]
    assert len(model.held_out[0]) == 20
    assert len(model.linear.tfidf.terms) == 2000
    manifest = json.loads((tmp_path / "arxiv" / "1" / "manifest.json").read_bytes())
    assert (manifest["name"], manifest["version"], manifest["counts"]["cs.RO"]) == ("arxiv", 1, 40)
    assert manifest["measured"] == {name: figure.to_dict() for name, figure in result.measured.items()}
    assert set(result.measured) == {"accuracy", "top_3", "macro_f1", "first_f1", "lists_f1"}
    assert model.cross_lists is not None
    assert model.cross_lists.least == LEAST
    assert result.measured["accuracy"].value > 0.9
    assert result.bytes == sum(path.stat().st_size for path in (tmp_path / "arxiv" / "1").iterdir())


@pytest.mark.slow
def test_it_takes_the_place_of_what_is_there(tmp_path: Path) -> None:
    pile, folder = corpus(tmp_path / "pile.jsonl"), tmp_path / "arxiv" / "1"
    folder.mkdir(parents=True)
    (folder / "old").touch()
    build_model([pile], folder, lambda _: None)
    assert sorted(path.name for path in folder.iterdir()) == ["manifest.json", "report.md", "weights.safetensors"]
    assert [path.name for path in folder.parent.iterdir()] == ["1"]


def test_cross_lists_have_a_share_of_a_paper() -> None:
    scheme = Scheme(Mode.SINGLE, tuple(Topic(topic, topic) for topic in TOPICS))
    crossed = Paper.make("T", categories=("cs.RO", "cs.CV", "math.NT", "cs.CV", "eess.AS"))
    assert build._shares(crossed, scheme) == {"cs.RO": 0.8, "cs.CV": 0.1, "eess.AS": 0.1}
    assert build._shares(Paper.make("T", categories=("cs.RO", "math.NT")), scheme) == {"cs.RO": 1.0}


@pytest.mark.slow
def test_a_category_that_has_faded_is_guessed_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    scheme = Scheme(Mode.SINGLE, tuple(Topic(topic, topic) for topic in TOPICS))
    papers = [
        Paper.make(text_of([TOPICS[topic]], number), date=date, categories=(topic,))
        for number in range(40)
        for topic, date in (("cs.RO", "2025-01-01"), ("eess.AS", "2025-02-01"), ("cs.CV", f"2025-03-{number % 28 + 1}"))
    ]
    monkeypatch.setattr(build, "_TOWARDS_EQUAL", 0.0)
    moved = build._trained(papers, scheme).linear.intercepts
    monkeypatch.setattr(build, "_TOWARDS_RECENT", 0.0)
    steps = dict(zip(TOPICS, moved - build._trained(papers, scheme).linear.intercepts, strict=True))
    assert steps["cs.RO"] == pytest.approx(steps["eess.AS"])
    assert steps["cs.RO"] < 0 < steps["cs.CV"]
    assert steps["cs.CV"] == pytest.approx(0.25 * np.log((30 + 20 / 3) / 50 * 3))


@pytest.mark.parametrize("categories", [(), ("cs.RO",), ("astro-ph", "no.SUCH")])
def test_too_few_categories_are_bad_input(tmp_path: Path, categories: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="fewer than two categories"):
        build_model([corpus(tmp_path / "pile.jsonl", categories=categories)], tmp_path / "1", lambda _: None)
    assert not (tmp_path / "1").exists()


def test_papers_of_three_months_alone_are_bad_input(tmp_path: Path) -> None:
    rows = [{"title": f"{n}", "date": "2025-12-01", "categories": [("cs.RO", "cs.CV")[n % 2]]} for n in range(80)]
    (tmp_path / "pile.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    with pytest.raises(InputError, match="no paper is older than 2025-10-01"):
        build_model([str(tmp_path / "pile.jsonl")], tmp_path / "1", lambda _: None)


def test_a_folder_that_is_no_version_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="models/arxiv/1"):
        build_model([corpus(tmp_path / "pile.jsonl")], tmp_path / "arxiv", lambda _: None)


@pytest.mark.parametrize(
    ("last", "first"),
    [("2025-12-31", "2025-10-01"), ("2025-03-02", "2025-01-01"), ("2026-02-01T10:00:00Z", "2025-12-01")],
)
def test_the_three_months_that_a_date_ends(last: str, first: str) -> None:
    assert build._three_months_before(last) == first

from __future__ import annotations

import pytest

from tests.bench import sought
from tests.bench.sought import BEGIN, END, PAGE, Drawn, table, with_table
from tests.learn.factories import TINY, WORDS, text_of

TOPICS = tuple(WORDS)


def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    for name, value in {"JUDGED": 30, "OF_TOPIC": 8, "POOL": 40, "SENT": 8, "POSITIVES": (0, 3)}.items():
        monkeypatch.setattr(sought, name, value)
    monkeypatch.setattr(sought, "NAMES", {topic: " ".join(WORDS[topic].split()[:4]) for topic in TOPICS})
    monkeypatch.setattr(sought, "WORDS", {topic: WORDS[topic].split()[0] for topic in TOPICS})
    monkeypatch.setattr(sought, "background", lambda: TINY)
    categories = [topic for topic in TOPICS for _ in range(60)]
    texts = [text_of([topic], number) for number, topic in enumerate(categories)]
    return Drawn((texts, categories), TOPICS, TOPICS[0], 0)


def test_papers_of_the_topic_are_found_among_others(monkeypatch: pytest.MonkeyPatch) -> None:
    made = drawn(monkeypatch)
    assert (len(made.texts), int(made.right.sum())) == (40, 8)
    hits = made.hits(3)
    assert hits["`--topic`"] == hits["both"] == 8
    assert hits["`--topic`"] >= hits["random"]
    model = made.model(0).model_
    assert model.examples[model.topics.index(made.topic)] == 0
    _, _, own, others = made._data
    assert not {*own[:3], *others[:30]} & {*made.pool}


def test_a_row_for_each_set_and_number_of_positives() -> None:
    runs = [("a", 0, {"x": 1, "y": 4}), ("a", 0, {"x": 3, "y": 4}), ("a", 3, {"x": 5, "y": 0})]
    assert table(runs).splitlines()[2:] == ["| a | 0 | 2.0 ± 1.0 | 4.0 ± 0.0 |", "| a | 3 | 5.0 ± 0.0 | 0.0 ± 0.0 |"]


def test_what_was_written_by_hand_stays() -> None:
    page = PAGE.read_text(encoding="utf-8")
    made = page.partition(BEGIN)[2].partition(END)[0]
    assert made
    assert with_table(page, made) == page
    assert with_table(with_table(page, "other\n"), made) == page

"""The harness itself: its figures beside scikit-learn's, runs that go on, splits that keep what is asked apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, f1_score

from labeler.features.background import shipped
from labeler.measure.metrics import macro_f1, micro_f1
from tests.bench.quality import figures, runs, self_trained, splits
from tests.bench.quality.cache import code_of
from tests.bench.quality.compare import comparison
from tests.bench.quality.ledger import Ledger, guess_of, packed, scores_of
from tests.bench.quality.methods import METHODS, Method
from tests.bench.quality.ours import Ours
from tests.bench.quality.peers import tuned
from tests.bench.quality.report import page
from tests.bench.quality.runs import Bench
from tests.bench.quality.splits import Split

WORDS = {"fish": "a fish swims in the sea", "birds": "a bird flies in the sky"}


def small(mode: str = "single") -> Split:
    """Twelve papers to learn from, four to ask."""
    texts = [f"{text} {number}" for number in range(6) for text in WORDS.values()]
    truth = np.tile(np.eye(2), (6, 1))
    return Split("small", mode, tuple(WORDS), texts, truth, texts[:4], truth[:4], dict.fromkeys(WORDS, ""))


@pytest.fixture
def answers() -> tuple[Any, Any, Any]:
    generator = np.random.default_rng(0)
    truth = (generator.random((60, 5)) < 0.3).astype(float)
    return truth, generator.random((60, 5)) < 0.4, figures.draws(60, rounds=3)


def test_f1_of_each_draw_is_that_of_the_papers_drawn(answers: tuple[Any, Any, Any]) -> None:
    truth, guess, drawn = answers
    for row, (macro, micro) in enumerate(
        zip(figures.macro_f1(truth, guess, drawn), figures.micro_f1(truth, guess, drawn), strict=True)
    ):
        papers = np.repeat(np.arange(60), drawn[row].astype(int))
        assert len(papers) == 60
        assert macro == pytest.approx(f1_score(truth[papers], guess[papers], average="macro"))
        assert micro == pytest.approx(f1_score(truth[papers], guess[papers], average="micro"))


def test_unknown_pairs_do_not_count(answers: tuple[Any, Any, Any]) -> None:
    truth, guess, drawn = answers
    truth[::3, :2] = np.nan
    assert figures.macro_f1(truth, guess, drawn)[0] == pytest.approx(macro_f1.score(truth, guess))
    assert figures.micro_f1(truth, guess, drawn)[0] == pytest.approx(micro_f1.score(truth, guess))


def test_average_precision_of_each_draw_with_equal_scores(answers: tuple[Any, Any, Any]) -> None:
    truth, _, drawn = answers
    wanted, scores = truth[:, 0] == 1, np.round(np.random.default_rng(1).random(60), 1)
    expected = [average_precision_score(wanted, scores, sample_weight=row) for row in drawn]
    assert figures.average_precision(wanted, scores, drawn) == pytest.approx(expected)


def test_calibration_error_weighs_bins_by_their_size() -> None:
    probabilities = np.repeat([0.2, 0.8], 50)
    right = np.r_[np.arange(50) % 5 == 0, np.ones(50, bool)]  # 0.2 comes true; 0.8 is always right
    assert figures.calibration_error(probabilities, right) == pytest.approx(0.1)
    assert figures.single_calibration(np.array([[0.7, 0.3]]), np.array([[1.0, 0.0]])) == pytest.approx(0.3)
    many = np.array([[0.9, 0.04, 0.5]])
    assert figures.multi_calibration(many, np.array([[1.0, 1.0, np.nan]])) == pytest.approx(0.1)


def test_killed_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[int] = []

    def build(split: Split, seed: int) -> Any:
        built.append(seed)
        return tuned(split.mode, seed)

    monkeypatch.setitem(runs.METHODS, "tuned", Method("tuned", build, ("tests/bench/quality/peers.py",)))
    path = tmp_path / "runs.jsonl"
    first = Bench(Ledger(path), seeds=2).runs(small(), "tuned", 8)
    path.write_text(path.read_text() + '{"data": "small", "pap')
    again = Bench(Ledger(path), seeds=3).runs(small(), "tuned", 8)
    assert (again[:2], built) == (first, [0, 1, 2])
    assert len(Bench(Ledger(path)).runs(small(), "tuned", 8, seeds=3)) == 3
    assert built == [0, 1, 2]
    assert guess_of(first[0]["answer"], (4, 2)).tolist() == (small().test_truth == 1).tolist()


def test_scores_and_guesses_come_back_as_they_were() -> None:
    guess = np.random.default_rng(0).random((7, 3)) < 0.5
    assert np.array_equal(guess_of(packed(guess), guess.shape), guess)
    assert scores_of(packed(np.array([0.5, 0.25], np.float32))).tolist() == [0.5, 0.25]


def test_code_is_the_same_when_only_words_about_it_change(tmp_path: Path) -> None:
    texts = {"one": '"""Said."""\nA = 1  # why\n', "two": '"""Told."""\n\nA = 1\n', "three": "A = 2\n"}
    for name, text in texts.items():
        (tmp_path / f"{name}.py").write_text(text)
    one, two, three = (code_of(str(tmp_path / f"{name}.py")) for name in texts)
    assert one == two != three
    assert code_of(str(tmp_path)) not in (one, three)


def test_surest_papers_follow_the_topics_shares() -> None:
    scores = np.c_[np.linspace(0, 1, 100), np.linspace(1, 0, 100)]
    rows, columns = self_trained.surest(scores, np.array([3, 1]))
    assert np.bincount(columns).tolist() == [30, 10]
    assert rows[:2].tolist() == [99, 98]
    assert rows[30:32].tolist() == [0, 1]


def test_names_teach_without_a_judged_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {"fish": "Fish", "birds": "Birds", "frogs": "Frogs"}
    papers, answers = [f"{name} {number}" for number in range(20) for name in names], [*names] * 20
    noise = np.random.default_rng(0).normal(scale=0.2, size=(63, 3))
    near = dict(zip([*names.values(), *papers], np.tile(np.eye(3), (21, 1)) + noise, strict=True))
    monkeypatch.setattr(self_trained, "vectors", lambda texts: np.array([near[t] for t in texts]).reshape(-1, 3))
    peer = self_trained.SelfTrained("single", 0)
    assert peer.fit([], [], unread=papers, names=names).predict(papers) == answers
    assert peer.fit(papers[:9], answers[:9], names=names).predict(papers) == answers
    assert peer.fit(papers[:9], answers[:9], unread=papers[9:], names=names).predict(papers) == answers


def test_distance_is_to_peers_that_are_given_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert METHODS["labeler"].is_given_as_much_as(METHODS["minilm-self"])
    assert not METHODS["labeler-plain"].is_given_as_much_as(METHODS["minilm-names"])
    code = ("tests/bench/quality/peers.py",)
    for name in ("labeler-plain", "svc", "minilm-names"):
        named = name == "minilm-names"
        peer = Method(name, lambda split, seed: tuned(split.mode, seed), code, names=named, unread=named)
        monkeypatch.setitem(METHODS, name, peer)
    bench = Bench(Ledger(tmp_path / "runs.jsonl"), seeds=2)
    table = comparison(
        bench, small(), ("labeler-plain", "svc", "minilm-names"), (8, None), {"macro-F1": figures.macro_f1}
    )
    last = table.splitlines()[-1]
    assert last == "| labeler-plain above the best peer | +.000 [+.000, +.000] svc | +.000 [+.000, +.000] svc |"
    assert "| svc | 1.000 ± .000 | 1.000 |" in table


def test_each_table_of_the_page_says_how_it_was_made() -> None:
    written = page({"r8": "| a |"}, "python -m tests.bench.quality --write r8")
    assert "## r8\n\nReuters R8" in written
    assert " with `python -m tests.bench.quality --write r8`; Python 3." in written
    assert ", numpy 2" in written


def test_a_table_made_again_leaves_the_others() -> None:
    first = page({"r8": "| a |", "arxiv24": "| b |", "stream": "| c |"}, "first")
    second = page({"r8": "| d |"}, "second", first)
    assert second.count("`first`") == 2
    assert second.replace("`second`", "`first`").replace("| d |", "| a |") == first
    assert page({"r8": "| a |", "arxiv24": "| b |", "stream": "| c |"}, "first", second) == first


@pytest.mark.slow
def test_what_is_asked_was_not_learned(shared: Path) -> None:
    asked, tried = splits.made("arxiv24"), splits.made("development")
    assert (len(asked.learn), len(asked.test)) == (6405, 4497)
    assert set(tried.learn) | set(tried.test) == set(asked.learn)
    for split in (asked, tried, splits.made("stream"), *splits.screening()):
        assert not set(split.learn) & set(split.test)
    assert set(asked.learn) <= set(splits.early_texts())
    assert not set(asked.test) & set(splits.early_texts())
    drawn, rest = asked.draw(25, 0)
    assert sorted(drawn + rest) == list(range(6405))
    assert drawn != asked.draw(25, 1)[0][:25]
    for review in splits.screening():
        assert sorted(review.answers(review.draw(4, 0)[0])) == ["excluded"] * 2 + ["included"] * 2


def test_answers_take_the_form_of_the_mode() -> None:
    assert small().answers([0, 1]) == ["fish", "birds"]
    assert small("multi").answers([0, 1]).tolist() == [[1, 0], [0, 1]]
    assert small().guess(["birds", None]).tolist() == [[False, True], [False, False]]


def test_what_comes_of_promises_is_what_a_single_cut_could_do_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    words = {"robots": "arm leg grasp walk", "speech": "voice codec sound phone", "vision": "image pixel camera light"}

    def texts(topic: str, count: int) -> list[str]:
        """Texts of a topic with words of others, so that some are hard."""
        others = " ".join(text for name, text in words.items() if name != topic).split()
        return [
            " ".join([*rng.choice(words[topic].split(), 2), *rng.choice(others, rng.integers(4))]) for _ in range(count)
        ]

    topics = tuple(words)
    learn, test = ([text for topic in topics for text in texts(topic, count)] for count in (60, 100))
    truth = {count: np.repeat(np.eye(3), count, axis=0) for count in (60, 100)}
    split = Split("small", "single", topics, learn, truth[60], test, truth[100], {})
    monkeypatch.setattr("tests.bench.quality.ours.background", shipped)
    ours = Ours("single", topics, 0).fit(learn, split.answers(range(180)))
    told = ours.told(split)
    assert {"0.8", "0.9", "0.95"} == set(told["promises"])
    for promised, one in told["promises"].items():
        assert one["papers"] == 300
        assert one["right"] <= one["given"] <= one["decided"] <= 300
        if one["right"] >= float(promised) * one["given"] and one["given"] == one["decided"]:
            assert one["decided"] / 300 <= one["largest"] + 1e-9
    assert 0.8 <= told["sets"]["held"] <= 1.0
    assert 1.0 <= told["sets"]["size"] <= 3.0

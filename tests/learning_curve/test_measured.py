from __future__ import annotations

import numpy as np

from labeler.learning_curve.measured import FOLDS, SHARES, TRAININGS, Answers, JudgedTexts, Rows, learning_curve

TOPICS = ("robots", "speech", "rare")


def judged(count: int = 120) -> JudgedTexts:
    """Invented papers of two topics in turn; two of them are of a third one."""
    truth = np.zeros((count, 3))
    truth[np.arange(count), np.arange(count) % 2] = 1
    truth[:2] = [0, 0, 1]
    words = ("arm leg gripper motor".split(), "voice sound vowel accent".split())
    texts = [f"paper {n} of {words[n % 2][n % 4]} number {n * 7919} and {n * 104729}" for n in range(count)]
    return JudgedTexts(texts, TOPICS, truth)


def answers(given: np.ndarray) -> Answers:
    return Answers(given, np.where(given, 2.0, -2.0))


def test_models_are_of_nested_subsets_and_each_paper_is_asked_once_by_each_share() -> None:
    papers, calls, messages = judged(), list[tuple[Rows, Rows]](), list[str]()

    def said(rows: Rows, asked: Rows) -> Answers:
        calls.append((rows, asked))
        assert not set(rows) & set(asked)
        return answers(papers.truth[asked] == 1)

    curve = learning_curve(papers, said, messages.append)
    assert (len(calls), len(messages)) == (TRAININGS, 2)
    assert messages[0] == "16 models are trained on parts of 120 judged papers …"
    for share in range(len(SHARES)):
        asked = np.concatenate([one for _, one in calls[share * FOLDS : (share + 1) * FOLDS]])
        assert sorted(asked) == list(range(len(papers.texts)))
    for smaller, larger in zip(calls, calls[FOLDS:], strict=False):
        assert set(smaller[0]) < set(larger[0])
        assert (smaller[1] == larger[1]).all()
    assert (np.diff(curve.sizes) > 0).all()
    assert curve.papers == 120


def test_topics_of_few_papers_do_not_count_and_figures_are_those_of_the_answers() -> None:
    papers = judged()

    def said(rows: Rows, asked: Rows) -> Answers:
        guess = papers.truth[asked] == 1
        if len(rows) < 40:
            guess[:, 1] = False
        return answers(guess)

    curve = learning_curve(papers, said)
    assert curve.topics == ("robots", "speech")
    assert curve.figures[0].tolist() == [0.5, 0.5, 1.0, 1.0]
    assert curve.by_topic[0, 0].tolist() == [1.0, 0.0]
    assert curve.f1.shape[1:] == (len(curve.places), 2)
    assert curve.projection().at(120).value > 0.9
    assert curve.topic_projection("robots").at(240).value == 1.0


def test_near_duplicates_are_learned_from_or_asked_for_together() -> None:
    papers = judged(80)
    text = "a long abstract about gripping with arms of robots that is told twice in nearly the same words " * 2
    twins = papers._replace(texts=[f"{text} {n}" if n in (10, 50) else one for n, one in enumerate(papers.texts)])

    def said(rows: Rows, asked: Rows) -> Answers:
        assert (10 in asked) == (50 in asked)
        return answers(twins.truth[asked] == 1)

    learning_curve(twins, said)

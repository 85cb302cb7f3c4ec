from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.judgements.soft_rows import model_of, probabilities_in, probability
from labeler.topics import Mode, Scheme, Topic

TOPICS = (Topic("llm", "Language models"), Topic("vision", "Images; video"), Topic("robots", "Robots"))
MULTI, SINGLE = Scheme(Mode.MULTI, TOPICS), Scheme(Mode.SINGLE, TOPICS)


def said(scheme: Scheme = MULTI, **fields: Any) -> dict[str, float]:
    return probabilities_in({"title": "An invented paper", **fields}, scheme, Counter())


def prediction(*choices: str, **row: Any) -> dict[str, Any]:
    rows = [{"from_name": "topics", "type": "choices", "value": {"choices": list(choices)}, **row}] if choices else []
    return {"model_version": "backend 1", "score": 0.01, "result": rows}


@pytest.mark.parametrize(
    "fields",
    [
        {"scores": {"llm": 0.7, "Robots": 0.2}},
        {"scores": '{"llm": 0.7, "robots": 0.2}'},
        {"probabilities": {"Language Models": 0.7, "robots": "20%"}},
        {"topics": [{"topic": "llm", "probability": 0.7}, {"topic": "robots", "probability": 0.2}]},
        {"predictions": [{"label": "llm", "score": 0.7}, {"label": "robots", "score": 0.2}]},
        {"labels": ["llm", "robots"], "scores": [0.7, 0.2]},
        {"topics": "Language models; Robots", "probability": "0.7", "probabilities": "0.7; 0.2"},
        {"llm": "0.7", "Images; video": "", "robots": 0.2},
        {"llm": 0.7, "vision": None, "robots": 0.2},
        {"llm": 0.7, "vision": float("nan"), "robots": 0.2},
    ],
)
def test_probabilities_are_found_in_the_usual_forms(fields: dict[str, Any]) -> None:
    found = probabilities_in({"title": "An invented paper", **fields}, MULTI, Counter())
    assert found == {"llm": 0.7, "robots": 0.2}


@pytest.mark.parametrize("names", [("topic", "probability"), ("Label", "Score"), ("predicted label", "confidence")])
def test_one_topic_and_a_probability(names: tuple[str, str]) -> None:
    assert said(**dict(zip(names, ("Robots", 0.6), strict=True))) == {"robots": 0.6}


def test_predictions_of_label_studio_are_choices() -> None:
    assert said(predictions=[prediction("Robots")]) == {"llm": 0.0, "vision": 0.0, "robots": 1.0}
    assert said(SINGLE, predictions=[prediction("Robots", score=0.6)]) == {"robots": 0.6}
    assert said(SINGLE, predictions=[prediction("llm"), prediction("Robots")]) == {"robots": 1.0}
    assert said(SINGLE, predictions=[prediction("None of these")]) == {"llm": 0.0, "vision": 0.0, "robots": 0.0}
    with pytest.raises(ValueError, match="no probability of a topic"):
        said(predictions=[prediction()])  # it orders the queue alone


def test_none_of_these_says_no_to_the_others_where_it_is_likely() -> None:
    assert said(SINGLE, topic="None of these", probability=0.8) == {"llm": 0.0, "vision": 0.0, "robots": 0.0}
    assert said(SINGLE, scores={"llm": 0.7, "none": 0.3}) == {"llm": 0.7}


def test_labels_that_are_no_topics_are_counted() -> None:
    unknown: Counter[str] = Counter()
    assert probabilities_in({"scores": {"llm": 0.7, "cooking": 0.3}}, MULTI, unknown) == {"llm": 0.7}
    assert unknown == {"cooking": 1}
    with pytest.raises(ValueError, match="of the scheme"):
        probabilities_in({"scores": {"cooking": 0.3}}, MULTI, unknown)


@pytest.mark.parametrize("wrong", [1.4, -0.1, "much", "nan%", [0.3], "yes"])
def test_what_is_no_probability_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match="is no probability: write a number from 0 to 1"):
        said(topics=[{"topic": "llm", "probability": wrong}])


def test_rounding_is_no_fault() -> None:
    assert (probability(1.0000001), probability("-1e-9"), probability("12%")) == (1.0, 0.0, 0.12)


def test_the_model_is_the_one_that_the_row_names() -> None:
    assert model_of({"model": " arxiv@3\n"}) == "arxiv@3"
    assert model_of({"predictions": [prediction("llm")]}) == "backend 1"
    assert model_of({"title": "x"}) == model_of({"model": None}) == model_of({"predictions": []}) == ""


_CELLS = st.sampled_from([None, True, 0.4, 2, float("nan"), "", "llm", "0.5", "none", "x; llm", '{"llm": 1}', "[1", {}])
_OBJECTS = st.dictionaries(st.sampled_from(["llm", "score", "label", "result", "value"]), _CELLS, max_size=3)
_VALUES = _CELLS | _OBJECTS | st.lists(_CELLS | _OBJECTS, max_size=3)
_FIELDS = st.dictionaries(st.sampled_from(["topics", "scores", "labels", "topic", "p", "llm", "predictions"]), _VALUES)


@given(_FIELDS, st.sampled_from([MULTI, SINGLE]))
def test_any_row_says_probabilities_or_a_value_error(fields: dict[str, Any], scheme: Scheme) -> None:
    found: dict[str, float] = {}
    with suppress(ValueError):
        found = probabilities_in(fields, scheme, Counter())
        assert found
    assert set(found) <= set(scheme.ids)
    assert all(0 <= one <= 1 for one in found.values())
    assert isinstance(model_of(fields), str)

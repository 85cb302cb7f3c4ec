"""What was said of a paper, as an adjudicator reads it."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from labeler.modelstore import ModelStore
from labeler.review.papers import ReviewPaper, unsettled
from labeler.review.said import Said, as_html, as_text, guesses_of, model_said, names_shown, said_of
from labeler.score.persistence import load_model
from labeler.suspects.listing import Guess
from labeler.topics import load_scheme
from tests.judgements.factories import scheme
from tests.review.factories import PEOPLE, said


def paper(number: int = 1, **comments: str) -> ReviewPaper:
    log = [said(number, who, "llm" if who == "ada" else "", comment=comments.get(who, "")) for who in PEOPLE[:3]]
    return unsettled(log, scheme())[0]


def test_people_are_told_by_name_with_what_they_said_and_wrote() -> None:
    one = paper(ben="surely not")
    lines = said_of(one, scheme(), names_shown(one, None))
    assert [line.text for line in lines] == [
        "ada: Language models",
        "ben: none of these ('surely not')",
        "cleo: none of these",
    ]


def test_letters_are_the_same_each_time_and_not_those_of_one_person_everywhere() -> None:
    shown = [names_shown(paper(number), "a secret") for number in range(20)]
    assert shown == [names_shown(paper(number), "a secret") for number in range(20)]
    assert all(sorted(names.values()) == ["A", "B", "C"] for names in shown)
    assert {names["ada"] for names in shown} == {"A", "B", "C"}
    assert shown != [names_shown(paper(number), "another") for number in range(20)]
    one = paper(3)
    assert [line.who for line in said_of(one, scheme(), names_shown(one, "a secret"))] == ["A", "B", "C"]


def test_more_people_than_letters() -> None:
    log = [said(1, "ada", number=number, annotator=f"person {number}") for number in range(30)]
    (one,) = unsettled(log, scheme())
    names = names_shown(one, "a secret")
    assert len(set(names.values())) == 30
    assert {"A", "Z", "AA", "DD"} <= set(names.values())


def test_who_was_unsure_and_labels_that_are_no_topics_are_told() -> None:
    log = [said(1, "ada", "llm", unsure=True), said(1, "ben", unknown=("Birds",), offered=())]
    (one,) = unsettled(log, scheme())
    assert [line.what for line in said_of(one, scheme(), names_shown(one, None))] == [
        "Language models, unsure",
        "Birds",
    ]


def test_a_model_is_quoted_with_its_words() -> None:
    guesses = (Guess("vision", 0.912, ("pixel", "image")), Guess(None, 0.05))
    assert model_said("mine@3", guesses, scheme(), False).text == (
        "mine@3: Vision 0.91 (pixel, image); none of these 0.05"
    )
    assert model_said("mine@3", (), scheme(), True).text == "mine@3, which learned from this paper: knows nothing of it"


def test_a_model_is_quoted_on_what_it_finds_and_on_what_people_chose(trained_once: Path) -> None:
    version = ModelStore(trained_once / "models").find()
    model, topics = load_model(version.folder), load_scheme(trained_once / "annotations/topics.toml")
    text = "A robot arm learns to grasp with a legged robot and control policies."
    log = [said(n, "ada", "speech", abstract=text, offered=topics.offered) for n in (1, 2)]
    one, kept = unsettled(log, topics)
    kept = ReviewPaper(kept.paper, "", kept.judgements, (Guess("llm", 0.5),))
    found = guesses_of(model, [one, kept], version.precision)
    assert found[1] == kept.guesses
    assert found[0][0].topic == "robotics"
    assert found[0][0].words
    assert "speech" in [guess.topic for guess in found[0]]
    assert [guess.probability for guess in found[0]] == sorted((g.probability for g in found[0]), reverse=True)


@given(st.text(), st.text(), st.text())
def test_nothing_that_people_wrote_becomes_html(who: str, what: str, comment: str) -> None:
    html = as_html([Said(who, what, comment)], [what])
    for tag in ("<div>", "</div>", "<b>", "</b>", "<i>", "</i>"):
        html = html.replace(tag, "")
    assert not {"<", ">"} & set(html)


def test_lines_of_a_cell() -> None:
    assert as_text([Said("ada", "Vision", "so"), Said("ben", "none")], ["a note"]) == (
        "ada: Vision ('so')\nben: none\na note"
    )

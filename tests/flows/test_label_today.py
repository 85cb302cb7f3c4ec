"""What `label` gives where people have judged papers, and where the scheme is not that of the training any more."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from labeler import read_digest
from labeler.judgements import JudgementLog
from labeler.papers import Paper
from labeler.score.persistence import load_model
from tests.conftest import Labeler
from tests.judgements.factories import judgement

TOPICS = ("llm", "agents", "vision", "generation", "speech", "robotics", "science", "safety")
TOPICS_FILE = Path("annotations/topics.toml")


def records(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def judge(paper: Paper, yes: str, annotator: str = "ada", number: int = 1, **values: Any) -> None:
    """A judgement of a paper in the workspace of the current folder."""
    values = {"offered": TOPICS, "ids": paper.ids, "title": paper.title, "abstract": paper.abstract} | values
    said = judgement(yes, number=number, annotator=annotator, **values)
    JudgementLog(Path("annotations/judgements.jsonl")).update(lambda _: [said])


def edit(change: Callable[[str], str]) -> None:
    """Change the topic scheme."""
    before = TOPICS_FILE.read_text(encoding="utf-8")
    TOPICS_FILE.write_text(change(before), encoding="utf-8")
    assert TOPICS_FILE.read_text(encoding="utf-8") != before


def without(text: str, topic: str) -> str:
    """The scheme without a topic."""
    return "[[topic]]".join(part for part in text.split("[[topic]]") if f'id = "{topic}"' not in part)


@pytest.fixture
def papers(digest: Path) -> list[Paper]:
    return read_digest(digest)


def test_judged_papers_have_the_topics_that_people_gave(
    trained: Path, digest: Path, papers: list[Paper], labeler: Labeler
) -> None:
    before = records(labeler("label", digest).out)
    judge(papers[0], "speech safety", number=1)
    judge(papers[0], "speech safety", "bo", number=2)
    judge(papers[1], "", number=3)
    outcome = labeler("label", digest)
    first, second, *others = records(outcome.out)
    assert (first["decision"], first["reason"]) == ("judged", None)
    assert {topic["topic"]: topic["by"] for topic in first["topics"]} == {
        "speech": ["ada", "bo"],
        "safety": ["ada", "bo"],
    }
    assert [topic["probability"] for topic in first["topics"]] == sorted(
        (first["scores"][topic] for topic in ("speech", "safety")), reverse=True
    )
    assert (second["decision"], second["topics"]) == ("judged", [])
    assert [first["scores"], second["scores"]] == [before[0]["scores"], before[1]["scores"]]
    assert others == before[2:]
    assert ", 2 judged" in outcome.err


def test_a_tie_stays_for_review_and_says_so(trained: Path, digest: Path, papers: list[Paper], labeler: Labeler) -> None:
    judge(papers[0], "speech", number=1)
    judge(papers[0], "speech safety", "bo", number=2)
    outcome = labeler("label", digest)
    first = records(outcome.out)[0]
    assert (first["decision"], first["reason"]) == ("review", "tied")
    assert {"topic": "speech", "by": ["ada", "bo"]}.items() <= next(
        topic for topic in first["topics"] if topic["topic"] == "speech"
    ).items()
    assert "1 as annotators disagree" in outcome.err


def test_partly_judged_papers_are_decided_by_the_model_with_the_judged_topics_fixed(
    trained: Path, digest: Path, papers: list[Paper], labeler: Labeler
) -> None:
    before = records(labeler("label", digest).out)[0]
    given = before["topics"][0]["topic"]
    judge(papers[0], "speech", offered=("speech", given))
    after = records(labeler("label", digest).out)[0]
    assert after["decision"] in (before["decision"], "auto")
    assert "speech" in [topic["topic"] for topic in after["topics"]]
    assert given not in [topic["topic"] for topic in after["topics"]]


def test_a_topic_above_one_that_people_denied_is_for_review_unless_something_else_speaks_for_it(
    trained: Path, digest: Path, papers: list[Paper], labeler: Labeler
) -> None:
    edit(lambda text: f'{text}\n[[topic]]\nid = "all"\nname = "All"\n')
    for topic in TOPICS:
        edit(lambda text, topic=topic: text.replace(f'id = "{topic}"', f'id = "{topic}"\nparent = "all"'))  # type: ignore[misc]
    found = records(labeler("label", digest).out)
    number, before = next((n, one) for n, one in enumerate(found) if one["decision"] == "auto")
    given = {topic["topic"] for topic in before["topics"]} - {"all"}
    judge(papers[number], "", offered=tuple(given))
    Path("some").mkdir()
    Path("some/a.jsonl").write_text("".join(json.dumps(paper.to_dict()) + "\n" for paper in papers))
    labeler("label", "some/", "-o", "labels/", "--to", "jsonl")
    many = "".join(path.read_text() for path in sorted(Path("labels").glob("*.jsonl")))
    for text in (labeler("label", digest).out, many):
        after = records(text)[number]
        assert ([topic["topic"] for topic in after["topics"]], after["decision"]) == (["all"], "review")
        assert after["reason"] == "ambiguous"


def test_judged_papers_can_be_chosen_by_decision_and_topic(
    trained: Path, digest: Path, papers: list[Paper], labeler: Labeler
) -> None:
    judge(papers[0], "speech", number=1)
    judge(papers[1], "safety", number=2)
    shown = labeler("label", digest, "--only", "judged")
    assert [record["id"] for record in records(shown.out)] == [paper.id for paper in papers[:2]]
    assert "24 papers labelled" in shown.err
    assert "Shown: 2." in shown.err
    for name in ("Speech and audio", "speech", "SPEECH"):
        chosen = records(labeler("label", digest, "--only", "judged", "--topic", name).out)
        assert [record["id"] for record in chosen] == [papers[0].id]
    edit(lambda text: text.replace('hotkey = "5"', 'hotkey = "5"\naliases = ["Sound"]'))
    assert len(records(labeler("label", digest, "--only", "judged", "--topic", "sound").out)) == 1
    both = records(labeler("label", digest, "--only", "judged", "--only", "auto").out)
    assert {record["decision"] for record in both} == {"judged", "auto"}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--only", "sure"], 2, "known are: auto, review, none, judged"),
        (["--topic", "gardening"], 4, "no topic 'gardening'"),
        (["--topic", "llm", "-o", "labels/"], 2, "--topic, --only, --new and --sets are for a digest"),
    ],
)
def test_what_cannot_be_chosen_is_one_line(
    trained: Path, digest: Path, labeler: Labeler, arguments: list[str], code: int, words: str
) -> None:
    outcome = labeler("label", digest, *arguments)
    assert (outcome.code, outcome.out) == (code, "")
    assert words in outcome.err
    assert outcome.err.count("\n") == 1


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("csv", ",judged,,"),
        ("md", "judged by ada, bo"),
        ("table", "by ada, bo"),
    ],
)
def test_all_outputs_tell_who_judged(
    trained: Path, digest: Path, papers: list[Paper], labeler: Labeler, output: str, words: str
) -> None:
    judge(papers[0], "speech", number=1)
    judge(papers[0], "speech", "bo", number=2)
    judge(papers[1], "", number=3)
    out = labeler("label", digest, "--only", "judged", "--to", output).out
    assert words in out
    assert "judged" in out.split("No topic")[-1]


def test_the_log_is_not_for_models_of_other_topics(
    trained: Path, digest: Path, papers: list[Paper], labeler: Labeler
) -> None:
    judge(papers[0], "speech")
    found = records(labeler("label", digest, "--model", "arxiv").out)
    assert {record["decision"] for record in found} <= {"auto", "review", "none"}


def test_names_are_those_of_today(trained: Path, digest: Path, labeler: Labeler) -> None:
    edit(lambda text: text.replace('"Speech and audio"', '"Sound"'))
    assert "Sound" in labeler("label", digest, "--to", "md").out
    assert "  Sound: probability" in labeler("explain", digest, "--topic", "Sound").out


def test_hidden_topics_are_neither_given_nor_counted(
    trained: Path, digest: Path, papers: list[Paper], labeler: Labeler
) -> None:
    assert '"topic": "speech"' in labeler("label", digest).out
    judge(papers[0], "speech vision", number=1)
    edit(lambda text: text.replace('id = "speech"', 'id = "speech"\nhidden = true'))
    found = records(labeler("label", digest).out)
    assert all("speech" not in [topic["topic"] for topic in record["topics"]] for record in found)
    assert all("speech" not in record["scores"] for record in found)
    assert (found[0]["decision"], [topic["topic"] for topic in found[0]["topics"]]) == ("judged", ["vision"])
    explained = labeler("explain", digest).out
    assert "judged papers most like it" in explained
    assert "Speech and audio" not in explained
    assert not any(line.endswith((" speech", ",speech")) for line in explained.splitlines())
    assert labeler("label", digest, "--topic", "speech").code == 4


def test_merged_topics_are_given_as_the_one_they_went_into(
    trained: Path, digest: Path, papers: list[Paper], labeler: Labeler
) -> None:
    judge(papers[0], "speech", number=1)
    before = records(labeler("label", digest).out)
    edit(lambda text: without(text, "speech").replace('aliases = ["LLM"]', 'aliases = ["LLM", "speech"]'))
    for _ in ("before the log is migrated", "after"):
        outcome = labeler("label", digest)
        for record, other in zip(records(outcome.out), before, strict=True):
            was, now = ({topic["topic"] for topic in one["topics"]} for one in (other, record))
            assert "speech" not in now
            assert ("llm" in now) >= bool(was & {"llm", "speech"})
            assert record["scores"]["llm"] == max(other["scores"]["llm"], other["scores"]["speech"])
        first = records(outcome.out)[0]
        assert [(topic["topic"], topic["by"]) for topic in first["topics"]] == [("llm", ["ada"])]
        assert first["decision"] == "judged"
        assert labeler("topics", "migrate").code == 0


def test_a_new_parent_is_given_with_its_topics(trained: Path, digest: Path, labeler: Labeler) -> None:
    def grouped(text: str) -> str:
        text = text.replace('id = "speech"', 'id = "speech"\nparent = "senses"')
        return text + '\n[[topic]]\nid = "senses"\nname = "Senses"\n'

    edit(grouped)
    outcome = labeler("label", digest)
    for record in records(outcome.out):
        given = {topic["topic"] for topic in record["topics"]}
        assert ("speech" in given) == ("senses" in given)
        assert record["scores"]["senses"] == record["scores"]["speech"]


def test_what_the_model_or_the_scheme_lacks_is_told(trained: Path, digest: Path, labeler: Labeler) -> None:
    edit(lambda text: without(text, "speech") + '\n[[topic]]\nid = "plants"\nname = "Plants"\n')
    outcome = labeler("label", digest)
    assert "Not given, as the scheme no longer has them: Speech and audio." in outcome.err
    assert "not predicted before the next training, as they are new in the scheme: Plants" in outcome.err
    found = records(outcome.out)
    assert all("speech" not in record["scores"] for record in found)
    assert "none" not in {record["decision"] for record in found}, "the new topic may apply"
    assert "unchecked" in {record["reason"] for record in found if not record["topics"]}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text.replace('"multi"', '"single"'), "the scheme is single-label now"),
        (lambda text: text + "\n[", "topics.toml is not TOML"),
    ],
)
def test_a_scheme_that_cannot_be_applied_is_told_in_one_line(
    trained: Path, digest: Path, labeler: Labeler, change: Callable[[str], str], words: str
) -> None:
    before = labeler("label", digest)
    edit(change)
    after = labeler("label", digest)
    assert (after.code, after.out) == (0, before.out)
    assert words in after.err.splitlines()[0]
    assert len(after.err.splitlines()) == len(before.err.splitlines()) + 1


def test_the_adviser_gives_what_label_gives(trained: Path, digest: Path, labeler: Labeler) -> None:
    edit(
        lambda text: (
            without(text, "speech")
            .replace('aliases = ["LLM"]', 'aliases = ["LLM", "speech"]')
            .replace('id = "vision"', 'id = "vision"\nhidden = true')
            .replace('id = "generation"', 'id = "generation"\nparent = "science"')
        )
    )
    given = {
        record["id"]: {topic["topic"] for topic in record["topics"]} for record in records(labeler("label", digest).out)
    }
    tasks = json.loads(labeler("export", digest, "--json").out)["tasks"]
    assert tasks
    for task in tasks:
        ticked = {name for row in task["predictions"][0]["result"] for name in row["value"]["choices"]}
        assert ticked - {"None of these"} == given[task["data"]["paper_id"]]


@pytest.mark.parametrize("name", ["x.parquet", "x.jsonl"])
@pytest.mark.parametrize("source", ["parquet", "jsonl"])
def test_very_many_papers_have_the_same_labels(
    trained: Path, digest: Path, papers: list[Paper], labeler: Labeler, name: str, source: str
) -> None:
    judge(papers[0], "speech safety", number=1)
    judge(papers[1], "", number=2)
    judge(papers[2], "llm", number=3)
    judge(papers[2], "vision", "bo", number=4)
    judge(papers[3], "speech", offered=("speech",), number=5)
    edit(lambda text: without(text, "agents") + '\n[[topic]]\nid = "plants"\nname = "Plants"\n')
    judge(papers[4], "plants", offered=(*TOPICS, "plants"), number=6)
    Path("pile").mkdir()
    if source == "parquet":
        rows = [{"id": paper.id, "title": paper.title, "abstract": paper.abstract} for paper in papers]
        pq.write_table(pa.Table.from_pylist(rows), "pile/a.parquet")
    else:
        Path("pile/a.jsonl").write_text("".join(json.dumps(paper.to_dict()) + "\n" for paper in papers))
    outcome = labeler("label", "pile/", "-o", name)
    assert outcome.code == 0, outcome.err
    found = pq.read_table(name).to_pylist() if name.endswith("parquet") else records(Path(name).read_text())
    expected = records(labeler("label", digest).out)
    assert {record["decision"] for record in expected} >= {"judged", "review"}
    for record, other in zip(found, expected, strict=True):
        assert (record["decision"], record["reason"]) == (other["decision"], other["reason"])
        topics = [(topic["topic"], topic.get("by")) for topic in record["topics"]]
        assert topics == [(topic["topic"], topic.get("by")) for topic in other["topics"]]
        assert record["scores"] == pytest.approx(other["scores"], abs=1e-4)
        assert [topic["because"] for topic in record["topics"]] == [topic["because"] for topic in other["topics"]]
        for topic, twin in zip(record["topics"], other["topics"], strict=True):
            assert topic["probability"] == (
                None if twin["probability"] is None else pytest.approx(twin["probability"], abs=1e-4)
            )
    assert f"{sum(record['decision'] == 'judged' for record in expected)} judged" in outcome.err


def test_a_finished_folder_is_refused_once_people_have_judged_more(
    trained: Path, digest: Path, papers: list[Paper], labeler: Labeler
) -> None:
    Path("pile").mkdir()
    Path("pile/a.jsonl").write_text("".join(json.dumps(paper.to_dict()) + "\n" for paper in papers))
    assert labeler("label", "pile/", "-o", "labels/").code == 0
    assert "(24 papers had been labelled before)" in labeler("label", "pile/", "-o", "labels/").err
    judge(papers[0], "speech")
    outcome = labeler("label", "pile/", "-o", "labels/")
    assert outcome.code == 6
    assert "judgements changed" in outcome.err


def test_topics_that_are_hidden_or_merged_are_not_told_to_be_less_or_more_frequent_than_expected(
    trained: Path, papers: list[Paper], labeler: Labeler
) -> None:
    many = [{"title": f"{n}. {paper.title}", "abstract": f"{paper.abstract} {n}"} for paper in papers for n in range(9)]
    Path("many.jsonl").write_text("".join(json.dumps(paper) + "\n" for paper in many))
    edit(lambda text: text.replace('id = "llm"', 'id = "llm"\nhidden = true'))
    edit(lambda text: without(text, "vision"))
    edit(lambda text: without(text, "agents").replace('id = "speech"', 'id = "speech"\naliases = ["agents"]'))
    edit(lambda text: without(text, "generation").replace('"agents"]', '"agents", "generation", "science", "safety"]'))
    told = labeler("label", "many.jsonl", "--to", "md").err.partition("not as frequent")[2].partition("\n")[0]
    assert not [name for name in ("llm", "vision", "Visual", "Speech", "agents") if name in told]


def test_many_papers_are_labelled_where_nothing_can_be_kept_beside_the_log(
    trained: Path, papers: list[Paper], labeler: Labeler
) -> None:
    judge(papers[0], "speech")
    Path("pile").mkdir()
    Path("pile/a.jsonl").write_text("".join(json.dumps(paper.to_dict()) + "\n" for paper in papers))
    Path(".labeler").write_text("a file where the folder would be")
    outcome = labeler("label", "pile/", "-o", "labels/")
    assert outcome.code == 0
    assert "1 judged" in outcome.err


def test_a_loaded_model_knows_nothing_of_a_workspace(trained: Path, papers: list[Paper]) -> None:
    edit(lambda text: text.replace('id = "speech"', 'id = "speech"\nhidden = true'))
    judge(papers[0], "speech")
    model = load_model(Path("models/mine/1"))
    assert "speech" in model.classes_
    assert model.decide(papers[:1])[0].decision in ("auto", "review", "none")


@pytest.mark.slow
def test_before_anyone_has_judged_a_paper_nothing_is_checked(workspace: Path, digest: Path, labeler: Labeler) -> None:
    assert labeler("train", "--unread", digest).code == 0
    outcome = labeler("label", digest)
    found = records(outcome.out)
    assert {(record["decision"], record["reason"]) for record in found} <= {
        ("review", "unchecked"),
        ("review", "unfamiliar"),
    }
    assert max(max(record["scores"].values()) for record in found if record["reason"] == "unchecked") > 0.8
    assert "as too little was judged to decide alone" in outcome.err

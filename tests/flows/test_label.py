from __future__ import annotations

import json
from pathlib import Path

import pytest

from labeler import load_model, read_digest
from labeler.config import Settings, Workspace, find_workspace
from labeler.digests import open_sources
from labeler.errors import InputError, NotFoundError, RefusedError
from labeler.flows.label import Filter, Labelling, labelling
from labeler.judgements import JudgementLog
from labeler.modelstore import ModelStore
from labeler.publish.labelled import LabelledPaper
from labeler.topics.hierarchy import Hierarchy
from tests.conftest import Labeler
from tests.judgements.factories import judgement
from tests.publish.factories import labelled as paper_labelled


def job_of(workspace: Path, model: str | None = None) -> Labelling:
    return labelling(ModelStore(find_workspace(str(workspace)).models), model)


def lines(path: Path, *records: dict[str, object]) -> str:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return str(path)


def labelled(job: Labelling, *inputs: str | Path) -> list[LabelledPaper]:
    return list(job.label(open_sources([str(name) for name in inputs])))


def test_every_paper_gets_the_decision_of_the_model(trained_once: Path, digest: Path) -> None:
    job = job_of(trained_once)
    found = labelled(job, digest)
    papers = read_digest(digest)
    decisions = load_model(trained_once / "models" / "mine" / "1").decide(papers, 0.9)
    assert [item.paper.id for item in found] == [paper.id for paper in papers]
    assert [item.decision for item in found] == [decision.decision for decision in decisions]
    assert [tuple(topic for topic, _, _ in item.topics) for item in found] == [
        decision.topics for decision in decisions
    ]
    assert all(item.scores == decision.scores for item, decision in zip(found, decisions, strict=True))
    assert {item.model for item in found} == {"mine@1"}
    assert (job.papers, job.repeated, sum(job.decisions.values())) == (24, 0, 24)


@pytest.mark.parametrize(
    ("first", "second", "repeated"),
    [
        ({"title": "Arms of robots for kitchens and ovens"}, {"title": "ARMS of  robots for kitchens & ovens!"}, 0),
        ({"title": "Arms of robots for kitchens and ovens"}, {"title": "ARMS of  robots for kitchens and ovens!"}, 1),
        ({"title": "Editorial"}, {"title": "Editorial"}, 0),
        ({"title": "Robot arms", "abstract": "Wheels."}, {"title": "Robot arms", "abstract": "Wheels"}, 1),
        ({"title": "Editorial", "abstract": "On robots"}, {"title": "Editorial", "abstract": "On speech"}, 0),
        ({"title": "One", "id": "arxiv:2503.11731"}, {"title": "Another", "id": "arxiv:2503.11731v2"}, 1),
        ({"title": "One", "doi": "10.1000/AB"}, {"title": "Two", "doi": "https://doi.org/10.1000/ab"}, 1),
        ({"title": "One", "id": "arxiv:2503.11731"}, {"title": "Two", "id": "arxiv:2503.11732"}, 0),
        ({"title": "", "abstract": "Robots all the way"}, {"title": "", "abstract": "Robots, all the way"}, 1),
    ],
)
def test_of_a_paper_that_comes_twice_the_first_is_labelled(
    trained_once: Path, tmp_path: Path, first: dict[str, object], second: dict[str, object], repeated: int
) -> None:
    job = job_of(trained_once)
    found = labelled(job, lines(tmp_path / "a.jsonl", first, second))
    assert (job.papers, job.repeated) == (2 - repeated, repeated)
    assert found[0].paper.title == first["title"]


def test_a_paper_is_known_by_what_any_earlier_record_called_it(trained_once: Path, tmp_path: Path) -> None:
    job = job_of(trained_once)
    records = [
        {"title": "Robot arms", "id": "arxiv:2503.11731"},
        {"title": "Arms of robots", "id": "arxiv:2503.11731", "doi": "10.1000/ab"},
        {"title": "Third name", "doi": "10.1000/ab"},
    ]
    assert [item.paper.title for item in labelled(job, lines(tmp_path / "a.jsonl", *records))] == ["Robot arms"]
    assert job.repeated == 2


def test_repeated_papers_are_found_across_digests_and_formats(trained_once: Path, tmp_path: Path, digest: Path) -> None:
    job = job_of(trained_once)
    copy = lines(tmp_path / "again.jsonl", *[paper.to_dict() for paper in read_digest(digest)])
    assert len(labelled(job, digest, copy, digest)) == 24
    assert job.repeated == 48


def test_records_that_cannot_be_used_are_told_and_the_others_labelled(trained_once: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"title": "Robot arms", "abstract": "x"}\n{"title": ""}\nbroken\n[1]\n{"title": "Voice"}\n')
    job = job_of(trained_once)
    assert [item.paper.title for item in labelled(job, path)] == ["Robot arms", "Voice"]
    assert [refusal.where for refusal in job.refused] == ["line 2", "line 3", "line 4"]


@pytest.mark.parametrize("content", ["", "\n\n", '{"title": ""}\n', "[1]"])
def test_a_digest_without_papers_is_bad_input(trained_once: Path, tmp_path: Path, content: str) -> None:
    (tmp_path / "a.json").write_text(content)
    with pytest.raises(InputError):
        labelled(job_of(trained_once), tmp_path / "a.json")


def test_a_digest_of_no_papers_has_no_labels_and_says_so(trained_once: Path, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[]")
    job = job_of(trained_once)
    assert labelled(job, tmp_path / "a.json") == []
    assert job.notes == ["a.json (read as json) has no papers in it"]


def test_papers_are_drawn_as_they_are_asked_for(trained_once: Path, tmp_path: Path) -> None:
    job = job_of(trained_once)
    many = lines(tmp_path / "many.jsonl", *[{"title": f"Robots number {n}"} for n in range(2000)])
    next(job.label(open_sources([many])))
    assert job.papers < 1000


def test_what_comes_does_not_depend_on_how_many_come_together(trained_once: Path, tmp_path: Path) -> None:
    records = [{"title": f"Robots and speech number {n}"} for n in range(300)]
    together = labelled(job_of(trained_once), lines(tmp_path / "all.jsonl", *records))
    alone = labelled(job_of(trained_once), lines(tmp_path / "one.jsonl", records[299]))
    assert together[299].scores == alone[0].scores


def test_explanations_add_up_for_every_paper(trained_once: Path, digest: Path) -> None:
    found = list(job_of(trained_once).explain(open_sources([str(digest)]), None))
    assert len(found) == 24
    for _, explanations in found:
        assert len(explanations) == 8
        for explanation in explanations:
            assert sum(add for _, add in explanation.contributions) + explanation.intercept == pytest.approx(
                explanation.score, abs=1e-9
            )


def test_names_are_those_of_the_scheme_at_training(trained: Path, digest: Path) -> None:
    (trained / "annotations" / "topics.toml").unlink()
    job = job_of(trained)
    assert job.names["llm"] == "Language models"
    assert list(job.names) == list(job.version.names) == list(labelled(job, digest)[0].scores)


def test_the_precision_is_the_one_of_the_training(trained: Path, digest: Path) -> None:
    path = trained / "models" / "mine" / "1" / "manifest.json"
    manifest = json.loads(path.read_bytes())
    manifest["parameters"]["precision"] = 0.5
    path.write_text(json.dumps(manifest))
    decisions = [item.decision for item in labelled(job_of(trained), digest)]
    model = load_model(trained / "models" / "mine" / "1")
    assert decisions == [decision.decision for decision in model.decide(read_digest(digest), 0.5)]
    assert decisions != [decision.decision for decision in model.decide(read_digest(digest), 0.9)]


@pytest.mark.parametrize("model", ["mine@9", "yours", "mine@"])
def test_a_model_is_named_or_told_missing(trained_once: Path, model: str) -> None:
    if model == "mine@":
        assert job_of(trained_once, model).version.label == "mine@1"
        return
    with pytest.raises(NotFoundError, match="there are: mine@1"):
        job_of(trained_once, model)


def test_a_damaged_model_is_refused(trained: Path) -> None:
    (trained / "models" / "mine" / "1" / "weights.safetensors").write_text("other weights")
    with pytest.raises(RefusedError, match="weights"):
        job_of(trained)


def test_papers_of_one_topic_are_told_to_be_unlike_those_learned_from(
    trained_once: Path, tmp_path: Path, digest: Path
) -> None:
    usual, unusual = job_of(trained_once), job_of(trained_once)
    one = next(item for item in labelled(usual, digest) if len(item.topics) == 1)
    assert not [note for note in usual.notes if "not as frequent" in note]
    papers = [{"title": f"{one.paper.title}, part {n}", "abstract": f"{one.paper.abstract} {n}"} for n in range(40)]
    labelled(unusual, lines(tmp_path / "a.jsonl", *papers))
    (note,) = (note for note in unusual.notes if "not as frequent" in note)
    assert f"{unusual.names[one.topics[0][0]]} 100% of these papers" in note


def test_papers_that_people_have_judged_are_not_told_to_be_unlike_those_learned_from(
    trained: Path, digest: Path
) -> None:
    one = next(item for item in labelled(job_of(trained), digest) if len(item.topics) == 1)
    papers = [{"title": f"{one.paper.title}, part {n}", "abstract": f"{one.paper.abstract} {n}"} for n in range(40)]
    judged = lines(trained / "a.jsonl", *papers)
    log = JudgementLog(trained / "annotations" / "judgements.jsonl")
    said = [
        judgement(one.topics[0][0], number=n, title=item.title, abstract=item.abstract, offered=tuple(one.scores))
        for n, item in enumerate(read_digest(judged))
    ]
    log.update(lambda _: said)
    job = labelling(ModelStore(trained / "models"), None, Workspace(trained, Settings()))
    assert {item.decision for item in labelled(job, judged)} == {"judged"}
    assert not [note for note in job.notes if "not as frequent" in note]


def test_of_a_topic_without_a_no_it_is_not_known_how_frequent_it_is(trained: Path, digest: Path) -> None:
    manifest = trained / "models" / "mine" / "1" / "manifest.json"
    one = next(item for item in labelled(job_of(trained), digest) if len(item.topics) == 1)
    topic = one.topics[0][0]
    papers = [{"title": f"{one.paper.title}, part {n}", "abstract": f"{one.paper.abstract} {n}"} for n in range(40)]
    many = lines(trained / "a.jsonl", *papers)
    told = {}
    for weak in ([], [topic]):
        record = json.loads(manifest.read_text())
        record["weak"] = weak
        manifest.write_text(json.dumps(record))
        job = job_of(trained)
        labelled(job, many)
        told[len(weak)] = f"{job.names[topic]} 100% of these papers" in " ".join(job.notes)
    assert told == {0: True, 1: False}


def test_a_topic_of_ones_own_that_no_model_has_yet_is_told_how_to_get_one(
    workspace: Path, digest: Path, labeler: Labeler
) -> None:
    own = labeler("label", digest, "--topic", "llm")
    assert "; it is one of your own: `labeler train --unread DIGEST` makes a model of them" in own.err
    other = labeler("label", digest, "--topic", "xylophone")
    assert "it has: cs.AI, " in other.err
    assert other.err.endswith(" more\n")
    assert own.code == other.code == 4


def test_a_paper_is_shown_with_the_topics_that_it_is_likely_listed_under() -> None:
    item = paper_labelled(topics=(("lang", 0.9, ()),))._replace(also=(("vision", 0.45),))
    above = Hierarchy({"vision": "science"})
    for topic, shown in (("lang", True), ("vision", True), ("science", True), ("speech", False)):
        assert Filter(frozenset({topic})).passes(item, above) == shown
    assert not Filter(frozenset({"vision"})).passes(item._replace(also=()), above)

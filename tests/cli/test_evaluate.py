"""The command that says how good a model is."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Labeler
from tests.learn.factories import single_papers

SCHEME = "".join(f'[[topic]]\nid = "{one}"\nname = "{one.title()}"\n' for one in ("robots", "speech", "vision"))


def table(path: Path, each: int = 12, none: int = 6, first: int = 0, **asked: Any) -> Path:
    texts, topics = single_papers(each + first, none=none)
    rows = [
        {"title": text.split("\n")[0], "abstract": text.split("\n")[1], "topic": topic or "none"}
        for number, (text, topic) in enumerate(zip(texts, topics, strict=True))
        if not each or number % (each + first) >= first
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture(autouse=True)
def _nothing_known_beforehand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABELER_TRAIN_BACKGROUND", "none")  # which is quick


@pytest.fixture(scope="module")
def single_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of the mode single with a model, made once: only read it."""
    from tests.conftest import run_labeler

    folder = tmp_path_factory.mktemp("single") / "workspace"
    run_labeler("--quiet", "init", folder)
    (folder / "annotations" / "topics.toml").write_text(f'mode = "single"\n{SCHEME}')
    judged = table(folder / "judged.jsonl")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LABELER_TRAIN_BACKGROUND", "none")
        for command in (("import", judged, "--topics-column", "topic", "--complete"), ("train",)):
            outcome = run_labeler("--workspace", folder, *command)
            assert outcome.code == 0, outcome.err
    return folder


@pytest.mark.slow
def test_the_figures_are_those_that_the_training_measured(trained_once: Path, labeler: Labeler) -> None:
    outcome = labeler("--workspace", trained_once, "evaluate", "--json")
    assert outcome.code == 0, outcome.err
    found = json.loads(outcome.out)
    manifest = json.loads((trained_once / "models" / "mine" / "1" / "manifest.json").read_text())
    for name in ("macro_f1", "micro_f1"):
        assert found["unseen"][name] == pytest.approx(manifest["measured"][name], abs=2e-4)
    assert found["papers"] == {"held_out": 163, "new": 0, "seen": 0, "unknown": 0, "near_copies": 0}
    decided = manifest["bands"]["held_out"]
    assert all(found["unseen"]["decided"][key] == decided[key] for key in decided)
    assert found["blind"] is None
    assert [one["name"] for one in found["baselines"]] == [
        "most frequent answer",
        "names alone",
        "TF-IDF + logistic regression",
    ]


@pytest.mark.slow
def test_the_verdict_comes_first(single_once: Path, labeler: Labeler) -> None:
    outcome = labeler("--workspace", single_once, "evaluate")
    assert outcome.code == 0, outcome.err
    first, *lines = outcome.out.splitlines()
    assert first.startswith("On 42 judged papers held out in its training, mine@1 gives ")
    assert "of papers the right answer, macro-F1 " in first
    assert any(line.startswith("What to do next:") for line in lines)
    assert any("none of these" in line for line in lines)


@pytest.mark.slow
def test_tables_measure_a_model_on_papers_that_it_did_not_learn_from(
    single_once: Path, labeler: Labeler, tmp_path: Path
) -> None:
    other = table(tmp_path / "new.jsonl", each=4, none=0, first=40)
    outcome = labeler("--workspace", single_once, "evaluate", other, "--topics-column", "topic", "--complete", "--json")
    assert outcome.code == 0, outcome.err
    found = json.loads(outcome.out)
    assert found["papers"]["new"] == found["unseen"]["papers"] == 12
    assert found["in_time"] is None


@pytest.mark.slow
def test_the_log_of_another_workspace_measures_a_model(single_once: Path, labeler: Labeler, tmp_path: Path) -> None:
    shutil.copytree(single_once, tmp_path / "other", ignore=shutil.ignore_patterns("models"))
    for name in (tmp_path / "other", tmp_path / "other" / "annotations" / "judgements.jsonl"):
        outcome = labeler("--workspace", single_once, "evaluate", name, "--json")
        assert outcome.code == 0, outcome.err
        assert json.loads(outcome.out)["papers"]["held_out"] == 42


def test_a_table_of_another_scheme_is_refused(single_once: Path, labeler: Labeler, tmp_path: Path) -> None:
    other = tmp_path / "other.jsonl"
    other.write_text('{"title": "Bread", "abstract": "Of ovens.", "topic": "baking"}\n' * 3)
    outcome = labeler("--workspace", single_once, "evaluate", other, "--topics-column", "topic")
    assert outcome.code == 3
    assert "none of the labels in column 'topic' is a topic of the scheme ('baking' …)" in outcome.err


def test_a_model_of_other_topics_is_refused(single_once: Path, labeler: Labeler) -> None:
    outcome = labeler("--workspace", single_once, "evaluate", "--model", "arxiv")
    assert outcome.code == 3
    assert "arxiv@1" in outcome.err


@pytest.mark.slow
def test_a_model_of_more_topics_is_measured_on_those_of_the_workspace(
    single_once: Path, labeler: Labeler, tmp_path: Path
) -> None:
    shutil.copytree(single_once, tmp_path / "w")
    for name in ("topics.toml", "judgements.jsonl"):
        file = tmp_path / "w" / "annotations" / name
        file.write_text(file.read_text().replace('"robots"', '"cs.RO"').replace('"vision"', '"cs.CV"'))
    outcome = labeler("--workspace", tmp_path / "w", "evaluate", "--model", "arxiv")
    assert outcome.code == 0, outcome.err
    told = " ".join((outcome.out + outcome.err).split())
    assert "12 of 42 judged papers do not count: people judged them by topics that arxiv@1 does not have" in told
    assert "Judge more papers of" not in told
    own = labeler("--workspace", tmp_path / "w", "evaluate", "--model", "mine")
    assert "do not count" not in own.err


def test_a_damaged_evaluation_set_is_told(single_once: Path, labeler: Labeler, tmp_path: Path) -> None:
    shutil.copytree(single_once, tmp_path / "w")
    (tmp_path / "w" / "annotations" / "evaluation.jsonl").write_text("{\n")
    for command in (["evaluate"], ["train"]):
        outcome = labeler("--workspace", tmp_path / "w", *command)
        assert (outcome.code, outcome.err.count("\n")) == (3, 1), outcome.err
        assert "line 1 is no paper of an evaluation set" in outcome.err


@pytest.mark.parametrize("mode", ["single", "multi"])
def test_papers_of_no_topic_alone_are_told_of_in_training_and_measure_nothing(
    workspace: Path, labeler: Labeler, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LABELER_TRAIN_BACKGROUND")
    (workspace / "annotations" / "topics.toml").write_text(f'mode = "{mode}"\n{SCHEME}')
    table(workspace / "none.jsonl", each=0, none=12)
    assert labeler("import", "none.jsonl", "--topics-column", "topic", "--complete").code == 0
    outcome = labeler("train")
    assert outcome.code == 0, outcome.err
    assert "none of 12 judged papers is of a topic: " in " ".join(outcome.err.split())
    outcome = labeler("evaluate")
    assert outcome.code == 3
    assert "none of 12 judged papers is of a topic of mine@1" in outcome.err
    assert "another scheme" not in outcome.err
    assert "judge papers that are of a topic" in outcome.err


def test_nothing_judged_is_told(workspace: Path, labeler: Labeler) -> None:
    outcome = labeler("evaluate")
    assert outcome.code in (3, 4)
    assert outcome.err.count("\n") == 1


def test_a_table_without_its_column_named_is_told(single_once: Path, labeler: Labeler) -> None:
    outcome = labeler("--workspace", single_once, "evaluate", single_once / "judged.jsonl")
    assert outcome.code == 3
    assert "--topics-column" in outcome.err
    assert labeler("--workspace", single_once, "evaluate", "missing").code == 3
    assert labeler("--workspace", single_once, "evaluate", "--complete").code == 2
    assert labeler("--workspace", single_once, "evaluate", "--topics-column", "topic").code == 2
    assert labeler("--workspace", single_once, "evaluate", "-", "--topics-column", "topic").code == 2


def test_a_model_of_before_that_does_not_say_what_it_held_out_is_told(tmp_path: Path, labeler: Labeler) -> None:
    from tests.test_before import BEFORE

    shutil.copytree(BEFORE / "workspace", tmp_path / "before")
    outcome = labeler("--workspace", tmp_path / "before", "evaluate")
    assert outcome.code == 3
    assert "train it again under another name" in outcome.err


@pytest.mark.slow
def test_a_topic_that_came_after_the_training_counts_as_missed(
    single_once: Path, labeler: Labeler, tmp_path: Path
) -> None:
    folder = tmp_path / "workspace"
    shutil.copytree(single_once, folder)
    (folder / "annotations" / "topics.toml").write_text(
        f'mode = "single"\n{SCHEME}[[topic]]\nid = "food"\nname = "Food"\n'
    )
    new = tmp_path / "new.jsonl"
    rows = [{"title": f"Bread {n}", "abstract": f"Of {n} ovens.", "topic": "food"} for n in range(5)]
    new.write_text("".join(json.dumps(row) + "\n" for row in rows))
    labeler("--workspace", folder, "import", new, "--topics-column", "topic", "--complete")
    found = json.loads(labeler("--workspace", folder, "evaluate", "--json").out)
    food = next(one for one in found["unseen"]["topics"] if one["topic"] == "food")
    assert (food["papers"], food["given"], food["f1"]["value"]) == (5, 0, 0.0)
    assert found["papers"] == {"held_out": 42, "new": 5, "seen": 0, "unknown": 0, "near_copies": 0}


@pytest.mark.slow
def test_of_two_answers_the_order_of_papers_is_compared(workspace: Path, labeler: Labeler) -> None:
    (workspace / "annotations" / "topics.toml").write_text(
        'mode = "single"\n[[topic]]\nid = "in"\nname = "Included"\naliases = ["1"]\n'
    )
    texts, topics = single_papers(20, ("robots", "speech"))
    rows = [
        {"title": text.split("\n")[0], "abstract": text.split("\n")[1], "in": int(topic == "robots")}
        for text, topic in zip(texts, topics, strict=True)
    ]
    Path("review.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert labeler("import", "review.jsonl", "--topics-column", "in", "--complete").code == 0
    assert labeler("train").code == 0
    outcome = labeler("evaluate", "--report", "r.html")
    assert outcome.code == 0, outcome.err
    assert "average precision" in outcome.out.split("Beside other methods")[0]
    assert "nothing can be learned from the names of these topics" in outcome.out
    assert (
        '<th scope="col" class="number">average precision</th>' in Path("r.html").read_text().split("Beside other")[1]
    )
    assert "To find 95 % of the papers of a topic, read:" in outcome.out


@pytest.mark.slow
def test_the_verdict_on_papers_asked_blind_says_on_which_papers_methods_are_compared(
    single_once: Path, labeler: Labeler, tmp_path: Path
) -> None:
    shutil.copytree(single_once, tmp_path / "w")
    log = tmp_path / "w" / "annotations" / "judgements.jsonl"
    records = [json.loads(line) for line in log.read_text().splitlines()]
    for number, record in enumerate(records):
        blind = number < 32
        record["asked"] = {"strategy": "random" if blind else "mix", "batch": "x", "audit": blind}
    log.write_text("".join(json.dumps(record) + "\n" for record in records))
    outcome = labeler("--workspace", tmp_path / "w", "evaluate")
    assert outcome.code == 0, outcome.err
    told = " ".join(outcome.out.split())
    assert "On 32 judged papers asked blind and at random, which alone speak for new papers, mine@1 gives" in told
    assert "on all 42 judged papers (macro-F1" in told
    assert told.count("which alone speak for new papers") == 1, "the same is not told twice"
    assert "the same papers (macro-F1" not in told


@pytest.mark.slow
def test_a_table_that_does_not_name_all_topics_measures_what_is_found_alone(
    trained_once: Path, labeler: Labeler, tmp_path: Path
) -> None:
    topic = json.loads((trained_once / "models" / "mine" / "1" / "manifest.json").read_text())["topics"][0]
    texts, _ = single_papers(4)
    rows = [dict(zip(("title", "abstract"), text.split("\n"), strict=True)) | {"topic": topic} for text in texts]
    (tmp_path / "t.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    ask = ("--workspace", trained_once, "evaluate", tmp_path / "t.jsonl", "--topics-column", "topic")
    outcome = labeler(*ask, "--report", tmp_path / "r.html")
    assert outcome.code == 0, outcome.err
    told = " ".join(outcome.out.split())
    assert f"of {len(rows)} topics that people named" in told
    assert "so that F1 is too high" in told
    assert "`--complete`" in told
    for word in ("just the right topics", "Decided automatically", "better than", "Do not trust"):
        assert word not in told
    (one,) = [one for one in json.loads(labeler(*ask, "--json").out)["unseen"]["topics"] if one["papers"]]
    assert one["recall"] is not None
    assert one["precision"] is one["average_precision"] is None


@pytest.mark.slow
def test_papers_that_were_picked_are_told_and_those_asked_blind_stand_apart(
    single_once: Path, labeler: Labeler, tmp_path: Path
) -> None:
    shutil.copytree(single_once, tmp_path / "w")
    log = tmp_path / "w" / "annotations" / "judgements.jsonl"
    records = [json.loads(line) for line in log.read_text().splitlines()]
    for number, record in enumerate(records):
        blind = number % 4 == 0
        record["asked"] = {"strategy": "random" if blind else "mix", "batch": "x", "audit": blind}
    log.write_text("".join(json.dumps(record) + "\n" for record in records))
    outcome = labeler("--workspace", tmp_path / "w", "evaluate", "--report", tmp_path / "r.html")
    assert outcome.code == 0, outcome.err
    assert "31 of all 42 papers were picked by `push`: picked papers are a biased sample" in outcome.out
    assert "On 11 papers asked blind and at random, which alone speak for new papers, it gives" in outcome.out
    assert "fit no topic, by the 11 papers asked blind and at random" in outcome.out
    assert "asked blind and at random</th>" in (tmp_path / "r.html").read_text()


@pytest.mark.slow
def test_new_papers_that_are_near_copies_of_learned_ones_are_no_test(
    single_once: Path, labeler: Labeler, tmp_path: Path
) -> None:
    rows = [json.loads(line) for line in (single_once / "judged.jsonl").read_text().splitlines()][:3]
    copies = [row | {"title": f"{row['title']} again", "abstract": row["abstract"]} for row in rows]
    other = tmp_path / "copies.jsonl"
    new = table(tmp_path / "new.jsonl", each=2, none=0, first=40).read_text()
    other.write_text(new + "".join(json.dumps(row) + "\n" for row in copies))
    outcome = labeler("--workspace", single_once, "evaluate", other, "--topics-column", "topic", "--complete")
    assert outcome.code == 0, outcome.err
    assert outcome.out.startswith("On 6 judged papers that it did not learn from")
    assert "3 papers left out, as near-copies of papers that the model learned from." in outcome.out

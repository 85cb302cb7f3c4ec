"""What a training learns from, and which changes of it make another version."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from labeler import load_model
from labeler.config import find_workspace
from labeler.errors import InputError, NotFoundError, RefusedError
from labeler.evaluation.judged import JudgedSet
from labeler.features.background import save_background
from labeler.features.terms import Tokenizer
from labeler.flows.status import status
from labeler.flows.train import train
from labeler.flows.training_input import training_input
from labeler.modelstore import ModelStore
from labeler.topics import Mode
from tests.flows.workspaces import bring, judged, log_of, make_scheme, pile, trained
from tests.learn.factories import TINY


@pytest.fixture(autouse=True)
def _nothing_known_beforehand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABELER_TRAIN_BACKGROUND", "none")  # which is quick


def test_the_same_judgements_make_no_second_version(workspace: Path) -> None:
    judged(workspace, Mode.SINGLE)
    first, second = trained(workspace), trained(workspace)
    assert (second.fresh, second.version.label) == (False, first.version.label)
    assert len(ModelStore(workspace / "models").versions()) == 1


@pytest.mark.parametrize(("text", "again"), [("ذِراعٌ آلية\nرُوبُوت", True), ("robot arm\nwalks", False)])
def test_where_words_are_others_than_those_of_an_earlier_labeler_it_is_trained_again(
    workspace: Path, text: str, again: bool
) -> None:
    judged(workspace, Mode.SINGLE)
    bring(workspace, [(text, "robots")], name="more.jsonl")
    manifest = trained(workspace).version.folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace(str(Tokenizer.FOLDED), str(Tokenizer.CHARACTERS)))
    assert trained(workspace).fresh is again


@pytest.mark.slow
def test_what_changes_the_model_makes_another_version(workspace: Path) -> None:
    judged(workspace, Mode.SINGLE)
    trained(workspace)
    assert trained(workspace, precision=0.8).version.label == "mine@2"
    assert trained(workspace, name="other", precision=0.8).version.label == "other@1"
    make_scheme(workspace, Mode.SINGLE, "robots", "speech", "vision", "later")
    assert trained(workspace, precision=0.8).version.label == "mine@3"
    bring(workspace, [("a new robot arm\nwith wheels", "robots")], name="more.jsonl")
    assert trained(workspace, precision=0.8).version.label == "mine@4"
    assert not trained(workspace, precision=0.8).fresh
    unread = (pile(workspace),)
    assert trained(workspace, precision=0.8, unread=unread).version.label == "mine@5"
    assert not trained(workspace, precision=0.8, unread=(pile(workspace, name="copy.jsonl"),)).fresh
    assert trained(workspace, precision=0.8, unread=(pile(workspace, 61),)).version.label == "mine@6"


def test_another_background_makes_another_version(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    judged(workspace, Mode.SINGLE)
    trained(workspace)
    save_background(TINY, workspace / "tiny.npz")
    monkeypatch.setenv("LABELER_TRAIN_BACKGROUND", "tiny.npz")
    outcome = trained(workspace)
    assert (outcome.fresh, outcome.version.label) == (True, "mine@2")
    background = outcome.version.manifest.to_dict()["background"]
    assert (background["name"], background["papers"]) == ("tiny", 1000)
    assert not trained(workspace).fresh
    monkeypatch.setenv("LABELER_TRAIN_BACKGROUND", "missing.npz")
    with pytest.raises(InputError, match=r"missing\.npz"):
        trained(workspace)


@pytest.mark.slow
def test_the_shipped_background_is_taken_unless_the_settings_name_another(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LABELER_TRAIN_BACKGROUND")
    judged(workspace, Mode.SINGLE)
    assert trained(workspace).version.manifest.to_dict()["background"]["name"] == "arxiv"


def test_lines_of_the_log_in_another_order_or_twice_make_no_version(workspace: Path) -> None:
    judged(workspace, Mode.SINGLE)
    trained(workspace)
    log = workspace / "annotations" / "judgements.jsonl"
    lines = log.read_text().splitlines(keepends=True)
    log.write_text("".join(lines[::-1] + lines[:5]))
    assert not trained(workspace).fresh


def test_a_damaged_version_is_trained_anew(workspace: Path) -> None:
    judged(workspace, Mode.SINGLE)
    (trained(workspace).version.folder / "weights.safetensors").write_bytes(b"damaged")
    outcome = trained(workspace)
    assert (outcome.fresh, outcome.version.label) == (True, "mine@2")
    assert load_model(outcome.version.folder).name == "mine@2"


def test_without_judgements_it_says_how_to_get_some(workspace: Path) -> None:
    with pytest.raises(InputError, match=r"no judgements yet .*labeler import"):
        trained(workspace)


def test_a_faulty_or_missing_scheme_is_refused(workspace: Path) -> None:
    make_scheme(workspace, Mode.SINGLE, "robots", "robots")
    with pytest.raises(RefusedError):
        trained(workspace)
    (workspace / "annotations" / "topics.toml").unlink()
    with pytest.raises(NotFoundError):
        trained(workspace)


def test_few_judged_papers_are_not_divided(workspace: Path) -> None:
    judged(workspace, Mode.SINGLE)
    with pytest.raises(InputError, match="20 judged papers in the log are too few to keep some apart"):
        train(find_workspace(str(workspace)), "mine", 0.9, hold_out="0.2")
    assert evaluation_lines(workspace) == []
    assert ModelStore(workspace / "models").versions() == []


def evaluation_lines(workspace: Path) -> list[dict[str, object]]:
    path = workspace / "annotations" / "evaluation.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


@pytest.mark.slow
@pytest.mark.parametrize("mode", [Mode.SINGLE, Mode.MULTI])
def test_an_evaluation_set_is_drawn_once_and_never_learned_from(workspace: Path, mode: str) -> None:
    judged(workspace, mode, each=27)
    plain = find_workspace(str(workspace))
    first = train(plain, "mine", 0.9, hold_out="0.2")
    lines = evaluation_lines(workspace)
    papers = first.version.manifest.training.figures.labelled + len(lines)
    assert len(lines) == pytest.approx(0.2 * papers, abs=2)
    assert len(first.labels.papers) + len(lines) == papers
    figures = first.version.manifest.training.figures.evaluation_set
    assert figures
    assert (figures.papers, set(figures.measured)) == (len(lines), {"macro_f1", "micro_f1"})
    model = load_model(first.version.folder)
    apart = [str(line["paper"]) for line in lines]
    assert not any(model.has_learned_from([paper]) for paper in apart)
    # the same again, also without naming it, changes nothing
    assert not train(plain, "mine", 0.9, hold_out="0.2").fresh
    assert not train(plain, "mine", 0.9).fresh
    assert evaluation_lines(workspace) == lines
    # later judgements of these papers, and a pile that has them, do not bring them back
    texts = [paper for paper in JudgedSet.of_log(log_of(workspace), first.scheme).papers if paper.id in apart]
    (workspace / "pile.jsonl").write_text("".join(json.dumps(paper.to_dict()) + "\n" for paper in texts))
    later = trained(workspace, unread=(str(workspace / "pile.jsonl"),)).version
    assert later.manifest.training.figures.unlabeled == 0
    with pytest.raises(RefusedError, match=r"already: .* by --hold-out 0.2"):
        train(plain, "mine", 0.9, hold_out="0.3")
    assert evaluation_lines(workspace) == lines
    # where the file is cut or lost, it is told
    kept = workspace / "annotations/evaluation.jsonl"
    for content, told in (("".join(kept.read_text().splitlines(keepends=True)[1:]), "other papers"), ("", "none")):
        kept.write_text(content)
        before = ModelStore(workspace / "models").newest("mine")
        assert before
        (note,) = [note for note in train(plain, "mine", 0.9).notes if "evaluation.jsonl" in note]
        assert f"does not name the papers that were kept apart from {before.label}, but {told}" in note


@pytest.mark.slow
def test_unlabeled_papers_come_from_files_folders_and_patterns(workspace: Path) -> None:
    judged(workspace, Mode.SINGLE)
    (workspace / "pile").mkdir()
    pile(workspace, name="pile/a.jsonl")
    (workspace / "pile" / "b.jsonl").touch()
    first = trained(workspace, unread=(str(workspace / "pile"),))
    assert first.version.manifest.to_dict()["papers"]["unread"] == 60
    assert "b.jsonl is empty and was passed over" in first.notes
    for inputs in (["pile/*.jsonl"], ["pile/a.jsonl", "pile/b.jsonl"]):
        assert not trained(workspace, unread=tuple(str(workspace / name) for name in inputs)).fresh


def test_an_unread_input_that_is_missing_is_told_and_nothing_is_written(workspace: Path) -> None:
    judged(workspace, Mode.SINGLE)
    before = sorted(workspace.rglob("*"))
    with pytest.raises(InputError, match=r"missing\.jsonl"):
        trained(workspace, unread=(str(workspace / "missing.jsonl"),))
    assert sorted(workspace.rglob("*")) == before


def test_of_many_dated_unread_papers_the_newest_are_learned_from(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(workspace, Mode.SINGLE)
    monkeypatch.setattr("labeler.learn.unread._MOST_DATED", 4)
    records = [
        {"title": f"Paper {day}", "abstract": f"gripper {day}", "date": f"2025-05-{day:02}"} for day in range(1, 9)
    ]
    path = workspace / "days.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in [*records, {"title": "Undated", "abstract": "x"}]))
    data, notes = training_input(find_workspace(workspace), (str(path),), None, "")
    assert [text.split("\n")[0] for text in data.unlabeled] == ["Paper 5", "Paper 6", "Paper 7", "Paper 8", "Undated"]
    assert "of 9 unread papers the newest 5 are learned from: they are most like those to come" in notes
    monkeypatch.setattr("labeler.learn.unread._MOST_DATED", 9)
    data, notes = training_input(find_workspace(workspace), (str(path),), None, "")
    assert len(data.unlabeled) == 9
    assert not [note for note in notes if "newest" in note]


def test_names_that_became_one_person_are_a_reason_to_train_again(workspace: Path) -> None:
    judged(workspace, Mode.SINGLE)
    first = trained(workspace)
    assert not status(find_workspace(workspace)).changed
    settings = workspace / "labeler.toml"
    settings.write_text('[annotators]\n"ada" = ["7"]\n', encoding="utf-8")
    assert status(find_workspace(workspace)).changed
    second = trained(workspace)
    assert second.fresh
    assert second.version.label != first.version.label
    assert not trained(workspace).fresh
    assert not status(find_workspace(workspace)).changed


def test_of_papers_to_learn_from_those_that_people_judged_are_not_called_unread(workspace: Path) -> None:
    make_scheme(workspace, "multi", "robots", "speech", "vision")
    file = pile(workspace)
    records = [json.loads(line) for line in Path(file).read_text().splitlines()[:20]]
    bring(workspace, [(f"{one['title']}\n{one['abstract']}", "robots") for one in records])
    data, _ = training_input(find_workspace(str(workspace)), [file], None, "")
    assert (len(data.unlabeled), data.unread) == (60, 40)

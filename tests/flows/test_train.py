from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from labeler import load_model
from labeler.cli.trained import training_text
from labeler.config import find_workspace
from labeler.errors import InputError
from labeler.evaluation.frozen import EvaluationSet, write_evaluation_set
from labeler.evaluation.judged import JudgedSet, mostly_picked
from labeler.files import sha256
from labeler.flows.import_ import import_tables
from labeler.flows.label import labelling
from labeler.flows.train import train
from labeler.judgements import Judgement
from labeler.judgements.tables import Tables
from labeler.measure.report import no_topic_sentence
from labeler.modelstore import ModelStore
from labeler.topics import Mode, load_checked_scheme
from tests.flows.workspaces import SCHEME, bring, judged, log_of, make_scheme, pile, trained
from tests.learn.factories import WORDS, single_papers, text_of


@pytest.fixture(autouse=True)
def _nothing_known_beforehand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABELER_TRAIN_BACKGROUND", "none")  # which is quick


@pytest.mark.parametrize("mode", [Mode.SINGLE, Mode.MULTI])
def test_judgements_become_a_version(workspace: Path, mode: str) -> None:
    judged(workspace, mode)
    outcome = trained(workspace)
    manifest = outcome.version.manifest.to_dict()
    assert (outcome.fresh, outcome.version.label) == (True, "mine@1")
    assert manifest["mode"] == mode
    assert manifest["topics"] == ["robots", "speech", "vision"]
    assert manifest["papers"] == {"labelled": 20 if mode == Mode.SINGLE else 30, "ties": 0, "unread": 0}
    assert manifest["background"] == {"name": "none", "papers": 0, "sha256": sha256(b"")}
    assert manifest["counts"] == dict.fromkeys(("robots", "speech", "vision"), 5) | (
        {"robots": 10, "speech": 15, "vision": 10} if mode == Mode.MULTI else {}
    )
    assert manifest["scheme"] == outcome.scheme.to_dict()
    assert manifest["bands"]["precision"] == manifest["parameters"]["precision"] == 0.9
    model = load_model(outcome.version.folder)
    predicted = model.predict(["robot gripper arm leg torque", "bread soup cheese oven"])
    assert list(map(list, predicted) if mode == Mode.MULTI else predicted) == (
        [[1, 0, 0], [0, 0, 0]] if mode == Mode.MULTI else ["robots", None]
    )


def test_a_version_saved_by_a_training_that_was_killed_becomes_current(workspace: Path) -> None:
    judged(workspace, Mode.SINGLE)
    trained(workspace)
    (workspace / "models" / "CURRENT").unlink()
    trained(workspace)
    assert ModelStore(workspace / "models").find().label == "mine@1"


def test_a_version_chosen_by_hand_stays_current_when_nothing_changed(workspace: Path) -> None:
    judged(workspace, Mode.SINGLE)
    store = ModelStore(workspace / "models")
    trained(workspace)
    trained(workspace, precision=0.8)
    store.use(store.find("mine@1"))
    assert not trained(workspace, precision=0.8).fresh
    assert store.current() == "mine@1"


@pytest.mark.parametrize(
    ("rows", "complete"),
    [
        ([("robot arm\nwheel", "robots"), ("robot leg\njoint", "robots"), ("robot hand\ntorque", "robots")], False),
        ([("robot arm\nwheel", "robots"), ("robot leg\njoint", "robots"), ("robot hand\ntorque", "robots")], True),
        ([("robot arm\nwheel", "robots")], True),
        ([("soup\nbread", "none"), ("bread\nspoon", "none")], True),
    ],
)
@pytest.mark.parametrize("mode", [Mode.SINGLE, Mode.MULTI])
def test_too_few_judgements_are_refused_and_nothing_is_written(
    workspace: Path, mode: str, rows: list[tuple[str, str]], complete: bool
) -> None:
    make_scheme(workspace, mode, "robots", "speech")
    bring(workspace, rows, complete)
    before = sorted(workspace.rglob("*"))
    with pytest.raises(InputError, match="judge papers of at least two kinds"):
        trained(workspace)
    assert sorted(workspace.rglob("*")) == before


@pytest.mark.parametrize("mode", [Mode.SINGLE, Mode.MULTI])
def test_one_paper_of_each_of_two_topics_is_enough(workspace: Path, mode: str) -> None:
    make_scheme(workspace, mode, "robots", "speech", "later")
    bring(workspace, [("robot arm\nwheel", "robots"), ("voice\ntone", "speech")])
    outcome = trained(workspace)
    assert outcome.version.manifest.to_dict()["unlearned"] == {"later": "no paper judged to be of it"}
    assert "No paper can be decided automatically if 90%" in (outcome.version.folder / "report.md").read_text()
    probabilities = load_model(outcome.version.folder).predict_proba(["a robot wheel", "a voice of some tone"])
    assert probabilities[:, :2].argmax(axis=1).tolist() == [0, 1]


@pytest.mark.parametrize("mode", [Mode.SINGLE, Mode.MULTI])
def test_names_and_definitions_are_enough_beside_papers_that_nobody_has_judged(workspace: Path, mode: str) -> None:
    lines = [
        f'[[topic]]\nid = "{topic}"\nname = "{topic.title()}"\ndefinition = "{" ".join(WORDS[topic].split()[:4])}"\n'
        for topic in ("robots", "speech", "vision")
    ]
    (workspace / "annotations" / "topics.toml").write_text(f'mode = "{mode}"\n' + "".join(lines))
    outcome = trained(workspace, unread=(pile(workspace),))
    manifest = outcome.version.manifest.to_dict()
    assert manifest["papers"] == {"labelled": 0, "ties": 0, "unread": 60}
    assert (manifest["measured"], manifest["unlearned"]) == ({}, {})
    report = (outcome.version.folder / "report.md").read_text()
    assert "60 papers that nobody has judged. No person has judged a paper yet" in report
    assert "held out" not in report
    model = load_model(outcome.version.folder)
    new = [text_of([topic], 5000) for topic in ("robots", "speech", "vision")]
    assert model.predict_proba(new).argmax(axis=1).tolist() == [0, 1, 2]
    assert {decision.decision for decision in model.decide(new)} == {"review"}


def test_judgements_that_all_tie_are_no_ground_to_learn_from(workspace: Path) -> None:
    make_scheme(workspace, Mode.SINGLE, "robots", "speech")
    bring(workspace, [("robot arm\nwheel", "robots")], annotator="ada")
    bring(workspace, [("robot arm\nwheel", "speech")], annotator="bo")
    with pytest.raises(InputError, match="skipped, unsure, or tied"):
        trained(workspace)


def test_the_report_tells_of_every_topic(workspace: Path) -> None:
    judged(workspace, Mode.SINGLE)
    make_scheme(workspace, Mode.SINGLE, "robots", "speech", "vision", "later")
    outcome = trained(workspace)
    assert outcome.notes == []
    report = (outcome.version.folder / "report.md").read_text()
    assert "Trained on 20 judged papers." in report
    assert "| Robots | 5 | yes |" in report
    assert "| Later | 0 | no: no paper judged to be of it |" in report
    assert "95 %" in report


def test_none_of_these_said_before_a_topic_was_added_leaves_that_topic_open(workspace: Path) -> None:
    judged(workspace, Mode.SINGLE)
    make_scheme(workspace, Mode.SINGLE, "robots", "speech", "vision", "later")
    bring(workspace, [("a kettle\nof soup", "later")], name="more.jsonl")
    known = load_model(trained(workspace).version.folder).held_out[1]
    assert known.shape == (21, 4)
    none = np.nansum(known, axis=1) == 0
    assert none.sum() == 5
    assert np.isnan(known[none]).tolist() == [[False, False, False, True]] * 5


@pytest.mark.slow
def test_unread_papers_that_fit_no_topic_are_counted(workspace: Path) -> None:
    make_scheme(workspace, Mode.SINGLE, "robots", "speech", "vision")
    texts, topics = single_papers(each=50)
    bring(workspace, [(text, topic or "none") for text, topic in zip(texts, topics, strict=True)])
    kinds = ("robots", "speech", "vision", "", "")
    unread = [text_of([kinds[number % 5]] if kinds[number % 5] else [], 2000 + number) for number in range(300)]
    rows = [dict(zip(("title", "abstract"), text.split("\n"), strict=True)) for text in unread]
    (workspace / "pile.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    outcome = trained(workspace, unread=(str(workspace / "pile.jsonl"),))
    share = outcome.version.manifest.training.figures.no_topic
    assert share is not None
    assert share.low <= share.value <= share.high
    assert share.value == pytest.approx(0.4, abs=0.12)
    report = (outcome.version.folder / "report.md").read_text()
    assert no_topic_sentence(share) in report


def test_papers_that_a_strategy_picked_tell_nothing_of_a_stream(workspace: Path) -> None:
    judged(workspace, Mode.SINGLE, each=2)
    log = workspace / "annotations" / "judgements.jsonl"
    records = [json.loads(line) for line in log.read_text().splitlines()]
    assert _picked_of(records, None) is False
    assert _picked_of(records, {"strategy": "mix", "batch": 1, "audit": False}) is True
    assert _picked_of(records, {"strategy": "mix", "batch": 1, "audit": True}) is False
    assert _picked_of(records, {"strategy": "random", "batch": 1, "audit": False}) is False


def test_papers_asked_blind_tell_how_many_fit_no_topic_where_a_strategy_picked_the_others(workspace: Path) -> None:
    judged(workspace, Mode.SINGLE, each=5)
    log = workspace / "annotations" / "judgements.jsonl"
    records = [json.loads(line) for line in log.read_text().splitlines()]
    none = [record for record in records if not record["yes"]][:3]
    blind = {record["id"] for record in (*none, *[record for record in records if record["yes"]][:9])}
    for record in records:
        asked = record["id"] in blind
        record["asked"] = {"strategy": "random" if asked else "mix", "batch": "x", "audit": asked}
    log.write_text("".join(json.dumps(record) + "\n" for record in records))
    figures = trained(workspace).version.manifest.training.figures
    assert figures.no_topic is not None
    assert figures.no_topic.value == 0.25
    assert figures.no_topic_asked == 12


def _picked_of(records: list[dict[str, object]], request: dict[str, object] | None) -> bool:
    return mostly_picked([Judgement.from_dict(record | {"asked": request}) for record in records])


def _dated(by: str, number: int) -> str:
    """The identifier or the date of a paper of some month of 2025."""
    month = number % 10 + 1
    return f"arxiv:25{month:02d}.{number + 10000}" if by == "id" else f"2025-{month:02d}-{number % 28 + 1:02d}"


@pytest.mark.slow
@pytest.mark.parametrize("dated", ["id", "date"])
def test_judged_papers_with_dates_are_also_asked_about_in_the_order_of_time(workspace: Path, dated: str) -> None:
    make_scheme(workspace, Mode.SINGLE, "robots", "speech", "vision")
    texts, topics = single_papers(each=80)
    rows = [
        dict(zip(("title", "abstract"), text.split("\n"), strict=True))
        | {"topics": topic, dated: _dated(dated, number)}
        for number, (text, topic) in enumerate(zip(texts, topics, strict=True))
    ]
    (workspace / "table.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    import_tables(find_workspace(str(workspace)), [str(workspace / "table.jsonl")], "topics", True)
    outcome = trained(workspace)
    later = outcome.version.manifest.to_dict()["in_time"]
    assert (later["papers"], later["since"][:7]) == (96, "2025-07")
    assert 0 < later["assigned"] <= later["decided"] <= 96
    assert later["right"] >= 0.9 * later["assigned"]
    assert "In the order of time: " in (outcome.version.folder / "report.md").read_text()


def test_near_duplicates_among_judged_papers_are_counted(workspace: Path) -> None:
    make_scheme(workspace, "single", "robots", "speech", "vision")
    texts, topics = single_papers(each=4)
    copies = [text.replace("\n", " again\n") + " revised" for text in texts[:5]]
    bring(
        workspace, [(text, topic or "none") for text, topic in zip([*texts, *copies], [*topics, *topics], strict=False)]
    )
    version = trained(workspace).version
    papers = version.manifest.training.figures.papers
    assert papers is not None
    assert papers.near_duplicates == 5
    assert version.manifest.to_dict()["papers"]["nearly_the_same"] == 5
    assert "5 papers are near-copies of others" in (version.folder / "report.md").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("mode", [Mode.SINGLE, Mode.MULTI])
def test_neither_the_order_of_topics_nor_that_of_judgements_changes_a_score(workspace: Path, mode: str) -> None:
    judged(workspace, mode)
    one = load_model(trained(workspace).version.folder)
    make_scheme(workspace, mode, "vision", "robots", "speech")
    log = workspace / "annotations" / "judgements.jsonl"
    log.write_text("".join(reversed(log.read_text(encoding="utf-8").splitlines(keepends=True))), encoding="utf-8")
    other = load_model(trained(workspace, name="other").version.folder)
    assert other.linear.topics == ("vision", "robots", "speech")
    texts = [text_of([topic], number + 900) for topic in WORDS if topic for number in range(5)]
    np.testing.assert_allclose(other.predict_proba(texts), one.predict_proba(texts)[:, [2, 0, 1]], rtol=1e-9)
    for decision, before in zip(other.decide(texts), one.decide(texts), strict=True):
        assert (decision.topics, decision.decision) == (before.topics, before.decision)


@pytest.mark.slow
def test_a_version_names_its_parent_its_seed_and_its_thresholds(workspace: Path) -> None:
    judged(workspace, Mode.MULTI)
    first = trained(workspace).version
    second = trained(workspace, precision=0.8).version
    ModelStore(workspace / "models").use(first)
    third = trained(workspace, name="other").version
    lineages = [version.manifest.training.lineage for version in (first, second, third)]
    assert [(one.parent, one.parent_fingerprint, one.seed) for one in lineages if one] == [
        ("", "", 0),
        ("mine@1", first.fingerprint, 0),
        ("mine@1", first.fingerprint, 0),
    ]
    model = load_model(first.folder)
    expected = dict(zip(model.linear.topics, model.thresholds.round(4).tolist(), strict=True))
    assert first.manifest.thresholds == pytest.approx(expected)


def test_a_version_of_one_topic_a_paper_has_no_thresholds_and_one_outside_of_git_no_commit(workspace: Path) -> None:
    judged(workspace, Mode.SINGLE)
    manifest = trained(workspace).version.manifest
    assert "thresholds" not in manifest.to_dict()
    assert manifest.to_dict()["commit"] is None
    assert manifest.to_dict()["parent"] is None


def test_tables_do_not_bring_papers_of_the_evaluation_set_back(workspace: Path) -> None:
    judged(workspace, Mode.SINGLE)
    log = workspace / "annotations" / "judgements.jsonl"
    item = JudgedSet.of_log(log_of(workspace), load_checked_scheme(find_workspace(str(workspace)).topics)).papers[0]
    write_evaluation_set(log.parent, EvaluationSet((item.ids,), "0.2"))
    log.unlink()
    tables = Tables.of([str(workspace / "table.jsonl")], "topics", complete=True)
    outcome = train(find_workspace(str(workspace)), "mine", 0.9, tables=tables)
    assert outcome.version.manifest.training.figures.labelled == 19
    assert load_model(outcome.version.folder).has_learned_from(item.ids) is False


def rejudged(workspace: Path, each: int = 20) -> None:
    """The papers of :func:`judged`, single mode, judged again, every other one wrongly."""
    texts, topics = single_papers(each=each, none=each)
    wrong = [topics[(row + each) % len(topics)] if row % 2 else topic for row, topic in enumerate(topics)]
    rows = [(text, topic or "none") for text, topic in zip(texts, wrong, strict=True)]
    bring(workspace, rows, name="again.jsonl")


@pytest.mark.slow
def test_a_version_that_is_clearly_worse_is_kept_and_not_put_to_use(workspace: Path) -> None:
    judged(workspace, Mode.SINGLE, each=20)
    plain = find_workspace(str(workspace))
    store = ModelStore(plain.models)
    assert trained(workspace).refusal == ""
    rejudged(workspace)
    worse = trained(workspace)
    assert (worse.fresh, worse.version.label, store.current()) == (True, "mine@2", "mine@1")
    assert "mine@2 is worse than mine@1, and was kept but not put to use: on 80 papers" in worse.refusal
    # the same again is refused again, and makes no version
    again = trained(workspace)
    assert (again.fresh, again.version.label, again.refusal) == (False, "mine@2", worse.refusal)
    # who accepts it, uses the version that was kept
    accepted = train(plain, "mine", 0.9, accept=True)
    assert (accepted.fresh, accepted.version.label, accepted.refusal) == (False, "mine@2", "")
    assert store.current() == "mine@2"
    assert [version.label for version in store.versions()] == ["mine@1", "mine@2"]
    assert trained(workspace).refusal == ""


@pytest.mark.slow
def test_a_version_that_is_accepted_beforehand_is_put_to_use_at_once(workspace: Path) -> None:
    judged(workspace, Mode.SINGLE, each=20)
    plain = find_workspace(str(workspace))
    trained(workspace)
    rejudged(workspace)
    outcome = train(plain, "mine", 0.9, accept=True)
    assert (outcome.version.label, outcome.refusal) == ("mine@2", "")
    assert ModelStore(plain.models).current() == "mine@2"
    lineage = outcome.version.manifest.training.lineage
    assert lineage
    assert lineage.passage
    assert lineage.passage.is_worse


@pytest.mark.slow
def test_a_damaged_version_in_use_keeps_no_other_from_taking_its_place(workspace: Path) -> None:
    judged(workspace, Mode.SINGLE, each=20)
    (trained(workspace).version.folder / "weights.safetensors").write_bytes(b"")
    rejudged(workspace)
    assert trained(workspace).refusal == ""
    assert ModelStore(workspace / "models").current() == "mine@2"


@pytest.mark.slow
def test_keywords_are_learned_from_and_counted_and_a_change_of_them_makes_a_version(workspace: Path) -> None:
    unread = (pile(workspace),)
    topics = workspace / "annotations" / "topics.toml"

    def keyword_of(topic: str, keyword: str) -> str:
        return SCHEME.format(topic, topic.title()) + f'keywords = ["{keyword}", "unheard of {topic}"]\n'

    text = 'mode = "single"\n' + "".join(map(keyword_of, ("robots", "speech"), ("gripper", "vowel")))
    topics.write_text(text)
    first = trained(workspace, unread=unread)
    assert [note for note in first.notes if "keywords" in note] == [
        "no paper holds these keywords: 'unheard of robots' (Robots), 'unheard of speech' (Speech); "
        "write them as papers do"
    ]
    counts = first.version.manifest.training.figures.keywords["robots"]
    assert (counts[0].keyword, counts[0].papers, counts[0].unread > 0) == ("gripper", 0, True)
    page = (first.version.folder / "report.md").read_text()
    assert "'gripper' in no judged paper and" in page
    assert "| Robots | 0 | from its definition and keywords |" in page
    assert load_model(first.version.folder).predict(["a gripper", "a vowel"]).tolist() == ["robots", "speech"]
    learned = labelling(ModelStore(workspace / "models"), None, find_workspace(str(workspace))).keywords
    assert learned["speech"] == {"vowel": "keyword", "unheard of": "keyword", "of speech": "keyword"}
    assert not trained(workspace, unread=unread).fresh
    topics.write_text(text.replace("vowel", "tone"))
    assert trained(workspace, unread=unread).fresh


@pytest.mark.slow
def test_beside_very_many_judged_papers_keywords_are_left_out_which_is_told(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(workspace, "multi", each=30)
    topics = workspace / "annotations" / "topics.toml"
    topics.write_text(topics.read_text() + 'keywords = ["unheard of"]\n')
    monkeypatch.setenv("LABELER_TRAIN_BACKGROUND", "none")
    monkeypatch.setattr("labeler.learn.classifier.MAX_IN_MEMORY", 20)
    found = trained(workspace)
    left_out = "Keywords were left out: beside this many judged papers they are not learned from."
    assert left_out in training_text(found)
    assert left_out in (found.version.folder / "report.md").read_text()
    assert not found.version.manifest.training.figures.keywords
    assert not any("keywords" in note for note in found.notes)
    assert labelling(ModelStore(workspace / "models"), None, find_workspace(str(workspace))).keywords == {}


def test_the_consensus_of_people_is_learned_from_and_told(workspace: Path) -> None:
    """Of three people, one always says the same: papers on which the other two differ are settled, or stay ties."""
    make_scheme(workspace, "single", "robots", "speech", "vision")
    texts, topics = single_papers(each=30, none=0)
    rng = np.random.default_rng(0)
    for who, right in (("ada", 0.95), ("bo", 0.8), ("cy", 0.0)):
        said = [topic if rng.random() < right else "vision" if who == "cy" else "speech" for topic in topics]
        bring(workspace, list(zip(texts, said, strict=True)), name=f"{who}.jsonl", annotator=who)
    outcome = trained(workspace)
    parameters = outcome.version.manifest.training.parameters
    assert (parameters.consensus.papers, parameters.consensus.annotators) == (90, 3)
    assert set(parameters.consensus.agreement) == {"majority", "weighted", "dawid_skene"}
    assert parameters.consensus.sentence in training_text(outcome)
    assert parameters.consensus.sentence in (outcome.version.folder / "report.md").read_text()
    assert [note for note in outcome.notes if note.startswith("cy gives the same answer to 100% of papers")]
    assert not trained(workspace).fresh

"""A manifest is the same after it was written and read, and a damaged one is refused in one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.annotators.choice import Choice
from labeler.errors import NotFoundError, RefusedError
from labeler.measure.estimates import Estimate
from labeler.measure.figures import Bands, Figures, Outcome, PaperCounts
from labeler.score.manifest import (
    PROTOCOL,
    Background,
    Checksums,
    Manifest,
    Parameters,
    Tables,
    TrainingRecord,
    TrainingState,
    read_manifest,
)
from labeler.topics import Mode, Scheme, Topic
from tests.paths import ROOT

SCHEME = Scheme(Mode.SINGLE, (Topic("robots", "Robots and arms", aliases=("arms",)), Topic("speech", "speech")))
TABLES = Tables("topics", True, (("a.csv", "ab"), ("b.csv", "cd")))
STATE = TrainingState("aa", "bb", TABLES, Background("arxiv", 100, "cc"), SCHEME, "0.1.0")
FIGURES = Figures(
    measured={"macro_f1": Estimate(0.5, 0.25, 0.75)},
    weak=("speech",),
    no_topic=Estimate(0.1, 0.0, 0.2),
    time_ordered=Outcome(10, 4, 3, 2, "2025-07"),
    papers=PaperCounts(20, 1, 300),
    counts={"robots": 12, "speech": 8},
)
WHOLE = Manifest(
    created="2026-11-27T02:06:14Z",
    mode=Mode.SINGLE,
    form="names",
    topics=("robots", "speech", "vision"),
    with_none=True,
    unlearned={"vision": "no paper judged to be of it"},
    libraries={"numpy": "2.2"},
    files={"weights.safetensors": Checksums("12345678", "ab" * 32)},
    bands=Bands(0.9, 0.1, float("inf"), Outcome(20, 0, 0, 0)),
    training=TrainingRecord(
        Parameters(0.9, "both", {"both": 0.5}, "arxiv", 300, {"llm": 40}, {"other": 1}, True, noisy_labels=True),
        FIGURES,
        SCHEME,
        STATE,
    ),
    name="mine",
    version=3,
)


def write(folder: Path, record: object) -> Path:
    (folder / "manifest.json").write_text(json.dumps(record))
    return folder


@pytest.mark.parametrize(
    "training",
    [
        WHOLE.training,
        TrainingRecord(),
        TrainingRecord(scheme=SCHEME),
        TrainingRecord(figures=Figures(weak=())),
    ],
    ids=["whole", "bare", "scheme", "weak"],
)
def test_what_is_read_is_what_was_written(tmp_path: Path, training: TrainingRecord) -> None:
    manifest = WHOLE._replace(training=training)
    found = read_manifest(write(tmp_path, manifest.to_dict()))
    assert found == manifest
    assert found.to_dict() == manifest.to_dict()


def test_the_names_of_topics_are_those_of_the_scheme() -> None:
    assert WHOLE.names == {"robots": "Robots and arms", "speech": "speech", "vision": "vision"}


def test_a_folder_without_a_manifest_holds_no_model(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="labeler train"):
        read_manifest(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(NotFoundError):
        read_manifest(tmp_path / "file")


def test_a_newer_protocol_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="newer labeler; update"):
        read_manifest(write(tmp_path, WHOLE.to_dict() | {"protocol": PROTOCOL + 1}))


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", "[" * 100_000, '{"protocol": 1e999}', '{"protocol": NaN}', '{"protocol": "5"}']
)
def test_what_is_no_manifest_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(RefusedError, match="damaged"):
        read_manifest(tmp_path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@settings(deadline=None, max_examples=150)
@given(key=st.sampled_from(sorted(WHOLE.to_dict().keys() - {"protocol"})), value=JSON)
def test_a_wild_value_is_read_or_refused_and_never_a_fault(
    key: str, value: object, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("wild")
    try:
        manifest = read_manifest(write(folder, WHOLE.to_dict() | {key: value}))
    except RefusedError:
        return
    assert json.dumps(manifest.to_dict())


def test_a_fingerprint_tells_models_apart_whatever_they_are_called() -> None:
    first = WHOLE.fingerprint
    assert len(first) == 16
    assert WHOLE._replace(name="other", version=7, created="2027-01-01T00:00:00Z").fingerprint == first
    assert Manifest.from_dict(json.loads(json.dumps(WHOLE.to_dict()))).fingerprint == first
    others = [
        WHOLE._replace(files={"weights.safetensors": Checksums("12345678", "ac" * 32)}),
        WHOLE._replace(topics=("robots", "speech")),
        WHOLE._replace(mode=Mode.MULTI),
        WHOLE._replace(training=TrainingRecord(Parameters(0.8, "both", {"both": 0.5}, "arxiv", 300))),
    ]
    assert len({first, *(other.fingerprint for other in others)}) == 5


def test_models_of_before_have_fingerprints_too() -> None:
    folders = [ROOT / f"tests/before/protocol{protocol}/{mode}" for protocol in (2, 3, 4) for mode in Mode]
    assert len({read_manifest(folder).fingerprint for folder in folders}) == 6


def test_soft_labels_are_told_in_a_sentence() -> None:
    assert Parameters().soft_labels_sentence == ""
    used = Parameters(soft_labels={"llm": 40, "other": 1})
    assert used.soft_labels_sentence == "Learned from soft labels of llm (40 papers), other (1 paper), too."
    left_out = Parameters(soft_labels_left_out={"llm": 40}).soft_labels_sentence
    assert left_out.startswith("Soft labels of llm (40 papers) were left out: ")


def test_the_consensus_is_kept() -> None:
    choice = Choice("weighted", 120, 3, {"majority": 0.7, "weighted": 0.75}, 4, 1)
    for recipe in ("", "both"):
        parameters = Parameters(recipe=recipe, consensus=choice)
        assert Parameters.from_dict(json.loads(json.dumps(parameters.to_dict()))).consensus == choice
    assert "consensus" not in Parameters().to_dict()

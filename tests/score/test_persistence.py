"""A model that is loaded is the one that was saved, or it is refused."""

from __future__ import annotations

import hashlib
import io
import json
import os
import pickle
import random
import subprocess
import sys
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labeler import load_model
from labeler.arrays import mapped, packed
from labeler.errors import NotFoundError, RefusedError
from labeler.modelstore import ModelStore
from labeler.score.cross_lists import CrossLists
from labeler.score.manifest import PROTOCOL
from labeler.score.model import TopicModel
from labeler.score.persistence import save_model
from labeler.topics import Mode
from models.arxiv.compact import quantized
from tests.learn.factories import NEW, fitted, sample

WEIGHTS = "weights.safetensors"
ARRAYS = frozenset(
    """
    word_blocks word_begins word_keys word_displacements word_slots seed word_columns
    pair_keys pair_displacements pair_slots pair_columns idf weights bases
    thresholds top least held_out_probabilities held_out_known
    """.split()
)
OF_DECISIONS = {"decision_offsets", "topic_curve", "none_curve"}


def checksums(data: bytes) -> dict[str, str]:
    return {"crc32": f"{zlib.crc32(data):08x}", "sha256": hashlib.sha256(data).hexdigest()}


def reword(folder: Path, **changes: Any) -> None:
    manifest = json.loads((folder / "manifest.json").read_bytes())
    (folder / "manifest.json").write_text(json.dumps(manifest | changes))


def replace_file(folder: Path, name: str, data: bytes) -> None:
    """Another file under a manifest that vouches for it."""
    (folder / name).write_bytes(data)
    files = json.loads((folder / "manifest.json").read_bytes())["files"]
    reword(folder, files=files | {name: checksums(data)})


def arrays_with(folder: Path, **changes: Any) -> bytes:
    _, arrays = mapped(folder / WEIGHTS)
    return b"".join(packed({name: array for name, array in (arrays | changes).items() if array is not None}))


def test_a_model_folder_holds_no_code_and_no_pickle(store: ModelStore) -> None:
    folder = store.find("mine@1").folder
    assert sorted(path.name for path in folder.iterdir()) == ["manifest.json", "report.md", WEIGHTS]
    _, arrays = mapped(folder / WEIGHTS)
    assert arrays
    assert all(array.dtype.kind in "fiu" for array in arrays.values())
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert manifest["protocol"] == PROTOCOL
    assert (manifest["name"], manifest["version"], manifest["mode"]) == ("mine", 1, "multi")
    assert manifest["topics"] == ["robots", "speech", "vision"]
    assert set(manifest["libraries"]) == {"numpy", "scipy", "scikit-learn", "python"}
    assert manifest["files"] == {name: checksums((folder / name).read_bytes()) for name in (WEIGHTS, "report.md")}


def test_what_is_loaded_is_what_was_saved(store: ModelStore) -> None:
    model = load_model(store.find("mine@1").folder)
    assert model.name == "mine@1"
    assert model.predict_proba(NEW).tolist() == sample().predict_proba(NEW).tolist()
    assert model.decide(NEW, 0.6) == sample().decide(NEW, 0.6)
    assert model.linear.tfidf.terms == sample().linear.tfidf.terms
    assert model.thresholds.tolist() == sample().thresholds.tolist()
    assert load_model(str(store.find("mine@1").folder)).form == "lists"


def test_the_correction_of_the_most_probable_topic_survives_saving(tmp_path: Path) -> None:
    model = fitted(Mode.SINGLE, none=6).model_
    corrected = replace(model, linear=replace(model.linear, top=(0.625, -0.3)))
    save_model(corrected, tmp_path / "1")
    found = load_model(tmp_path / "1")
    assert found.linear.top == (0.625, -0.3)
    np.testing.assert_allclose(found.predict_proba(NEW), corrected.predict_proba(NEW), atol=1e-6)
    assert np.abs(found.predict_proba(NEW) - model.predict_proba(NEW)).max() > 0.01


def test_unknown_answers_survive_saving(tmp_path: Path) -> None:
    probabilities, known = sample().held_out
    known = known.copy()
    known[0, 0] = np.nan
    model = TopicModel(sample().linear, sample().thresholds, (probabilities, known), {"speech": "why"}, "matrix")
    save_model(model, tmp_path / "1")
    found = load_model(tmp_path / "1")
    np.testing.assert_array_equal(found.held_out[1], known)
    assert (found.unlearned, found.form) == ({"speech": "why"}, "matrix")


@pytest.mark.parametrize("name", [WEIGHTS, "report.md"])
@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(path.read_bytes()[:-1]),
        lambda path: path.write_bytes(path.read_bytes() + b"\n"),
        lambda path: path.write_bytes(b""),
        lambda path: (path.unlink(), path.mkdir()),
    ],
    ids=["missing", "cut", "longer", "empty", "folder"],
)
def test_a_damaged_file_is_refused(store: ModelStore, name: str, damage: Callable[[Path], object]) -> None:
    folder = store.find("mine@1").folder
    damage(folder / name)
    with pytest.raises(RefusedError, match=name):
        load_model(folder)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"null", b"\xff\xfe", b'{"protocol": 1}'])
def test_a_damaged_manifest_is_refused(store: ModelStore, content: bytes) -> None:
    folder = store.find("mine@1").folder
    (folder / "manifest.json").write_bytes(content)
    with pytest.raises(RefusedError, match="manifest"):
        load_model(folder)


@pytest.mark.parametrize("key", ["files", "topics", "mode", "form", "unlearned", "with_none"])
def test_a_manifest_without_a_key_is_refused(store: ModelStore, key: str) -> None:
    folder = store.find("mine@1").folder
    manifest = json.loads((folder / "manifest.json").read_bytes())
    del manifest[key]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(RefusedError, match="damaged"):
        load_model(folder)


def test_a_newer_model_is_refused(store: ModelStore) -> None:
    folder = store.find("mine@1").folder
    reword(folder, protocol=PROTOCOL + 1)
    with pytest.raises(RefusedError, match="newer labeler; update"):
        load_model(folder)


@pytest.mark.parametrize("protocol", ["two", None, [1]])
def test_a_protocol_that_is_no_number_is_refused(store: ModelStore, protocol: object) -> None:
    folder = store.find("mine@1").folder
    reword(folder, protocol=protocol)
    with pytest.raises(RefusedError):
        load_model(folder)


class Trap:
    """An object that acts when a pickle of it is loaded."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.path,))


def test_no_pickle_is_loaded_even_with_a_fitting_manifest(store: ModelStore, tmp_path: Path) -> None:
    folder = store.find("mine@1").folder
    trap = np.array([Trap(tmp_path / "sprung")], dtype=object)
    with pytest.raises(KeyError):
        list(packed({"idf": trap}))
    stream = io.BytesIO()
    np.savez(stream, idf=trap)
    header = b'{"idf":{"dtype":"O","shape":[1],"data_offsets":[0,%d]}}' % len(pickle.dumps(trap))
    for data in (
        stream.getvalue(),
        pickle.dumps(Trap(tmp_path / "sprung")),
        len(header).to_bytes(8, "little") + header + pickle.dumps(trap),
    ):
        replace_file(folder, WEIGHTS, data)
        with pytest.raises(RefusedError):
            load_model(folder)
    assert not (tmp_path / "sprung").exists()
    pickle.loads(pickle.dumps(Trap(tmp_path / "sprung")))
    assert (tmp_path / "sprung").exists()  # so that the above says something


@pytest.mark.parametrize("data", [b"no arrays", b"", b"\x80\x04N.", b"PK\x03\x04" * 9, b"\x02" + bytes(7) + b"{}"])
def test_weights_that_hold_no_arrays_are_refused_even_with_a_fitting_manifest(store: ModelStore, data: bytes) -> None:
    folder = store.find("mine@1").folder
    replace_file(folder, WEIGHTS, data)
    with pytest.raises(RefusedError):
        load_model(folder)


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("weights", np.zeros((2, 3), dtype=np.float32)),
        ("idf", np.zeros(2)),
        ("bases", np.zeros(2)),
        ("thresholds", np.zeros(2)),
        ("top", np.zeros(0)),
        ("top", np.array(1.0)),
        ("top", np.array([1, 0])),
        ("seed", np.zeros(0, np.int64)),
        ("seed", np.zeros(1, np.float32)),
        ("least", np.zeros(2)),
        ("word_slots", np.zeros(64, np.uint64)),
        ("word_slots", np.zeros(0, np.uint64)),
        ("word_begins", np.zeros(1, np.uint32)),
        ("word_keys", np.zeros(1, np.uint64)),
        ("word_keys", np.zeros((1, 1), np.uint64)),
        ("word_columns", np.zeros(3, np.int32)),
        ("pair_columns", np.zeros(3, np.int32)),
        ("pair_keys", np.zeros(3, np.uint64)),
        ("held_out_known", np.zeros((1, 3), np.int8)),
        ("held_out_probabilities", np.zeros((1, 3))),
    ],
)
def test_weights_of_another_shape_are_refused_even_with_a_fitting_manifest(
    store: ModelStore, name: str, array: np.ndarray
) -> None:
    folder = store.find("mine@1").folder
    replace_file(folder, WEIGHTS, arrays_with(folder, **{name: array}))
    with pytest.raises(RefusedError, match="damaged"):
        load_model(folder)


@pytest.mark.parametrize("name", sorted(ARRAYS))
def test_weights_without_an_array_are_refused_even_with_a_fitting_manifest(store: ModelStore, name: str) -> None:
    folder = store.find("mine@1").folder
    replace_file(folder, WEIGHTS, arrays_with(folder, **{name: None}))
    with pytest.raises(RefusedError, match="damaged"):
        load_model(folder)


def test_weights_harmed_in_any_bit_are_refused(store: ModelStore) -> None:
    folder = store.find("mine@1").folder
    data = (folder / WEIGHTS).read_bytes()
    for seed in range(300):
        harmed = bytearray(data)
        harmed[random.Random(seed).randrange(len(data))] ^= 1 << seed % 8
        (folder / WEIGHTS).write_bytes(bytes(harmed))
        with pytest.raises(RefusedError):
            load_model(folder)
    (folder / WEIGHTS).write_bytes(data)
    assert load_model(folder).predict_proba(NEW).tolist() == sample().predict_proba(NEW).tolist()


def test_a_harmed_header_is_refused_or_tells_arrays_of_the_right_kind_even_with_a_fitting_manifest(
    store: ModelStore,
) -> None:
    """No checksum helps against who makes the file; what its header tells must be true all the same."""
    folder = store.find("mine@1").folder
    data = (folder / WEIGHTS).read_bytes()
    header = 8 + int.from_bytes(data[:8], "little")
    refused = 0
    for seed in range(300):
        harmed = bytearray(data)
        harmed[random.Random(seed).randrange(header)] ^= 1 << seed % 8
        replace_file(folder, WEIGHTS, bytes(harmed))
        try:
            load_model(folder)
        except RefusedError:
            refused += 1
    assert refused > 150


def test_a_folder_without_a_model_is_told(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(NotFoundError, match="no model in"):
            load_model(folder)


def test_nothing_is_saved_over(store: ModelStore) -> None:
    folder = store.find("mine@1").folder
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(FileExistsError):
        save_model(sample(), folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def in_levels(levels: int) -> TopicModel:
    """The sample with weights as whole numbers of scales."""
    codes, scales = quantized(sample().linear.plain_weights, levels)
    return replace(sample(), linear=replace(sample().linear, weights=codes, scales=scales))


def test_a_model_kept_in_few_levels_is_smaller_and_says_nearly_the_same(tmp_path: Path) -> None:
    for name, model in (("whole", sample()), ("small", in_levels(31))):
        save_model(model, tmp_path / name)
    whole, small = (load_model(tmp_path / name) for name in ("whole", "small"))
    assert whole.predict_proba(NEW).tolist() == sample().predict_proba(NEW).tolist()
    assert small.predict_proba(NEW).tolist() == in_levels(31).predict_proba(NEW).tolist()
    np.testing.assert_allclose(small.predict_proba(NEW), whole.predict_proba(NEW), atol=0.02)
    assert small.linear.plain_weights.dtype == whole.linear.plain_weights.dtype == np.float32
    assert whole.linear.scales is None
    arrays = {name: mapped(tmp_path / name / WEIGHTS)[1] for name in ("whole", "small")}
    of_held_out = {"held_out_folds", "held_out_thresholds"}
    assert set(arrays["small"]) == set(arrays["whole"]) | {"steps"} == ARRAYS | {"steps"} | of_held_out | OF_DECISIONS
    assert arrays["small"]["weights"].dtype == np.int8
    assert arrays["small"]["weights"].nbytes * 4 == arrays["whole"]["weights"].nbytes


def test_cross_lists_are_kept(tmp_path: Path) -> None:
    lists = CrossLists(1.02, 1.35, 0.4)
    save_model(replace(sample(), cross_lists=lists), tmp_path / "1")
    save_model(sample(), tmp_path / "2")
    assert load_model(tmp_path / "1").cross_lists == lists
    assert load_model(tmp_path / "2").cross_lists is None


def test_how_much_each_held_out_paper_counts_is_kept(tmp_path: Path) -> None:
    weights = np.linspace(0.5, 1.5, len(sample().held_out[0]))
    model = replace(sample(), held_out_weights=weights, _bands={})
    save_model(model, tmp_path / "1")
    loaded = load_model(tmp_path / "1")
    assert loaded.held_out_weights is not None
    assert loaded.held_out_weights.tolist() == weights.tolist()
    assert loaded.bands(0.6) == model.bands(0.6)


@pytest.mark.parametrize(
    "changes",
    [
        {"weights": np.zeros((2, 3), dtype=np.int8)},
        {"weights": np.zeros(3, dtype=np.int8)},
        {"weights": sample().linear.plain_weights},
        {"steps": np.zeros(1, dtype=np.float32)},
        {"steps": np.zeros((3, 3), dtype=np.float32)},
        {"steps": np.zeros(len(sample().linear.weights))},
        {"steps": None},
    ],
)
def test_levels_that_do_not_fit_are_refused_even_with_a_fitting_manifest(
    tmp_path: Path, changes: dict[str, np.ndarray]
) -> None:
    save_model(in_levels(31), tmp_path / "1")
    replace_file(tmp_path / "1", WEIGHTS, arrays_with(tmp_path / "1", **changes))
    with pytest.raises(RefusedError, match="damaged"):
        load_model(tmp_path / "1")


@pytest.mark.parametrize("name", ["terms.txt", "../2/report.md", "other.safetensors"])
def test_a_manifest_that_names_other_files_is_refused(store: ModelStore, name: str) -> None:
    folder = store.find("mine@1").folder
    replace_file(folder, name, b"something")
    with pytest.raises(RefusedError, match="damaged"):
        load_model(folder)


def test_a_file_that_was_changed_and_its_checksum_mended_is_refused_where_it_is_used_first(store: ModelStore) -> None:
    folder = store.find("mine@1").folder
    path = folder / "report.md"
    data, files = path.read_bytes(), json.loads((folder / "manifest.json").read_bytes())["files"]
    load_model(folder)
    path.write_bytes(b"# m1ne" + data[6:])
    reword(folder, files=files | {"report.md": {**files["report.md"], "crc32": checksums(path.read_bytes())["crc32"]}})
    with pytest.raises(RefusedError, match=r"report.md is not the file that was trained"):
        load_model(folder)


def test_a_model_that_was_moved_or_is_exported_is_checked_again(store: ModelStore, tmp_path: Path) -> None:
    folder = store.find("mine@1").folder
    load_model(folder)
    files = json.loads((folder / "manifest.json").read_bytes())["files"]
    path, state = folder / WEIGHTS, (folder / WEIGHTS).stat()
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))  # as if it had not been touched
    reword(folder, files=files | {WEIGHTS: {**files[WEIGHTS], "crc32": checksums(bytes(data))["crc32"]}})
    assert load_model(folder).name == "mine@1"
    with pytest.raises(RefusedError, match="not the file that was trained"):
        load_model(folder, verify=True)
    folder.rename(tmp_path / "moved")
    with pytest.raises(RefusedError, match="not the file that was trained"):
        load_model(tmp_path / "moved")


def test_arrays_of_a_loaded_model_cannot_be_written_to(store: ModelStore) -> None:
    linear = load_model(store.find("mine@1").folder).linear
    for array in (linear.weights, linear.intercepts, linear.tfidf.idf, linear.tfidf.vocabulary.words.blocks):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_a_model_that_was_loaded_is_saved_with_the_same_bytes(store: ModelStore, tmp_path: Path) -> None:
    folder = store.find("mine@1").folder
    save_model(load_model(folder), tmp_path / "again")
    assert (tmp_path / "again" / WEIGHTS).read_bytes() == (folder / WEIGHTS).read_bytes()


MAPPING = """
import sys
from labeler import load_model
model = load_model(sys.argv[1])
predictions = model.predict_proba(sys.argv[2:]).tolist()
print(predictions, flush=True)
sys.stdin.readline()
"""


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="what a process maps is told on Linux alone")
def test_two_processes_map_the_same_file(store: ModelStore) -> None:
    folder = store.find("mine@1").folder
    command = [sys.executable, "-c", MAPPING, folder, *NEW]
    processes = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    predictions, maps = [], []
    for process in processes:
        assert process.stdout is not None
        predictions.append(json.loads(process.stdout.readline()))
        maps.append([line.split() for line in Path(f"/proc/{process.pid}/maps").read_text().splitlines()])
    for process in processes:
        process.communicate("\n", timeout=60)
    assert predictions == [sample().predict_proba(NEW).tolist()] * 2
    inode = str((folder / WEIGHTS).stat().st_ino)
    for lines in maps:
        assert ["r--" in line[1] for line in lines if line[4] == inode and line[5] == str(folder / WEIGHTS)] == [True]


def test_a_model_in_memory_outlives_its_file(store: ModelStore) -> None:
    folder = store.find("mine@1").folder
    model = load_model(folder, in_memory=True)
    (folder / WEIGHTS).write_bytes(b"")
    assert model.predict_proba(NEW).tolist() == sample().predict_proba(NEW).tolist()

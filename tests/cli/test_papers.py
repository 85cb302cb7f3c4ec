from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from labeler import read_digest
from labeler.score.manifest import PROTOCOL
from tests.cli.process import records
from tests.conftest import Labeler

TOPICS = ["llm", "agents", "vision", "generation", "speech", "robotics", "science", "safety"]


def test_head_ends_a_pipeline_quietly(trained: Path) -> None:
    lines = "".join(json.dumps({"title": f"Robots {n}", "abstract": "arm and leg " * 40}) + "\n" for n in range(1500))
    (trained / "many.jsonl").write_text(lines)
    script = f'"{sys.executable}" -m labeler label many.jsonl | head -n 1; echo "${{PIPESTATUS[0]}}"'
    done = subprocess.run(["bash", "-c", script], cwd=trained, capture_output=True, text=True, check=False)
    first, code = done.stdout.splitlines()
    assert json.loads(first)["title"] == "Robots 0"
    assert (code, done.stderr) == ("0", "")


@pytest.mark.parametrize("damage", ["cut", "missing", "newer", "manifest", "object"])
def test_damaged_and_newer_models_are_refused(labeler: Labeler, trained: Path, digest: Path, damage: str) -> None:
    folder = trained / "models" / "mine" / "1"
    manifest = folder / "manifest.json"
    if damage == "cut":
        (folder / "weights.safetensors").write_bytes((folder / "weights.safetensors").read_bytes()[:-100])
    elif damage == "missing":
        (folder / "weights.safetensors").unlink()
    elif damage == "newer":
        text, told = manifest.read_text(), f'"protocol": {PROTOCOL}'
        assert told in text
        manifest.write_text(text.replace(told, f'"protocol": {PROTOCOL + 1}'))
    elif damage == "manifest":
        manifest.write_text(manifest.read_text()[:-50])
    else:
        manifest.write_text("[]")
    for command in ("label", "explain"):
        outcome = labeler(command, digest)
        assert (outcome.code, outcome.out) == (6, "")
        assert outcome.err.count("\n") == 1


def test_explanations_are_json_lines_that_add_up(labeler: Labeler, trained: Path, digest: Path) -> None:
    labels = records(labeler("label", digest).out)
    explained = records(labeler("explain", digest, "--json").out)
    for label, record in zip(labels, explained, strict=True):
        assert record["id"] == label["id"]
        assert record["model"] == "mine@1"
        told = record["explanations"]
        assert sorted(one["topic"] for one in told) == sorted(TOPICS)  # type: ignore[attr-defined]
        for one in told:  # type: ignore[attr-defined]
            total = sum(part["adds"] for part in one["contributions"]) + one["base"]
            assert total == pytest.approx(one["score"], abs=1e-9)
            assert round(one["probability"], 4) == label["scores"][one["topic"]]  # type: ignore[index]


def test_explanations_for_people_show_the_best_topics_and_the_sum(
    labeler: Labeler, trained: Path, digest: Path
) -> None:
    shown = labeler("explain", digest, "--words", "2").out
    assert shown.count(": probability ") == 2 * 24
    assert shown.count("judged papers most like it") == 24
    assert shown.count("score (the sum)") == 2 * 24
    chosen = labeler("explain", digest, "--topic", "speech", "--topic", "llm").out
    assert chosen.count("Speech and audio: probability") == chosen.count("Language models: probability") == 24
    assert chosen.count(": probability ") == 48


def test_one_paper_is_explained_on_one_screen(
    labeler: Labeler, trained: Path, digest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    outcome = labeler("explain", digest, "--paper", "kitchen brigade")
    lines = (outcome.out + outcome.err).splitlines()
    assert outcome.code == 0
    assert lines[0].startswith("Kitchen Brigade: Coordinating Two Arms")
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    assert "--topic NAME shows another topic; --words N shows more words; --json has all." in outcome.err
    one = labeler("explain", digest, "--paper", "kitchen brigade", "--topic", "llm")
    assert one.out.count(": probability ") == 1
    assert 8 < len(one.out.splitlines()) <= 22
    several = labeler("explain", digest, "--paper", "a")
    assert (several.code, several.out, "may be 2" in several.err) == (4, "", True)


def test_a_topic_that_the_model_has_not_is_not_found(labeler: Labeler, trained: Path, digest: Path) -> None:
    outcome = labeler("explain", digest, "--topic", "zoology")
    assert (outcome.code, outcome.out) == (4, "")
    assert "zoology" in outcome.err
    assert "llm, agents" in outcome.err


def test_read_shows_papers_for_people_and_programs(labeler: Labeler, trained: Path, digest: Path) -> None:
    shown = labeler("read", digest)
    assert "Kitchen Brigade: Coordinating Two Arms" in shown.out
    assert shown.out.count("abstract of ") == 24
    assert shown.err == "24 records = 24 papers + 0 merged + 0 refused (read as page)\n"
    assert records(labeler("read", digest, "--json").out) == [paper.to_dict() for paper in read_digest(digest)]
    assert labeler("read", digest, "-o", "papers.jsonl").code == 0
    assert read_digest("papers.jsonl") == read_digest(digest)


def test_read_explains_merges_and_lists_formats(labeler: Labeler, tmp_path: Path, digest: Path) -> None:
    told = labeler("read", digest, digest, "--duplicates")
    assert told.err.count("merged by ") == 24
    assert "48 records = 24 papers + 24 merged" in told.err
    formats = labeler("read", "--formats")
    assert {line.split()[0] for line in formats.out.splitlines()} >= {"json", "jsonl", "page", "table"}
    assert "jsonl" in json.loads(labeler("read", "--formats", "--json").out)
    assert labeler("read").code == 2


MEASURED = """
import sys
from labeler.cli import main
code = main(sys.argv[1:])
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM:"))
print(code, int(peak.split()[1]) // 1024, file=sys.stderr)
"""


def peak_memory(folder: Path, papers: int) -> int:
    """Megabytes that labelling so many papers takes at most. A text takes 6 kB, as one wide letter makes all wide."""
    words = f"🤖 speech {'.' * 1440}"  # signs, which are passed over fast
    with (folder / "many.jsonl").open("w", encoding="utf-8") as file:
        for number in range(papers):
            record = {"title": f"Robots number {number}", "abstract": f"{words} {number}"}
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    with (folder / "many.jsonl").open("rb") as given, (folder / "labelled.jsonl").open("wb") as out:
        done = subprocess.run(
            [sys.executable, "-c", MEASURED, "label", "-", "--quiet"],
            cwd=folder,
            stdin=given,
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    code, peak = map(int, done.stderr.split())
    assert code == 0
    with (folder / "labelled.jsonl").open("rb") as out:
        assert sum(1 for _ in out) == papers
    return peak


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
def test_memory_does_not_grow_with_the_texts(trained: Path) -> None:
    assert peak_memory(trained, 10_000) - peak_memory(trained, 2_500) < 30

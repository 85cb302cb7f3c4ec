"""What the doctor finds: each finding is made, and found."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from labeler.config import find_workspace
from labeler.flows import doctor
from labeler.flows.doctor import Finding, Verdict, findings, installation
from labeler.studio.local import Credentials
from labeler.temporary import replacement
from tests.conftest import Labeler


class Looked(NamedTuple):
    found: list[Finding]

    def having(self, verdict: Verdict, words: str) -> Finding:
        (one,) = (one for one in self.found if one.verdict == verdict and words in one.what)
        return one


def looked(folder: Path) -> Looked:
    return Looked(list(findings(find_workspace(str(folder)))))


def test_a_workspace_in_order_has_nothing_wrong(trained: Path) -> None:
    found = looked(trained).found
    assert {one.verdict for one in found} <= {Verdict.FINE, Verdict.LOOK}
    assert any("the model in use: mine@1" in one.what for one in found)


def test_outside_of_a_workspace_the_installation_is_looked_at() -> None:
    assert [one.verdict for one in installation()] == [Verdict.FINE] * 3
    assert "labeler init" in list(findings(None))[-1].do


def test_packages_and_extras_that_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_is_installed", lambda name: name not in ("typer", "uvicorn"))
    found = Looked(list(installation()))
    assert "typer" in found.having(Verdict.WRONG, "packages are missing").what
    assert "labeler[serve]" in found.having(Verdict.FINE, "extras").what


def test_files_that_come_along_and_are_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ValueError("no zip")

    monkeypatch.setattr("labeler.features.background.shipped", broken)
    Looked(list(installation())).having(Verdict.WRONG, "come with labeler are damaged (no zip)")


def test_a_torn_line_of_the_log(trained: Path) -> None:
    log = trained / "annotations/judgements.jsonl"
    log.write_text('{"id": "torn\n' + log.read_text())
    assert "backup" in looked(trained).having(Verdict.WRONG, "of the log cannot be read").do


def test_a_judgement_that_is_to_come(trained: Path) -> None:
    log = trained / "annotations/judgements.jsonl"
    *others, last = log.read_text().splitlines()
    later = (datetime.now(UTC) + timedelta(days=400)).strftime("%Y-%m-%dT%H:%M:%SZ")
    log.write_text("\n".join([*others, json.dumps(json.loads(last) | {"at": later})]) + "\n")
    assert "clock" in looked(trained).having(Verdict.WRONG, "which is to come").do


def test_a_damaged_model(trained: Path) -> None:
    weights = trained / "models/mine/1/weights.safetensors"
    data = bytearray(weights.read_bytes())
    data[-100] ^= 255
    weights.write_bytes(data)
    looked(trained).having(Verdict.WRONG, "mine@1:")


def test_a_faulty_scheme(trained: Path) -> None:
    scheme = trained / "annotations/topics.toml"
    scheme.write_text(scheme.read_text() + '\n[[topic]]\nid = "llm"\nname = "Again"\n')
    assert any(one.verdict == Verdict.WRONG and "llm" in one.what for one in looked(trained).found)


def test_secrets_that_others_can_read(trained: Path) -> None:
    key = trained / ".labeler/pseudonyms.key"
    key.parent.mkdir(exist_ok=True)
    key.write_text("secret")
    key.chmod(0o644)
    assert "chmod 600" in looked(trained).having(Verdict.WRONG, "others can read").do


def test_git_that_takes_private_files(trained: Path) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=trained, check=True)
    (trained / ".gitignore").write_text("models/\n")
    looked(trained).having(Verdict.WRONG, "git does not pass over")


def test_what_a_killed_process_left(trained: Path) -> None:
    with replacement(trained / "labels.csv") as stream:
        (name,) = (path.name for path in trained.iterdir() if path.name.endswith(".part"))
        stream.write(b"half")
        assert not any("temporary file" in one.what for one in looked(trained).found), "it is being written"
    (trained / name).touch()
    assert name in looked(trained).having(Verdict.LOOK, "temporary file").what
    assert (trained / name).exists(), "nothing is changed"


def test_a_disk_that_is_nearly_full(trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_ROOM", 1 << 62)
    looked(trained).having(Verdict.LOOK, "MB left")


def test_a_server_that_is_dead(trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABEL_STUDIO_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "0" * 40)
    assert any(one.verdict == Verdict.WRONG and "127.0.0.1:9" in one.what for one in looked(trained).found)


def test_watches_that_never_ran_and_that_are_faulty(trained: Path) -> None:
    settings = trained / "labeler.toml"
    before = settings.read_text()
    settings.write_text(before + '\n[[watch]]\ninputs = ["inbox/"]\noutputs = ["digest.html"]\n')
    looked(trained).having(Verdict.LOOK, "has never run")
    settings.write_text(before + '\n[[watch]]\ninput = ["inbox/"]\n')
    assert any(one.verdict == Verdict.WRONG and "watch" in one.what for one in looked(trained).found)


def test_judged_papers_that_no_model_knows(trained: Path, labeler: Labeler) -> None:
    table = trained / "more.csv"
    table.write_text("title,topics\nA robot that folds towels,robotics\n")
    assert labeler("import", table, "--topics-column", "topics").code == 0
    assert looked(trained).having(Verdict.LOOK, "has not learned from 1 judged paper").do == "labeler train"


def test_a_folder_that_cannot_be_written_to(trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Nothing keeps root, whom tests may run as, from writing: so the system's answer stands in.
    monkeypatch.setattr(os, "access", lambda path, _: Path(path).name != "models")
    looked(trained).having(Verdict.WRONG, "cannot be written to")


def test_a_server_that_answers(trained: Path, studio: Any, server: Credentials) -> None:
    assert server.url in looked(trained).having(Verdict.FINE, "Label Studio answers at").what

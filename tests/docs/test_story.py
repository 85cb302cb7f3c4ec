"""Every command of the README, the tutorial and the how-to pages runs, in order, as a new user would type it.

Blocks marked ``sh`` are run, Python examples too; what cannot be run here (a cluster, a service of others) is in blocks
marked ``bash``.
"""

from __future__ import annotations

import csv
import os
import re
import shlex
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

from labeler import read_digest
from labeler.studio.local import LocalStudio
from tests.cli.process import COMMAND
from tests.conftest import STUDIO_PROGRAM, Labeler, copy_studio
from tests.mail.server import PASSWORD, MailServer, make_certificate
from tests.paths import ROOT, SAMPLES
from tests.sources import invented
from tests.sources.replay import Replay
from tests.studio.annotating import choices

PILE = "pile/papers.parquet"
COLUMNS = ("vision", "robotics")  # topics with a column of their own
DOCS = ROOT / "docs"
TUTORIAL = DOCS / "tutorial/index.md"
TRIED_ELSEWHERE = ("install", "plugins", "rest", "shell")  # pages that have tests of their own
# All commands but those that the pages only tell of.
COMMANDS = set(
    "init read explain fetch label mail push pull status watch serve export import train evaluate curve agreement "
    "annotators suspects themes forget topics studio models background".split()
)


def how_tos() -> list[Path]:
    """The how-to pages in the order of their index."""
    lists = re.findall(r"```\{toctree\}\n(.*?)```", (DOCS / "howto/index.md").read_text(encoding="utf-8"), re.DOTALL)
    names = [line for one in lists for line in one.splitlines() if re.fullmatch("[a-z_]+", line)]
    return [DOCS / f"howto/{name}.md" for name in names if name not in TRIED_ELSEWHERE]


def blocks(page: Path, language: str) -> list[str]:
    text = page.read_text(encoding="utf-8")
    return [block.strip() for block in re.findall(rf"^ *```{language}\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)]


def commands(page: Path) -> list[list[str]]:
    lines = [line.strip() for block in blocks(page, "sh") for line in block.splitlines()]
    return [shlex.split(line, comments=True) for line in lines if line and not line.startswith("make ")]


def annotate() -> None:
    """A person answers all that waits on the server that `labeler studio start` runs."""
    from label_studio_sdk import LabelStudio

    known = LocalStudio(Path(".labeler/studio")).credentials()
    assert known is not None
    meant = topics_meant()
    studio = LabelStudio(base_url=known.url, api_key=known.token)
    for project in studio.projects.list():
        for task in studio.tasks.list(project=project.id):
            if not task.annotations:
                labels = ["None of these" if topic == "none" else topic for topic in meant[task.data["title"]]]
                studio.annotations.create(id=task.id, result=[choices(*labels)])


def correct(sheet: Path) -> None:
    """A person says of some papers that the suggested topics are right."""
    book = load_workbook(sheet)
    head, *rows = book.worksheets[0].rows
    column = [cell.value for cell in head].index("corrected")
    for row in rows[:4]:
        row[column].value = "ok"
    book.save(sheet)


def serve(words: list[str]) -> None:
    """The backend runs until it says that it is connected, and is then interrupted."""
    environment = os.environ | {"LABELER_SERVE_PASSWORD": "for a test"}
    process = subprocess.Popen(
        [*COMMAND, *words[1:], "--port", "0"], stderr=subprocess.PIPE, text=True, env=environment
    )
    assert process.stderr is not None
    told = process.stderr.readline() + process.stderr.readline()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert "Connected to" in told


def write_settings(server: MailServer) -> None:
    """The settings that the tutorial shows, with a server of mail on this machine."""
    (shown,) = (block for block in blocks(TUTORIAL, "toml") if block.startswith("[mail]"))
    at_hand = shown.replace('"mail.example.org"', f'"127.0.0.1"\nport = {server.port}')
    with Path("labeler.toml").open("a", encoding="utf-8") as stream:
        stream.write(f"\n{at_hand}\n")
    Path("inbox").mkdir()
    shutil.copy(SAMPLES / "digest.txt", "inbox")


def furnish(mail_server: MailServer, studio: Path, labeler: Labeler) -> None:
    """What a person has when she begins: topics, settings, a server that has run, files of many kinds."""
    for name in ("digest.txt", "export.json"):
        shutil.copy(SAMPLES / name, name)
    shutil.copy(SAMPLES / "digest-topics.csv", "table.csv")
    assert labeler("read", str(SAMPLES / "export.json"), "-o", "pile.jsonl").code == 0
    shutil.copy(SAMPLES / "topics.toml", "annotations")
    copy_studio(studio, Path(".labeler/studio"))
    write_settings(mail_server)
    Path("pile").mkdir()
    papers = [paper.to_dict() for paper in read_digest("digest.txt")]
    pq.write_table(pa.Table.from_pylist(papers), PILE)
    meant = topics_meant()
    with Path("columns.csv").open("w", encoding="utf-8", newline="") as stream:
        rows = [[title, *(int(topic in topics) for topic in COLUMNS)] for title, topics in meant.items()]
        csv.writer(stream).writerows([["title", *COLUMNS], *rows])
    tagged = (f"TY  - JOUR\nTI  - {title}\nKW  - {'; '.join(topics)}\nER  -\n" for title, topics in meant.items())
    Path("library.ris").write_text("".join(tagged), encoding="utf-8")
    predicted = ("title,topic,probability", *(f'"{title}",vision,0.4' for title in meant))
    Path("predictions.csv").write_text("\n".join(predicted), encoding="utf-8")
    Path("judged").mkdir()
    judged = [{**paper, "topics": meant[paper["title"]]} for paper in papers]
    pq.write_table(pa.Table.from_pylist(judged), "judged/papers.parquet")


def furnish_review(labeler: Labeler) -> None:
    """A review: its topic as the page has it, the records, and those that were screened before."""
    (scheme,) = blocks(DOCS / "howto/screening.md", "toml")
    Path("annotations/topics.toml").write_text(scheme, encoding="utf-8")
    assert labeler("label", str(SAMPLES / "digest.txt"), "--model", "arxiv", "-o", "records.ris").code == 0
    with Path("screened.csv").open("w", encoding="utf-8", newline="") as stream:
        rows = [[title, int("robotics" in topics)] for title, topics in topics_meant().items()]
        csv.writer(stream).writerows([["title", "included"], *rows])


def topics_meant() -> dict[str, list[str]]:
    """The topics of the sample's papers, by their titles."""
    with (SAMPLES / "digest-topics.csv").open(encoding="utf-8") as stream:
        return {row["title"]: row["topics"].split("; ") for row in csv.DictReader(stream)}


@pytest.fixture
def public_sources() -> Iterator[Replay]:
    """A server on this machine in the place of the sources."""
    with Replay() as server:
        server.answers("/api/query", invented.arxiv_api([1, 2], 2))
        server.answers("/atom/cs.CL", invented.arxiv_feed(2, 3))
        server.answers("/api/daily_papers", invented.hf(3, 4))
        yield server


@pytest.mark.slow
def test_all_commands_run_in_the_order_of_the_pages(
    labeler: Labeler, ready_studio: Path, public_sources: Replay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABELER_STUDIO_PROGRAM", str(STUDIO_PROGRAM))
    certificate, key = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("LABELER_MAIL_PASSWORD", PASSWORD)
    mail_server = MailServer((certificate, key), "starttls", users=True)
    mail_server.start()
    monkeypatch.chdir(tmp_path)
    shutil.copy(SAMPLES / "digest.txt", "digest.txt")
    monkeypatch.setenv("LABELER_FETCH_HF_URL", public_sources.url)
    monkeypatch.setenv("LABELER_FETCH_ARXIV_URL", public_sources.url)
    workspace = tmp_path / "my-topics"
    ran = set()
    try:
        for page in (ROOT / "README.md", TUTORIAL, *how_tos()):
            monkeypatch.chdir(workspace if workspace.exists() else tmp_path)
            for words in commands(page):
                if words[0] == "cd":
                    monkeypatch.chdir(words[1])
                    if words[1] == "review":
                        furnish_review(labeler)
                    else:
                        furnish(mail_server, ready_studio, labeler)
                    continue
                assert words[0] == "labeler", f"{page.name}: {words}"
                ran.add(words[1])
                if words[1] == "serve":
                    serve(words)
                    continue
                if words[1] == "pull":
                    annotate()
                if words[-1] == "digest.xlsx" and words[1] == "import":
                    correct(Path(words[-1]))
                if words[1] == "curve" and page.stem == "stopping":  # needs more judged papers than a first day brings
                    assert labeler("import", str(SAMPLES / "export.json")).code == 0
                outcome = labeler(*words[1:])
                assert outcome.code == 0, f"{page.name}: {shlex.join(words)}: {outcome.err}"
            for block in blocks(page, "python"):
                exec(compile(block, page.name, "exec"), {})
    finally:
        LocalStudio(workspace / ".labeler/studio", str(STUDIO_PROGRAM)).stop()
        mail_server.stop()
    assert {letter.to for letter in mail_server.letters} == {"ada@example.org", "bo@example.org"}
    assert ran == COMMANDS


def test_every_make_target_is_explained() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert targets is not None
    explained = re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE)
    assert sorted(explained) == sorted(targets[1].split())


def test_commands_named_in_the_text_exist(labeler: Labeler) -> None:
    named = set(
        re.findall(
            r"`labeler ([a-z]+(?: (?:check|show|config|migrate|list|use|export|start|stop|status|env))?)",
            " ".join(" ".join(page.read_text(encoding="utf-8").split()) for page in DOCS.rglob("*.md")),
        )
    )
    assert {"read", "train", "models export"} <= named
    for name in named:
        assert labeler(*name.split(), "--help").code == 0, name


def test_files_named_in_the_documents_exist() -> None:
    for document in ("README.md", "CONTRIBUTING.md", "SECURITY.md"):
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", (ROOT / document).read_text(encoding="utf-8")):
            assert (ROOT / target).exists(), target

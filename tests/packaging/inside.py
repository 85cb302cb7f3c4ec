"""Run by the Python of an environment in which labeler is installed: the main things, with all warnings shown.

``python -I inside.py SAMPLES [all]`` works in the current folder; with ``all`` also what takes longer. It prints a line
for each fault, and needs nothing but the standard library: where labeler is installed, there is no pytest.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

FILES = [
    word for ending in ("csv", "md", "html", "rss", "atom", "ris", "bib", "xlsx") for word in ("-o", f"labels.{ending}")
]
COMMANDS = (
    ["--version"],
    ["--help"],
    ["read", "--formats"],
    ["label", "digest.txt"],  # before there is a workspace: the model that comes with labeler
    ["--quiet", "init", "."],
    ["import", "export.json"],
    ["read", "digest.txt", "-o", "papers.jsonl"],
    ["topics", "check"],
    ["train"],
    ["agreement"],
    ["demo", "shown"],
    ["plugins"],
    ["label", "digest.txt", *FILES, "-o", "labels.jsonl"],
    ["label", "labels.xlsx", "--to", "eml"],
    ["explain", "digest.txt"],
    ["export", "digest.txt", "-o", "tasks.json"],
)
LONGER = (["evaluate", "--report", "report.html"], ["suspects"], ["curve"])
PARQUET = (["label", "digest.txt", "-o", "labels.parquet"], ["read", "labels.parquet"])
PYTHON = """
import importlib, pkgutil, labeler
for module in pkgutil.walk_packages(labeler.__path__, "labeler."):
    if module.name != "labeler.__main__" and not module.name.startswith("labeler.api."):  # these need the extra serve
        importlib.import_module(module.name)
papers = labeler.read_digest("digest.txt")
model = labeler.TopicClassifier(mode="single").fit([p.title for p in papers] * 2, ["a", "b"] * len(papers))
assert model.predict_proba(papers).shape == (len(papers), 2)
from label_studio_sdk import LabelStudio
from label_studio_sdk.core.api_error import ApiError
from label_studio_sdk.label_interface.interface import LabelInterface
client = LabelStudio(base_url="http://127.0.0.1:1", api_key="none")
assert client.projects and client.tasks and client.predictions and client.annotations
"""
# A warning is ours where a line of ours called for it: its place then is a file of the package.
OUR_WARNING = re.compile(r"^(\S*/labeler/\S+\.py:\d+: \w*Warning: .*)", re.MULTILINE)


def fault(words: list[str]) -> list[str]:
    """Run Python with ``words``, and return what was wrong."""
    done = subprocess.run(
        [sys.executable, "-I", "-W", "always", *words], capture_output=True, text=True, errors="replace", check=False
    )
    faults = [f"{words[1:4]}: {warning}" for warning in OUR_WARNING.findall(done.stderr)]
    if done.returncode:
        faults.append(f"{words[1:4]}: exit code {done.returncode}: {done.stderr.strip()[-500:]!r}")
    return faults


def main(samples: Path, *, everything: bool) -> None:
    """Copy the samples, run everything, and print the faults."""
    for name in ("digest.txt", "export.json"):
        Path(name).write_bytes((samples / name).read_bytes())
    commands = [*COMMANDS, *(LONGER if everything else ())]
    if subprocess.run([sys.executable, "-I", "-c", "import pyarrow"], capture_output=True, check=False).returncode == 0:
        commands += PARQUET
    for words in commands:
        if words == ["import", "export.json"]:  # the scheme of the samples, in place of the one that `init` wrote
            Path("annotations/topics.toml").write_bytes((samples / "topics.toml").read_bytes())
        for line in fault(["-m", "labeler", *words]):
            print(line)
    for line in fault(["-c", PYTHON]):
        print(line)
    labelled = [json.loads(line) for line in Path("labels.jsonl").read_text(encoding="utf-8").splitlines()]
    if not labelled or any(paper["model"] != "mine@1" for paper in labelled):
        print("label: the papers were not labelled by the model that was trained")


main(Path(sys.argv[1]), everything=sys.argv[2:] == ["all"])

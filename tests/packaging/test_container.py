"""The example for containers: checked as far as that can be done where none is built."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.paths import ROOT

FOLDER = ROOT / "docs" / "container"
CONTAINERFILE = (FOLDER / "Containerfile").read_text(encoding="utf-8")


def checked(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load(FOLDER / "compose.yaml")
    return loaded["services"]


def test_the_containerfile_has_no_fault_that_its_linter_knows() -> None:
    hadolint = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or shutil.which("hadolint")
    if hadolint is None:
        pytest.skip("hadolint is missing (`make setup` installs it)")
    checked(hadolint, "--failure-threshold", "style", FOLDER / "Containerfile")


def test_it_copies_what_there_is_and_does_not_run_as_root() -> None:
    for words in re.findall(r"^COPY (?!--from)(.*) \S+$", CONTAINERFILE, re.MULTILINE):
        assert all((ROOT / name).exists() for name in words.split())
    last = CONTAINERFILE.rpartition("\nFROM ")[2]
    assert re.findall(r"^USER (.*)$", last, re.MULTILINE) == ["1000:1000"]
    assert last.index("\nUSER ") < last.index("\nENTRYPOINT ")


@pytest.mark.slow
def test_the_compose_file_is_one() -> None:
    schema = ("--builtin-schema", "vendor.compose-spec")
    checked(sys.executable, "-m", "check_jsonschema", *schema, FOLDER / "compose.yaml")


def test_ports_are_open_to_this_machine_alone_and_secrets_come_from_the_environment(services: dict[str, Any]) -> None:
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert ports == ["127.0.0.1:8080:8080"]
    secrets = [
        value
        for service in services.values()
        for name, value in service["environment"].items()
        if re.search("PASSWORD$|KEY$|USER_TOKEN$", name)
    ]
    assert len(secrets) >= 5
    assert all(re.fullmatch(r"\$\{[A-Z_]+(:\?[^}]*|-)\}", value) for value in secrets)
    for name in ("labeler", "backend"):
        assert services[name]["read_only"]
        assert services[name]["cap_drop"] == ["ALL"]

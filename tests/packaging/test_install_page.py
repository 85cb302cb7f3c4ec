"""The page on installation says what ``pyproject.toml`` says."""

from __future__ import annotations

import re
import tomllib

from tests.paths import ROOT

PAGE = (ROOT / "docs/howto/install.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_leaner_installation_has_all_that_labeler_needs_itself() -> None:
    (command,) = re.findall(r"pip install --no-deps label-studio-sdk.*?\n(pip install .*?)\n```", PAGE, re.DOTALL)
    named = {re.split("[<>=]", word.strip("'"))[0] for word in command.replace("\\\n", "").split()[2:]}
    needed = {re.split("[<>=]", line)[0] for line in PROJECT["dependencies"]}
    assert needed - named == {"label-studio-sdk"}
    (typer,) = (line for line in PROJECT["dependencies"] if line.startswith("typer"))
    assert f"'{typer}'" in command


def test_every_extra_for_users_is_explained() -> None:
    told = set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))
    assert told == set(PROJECT["optional-dependencies"]) - {"dev", "docs", "bench"}

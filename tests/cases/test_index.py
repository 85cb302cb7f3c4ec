"""Each file of the index of cases is tried by a test beside this one."""

from __future__ import annotations

import re
from pathlib import Path


def test_every_case_of_the_index_is_tried(cases: Path) -> None:
    rows = [line.split("|")[1] for line in (cases / "INDEX.md").read_text(encoding="utf-8").splitlines() if "|" in line]
    named = {name for row in rows for name in re.findall(r"\w+\.(?:[a-z]+\.)?(?:\w+)", row)}
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    assert named
    assert not {name for name in named if name not in tests}

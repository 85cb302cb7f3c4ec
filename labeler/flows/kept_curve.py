"""The last learning curve of a workspace, kept for the report as long as the judgements are those that it is of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from labeler.config import Workspace
from labeler.errors import LabelerError
from labeler.files import read_bytes, write_text
from labeler.flows.training_input import judgements_digest
from labeler.json_parsing import parse_json
from labeler.judgements import read_log
from labeler.judgements.forgotten import Forgotten, nothing_forgotten_since
from labeler.judgements.same_people import names_of_people

FILE = "curve.json"  # in the private folder of a workspace
_JUDGEMENTS, _CURVE = "judgements", "curve"


def keep_curve(workspace: Workspace, curve: Mapping[str, Any], judgements: str, forgotten: Forgotten) -> list[str]:
    """Keep a curve (as :meth:`labeler.flows.curve.Curve.to_dict` has it) of ``judgements`` with this digest.

    Where that cannot be, as where something was ``forgotten`` meanwhile, a message says so: the curve is as good.
    """
    try:
        record = json.dumps({_JUDGEMENTS: judgements, _CURVE: curve}, ensure_ascii=False)
        with nothing_forgotten_since(workspace, forgotten):
            write_text(workspace.private / FILE, record + "\n")
    except (LabelerError, OSError) as error:
        return [f"the curve is not kept for the report: {error}"]
    return []


def kept_curve(workspace: Workspace) -> Mapping[str, Any] | None:
    """The curve that was kept, None where there is none of the judgements of today, or it cannot be read."""
    try:
        record = parse_json(read_bytes(workspace.private / FILE))
        curve: Mapping[str, Any] = record[_CURVE]
        judged = judgements_digest(read_log(workspace).judgements, names_of_people(workspace))
        return curve if record[_JUDGEMENTS] == judged and curve["measured"] and curve["projected"] else None
    except (LabelerError, OSError, ValueError, LookupError, TypeError):
        return None

"""Judged papers as a sheet in which a person settles what others said."""

from __future__ import annotations

from dataclasses import replace
from typing import IO, Any

from labeler.config import Workspace
from labeler.flows.review_papers import ToReview, to_review
from labeler.publish.review_sheet import COLUMNS, PROMPT, cells_of
from labeler.publish.writers import csv, xlsx
from labeler.topics import load_checked_scheme


def write_review(
    workspace: Workspace, kind: str, blind: bool, model_label: str | None, out: IO[Any], is_workbook: bool
) -> ToReview:
    """Write the papers of a kind to ``out``, as a workbook (bytes) or as CSV (text), and return them.

    Papers that are no suspects and were drawn at random are left out: the sheet cannot mark them unseen.

    Raises:
        NotFoundError: there is no model of that label, or none that could doubt a judgement.
        InputError: too few papers were judged to doubt any, or the log cannot be read.
        RefusedError: the scheme has faults, or the model is damaged.
        UsageError: there are more papers than a workbook has rows.
    """
    scheme = load_checked_scheme(workspace.topics)
    found = to_review(workspace, scheme, kind, blind, model_label)
    found = replace(found, papers=[one for one in found.papers if not one.control])
    rows = (cells_of(one, found.said_of(one), kind) for one in found.papers)
    if is_workbook:
        topics = [scheme.name(topic) for topic in scheme.offered]
        xlsx.write_sheet(COLUMNS, rows, out, ("none", *topics), PROMPT)
    else:
        csv.write_rows(COLUMNS, rows, out)
    return found

"""Labelled papers for people and programs: one writer an output, found by a registry."""

from labeler.publish.labelled import LabelledPaper, labelled_papers
from labeler.publish.registry import OUTPUTS, writer_named

__all__ = ["OUTPUTS", "LabelledPaper", "labelled_papers", "writer_named"]

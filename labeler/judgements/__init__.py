"""Judgements of annotators on papers: the append-only log, imports from tables, and the labels by majority vote."""

from labeler.judgements.from_table import TableOptions, from_table, row_by_row
from labeler.judgements.incoming import Incoming
from labeler.judgements.judgement import Judgement
from labeler.judgements.labels import JudgedPaper, Labels, labels_of, missing_topic_notes
from labeler.judgements.log import JudgementLog, read_log
from labeler.judgements.revise import additions

__all__ = [
    "Incoming",
    "JudgedPaper",
    "Judgement",
    "JudgementLog",
    "Labels",
    "TableOptions",
    "additions",
    "from_table",
    "labels_of",
    "missing_topic_notes",
    "read_log",
    "row_by_row",
]

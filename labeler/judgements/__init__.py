"""Judgements of annotators on papers: the append-only log, imports from tables, and the labels by majority vote."""

from labeler.judgements.from_table import TableMeaning, from_table, row_by_row
from labeler.judgements.incoming import Incoming
from labeler.judgements.judgement import Judgement
from labeler.judgements.labels import JudgedPaper, Labels, gone_topics, labels_of
from labeler.judgements.log import JudgementLog
from labeler.judgements.revise import additions

__all__ = [
    "Incoming",
    "JudgedPaper",
    "Judgement",
    "JudgementLog",
    "Labels",
    "TableMeaning",
    "additions",
    "from_table",
    "gone_topics",
    "labels_of",
    "row_by_row",
]

"""Papers: what identifies them, how their text is cleaned, and when two records are one paper."""

from labeler.papers.merge import Merger, merge
from labeler.papers.paper import Paper

__all__ = ["Merger", "Paper", "merge"]

"""Papers: their canonical identifiers, the cleaning of their text, and the merging of near-duplicate records."""

from labeler.papers.merge import Merger, merge
from labeler.papers.paper import Paper

__all__ = ["Merger", "Paper", "merge"]

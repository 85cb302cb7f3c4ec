"""New themes: groups of papers of a kind of which few were judged.

All papers, judged ones and those that came, are put in a tree by average linkage. In each branch the share of all that
came is compared with the share of all that was judged (a scan statistic over the branches of a tree: M. Kulldorff et
al., "A tree-based scan statistic for database disease surveillance", 2003). Papers lie near each other if their words
tell of the same things, and if they are of the same fields.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.drift.chart import ratio
from labeler.drift.fields import FieldMap, shipped_fields, words_of
from labeler.features.background import Background
from labeler.sampling.vectors import paper_vectors

Floats = npt.NDArray[np.float64]
MOST = 5000  # papers that can be put in a tree: it takes their squared number of distances
FEWEST_PAPERS = 12  # in a group
FEWEST_JUDGED = 20  # papers beside which it can be told what is new
_LARGEST = 0.5  # share of what came: a larger group is what the papers are about, no theme among them
_BOUND, _BOUND_OF_PART = 12.0, 6.0  # of the ratio
_ALIKE = 0.5  # cosine between the fields of two halves of a group, below which they are two groups
_FIELDS_COUNT = 2.0  # how much fields count beside words in the distance of two papers
_WORDS, _BEGINNING = 5, 5  # words that name a group; letters in which words of one stem agree


class Theme(NamedTuple):
    """A group of papers that came (``members``, row numbers, the most typical first), ``judged`` of whose like were.

    ``words`` set them apart from the others; ``field`` is the field that most of them are of, empty where there is
    none, and ``ratio`` the statistic by which the group was found.
    """

    members: tuple[int, ...]
    judged: int
    words: tuple[str, ...]
    field: str
    ratio: float


def themes(
    came: Sequence[str], judged: Sequence[str], background: Background, known_fields: FieldMap | None = None
) -> list[Theme]:
    """The groups of papers among the texts that ``came`` of whose kind few are ``judged``, the clearest first.

    ``known_fields`` is a map of fields, by default the one that comes with labeler.

    Of more than 5,000 texts an even choice is looked at. None are found where fewer than twenty papers were judged.
    """
    from scipy.cluster.hierarchy import linkage

    step = max(1, -(-(len(came) + min(len(judged), MOST // 2)) // MOST))
    rows = range(0, len(came), step)
    known = judged[:: -(-len(judged) // (MOST // 2)) or 1]
    if len(known) < FEWEST_JUDGED or len(rows) < FEWEST_PAPERS:
        return []
    texts = [*(came[row] for row in rows), *known]
    fields, names = _fields(texts, known_fields or shipped_fields())
    points = np.hstack([paper_vectors(texts, background), _FIELDS_COUNT * np.sqrt(fields)])
    tree = _Tree(linkage(points, method="average"), len(rows), fields)
    found = []
    for branch in tree.groups():
        leaves = tree.leaves(branch)
        members = leaves[leaves < len(rows)]
        nearest = members[np.argsort(-(points[members] @ points[members].mean(axis=0)), kind="stable")]
        share = fields[members].mean(axis=0)
        field = names[int(share.argmax())] if names and share.max() >= _ALIKE / 2 else ""
        words = _telling_words([texts[row] for row in members], texts[: len(rows)])
        chosen = tuple(rows[row] for row in nearest.tolist())
        found.append(Theme(chosen, len(leaves) - len(members), words, field, float(tree.ratios[branch])))
    return sorted(found, key=lambda theme: -theme.ratio)


class _Tree:
    """A tree of papers, of which the first ``n_came`` came and the others were judged. Branches are numbered as scipy
    does: papers first, then each merger."""

    def __init__(self, mergers: Floats, n_came: int, fields: Floats) -> None:
        self._n, self._fields = len(mergers) + 1, fields
        self._parts = mergers[:, :2].astype(int)
        came = np.zeros(2 * self._n - 1)
        came[:n_came] = 1
        judged = np.zeros(2 * self._n - 1)
        judged[n_came : self._n] = 1
        for number, (one, other) in enumerate(self._parts, start=self._n):
            came[number], judged[number] = came[one] + came[other], judged[one] + judged[other]
        self._came = came
        earlier, later = judged / judged[-1], came / came[-1]
        ratios = np.where(later > earlier, ratio(earlier, judged[-1:], later, came[-1:]), 0.0)
        self.ratios = np.where((came >= FEWEST_PAPERS) & (later <= _LARGEST), ratios, 0.0)

    def groups(self) -> list[int]:
        """The branches that are groups, none within another."""
        taken, found = np.zeros(self._n, dtype=bool), list[int]()
        for branch in np.argsort(-self.ratios, kind="stable").tolist():
            if self.ratios[branch] < _BOUND:
                break
            leaves = self.leaves(branch)
            if not taken[leaves].any():
                taken[leaves] = True
                found += self._parted(branch)
        return found

    def leaves(self, branch: int) -> npt.NDArray[np.int64]:
        """The papers of a branch, by their numbers."""
        waiting, found = [branch], list[int]()
        while waiting:
            one = waiting.pop()
            if one < self._n:
                found.append(one)
            else:
                waiting += self._parts[one - self._n].tolist()
        return np.array(sorted(found), dtype=np.int64)

    def _parted(self, branch: int) -> list[int]:
        """The branch, or those of its parts that are of different fields and clear enough."""
        one = branch
        while one >= self._n:
            large = [part for part in self._parts[one - self._n].tolist() if self._came[part] >= FEWEST_PAPERS]
            if len(large) == 2:
                first, second = map(self._mean, large)
                if float(first @ second) >= _ALIKE:
                    break
                clear = [part for part in large if self.ratios[part] > _BOUND_OF_PART]
                return [group for part in clear for group in self._parted(part)] or [branch]
            if not large:
                break
            one = large[0]
        return [branch]

    def _mean(self, branch: int) -> Floats:
        mean = self._fields[self.leaves(branch)].mean(axis=0)
        return np.asarray(mean / (np.linalg.norm(mean) + 1e-9))


def _fields(texts: Sequence[str], known: FieldMap) -> tuple[Floats, tuple[str, ...]]:
    """How much each text is of each field (n_texts, n_fields), and the names of fields."""
    numbers = {name: number for number, name in enumerate(known.names)}
    found = np.zeros((len(texts), len(numbers)))
    for row, fields in enumerate(known.fields_of(texts)):
        for name, likely in fields.items():
            if name in numbers:
                found[row, numbers[name]] = likely
    return found, known.names


def _telling_words(inside: Sequence[str], every: Sequence[str]) -> tuple[str, ...]:
    """The words that set some texts apart: p·ln(p/q)³, where p of them and q of all have a word."""

    def shares(texts: Sequence[str]) -> dict[str, float]:
        counts: Counter[Any] = Counter()
        for text in texts:
            counts.update(set(words_of(text)))
        return {word: count / len(texts) for word, count in counts.items() if count > 1}

    overall = shares(every)
    gains = {
        word: share * np.log(share / overall[word]) ** 3
        for word, share in shares(inside).items()
        if share > overall[word] and not word.isdigit()
    }
    chosen: dict[str, str] = {}
    for word in sorted(gains, key=lambda one: (-gains[one], one)):
        chosen.setdefault(word[:_BEGINNING], word)
        if len(chosen) == _WORDS:
            break
    return tuple(chosen.values())

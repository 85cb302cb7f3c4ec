"""The words behind a topic: the terms of a paper that add most to its score, for many papers and topics at once."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.features.rows import Rows
from labeler.features.terms import is_character, printed
from labeler.features.tfidf import Floats
from labeler.features.tokens import Ints, encoded, tokens_in
from labeler.score.linear import LinearModel

SHOWN = 5
_SHARE = 0.25  # of the largest addend: what adds less is looked at only where the terms above are too few
_FIRST_BEYOND_LATIN = 0xE0  # first byte in UTF-8 of the scripts that are written without blanks
_FUNCTION_WORDS = """
    a about above across after again all also although among an and any are as at be because been before being
    between both but by can could did do does each even every few for from further had has have here how however
    if in into is it its just less many may more most much must no not of often on one only or other our out
    over own per same several show shows since so some such than that the their them then there these they this
    those through thus to too two under until up upon us use used using very was we well were what when where
    whether which while who why will with within without would yet you your new paper propose study results
    """


class TopTerms(NamedTuple):
    """Terms by their columns: those of pair i from ``ends[i]`` to ``ends[i + 1]``, the one that adds most first."""

    columns: npt.NDArray[np.int32]
    ends: Ints


class TopWords:
    """Finds the first few terms that add to a score: none of function words alone, and no two that share a word."""

    def __init__(self, linear: LinearModel) -> None:
        vocabulary = linear.tfidf.vocabulary
        self._linear = linear
        self._one, self._other = vocabulary.term_words
        is_function_word = np.zeros(len(vocabulary.words) + 1, bool)
        tokens = tokens_in(*encoded([_FUNCTION_WORDS]), vocabulary.words.longest, vocabulary.words.seed)
        is_function_word[vocabulary.words.numbers(tokens)] = True
        is_function_word[-1] = True  # what the number -1 finds: the term has no second word
        self._is_content = ~(is_function_word[self._one] & is_function_word[self._other])
        first_bytes = vocabulary.words.blocks.take(vocabulary.words.begins[:-1]) & np.uint64(0xFF)
        beyond_latin = np.flatnonzero(first_bytes >= _FIRST_BEYOND_LATIN).astype(np.int32)
        alone = np.zeros(len(vocabulary.words) + 1, bool)
        alone[beyond_latin] = list(map(is_character, vocabulary.words.texts(beyond_latin)))
        self._is_character = alone[self._one] & (self._other < 0)
        self._is_content &= ~self._is_character

    def of(self, rows: Rows, papers: Ints, topics: Ints) -> TopTerms:
        """The terms of each pair of a paper and a topic: ``papers`` (n_pairs,) are rows, ``topics`` are columns.

        In scripts without blanks between words, a character alone says little: it is told where there is nothing else.
        """
        content = self._of_kind(rows, self._is_content)
        found, terms = self._chosen(*self._addends(content, papers, topics, _SHARE))
        found, terms = self._again(found, terms, content, papers, topics, SHOWN)
        if self._is_character.any():
            characters = self._of_kind(rows, self._is_character)
            found, terms = self._again(found, terms, characters, papers, topics, 1)
        order = np.argsort(found, kind="stable")
        return TopTerms(terms[order], np.searchsorted(found[order], np.arange(len(papers) + 1)))

    def _again(
        self, found: Ints, terms: npt.NDArray[np.int32], rows: Rows, papers: Ints, topics: Ints, enough: int
    ) -> tuple[Ints, npt.NDArray[np.int32]]:
        """The pairs that were ``found`` and their terms; of pairs that have not ``enough``, all terms of ``rows``."""
        few = np.flatnonzero(np.bincount(found, minlength=len(papers)) < enough)
        if not len(few):
            return found, terms
        again, others = self._chosen(*self._addends(rows, papers[few], topics[few], 0))
        settled = np.isin(found, few, invert=True)
        return np.concatenate((found[settled], few[again])), np.concatenate((terms[settled], others))

    def texts(self, rows: Rows, papers: Ints, topics: Ints) -> list[list[str]]:
        """The same as strings, a list for each pair."""
        found = self.of(rows, papers, topics)
        numbers, names = self.named(found.columns)
        texts = list(map(names.__getitem__, numbers.tolist()))
        return [texts[begin:end] for begin, end in pairwise(found.ends.tolist())]

    def named(self, columns: npt.NDArray[np.int32]) -> tuple[Ints, list[str]]:
        """Terms as numbers of strings, and these strings, each once."""
        position = np.zeros(len(self._is_content), np.int64)
        position[columns] = 1
        different = np.flatnonzero(position)
        position[different] = np.arange(len(different))
        return position.take(columns), list(map(printed, self._linear.tfidf.vocabulary.texts(different)))

    def _of_kind(self, rows: Rows, wanted: npt.NDArray[np.bool_]) -> Rows:
        """The terms of rows that are ``wanted`` (n_terms,) alone."""
        kept = np.flatnonzero(wanted.take(rows.columns, mode="clip"))
        columns, values = rows.columns.take(kept), rows.values.take(kept)
        if self._linear.scales is not None:
            values *= self._linear.scales.take(columns)
        return replace(rows, columns=columns, values=values, ends=np.searchsorted(kept, rows.ends))

    def _addends(
        self, rows: Rows, papers: Ints, topics: Ints, share: float
    ) -> tuple[Ints, npt.NDArray[np.int32], Floats]:
        """What terms add to the score of each pair: pairs in their order, terms, addends.

        Those that add less than a ``share`` of the largest addend of their pair are left out, and all that add nothing.
        """
        lengths = np.diff(rows.ends).take(papers)
        ends = np.cumsum(lengths)
        at = np.arange(ends[-1] if len(ends) else 0) + np.repeat(rows.ends.take(papers) - ends + lengths, lengths)
        weights = self._linear.weights.reshape(-1)
        cells = (rows.columns * np.int64(self._linear.weights.shape[1])).take(at, mode="clip")
        cells += np.repeat(topics, lengths)
        values, weights = rows.values.take(at, mode="clip"), weights.take(cells, mode="clip")
        addends = values * weights
        largest = np.zeros(len(papers), addends.dtype)
        if (filled := lengths > 0).any():
            largest[filled] = np.maximum.reduceat(addends, (ends - lengths)[filled])
        least = np.maximum(share * largest, np.finfo(addends.dtype).tiny).astype(addends.dtype)
        kept = np.flatnonzero(addends >= np.repeat(least, lengths))
        exact = values[kept].astype(np.float64) * weights[kept]
        counts = np.diff(np.searchsorted(kept, ends), prepend=0)
        return np.repeat(np.arange(len(papers)), counts), rows.columns.take(at[kept]), exact

    def _chosen(
        self, pairs: Ints, columns: npt.NDArray[np.int32], addends: Floats
    ) -> tuple[Ints, npt.NDArray[np.int32]]:
        """The first terms of each pair: in each round the one that adds most of those that are left.

        Then whatever shares a word with it leaves. Of terms that add the same the first column counts.
        """
        one, other = self._one.take(columns), self._other.take(columns)
        other = np.where(other < 0, one, other)
        found, terms = [pairs[:0]], [columns[:0]]
        for _ in range(SHOWN):
            if not len(pairs):
                break
            begins = np.flatnonzero(np.append(True, pairs[1:] != pairs[:-1]))
            counts = np.diff(begins, append=len(pairs))
            best = np.flatnonzero(addends == np.repeat(np.maximum.reduceat(addends, begins), counts))
            if len(best) > len(begins):
                best = best[np.lexsort((columns[best], pairs[best]))]
                best = best[np.append(True, pairs[best[1:]] != pairs[best[:-1]])]
            found.append(pairs[best])
            terms.append(columns[best])
            best_one, best_other = np.repeat(one[best], counts), np.repeat(other[best], counts)
            left = np.flatnonzero((one != best_one) & (one != best_other) & (other != best_one) & (other != best_other))
            pairs, columns, addends = pairs[left], columns[left], addends[left]
            one, other = one[left], other[left]
        return np.concatenate(found), np.concatenate(terms)

"""Which languages a text is in, by its scripts, its commonest words, and letters that one language alone has.

A text is looked at piece by piece, so that one with an abstract in each of two languages is in both, while a few terms
or a title in another language do not count.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from labeler.papers.language_table import LANGUAGES, LATIN, NAMES
from labeler.patterns import pattern
from labeler.wording import counted

ENGLISH = "en"
_PIECE, _PIECES = 400, 8  # characters of a piece, and pieces that are looked at
_FEWEST, _SHARE = 4, 0.12  # common words in a text of a language, and their share of all words
_OF_SCRIPT = 0.3  # share of letters
_LEAST_SHARE = 0.01  # of texts in a language that is told
_OF_TEXT = 0.25  # share of a text that is in a second language
_KANA = 0.05  # of Japanese, which has Chinese characters beside them
_EAST_ASIAN = {"CJK": "CJK", "BOPOMOFO": "CJK", "HIRAGANA": "HIRAGANA", "KATAKANA": "HIRAGANA", "HANGUL": "HANGUL"}
_DENSE = 3.0  # letters of an alphabet that say as much as a character of these
_MOST_BEYOND_ASCII = 0.2  # bytes to a character that text of the Latin script has beyond ASCII
_ENGLISH = next(language.words for language in LANGUAGES if language.code == ENGLISH)
_WORD = pattern(r"[^\W\d_]+(?:[\u0300-\u036f\u064b-\u0655\u0900-\u0d7f\u200c]+[^\W\d_]*)*")
_MATH = pattern(r"\$[^$]{0,200}\$|\\[a-zA-Z]+|(?<!\S)\S*[_^=]\S*")


def language_of(text: str) -> str:
    """The code (ISO 639) of the language that most of a text is in, ``""`` where that cannot be told."""
    if _is_english(text[:_PIECE]) and (text.isascii() or _is_mostly_ascii(text)):
        return ENGLISH
    return next(iter(languages_of(text)), "")


def languages_of(text: str) -> tuple[str, ...]:
    """The codes (ISO 639) of the languages that a text is in, the one of most of it first; none where none is told."""
    last = text[-_PIECE:]
    if text.isascii() and _is_english(text[:_PIECE]) and _is_english(last):
        return (ENGLISH,)
    weights = defaultdict[str, float](float)
    for begin in range(0, min(len(text), _PIECE * _PIECES), _PIECE):
        piece = text[begin : begin + _PIECE] if begin + _PIECE <= len(text) else last
        language, weight = _of_piece(piece.lower())
        weights[language] += weight * (len(text) - begin if begin + _PIECE > len(text) else _PIECE)
    weights.pop("", None)
    total = sum(weights.values())
    ranked = sorted(weights.items(), key=lambda one: -one[1])
    return tuple(language for language, weight in ranked if weight >= _OF_TEXT * total)


def main_language(texts: Iterable[str]) -> str:
    """The language that most of some texts are in; English where that cannot be told."""
    counts = Counter(filter(None, map(language_of, texts)))
    return counts.most_common(1)[0][0] if counts else ENGLISH


def language_counts(texts: Iterable[str]) -> dict[tuple[str, ...], int]:
    """How many texts are in each language, or in each group of several; the most frequent first."""
    return dict(Counter(map(languages_of, texts)).most_common())


def language_shares(texts: Iterable[str]) -> dict[str, float]:
    """The share of texts that are in each language, the largest first; none where all are in English.

    A text in two languages counts for both, and one whose language cannot be told for none.
    """
    found = [languages for text in texts if (languages := languages_of(text))]
    counts = Counter(language for languages in found for language in languages)
    if not set(counts) - {ENGLISH}:
        return {}
    return {language: round(count / len(found), 3) for language, count in counts.most_common()}


def told_shares(shares: Mapping[str, float]) -> str:
    """``Chinese (96%) and English (4%)``, or ``Chinese`` alone; without languages of less than one in a hundred."""
    frequent = {language: share for language, share in shares.items() if share >= _LEAST_SHARE}
    told = [f"{named((language,))} ({share:.0%})" for language, share in frequent.items()]
    return ", ".join(told[:-1]) + f" and {told[-1]}" if len(told) > 1 else named(tuple(frequent))


def told_counts(counts: Mapping[tuple[str, ...], int]) -> str:
    """``12 papers: 9 in English, 3 in Chinese``; empty where none is told to be in another than English."""
    if not any(set(languages) - {ENGLISH} for languages in counts):
        return ""
    told = (f"{count} in {named(languages)}" for languages, count in counts.items())
    return f"{counted(sum(counts.values()), 'paper')}: {', '.join(told)}"


def named(languages: Sequence[str]) -> str:
    """The names of languages in English, as in ``Chinese and English``."""
    *most, last = [NAMES.get(language, language) for language in languages] or ["a language that cannot be told"]
    return f"{', '.join(most)} and {last}" if most else last


def _is_english(piece: str) -> bool:
    words = piece.lower().split()
    common = sum(map(_ENGLISH.__contains__, words))
    return common >= _FEWEST and common >= _SHARE * len(words)


def _is_mostly_ascii(text: str) -> bool:
    return len(text.encode("utf-8", "replace")) <= (1 + _MOST_BEYOND_ASCII) * len(text)


def _of_piece(piece: str) -> tuple[str, float]:
    """The language of a lower-cased piece of a text, and how much a character of it says."""
    if _is_mostly_ascii(piece) and _is_english(piece):
        return ENGLISH, 1.0
    words = _WORD.findall(_MATH.sub(" ", piece))
    scripts = Counter(map(_script, "".join(words)))
    dense = sum(count for script, count in scripts.items() if script in _EAST_ASIAN)
    letters = scripts.total() + (_DENSE - 1) * dense
    foreign = _main_script({script: count for script, count in scripts.items() if script not in (LATIN, "")}, letters)
    if foreign:
        return _best(foreign, words)[0], _DENSE if foreign in _EAST_ASIAN else 1.0
    language, count = _best(LATIN, words)
    english = sum(map(_ENGLISH.__contains__, words))
    is_sure = count >= max(_FEWEST, _SHARE * len(words)) and (language == ENGLISH or count > 2 * english)
    return language if is_sure else "", 1.0


def _main_script(scripts: Mapping[str, int], letters: float) -> str:
    """The script of most letters beside the Latin one, where it has its share of so many ``letters``."""
    groups: Counter[str] = Counter()
    for script, count in scripts.items():
        groups[_EAST_ASIAN.get(script, script)] += count
    east_asian = sum(groups[group] for group in set(_EAST_ASIAN.values()))
    if east_asian * _DENSE > _OF_SCRIPT * letters and groups["HANGUL"] < east_asian / 2:
        return "HIRAGANA" if groups["HIRAGANA"] > _KANA * east_asian else "CJK"
    [(script, count)] = groups.most_common(1) or [("", 0)]
    return script if count * (_DENSE if script in _EAST_ASIAN else 1.0) > _OF_SCRIPT * letters else ""


def _best(script: str, words: Sequence[str]) -> tuple[str, int]:
    """The language of a script that most words speak for, and how many do; the first one where none do."""
    codes, of_words, of_letters = _signs(script)
    counts = Counter(dict.fromkeys(codes, 0))
    for word in words:
        counts.update(of_words.get(word, ()))
        if not word.isascii():
            counts.update({code for letter in word for code in of_letters.get(letter, ())})
    best = max(codes, key=counts.__getitem__, default="")
    return best, counts[best]


@cache
def _signs(script: str) -> tuple[list[str], dict[str, list[str]], dict[str, list[str]]]:
    """The codes of a script's languages, and those that have each common word, and each letter of their own."""
    languages = [language for language in LANGUAGES if language.script == script]
    of_words, of_letters = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for language in languages:
        for word in language.words:
            of_words[word].append(language.code)
        for letter in language.letters:
            of_letters[letter].append(language.code)
    return [language.code for language in languages], of_words, of_letters


@cache
def _script(char: str) -> str:
    """The script of a letter, as the names of characters call it."""
    return unicodedata.name(char, "").partition(" ")[0]

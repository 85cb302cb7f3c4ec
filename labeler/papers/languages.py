"""Which language a text is in, by its script and its commonest words: enough to tell that it is another one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

ENGLISH = "en"
_SAMPLE = 400  # characters that are looked at
_FEWEST, _SHARE = 4, 0.12  # common words in a text of a language, and their share of all words
_SCRIPTS = (
    ("ja", r"[\u3040-\u30ff]"),  # before Chinese, whose characters it uses, too
    ("zh", r"[\u4e00-\u9fff\u3400-\u4dbf]"),
    ("ko", r"[\uac00-\ud7af\u1100-\u11ff]"),
    ("ru", r"[\u0400-\u04ff]"),
    ("el", r"[\u0370-\u03ff\u1f00-\u1fff]"),
    ("ar", r"[\u0600-\u06ff]"),
    ("he", r"[\u0590-\u05ff]"),
    ("hi", r"[\u0900-\u097f]"),
    ("th", r"[\u0e00-\u0e7f]"),
)
_OF_SCRIPT = 0.3  # share of letters
_KANA = 0.05  # of Japanese, which has Chinese characters beside them
# Articles, prepositions and conjunctions: what every abstract of a language has. A word may be of several.
_COMMON = {
    "en": "the of and in to is that for with are we this by on from which be as an has have it was were these",
    "de": "der die das und ist nicht mit für von den werden eine wir des dem auf sind zu wird einer als durch zur",
    "fr": "le la les des et est une dans pour que nous du par sur avec qui sont cette au aux ce ces en",
    "es": "el la los las en que una para con por del se es este como al de lo son entre su un",
    "pt": "os as em que uma para com por do da não na no dos das um de este como são ao foi",
    "it": "il la di che per con una del della gli sono dei nel un le delle in questo si come da al",
    "nl": "de het een en van voor met zijn dat is op in te worden deze door wordt aan bij ook niet",
    "pl": "na do jest się że oraz dla są nie to przez od ich jako po",
    "sv": "och att en som är av för på med det den till om ett har från inte",
    "da": "og at en som er af for på med det den til om et har fra ikke",
    "tr": "ve bir bu için ile olarak da de olan çok daha en olduğu",
    "id": "dan yang di dengan untuk pada dari ini dalam adalah ke oleh",
}
_WORDS = {language: frozenset(words.split()) for language, words in _COMMON.items()}
_ENGLISH = _WORDS[ENGLISH]
_WORD = r"[^\W\d_]+"
_MATH = r"\$[^$]{0,200}\$|\\[a-zA-Z]+"


def language_of(text: str) -> str:
    """The code (ISO 639-1) of the language that a text is in, ``""`` where that cannot be told.

    Languages of one script (Russian and Ukrainian) are not told apart, if it is not the Latin one.
    """
    text = text[:_SAMPLE].lower()
    words = text.split()
    english = sum(map(_ENGLISH.__contains__, words))
    if english >= _FEWEST and english >= _SHARE * len(words):
        return ENGLISH
    words = re.findall(_WORD, re.sub(_MATH, " ", text))
    if not text.isascii() and (script := _language_of_script("".join(words))):
        return script
    counts = {language: sum(map(known.__contains__, words)) for language, known in _WORDS.items()}
    first, second = sorted(counts, key=lambda language: -counts[language])[:2]
    is_sure = (
        counts[first] >= max(_FEWEST, _SHARE * len(words))
        and counts[first] > counts[second]
        and counts[first] > 2 * english
    )
    return first if is_sure else ""


def _language_of_script(letters: str) -> str:
    for language, script in _SCRIPTS:
        count = len(re.findall(script, letters))
        if count > (_KANA if language == "ja" else _OF_SCRIPT) * len(letters):
            return language
    return ""


def main_language(texts: Iterable[str]) -> str:
    """The language that most of some texts are in; English where that cannot be told."""
    counts = Counter(filter(None, map(language_of, texts)))
    return counts.most_common(1)[0][0] if counts else ENGLISH

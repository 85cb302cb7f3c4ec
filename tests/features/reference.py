"""What the fast engine is compared with: scikit-learn, and words found one character after the other; and words whose
keys are the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from itertools import chain
from operator import methodcaller

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from labeler.features.folding import table
from labeler.features.scripts import JOINERS, MARK_LETTERS, WORD_BLOCKS, is_in
from labeler.features.terms import NEWEST, SEPARATOR, Tokenizer
from labeler.features.tfidf import Tfidf
from labeler.features.tokens import _MULTIPLIERS, encoded, tokens_in

# All characters; of those that nobody has assigned, or everybody for himself, which are all alike, every sixteenth.
CODE_POINTS = [
    code
    for code in chain(range(0xD800), range(0xE000, 0x110000))
    if code % 16 == 0 or unicodedata.category(chr(code)) not in ("Cn", "Co")
]
LETTERS = b"abcdefghijklmnopqrstuvwxyz0123456789_"
ODD = [
    "İstanbul İİ Iı", "Straße GROẞE ßß", "ΑΣ ΑΣΑ ΣΣ ΌΣΟΣ. Σ' Σ\u0301 α\u0345Σ", "e\u0301t\u0301e\u0301 cafe\u0301",
    "A\u030a a\u030a", "x² ½ ½½ Ⅷ Ⅷa ①② m³", "学习 机器学习 学 習x", "a\0b ab\0cd \0 \0\0", "ﬁne eﬃcient ﬀ ﬆ",
    "\U0001f469\u200d\U0001f52c a\U0001f469\u200d\U0001f52cb \U0001f916\U0001f916 ab\U0001f916cd",
    "हिन्दी में कुछ शब्द", "K Kelvin \u212aelvin \u212b\u212b", "ǅ ǆ ŉa Ŀ ĿL", "a\u00a0b ab\u00a0cd ab\u2028cd",
    "ab\x85cd ab\x1ccd", "ab\ud800cd \udfff \ud83e\udd16 a\ud800", "_ __ ___ _a a_ __a_ a__b _½",
    "co\u00adop zero\u200bwidth a\u200db\u2060c", "ªº ʰʰ ˈa 'tis don't l’été", "ꙮꙮ 𝐀𝐁 𝟘𝟙 𐐀𐐁 𞤀𞤁",
    "ا\u0644\u0644ه اَلْ٣٤ ۴۵", "ไทย ภาษา ນ້ຳ", "I\u0307 i\u0307 J\u030c", "a1 1a 11 1 ٣٤ Ab1",
    "ที่น้ำเด็กไทย๑๒๓ ๑ เ เเก กั้ง ັກ", "ເດັກ ນ້ຳ", "ភាសាខ្មែរ ្ក x្ក", "မြန်မာဘာသာ ဗုဒ္ဓ ၁၂",
    "한국어 처리 \u1112\u1161\u11ab\u1100\u116e\u11a8", "パソコン ﾊﾟｿｺﾝ か\u3099き 人々 ー 〆切 ゝ",
    "\U00020000\U00020001字 葛\U000e0100城 ꀀꀁ", "学x習 学xy習 学é習 é学é 学1習 学12 学\u0301é学 学_習",
    "!\u0301ab !\uff9e\uff9eab x\u0301 \u0301 ab\u0301\u0302cd \u1b5b学", "用BERT模型做NLP任务，准确率92.5%。",
    "།བོད་ཡིག། தமிழ் বাংলা",
    "ٱلْكِتَابُ أإآء مـــدرسة ـــ ـ ََ a\u064eb ى ی ے کتاب‌ها می\u200cخواهم", "שָׁלוֹם ב־ בּ \u05b0ab", "आवाज़ हँस क़ ़",
    "ക\u200dഷ ന്\u200d ไทย\u200bภาษา ไ\u200bท 学\u200b習 \u200b \u200d\u200d a\u200bb ab\ufeff\u2060cd _\u0640_",
    "ab-cd ab.cd ab/cd ab+cd ab~cd ab^cd ab`cd ab@cd ab[cd ab{cd ab|cd ab\x7fcd ab:cd",
]  # fmt: skip


def for_sklearn(text: str) -> str:
    """The text as scikit-learn is given it."""
    title, _, abstract = text.partition("\n")
    return f"{title} {SEPARATOR} {title} {SEPARATOR} {abstract}" if abstract.strip() else text


def words_of(text: str, tokenizer: Tokenizer = NEWEST) -> list[str]:
    """The words that the tokenizer's pattern finds."""
    return re.findall(tokenizer.pattern, prepared(text, tokenizer))


def prepared(text: str, tokenizer: Tokenizer) -> str:
    """The text in lower case, and with each letter folded by itself where the tokenizer does that."""
    text = text.lower()
    return text.translate(table()) if tokenizer is Tokenizer.FOLDED else text


def accents_of(tokenizer: Tokenizer) -> Callable[[str], str] | None:
    """What scikit-learn's vectorizer is given as ``strip_accents``."""
    return methodcaller("translate", table()) if tokenizer is Tokenizer.FOLDED else None


def walked(text: str, tokenizer: Tokenizer = NEWEST) -> list[str]:
    """The words of all tokenizers but ``Tokenizer.WORDS``, found by a walk from character to character."""
    found, word, is_alone = [], "", False
    for char in [*prepared(text, tokenizer), " "]:
        is_mark, is_word, alone, _ = _kind(char)
        if is_mark:
            word += char if word else ""
            continue
        joined = (alone and _kind(word[-1])[3]) if word and is_alone else is_word and not alone
        if not word or not joined or alone != is_alone:
            found += [word] if is_alone or len(word) > 1 else []
            word, is_alone = "", alone
        word += char if is_word else ""
    return found


@cache
def _kind(char: str) -> tuple[bool, bool, bool, bool]:
    """Whether a character is a mark, of a word, a word by itself, and whether the one behind it belongs to it."""
    is_word = char.isalnum() or char == "_"
    return (
        unicodedata.category(char)[0] == "M" or is_in(char, MARK_LETTERS),
        is_word,
        is_word and not char.isdecimal() and is_in(char, WORD_BLOCKS),
        is_in(char, JOINERS),
    )


def tokens_of(text: str, tokenizer: Tokenizer = NEWEST) -> list[str]:
    """As :func:`words_of`, by the engine."""
    tokens = tokens_in(*encoded([text], tokenizer), tokenizer=tokenizer)
    return [tokens.word(position).decode() for position in range(len(tokens.starts))]


def scores_of_sklearn(tfidf: Tfidf, weights: np.ndarray, intercepts: np.ndarray, texts: Sequence[str]) -> np.ndarray:
    """``X @ W + b`` in double precision, X by scikit-learn's vectoriser with our weights of terms."""
    if not texts or not tfidf.terms:  # which scikit-learn refuses
        return np.tile(intercepts, (len(texts), 1))
    tokenizer = tfidf.vocabulary.tokenizer
    vectorizer = TfidfVectorizer(
        vocabulary=list(tfidf.terms),
        ngram_range=(1, 2),
        sublinear_tf=True,
        token_pattern=tokenizer.pattern,
        strip_accents=accents_of(tokenizer),
    )
    vectorizer.idf_ = tfidf.idf.astype(np.float64)
    rows = vectorizer.transform([for_sklearn(text) for text in texts])
    return np.asarray(rows @ weights.astype(np.float64) + intercepts)


def terms_of_sklearn(texts: Sequence[str], tokenizer: Tokenizer = NEWEST) -> list[str]:
    """All terms in ``texts`` but those with ``__``, sorted."""
    accents = accents_of(tokenizer)
    analyze = TfidfVectorizer(
        ngram_range=(1, 2), token_pattern=tokenizer.pattern, strip_accents=accents
    ).build_analyzer()
    found = {term for text in texts for term in analyze(for_sklearn(text))}
    return sorted(term for term in found if SEPARATOR not in term.split(" "))


def key_of(word: str, seed: int = 0) -> int:
    """The key that the engine gives a word."""
    (key,) = tokens_in(*encoded([word]), len(word.encode()), seed).keys.tolist()
    return int(key)


@cache
def same_keys(blocks: int = 1, count: int = 5) -> tuple[tuple[str, str], ...]:
    """Pairs of different words of ``8 * blocks + 8`` letters that have one key with seed 0.

    The last block is mixed with the key of what stands before it, times a number, by an exclusive or. So of two
    beginnings that differ by such a mask that letters can make it up, last blocks are found that undo the difference.
    """
    rng = np.random.default_rng(blocks)
    letters = np.frombuffer(LETTERS, np.uint8)
    undone = {int(one) ^ int(other): (int(one), int(other)) for one in letters for other in letters}
    can = np.zeros(256, bool)
    can[list(undone)] = True
    tried = letters[rng.integers(0, len(letters), (400_000, 8 * blocks))]
    beginnings = [row.tobytes().decode() for row in tried]
    keys = tokens_in(*encoded(["\n".join(beginnings)]), 8 * blocks).keys * _MULTIPLIERS[1]
    assert len(keys) == len(beginnings)
    found: list[tuple[str, str]] = []
    for one in range(len(keys)):
        differences = (keys ^ keys[one]).view(np.uint8).reshape(-1, 8)
        for other in np.flatnonzero(can[differences].all(axis=1) & (keys != keys[one])).tolist():
            ends = [bytes(undone[byte][side] for byte in differences[other].tolist()).decode() for side in (0, 1)]
            found.append((beginnings[one] + ends[0], beginnings[other] + ends[1]))
            if len(found) == count:
                return tuple(found)
    raise AssertionError("no two words with one key were found")

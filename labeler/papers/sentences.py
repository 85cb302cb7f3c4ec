"""Where sentences end, in texts of every script."""

from __future__ import annotations

from labeler.patterns import pattern

# What ends a sentence in the scripts of living languages (Sentence_Terminal in Unicode Standard Annex 29), and
# the full stop of Tibetan. Often no blank follows.
_ENDS = "。｡︒．！？؟۔؞।॥၊။།༎។៕።፧፨։᠃᠉᙮߹꓿᱾᱿꯫܀܁܂᭞᭟꧈꧉"
_EAST_ASIAN = "\u3005-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
_CLOSING = "\"'”’»」』〉》)）\\]"
_END = pattern(
    rf"(?:[{_ENDS}]|(?<=[{_EAST_ASIAN}])[!?])+[{_CLOSING}]*\s*|(?:(?<![!?])[!?]+|(?<!\.)(?P<stop>\.+))[{_CLOSING}]*(?:\s+|$)"
)
_LAST_WORD = pattern(r"[^\s(\[\"'“„«]+$")
_LONGEST = 20  # characters of what is looked at before a full stop
# Behind which a full stop ends no sentence: abbreviations in English, German, French, Spanish and Russian.
_ABBREVIATIONS = frozenset(
    """
    approx bspw bzw ca cf d.h dr e.d e.g eds eq eqs esp evtl ggf i.e inkl jr lt m.a mr mrs ms o.ä p.ej p.ex pp prof
    resp spp st subsp u.a vgl vs viz z.b z.t гл рис см ср стр табл т.е т.к т.н
    """.split()
)
_BEFORE_NUMBERS = frozenset("abb art ch chap fig figs no nos nr p ref refs s sec sect tab vol vols".split())
_MAY_END = frozenset("al etc u.s usw др т.д т.п".split())


def sentences(text: str) -> list[str]:
    """The sentences of a text, in order, each with what ends it.

    A full stop behind an abbreviation ("e.g.", "et al. (2020)", "Fig. 3", "z. B.") or an initial ends none.
    """
    found, begin = [], 0
    for end in _END.finditer(text):
        if end["stop"] == "." and _goes_on(
            text[max(begin, end.start() - _LONGEST) : end.start()], text[end.end() : end.end() + 1]
        ):
            continue
        found.append(text[begin : end.end()].strip())
        begin = end.end()
    found.append(text[begin:].strip())
    return [sentence for sentence in found if sentence]


def _goes_on(before: str, after: str) -> bool:
    """Whether a sentence goes on behind a full stop that stands between ``before`` and the character ``after``."""
    word = _LAST_WORD.search(before)
    if word is None or not after:
        return False
    last = word[0].lower()
    if last in _BEFORE_NUMBERS:
        return after.isdecimal() or after in "(["
    if last in _MAY_END:
        return not after.isupper()
    is_initial = len(last) == 1 and last.upper() != last
    return last in _ABBREVIATIONS or is_initial

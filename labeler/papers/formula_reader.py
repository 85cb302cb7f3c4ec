r"""Reads a formula of LaTeX as text that reads.

A command that is not known and has no arguments is shown as its name, which is what most authors define it for
(``\Aut``). A formula with anything else that is not known is left as it was written: it is never half read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from labeler.papers.latex_symbols import ACCENTS, FUNCTIONS, LETTERS, OPERATORS, blackboard

_DEEPEST = 12  # groups inside each other
_TOKEN = re.compile(r"\\(?:[A-Za-z]+\*?|.)|[{}^_]|\s+|[^\\{}^_\s]", re.DOTALL)
_SPACES = {
    "colon": ": ",
    "space": " ",
    ",": "\u2009",
    ";": " ",
    ":": " ",
    " ": " ",
    "quad": " ",
    "qquad": " ",
    "!": "",
    "/": "",
}
_DROPPED = frozenset(
    """left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr middle displaystyle textstyle
    scriptstyle scriptscriptstyle limits nolimits rm bf it sf tt cal frak mathstrut nonumber small""".split()
)
_FONTS = frozenset(
    """mathrm mathbf mathsf mathtt mathit mathcal mathscr mathfrak mathnormal boldsymbol bm pmb mathop mathbin mathrel
    EuScript mathinner operatorname operatorname* frak bold hbox vcenter mathord ensuremath""".split()
)
_TEXTS = frozenset("text textrm textbf textit textsf texttt textsc textnormal textup mbox emph hbox".split())
_STRUCTURE = frozenset(
    """above atop atopwithdelims brace brack choose cr def hline hskip kern let newcommand noalign over overwithdelims
    penalty span strut vskip begin end""".split()
)
_SIGNS = [[sign] for sign in "+-=<>:|/"]  # before which a blank stays
_SETS = frozenset("R C N Z Q RR CC NN ZZ QQ".split())  # commands that many define for sets of numbers
_FRACTIONS = frozenset("frac dfrac tfrac cfrac nicefrac sfrac".split())


class Run(NamedTuple):
    """A piece of a formula that stands at one height: ``shift`` has a ``^`` for each step up, and a ``_`` for each step
    down, the outermost first."""

    text: str
    shift: str = ""


class _NotReadError(ValueError):
    """A formula has what is not known here."""


def runs_of(source: str) -> tuple[Run, ...] | None:
    """The runs of a formula without the signs around it; None where it is not understood."""
    try:
        runs = _Reader(source).read()
    except (_NotReadError, IndexError):
        return None
    if not any(run.text.strip() for run in runs):
        return None
    runs = (runs[0]._replace(text=runs[0].text.lstrip(" ")), *runs[1:])
    return (*runs[:-1], runs[-1]._replace(text=runs[-1].text.rstrip(" ")))


class _Reader:
    """Reads one formula."""

    def __init__(self, source: str) -> None:
        self.tokens: list[str] = _TOKEN.findall(source)
        self.place = 0
        self.runs: list[Run] = []

    def read(self) -> tuple[Run, ...]:
        """The runs of the whole formula."""
        while self.place < len(self.tokens):
            if self.tokens[self.place] == "}":
                raise _NotReadError
            self._one("", 0)
        return tuple(_joined(self.runs))

    def _add(self, text: str, shift: str) -> None:
        self.runs.append(Run(text, shift))

    def _next(self) -> str:
        """The next token that is no blank."""
        while self.tokens[self.place].isspace():
            self.place += 1
        self.place += 1
        return self.tokens[self.place - 1]

    def _one(self, shift: str, depth: int) -> None:
        """Read what the next token begins."""
        sign = self.tokens[self.place]
        self.place += 1
        if depth > _DEEPEST or sign in ("}", "&", "\\\\"):
            raise _NotReadError
        if sign == "{":
            self._group(shift, depth)
        elif sign in ("^", "_"):
            self._index(sign, shift, depth)
        elif sign.startswith("\\"):
            self._command(sign[1:], shift, depth)
        elif sign.isspace():
            self._add(" ", shift)
        else:
            self._add({"'": "′", "~": " ", "*": "∗"}.get(sign, sign), shift)

    def _group(self, shift: str, depth: int) -> None:
        """Read to the brace that closes a group."""
        while self.tokens[self.place] != "}":
            self._one(shift, depth + 1)
        self.place += 1

    def _index(self, sign: str, shift: str, depth: int) -> None:
        """Read what stands higher or lower; a degree or a star above does so by itself."""
        argument = self._argument(shift + sign, depth)
        text = "".join(run.text for run in argument)
        if sign == "^" and text.strip(" ∘°′") == "" and text.strip():
            self._add(text.strip().replace("∘", "°"), shift)
        else:
            self.runs += [run._replace(text=run.text.strip(" ")) for run in argument]

    def _argument(self, shift: str, depth: int) -> list[Run]:
        """The runs of the next group or sign."""
        before, self.runs = self.runs, []
        while self.tokens[self.place].isspace():
            self.place += 1
        self._one(shift, depth + 1)
        argument, self.runs = self.runs, before
        return argument

    def _plain(self, shift: str, depth: int) -> str:
        """The text of the next group or sign, in which nothing stands higher or lower."""
        argument = self._argument(shift, depth)
        if any(run.shift != shift for run in argument):
            raise _NotReadError
        return "".join(run.text for run in argument)

    def _command(self, name: str, shift: str, depth: int) -> None:
        if name in OPERATORS:
            self._add(f" {OPERATORS[name]} " if not shift else OPERATORS[name], shift)
            self._skip_blanks()
        elif name in LETTERS or name in _SETS:
            self._add(LETTERS.get(name) or blackboard(name[0]), shift)
            if self._skip_blanks() and self.tokens[self.place : self.place + 1] in _SIGNS:
                self._add(" ", shift)
        elif name in FUNCTIONS:
            self._function(name, shift)
        elif name in _SPACES:
            self._add(_SPACES[name], shift)
        elif name in "%&_#${}":
            self._add(name, shift)
        elif name == "|":
            self._add("‖", shift)
        elif name in _DROPPED:
            self._skip_blanks()
            if name in ("left", "right") and self.tokens[self.place] == ".":
                self.place += 1
        else:
            self._with_argument(name, shift, depth)

    def _with_argument(self, name: str, shift: str, depth: int) -> None:
        if name in _TEXTS or name in _FONTS:
            self.runs += self._argument(shift, depth)
        elif name in ("mathbb", "Bbb", "mathds"):
            self._add(blackboard(self._plain(shift, depth)), shift)
        elif name == "unicode":
            self._add(_numbered(self._plain(shift, depth)), shift)
        elif name == "binom":
            self.runs += [Run("(", shift), *self._argument(shift, depth), Run(" choose ", shift)]
            self.runs += [*self._argument(shift, depth), Run(")", shift)]
        elif name in ACCENTS:
            self._accent(name, shift, depth)
        elif name in _FRACTIONS:
            self._fraction(shift, depth)
        elif name == "sqrt":
            self._root(shift, depth)
        elif name in ("pmod", "bmod"):
            argument = self._argument(shift, depth) if name == "pmod" else []
            self._add(" (mod " if name == "pmod" else " mod ", shift)
            self.runs += [*argument, Run(")", shift)] if argument else []
        elif name == "not":
            self._skip_blanks()
            self._one(shift, depth + 1)
            last = self.runs.pop()
            self._add(re.sub(r"(\S)", "\\1\u0338", last.text, count=1), shift)
        else:
            self._own(name, shift)

    def _own(self, name: str, shift: str) -> None:
        """Read a command that is not known: one without arguments, which authors define for a name, is its name."""
        following = self.tokens[self.place : self.place + 1]
        if name in _STRUCTURE or not name.isalpha() or following in (["{"], ["["]):
            raise _NotReadError
        if len(name) > 1:
            self._function(name, shift)
        else:
            self._add(name, shift)

    def _fraction(self, shift: str, depth: int) -> None:
        """A fraction, in parentheses where a factor stands beside it: one half of x is (1/2)x, and no 1/2x."""
        before = self._before(shift)
        begin = len(self.runs)
        self._parenthesized(self._argument(shift, depth), shift)
        self._add("/", shift)
        self._parenthesized(self._argument(shift, depth), shift)
        self._skip_blanks()
        after = self.tokens[self.place] if self.place < len(self.tokens) else ""
        is_factor = after.isalnum() or after in ("(", "{") or after[1:] in LETTERS or after[1:] in _FONTS
        if before.isalnum() or before == ")" or is_factor:
            self.runs[begin:] = [Run("(", shift), *self.runs[begin:], Run(")", shift)]

    def _before(self, shift: str) -> str:
        """The last sign that was read, if it stands at the same height."""
        return self.runs[-1].text[-1:] if self.runs and self.runs[-1].shift == shift else ""

    def _function(self, name: str, shift: str) -> None:
        """A function's name, with a blank where a letter or digit stands beside it."""
        before = self._before(shift)
        self._skip_blanks()
        after = self.tokens[self.place][:1] if self.place < len(self.tokens) else ""
        told = f" {name}" if before.isalnum() or before == ")" else name
        self._add(f"{told} " if after.isalnum() or after == "\\" else told, shift)

    def _accent(self, name: str, shift: str, depth: int) -> None:
        text = self._plain(shift, depth).strip()
        if len(text) == 1:
            self._add(text + ACCENTS[name], shift)
        elif name in ("overline", "bar", "underline", "underbar"):
            self._add("".join(letter + ACCENTS[name] for letter in text), shift)
        else:
            raise _NotReadError

    def _root(self, shift: str, depth: int) -> None:
        if self.tokens[self.place : self.place + 1] == ["["]:
            degree = []
            self.place += 1
            while (token := self._next()) != "]":
                degree.append(token)
            if not "".join(degree).isalnum():
                raise _NotReadError
            self._add("".join(degree), shift + "^")
        self._add("√", shift)
        self._parenthesized(self._argument(shift, depth), shift)

    def _parenthesized(self, argument: list[Run], shift: str) -> None:
        """Add an argument, in parentheses where it is more than one number or letter."""
        text = "".join(run.text for run in argument).strip()
        single = len(text) <= 1 or text.isdecimal() or (len(argument) == 1 and text.isalpha() and len(text) <= 2)
        self.runs += argument if single else [Run("(", shift), *argument, Run(")", shift)]

    def _skip_blanks(self) -> bool:
        """Go on to what is no blank; whether there was one."""
        begin = self.place
        while self.place < len(self.tokens) and self.tokens[self.place].isspace():
            self.place += 1
        return self.place > begin


def _numbered(number: str) -> str:
    """The character of a number as MathJax writes it: ``x2014``."""
    code = re.fullmatch(r"x([0-9A-Fa-f]{1,6})|([0-9]{1,7})", number.strip())
    value = 0 if code is None else int(code[1], 16) if code[1] else int(code[2])
    if not 32 <= value <= 0x10FFFF or not chr(value).isprintable():
        raise _NotReadError
    return chr(value)


def _joined(runs: list[Run]) -> Iterator[Run]:
    """The runs, those of one height that follow each other as one, with single blanks."""
    text, shift = "", ""
    for run in [*runs, Run("", "end")]:
        if run.shift != shift:
            if text := re.sub(r" {2,}", " ", text):
                yield Run(text, shift)
            text, shift = "", run.shift
        text += run.text

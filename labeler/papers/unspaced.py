"""The characters of scripts without blanks between words, where texts are compared by the characters they share.

How such texts become the terms of a model is another thing, which models keep: :mod:`labeler.features.scripts`.
"""

from __future__ import annotations

# Thai, Lao, Burmese, Khmer, kana and Han, as ranges of a regular expression.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003134f"
)

"""Old encodings of scripts that are not Latin: each is recognised, and what cannot be told is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeler.digests.charsets import old_encoding
from labeler.digests.decoding import decode_text, encoding_of
from labeler.digests.reading import read_inputs
from labeler.errors import InputError

_CHINESE = "title,abstract\n大型语言模型的评估,我们训练大型语言模型并评估提示如何改变准确性。结果表明提示很重要。\n"
_TAIWAN = "title,abstract\n大型語言模型的評估,本研究訓練大型語言模型並評估提示的影響。結果顯示方法優於現有方法。\n"
_JAPANESE = "title,abstract\n言語モデルの評価,本研究では、大規模な言語モデルを訓練し、その影響を評価した。\n"
_KOREAN = "title,abstract\n언어 모델 평가,본 연구에서는 대규모 언어 모델을 학습시키고 영향을 평가하였다.\n"
_RUSSIAN = (
    "title,abstract\nЯзыковые модели,Мы обучаем большие модели и оцениваем то как подсказки влияют на точность.\n"
)
_POLISH = "title,abstract\nSłowa i całe zdania,Badamy małe słowniki; są tu też gęś i żółw oraz ślad ścieżki\n"
_GREEK = "title,abstract\nΓλωσσικά μοντέλα,Εκπαιδεύουμε μεγάλα γλωσσικά μοντέλα και αξιολογούμε την ακρίβεια\n"
_CASES = [
    (_CHINESE, "gb18030"),
    (_TAIWAN, "big5"),
    (_JAPANESE, "cp932"),
    (_JAPANESE, "euc_jp"),
    (_KOREAN, "cp949"),
    (_RUSSIAN, "cp1251"),
    (_RUSSIAN, "koi8_r"),
    (_POLISH, "cp1250"),
    (_POLISH, "iso8859_2"),
]


@pytest.mark.parametrize(("text", "encoding"), _CASES)
@pytest.mark.parametrize("cut", range(4))
def test_encodings_are_recognised_wherever_the_sample_ends(text: str, encoding: str, cut: int) -> None:
    data = text.encode(encoding)
    assert encoding_of(data[: len(data) - cut]) == encoding
    assert decode_text(data) == text


@pytest.mark.parametrize(("text", "encoding"), _CASES)
def test_papers_in_old_encodings_are_read_and_that_is_told(text: str, encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "papers.csv"
    file.write_bytes(text.encode(encoding))
    reading = read_inputs([str(file)])
    assert [paper.title for paper in reading.papers] == [text.split("\n")[1].partition(",")[0]]
    assert reading.notes == [f"papers.csv: taken to be in the encoding {encoding}"]


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_latin_letters_are_windows_1252(encoding: str) -> None:
    text = "Évaluation,L'été à «Zürich», où ça a été élaboré; naïveté, Übergröße, São Paulo\n"
    assert old_encoding(text.encode(encoding)) is None
    assert decode_text(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["cp1253", "iso8859-7"])
def test_letters_of_an_unknown_encoding_are_refused(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "papers.csv"
    file.write_bytes(_GREEK.encode(encoding))
    with pytest.raises(InputError, match=r"cannot tell which encoding papers\.csv is in; save it as UTF-8"):
        read_inputs([str(file)])


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [_CHINESE.replace("型", "一"), _KOREAN, _GREEK])
def test_utf_16_without_a_mark_is_recognised_in_any_script(text: str, encoding: str) -> None:
    assert decode_text(text.encode(encoding)) == text

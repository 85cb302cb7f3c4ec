"""The names that fields have in other languages than English, without spaces and punctuation, in lower case."""

from __future__ import annotations

TITLES = (
    "headline", "heading", "titel", "überschrift", "titre", "título", "titulo", "titolo", "tytuł", "заголовок",
    "название", "标题", "题名", "题目", "論文名", "タイトル", "제목", "العنوان",
)  # fmt: skip
ABSTRACTS = (
    "zusammenfassung", "kurzfassung", "résumé", "resumen", "resumo", "riassunto", "streszczenie", "аннотация", "摘要",
    "概要", "抄録", "초록", "الملخص",
)  # fmt: skip
AUTHORS = (
    "autor", "autoren", "verfasser", "auteur", "auteurs", "autores", "autore", "autori", "autorzy", "автор", "авторы",
    "作者", "著者", "저자", "المؤلف", "المؤلفون",
)  # fmt: skip
DAYS = ("datum", "fecha", "发表时间", "出版日期", "日期", "날짜", "дата")
YEARS = (
    "jahr", "erscheinungsjahr", "année", "annéedepublication", "año", "ano", "anno", "rok", "год", "年份", "年",
    "出版年", "発行年", "연도",
)  # fmt: skip
VENUES = (
    "zeitschrift",
    "revue",
    "revista",
    "rivista",
    "czasopismo",
    "журнал",
    "期刊",
    "刊名",
    "来源",
    "雑誌名",
    "학술지",
)
LANGUAGES = ("sprache", "langue", "idioma", "lingua", "język", "язык", "语言", "语种", "言語", "언어")
KEYWORDS = (
    "schlagwörter", "schlagworte", "stichwörter", "motsclés", "motsclefs", "palabrasclave", "palavraschave",
    "parolechiave", "słowakluczowe", "ключевыеслова", "关键词", "关键字", "キーワード", "키워드",
)  # fmt: skip

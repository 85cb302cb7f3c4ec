"""Tables of other languages and programs: every column that labels need is found. All samples are invented."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from labeler.digests import read_inputs
from labeler.papers import Paper
from tests.conftest import Labeler
from tests.digests.factories import read

A = "We study how invented rivers carve their beds over long periods of time."


def only(tmp_path: Path, text: str, name: str = "table.csv") -> Paper:
    (paper,) = read(tmp_path, name, text).papers
    return paper


@pytest.mark.parametrize(
    "header",
    [
        "Titel;Autoren;Jahr;Zusammenfassung;Zeitschrift;Schlagwörter;Sprache",
        "Titre;Auteurs;Année;Résumé;Revue;Mots-clés;Langue",
        "Título;Autores;Año;Resumen;Revista;Palabras clave;Idioma",
        "Titolo;Autori;Anno;Riassunto;Rivista;Parole chiave;Lingua",
        "Tytuł;Autorzy;Rok;Streszczenie;Czasopismo;Słowa kluczowe;Język",
        "Название;Авторы;Год;Аннотация;Журнал;Ключевые слова;Язык",
        "题名;作者;年份;摘要;期刊;关键词;语言",
        "タイトル;著者;発行年;抄録;雑誌名;キーワード;言語",
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_columns_with_names_in_other_languages_are_read(tmp_path: Path, header: str, form: str) -> None:
    row = f'Rivers;"Lee, Ann|Ek, Bo";2026;{A};Invented Studies;"rivers, beds";en'
    paper = only(tmp_path, f"{unicodedata.normalize(form, header)}\n{row}\n")  # type: ignore[arg-type]
    assert (paper.title, paper.abstract, paper.date, paper.language) == ("Rivers", A, "2026", "en")
    assert (paper.authors, paper.venue) == (("Lee, Ann", "Ek, Bo"), "Invented Studies")
    assert paper.keywords == ("rivers", "beds")


def test_the_columns_of_the_site_of_openalex_are_read(tmp_path: Path) -> None:
    names = "id,doi,title,authorships.author.display_name,primary_location.source.display_name,keywords.display_name"
    row = "https://openalex.org/W1234567,https://doi.org/10.5555/inv.1,Rivers,Ann Lee|Bo Ek,Inv. Stud.,rivers|beds"
    paper = only(tmp_path, f"{names},abstract\n{row},{A}\n")
    assert (paper.authors, paper.venue, paper.keywords) == (("Ann Lee", "Bo Ek"), "Inv. Stud.", ("rivers", "beds"))


@pytest.mark.parametrize(("source", "venue"), [("Inv. Stud.", "Inv. Stud."), ("Scopus", None), ("http://x.org", None)])
def test_a_source_is_a_venue_unless_it_is_a_database(tmp_path: Path, source: str, venue: str | None) -> None:
    assert only(tmp_path, f"Title,Authors,Source,Abstract\nRivers,Ann Lee,{source},{A}\n").venue == venue


def test_the_columns_of_ebsco_and_springer_are_read(tmp_path: Path) -> None:
    paper = only(tmp_path, f'title,contributors,source,abstract\nRivers,"Lee, Ann; Ek, Bo",Inv. Stud.,{A}\n')
    assert (paper.authors, paper.venue) == (("Lee, Ann", "Ek, Bo"), "Inv. Stud.")
    paper = only(tmp_path, "Item Title,Publication Title,Item DOI,URL\nRivers,Inv. Stud.,10.5555/inv.1,http://x.org\n")
    assert (paper.title, paper.id, paper.venue) == ("Rivers", "doi:10.5555/inv.1", "Inv. Stud.")


def test_the_link_of_a_form_names_its_paper(tmp_path: Path) -> None:
    text = "Timestamp,Paper title,Link to paper\n5/6/2026,Rivers,https://arxiv.org/abs/2601.88001\n"
    assert only(tmp_path, text).id == "arxiv:2601.88001"


def test_papers_inside_a_column_of_parquet_are_read(tmp_path: Path) -> None:
    papers = [{"id": "2601.88001", "title": "Rivers", "summary": A, "authors": [{"name": "Ann Lee"}]}]
    pq.write_table(pa.table({"paper": papers, "numComments": [1]}), tmp_path / "papers.parquet")
    (paper,) = read_inputs([str(tmp_path / "papers.parquet")]).papers
    assert (paper.id, paper.title, paper.abstract, paper.authors) == ("arxiv:2601.88001", "Rivers", A, ("Ann Lee",))


def test_papers_inside_a_column_of_parquet_are_labelled_in_bulk(tmp_path: Path, labeler: Labeler) -> None:
    papers = [{"id": "2601.88001", "title": "Rivers", "summary": A, "authors": [{"name": "Ann Lee"}]}, None]
    pq.write_table(pa.table({"paper": papers, "numComments": [1, 2]}), tmp_path / "papers.parquet")
    done = labeler("label", str(tmp_path / "papers.parquet"), "-o", f"{tmp_path}/labels/")
    assert done.code == 0, done.err
    (part,) = (tmp_path / "labels").glob("*.parquet")
    assert pq.read_table(part).column("title").to_pylist()[0] == "Rivers"


def test_the_day_of_an_endnote_record_may_lack_its_year(tmp_path: Path) -> None:
    assert (
        only(tmp_path, "%0 Journal Article\n%T Rivers\n%A Lee, Ann\n%D 2026\n%8 May 6\n", "x.enw").date == "2026-05-06"
    )

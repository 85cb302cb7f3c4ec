"""Faults of a service: what is tried again, how long is waited, and what is told."""

from __future__ import annotations

import gzip
import json
import random
import shutil
import time
import zlib
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.digests.opening import fetched_sources
from labeler.digests.reading import read_sources
from labeler.errors import InputError, LabelerError, ServerError, UsageError
from labeler.papers import Paper
from labeler.sources import transport
from labeler.sources.client import retry_after
from labeler.sources.query import query_named
from labeler.sources.settings import cache_folder
from labeler.sources.transport import Response
from labeler.terminal import progress_to
from tests.sources import invented
from tests.sources.replay import START, Answer, Clock, Replay, answer

DAY = "hf:2026-11-26"
PATH = "/api/daily_papers"


@pytest.fixture(autouse=True)
def _hf(web: Replay, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABELER_FETCH_HF_URL", web.url)
    monkeypatch.setenv("LABELER_FETCH_PUBMED_URL", web.url)
    monkeypatch.setenv("LABELER_FETCH_SEMANTIC_SCHOLAR_URL", web.url)


def papers(address: str = DAY) -> list[Paper]:
    return read_sources(fetched_sources(query_named(address))).papers


GOOD = answer(invented.hf(1))


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_busy_service_is_asked_again(web: Replay, clock: Clock, status: int) -> None:
    web.answers(PATH, Answer(b"busy", status), GOOD)
    assert len(papers()) == 1
    assert len(clock.waits) == 1
    assert clock.waits[0] <= 4


def test_the_pauses_grow_and_come_to_an_end(web: Replay, clock: Clock) -> None:
    web.answers(PATH, Answer(b"", 503))
    with pytest.raises(ServerError, match=r"it has a fault of its own \(503\) \(4 tries\)"):
        papers()
    assert len(web.asked) == 4
    assert all(wait <= 2 ** (number + 1) for number, wait in enumerate(clock.waits))


def test_the_service_is_left_alone_as_long_as_it_asks(web: Replay, clock: Clock) -> None:
    web.answers(PATH, Answer(b"", 429, {"Retry-After": "17"}), GOOD)
    assert len(papers()) == 1
    assert 17 <= clock.waits[0] <= 18


def test_a_key_is_told_of_where_it_may_help(web: Replay, monkeypatch: pytest.MonkeyPatch) -> None:
    web.answers("/entrez/eutils/esearch.fcgi", Answer(b"", 429))
    with pytest.raises(
        ServerError, match=r"fewer requests \(4 tries\); run it again later; a key in NCBI_API_KEY may help"
    ):
        papers("pubmed:sleep")
    monkeypatch.setenv("NCBI_API_KEY", KEY)
    with pytest.raises(ServerError, match=r"run it again later$"):
        papers("pubmed:sleep")


def test_a_person_who_waits_is_told_why(web: Replay) -> None:
    web.answers(PATH, Answer(b"", 429, {"Retry-After": "17"}), GOOD)
    told: list[str] = []
    with progress_to(told.append):
        papers()
    assert len(told) == 1
    assert told[0].startswith("hf (127.0.0.1): it asks for fewer requests; trying again in 1")


def test_a_time_to_wait_for_is_by_the_clock_of_the_service(web: Replay, clock: Clock) -> None:
    theirs = START - 50_000  # their clock is slow by half a day
    headers = {"Date": formatdate(theirs, usegmt=True), "Retry-After": formatdate(theirs + 20, usegmt=True)}

    def send(handler: BaseHTTPRequestHandler) -> None:  # which sends no date of its own
        lines = [f"{name}: {value}" for name, value in headers.items()]
        handler.wfile.write("\r\n".join(["HTTP/1.1 503 Busy", *lines, "Content-Length: 0", "", ""]).encode())

    web.answers(PATH, Answer(send=send), GOOD)
    assert len(papers()) == 1
    assert 20 <= clock.waits[0] <= 21


def test_a_service_that_asks_for_very_long_is_left_alone(web: Replay, clock: Clock) -> None:
    web.answers(PATH, Answer(b"", 429, {"Retry-After": "7300"}))
    with pytest.raises(ServerError, match="asks not to be asked for 3 hours; run it again then"):
        papers()
    assert len(web.asked) == 1


@given(
    st.text(max_size=30) | st.sampled_from(["", "-5", "nan", "inf", "1e9", "99999999999999999999", "٣", "Thu, 99 Foo"])
)
def test_whatever_a_service_asks_for_is_a_pause_or_none(value: str) -> None:
    found = retry_after(Response(429, {"retry-after": value, "date": value}, b""), START)
    assert found is None or 0 <= found < 1e10


@pytest.mark.parametrize(
    ("status", "words"),
    [(400, "query"), (401, "members"), (403, "members"), (404, "newer labeler"), (410, "query"), (418, "query")],
)
def test_what_is_refused_is_not_tried_again(web: Replay, status: int, words: str) -> None:
    web.answers(PATH, Answer(b"<html>no</html>", status))
    with pytest.raises(ServerError, match=words) as told:
        papers()
    assert f"({status})" in str(told.value)
    assert len(web.asked) == 1


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b'{"error": "Invalid filter", "message": "Unknown filter field"}', "400: Unknown filter field"),
        (b'{"message": [{"type": "x", "message": "Bad date"}], "status": "failed"}', "400: Bad date"),
        (invented.arxiv_error("incorrect id format"), "400: incorrect id format"),
        (b"<html><summary>no</summary></html>", "(400)"),
        (b'{"error": {"code": 3}}', "(400)"),
        (b'["a"]', "(400)"),
        (b'{"error": "%s"}' % (b"long " * 500), "long…"),
        (b"[" * 3000, "(400)"),
    ],
)
def test_a_refusal_has_the_reason_that_the_service_gives(web: Replay, body: bytes, why: str) -> None:
    web.answers(PATH, Answer(body, 400))
    with pytest.raises(ServerError) as told:
        papers()
    assert why in str(told.value)
    assert len(str(told.value)) < 500


def cut(handler: BaseHTTPRequestHandler) -> None:
    """Half an answer that said how long it is."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + GOOD.body[:50])


def cut_chunks(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n" + GOOD.body[:20])


def cut_silently(handler: BaseHTTPRequestHandler) -> None:
    """Half an answer that did not say how long it is."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + GOOD.body[:-9])


def cut_gzip(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n" + gzip.compress(GOOD.body)[:-12]
    )


def no_gzip(handler: BaseHTTPRequestHandler) -> None:
    body = b"\x1f\x8b\x08\x00no gzip at all"
    handler.wfile.write(
        f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    )


def nothing(handler: BaseHTTPRequestHandler) -> None:
    """The connection is closed without a word."""


def no_http(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.9\r\n")


def many_headers(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % number for number in range(500)) + b"\r\n")


def long_header(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n")


FAULTS = [cut, cut_chunks, cut_silently, cut_gzip, no_gzip, nothing, no_http, many_headers, long_header]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda one: one.__name__)
def test_half_an_answer_is_asked_for_again_and_not_kept(web: Replay, fault: Any) -> None:
    web.answers(PATH, Answer(send=fault), GOOD)
    assert [paper.id for paper in papers()] == ["arxiv:2611.00001"]
    assert len(web.asked) == 2


@pytest.mark.parametrize("fault", FAULTS, ids=lambda one: one.__name__)
def test_a_service_that_never_answers_well_is_told(web: Replay, fault: Any) -> None:
    web.answers(PATH, Answer(send=fault))
    with pytest.raises(ServerError, match=r"hf \(127.0.0.1\) cannot be used: .* \(4 tries\)"):
        papers()


@pytest.mark.slow
def test_whatever_comes_over_the_wire_is_read_or_told(web: Replay) -> None:
    """An answer with bytes that were changed, lost or doubled."""
    packed = gzip.compress(GOOD.body)
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    head = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nETag: "x"\r\nContent-Encoding: gzip\r\n'
    whole = head + b"Transfer-Encoding: chunked\r\n\r\n" + chunks
    chance, ended = random.Random(5), dict[str, int]()
    for _ in range(60):
        wire = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(len(wire))
            kind = chance.choice(("change", "cut", "double", "lose"))
            piece = wire[place : place + chance.randint(1, 40)]
            wire[place : place + len(piece)] = {"change": chance.randbytes(len(piece)), "double": piece * 2}.get(
                kind, b""
            )
            if kind == "cut":
                del wire[place:]
                wire += b"\n"
        web.answers(PATH, Answer(send=lambda handler, wire=bytes(wire): handler.wfile.write(wire)))
        try:
            papers()
            outcome = "read"
        except (ServerError, InputError) as error:
            outcome = type(error).__name__
        ended[outcome] = ended.get(outcome, 0) + 1
        shutil.rmtree(cache_folder())
    assert ended["ServerError"] > 10


@pytest.mark.parametrize("body", [b"", b"[", b"nonsense", b'"text"', b"12", b"\xff\xfe\x00", b"[" * 5000, b"null"])
def test_what_is_no_digest_is_tried_again_and_told(web: Replay, body: bytes) -> None:
    web.answers(PATH, body)
    with pytest.raises(ServerError, match="its answer"):
        papers()


@pytest.mark.parametrize("address", [DAY, "arxiv:cs.CL", "feed"])
def test_a_page_for_people_is_no_digest(web: Replay, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("LABELER_FETCH_ARXIV_URL", web.url)
    page = b"\n<!DOCTYPE html><html><head><title>Log in</title></head><body>Please log in</body></html>"
    for path in (PATH, "/atom/cs.CL", "/rss"):
        web.answers(path, page)
    with pytest.raises(InputError, match="answered with a web page, which is no digest"):
        papers(f"feed:{web.url}/rss" if address == "feed" else address)
    assert len(web.asked) == 1


@pytest.mark.parametrize("packing", ["gzip", "x-gzip", "deflate"])
def test_packed_answers_are_unpacked(web: Replay, packing: str) -> None:
    packed = zlib.compress(GOOD.body) if packing == "deflate" else gzip.compress(GOOD.body)
    web.answers(PATH, Answer(packed, headers={"Content-Encoding": packing}))
    assert len(papers()) == 1
    assert web.asked[0].headers["accept-encoding"] == "gzip"


def test_answers_in_chunks_are_read_whole(web: Replay) -> None:
    packed = gzip.compress(GOOD.body)
    chunks = b"".join(b"%x;x=y\r\n%s\r\n" % (len(part), part) for part in (packed[:7], packed[7:20], packed[20:]))
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
    web.answers(PATH, Answer(send=lambda handler: handler.wfile.write(head + chunks + b"0\r\n\r\n")))
    assert len(papers()) == 1


def test_an_unknown_packing_is_told(web: Replay) -> None:
    web.answers(PATH, Answer(GOOD.body, headers={"Content-Encoding": "br"}))
    with pytest.raises(ServerError, match="packed as 'br'"):
        papers()


def test_an_endless_answer_comes_to_an_end(web: Replay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "LARGEST", 1 << 20)

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n[")
        while True:
            handler.wfile.write(b" " * 100_000)

    web.answers(PATH, Answer(send=endless))
    with pytest.raises(ServerError, match="more than 1 MiB"):
        papers()
    bomb = gzip.compress(b" " * (1 << 24))
    web.answers(PATH, Answer(bomb, headers={"Content-Encoding": "gzip"}))
    with pytest.raises(ServerError, match="more than"):
        papers()


def trickle_body(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n[")
    for _ in range(1000):
        handler.wfile.write(b" ")
        time.sleep(0.02)


def trickle_head(handler: BaseHTTPRequestHandler) -> None:
    for _ in range(1000):
        handler.wfile.write(b"H")
        handler.wfile.flush()
        time.sleep(0.02)


def silent(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(1)


@pytest.mark.parametrize("fault", [trickle_body, trickle_head, silent], ids=lambda one: one.__name__)
def test_a_slow_trickle_is_given_up(web: Replay, monkeypatch: pytest.MonkeyPatch, fault: Any) -> None:
    monkeypatch.setattr(transport, "_LONGEST", 0.1)
    monkeypatch.setattr(transport, "_SILENCE", 0.5)
    web.answers(PATH, Answer(send=fault), GOOD)
    assert len(papers()) == 1


def test_the_service_sees_who_asks(web: Replay, monkeypatch: pytest.MonkeyPatch) -> None:
    web.answers(PATH, GOOD)
    papers()
    assert web.asked[0].headers["user-agent"].startswith("labeler/")
    assert "mailto" not in web.asked[0].headers["user-agent"]
    monkeypatch.setenv("LABELER_FETCH_CONTACT", "library@example.org")
    papers("hf:2026-11-25")
    assert web.asked[1].headers["user-agent"].endswith("(mailto:library@example.org)")


@pytest.mark.parametrize("contact", ["nobody", "a@b\r\nX: y", "a b@c", "é@example.org", "<a@b.c>"])
def test_a_contact_that_is_no_address_is_told(monkeypatch: pytest.MonkeyPatch, contact: str, web: Replay) -> None:
    monkeypatch.setenv("LABELER_FETCH_CONTACT", contact)
    with pytest.raises(InputError, match="contact"):
        papers()
    assert not web.asked


KEY = "s3cr3t-key-of-mine"


def kept_files() -> bytes:
    return b"".join(str(path).encode() + path.read_bytes() for path in cache_folder().rglob("*") if path.is_file())


def test_a_key_goes_to_its_service_and_nowhere_else(web: Replay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NCBI_API_KEY", KEY)
    echo = json.dumps(invented.esearch([1]) | {"api-key": KEY}).encode()
    web.answers("/entrez/eutils/esearch.fcgi", echo)
    web.answers("/entrez/eutils/efetch.fcgi", lambda asked: answer(invented.efetch(asked.parameters["id"])))
    assert len(papers("pubmed:sleep")) == 1
    assert [one.parameters["api_key"] for one in web.asked] == [KEY, KEY]
    assert KEY.encode() not in kept_files()
    monkeypatch.setenv("SEMANTIC_SCHOLAR_API_KEY", KEY)
    web.answers("/graph/v1/paper/search/bulk", invented.semantic_scholar([1], 1, None))
    papers("semantic_scholar:soil")
    assert web.asked[-1].headers["x-api-key"] == KEY
    assert "api_key" not in web.asked[-1].parameters
    web.answers(PATH, GOOD)
    papers()
    assert KEY not in str(web.asked[-1])


@pytest.mark.parametrize("fault", [Answer(b"{}", 400), Answer(b"", 503), Answer(send=cut), Answer(b"<html></html>")])
def test_no_error_tells_a_key(web: Replay, monkeypatch: pytest.MonkeyPatch, fault: Answer) -> None:
    monkeypatch.setenv("NCBI_API_KEY", KEY)
    web.answers("/entrez/eutils/esearch.fcgi", fault)
    with pytest.raises(LabelerError) as told:
        papers("pubmed:sleep")
    shown: BaseException | None = told.value
    while shown is not None:
        assert KEY not in f"{shown} {shown!r} {getattr(shown, 'args', '')}"
        shown = shown.__cause__ or shown.__context__


def test_a_fault_that_tells_the_key_is_told_without_it(web: Replay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NCBI_API_KEY", KEY)
    web.answers("/entrez/eutils/esearch.fcgi", {"esearchresult": {"ERROR": f"API key {KEY} is not known"}})
    with pytest.raises(InputError, match=r"API key \[key\] is not known"):
        papers("pubmed:sleep")


def test_a_key_that_is_none_is_told(web: Replay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NCBI_API_KEY", f"{KEY}\r\nX: y")
    with pytest.raises(UsageError, match="NCBI_API_KEY holds no key") as told:
        papers("pubmed:sleep")
    assert KEY not in str(told.value)
    assert not web.asked


@pytest.mark.parametrize(
    "url", ["ftp://example.org", "nowhere", "http://me:word@127.0.0.1", "http://127.0.0.1:port", "http://[::1"]
)
def test_a_base_address_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("LABELER_FETCH_HF_URL", url)
    with pytest.raises(UsageError, match="LABELER_FETCH_HF_URL") as told:
        papers()
    assert "word" not in str(told.value).replace("password", "")

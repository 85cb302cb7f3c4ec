"""The interface over HTTP: who is let in, limits, errors in one form, and models that change under load."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from labeler.api import app as module
from labeler.api.loaded import LoadedModels
from labeler.files import write_text
from tests.api.serving import client_of, loaded
from tests.conftest import renew_model

TOKEN, OTHER = "0123456789abcdef", "fedcba9876543210"
PAPERS = {"papers": [{"title": "Robots learn to walk", "abstract": "We train legged robots."}]}
PATHS = [("POST", "/label"), ("POST", "/explain"), ("GET", "/models"), ("GET", "/health"), ("GET", "/openapi.json"),
         ("GET", "/nowhere"), ("PUT", "/label")]  # fmt: skip


@pytest.fixture(scope="module")
def models(trained_once: Path) -> LoadedModels:
    return loaded(trained_once)


@pytest.fixture(scope="module")
def client(models: LoadedModels) -> TestClient:
    return client_of(models)


def code(answer: Any) -> str:
    error = answer.json()["error"]
    assert error.keys() == {"code", "message"}
    assert error["message"]
    return str(error["code"])


@pytest.mark.parametrize(("method", "path"), PATHS)
@pytest.mark.parametrize(
    "told", [None, "Bearer", "Bearer x", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer \xff", TOKEN]
)
def test_nobody_comes_in_without_a_token(models: LoadedModels, method: str, path: str, told: str | None) -> None:
    headers = {"Authorization": told.encode("latin-1")} if told else {}
    answer = client_of(models, TOKEN).request(method, path, json=PAPERS, headers=headers)
    assert (answer.status_code, code(answer)) == (401, "unauthorized")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("told", [f"Bearer {TOKEN}", f"bearer {OTHER}", f"Bearer  {OTHER} "])
def test_each_token_lets_in_under_any_name_of_the_machine(models: LoadedModels, told: str) -> None:
    client = client_of(models, TOKEN, OTHER)
    answer = client.post("/label", json=PAPERS, headers={"Authorization": told, "Host": "papers.example.org"})
    assert (answer.status_code, answer.json()["model"]) == (200, "mine@1")


@pytest.mark.parametrize("host", ["papers.example.org", "", "127.0.0.1.example.org", "192.168.0.7:9090"])
def test_without_a_token_another_name_of_the_machine_gets_nothing(client: TestClient, host: str) -> None:
    assert code(client.get("/models", headers={"Host": host})) == "wrong_host"
    assert client.get("/models", headers={"Host": "localhost:9090"}).status_code == 200


def test_what_is_not_there_is_told(client: TestClient) -> None:
    for path in ("/nowhere", "/label/", "/LABEL", "//label", "/label/../health2"):
        answer = client.post(path, json=PAPERS)
        assert (answer.status_code, code(answer)) == (404, "not_found")
    for method in ("GET", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"):
        answer = client.request(method, "/label")
        assert (answer.status_code, code(answer), answer.headers["allow"]) == (405, "method_not_allowed", "POST")
    answer = client.post("/health", json=PAPERS)
    assert "takes GET, HEAD, not POST" in answer.json()["error"]["message"]


@pytest.mark.parametrize("kind", ["text/plain", "", "application/x-www-form-urlencoded", "json", "application/jsonl"])
def test_another_media_type_is_told(client: TestClient, kind: str) -> None:
    answer = client.post("/label", content=json.dumps(PAPERS), headers={"Content-Type": kind})
    assert (answer.status_code, code(answer)) == (415, "not_json_media_type")


def test_a_media_type_may_have_parameters(client: TestClient) -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    assert client.post("/label", content=json.dumps(PAPERS), headers=headers).status_code == 200


def test_a_body_beyond_the_limit_is_not_read(models: LoadedModels) -> None:
    def long() -> Iterator[bytes]:
        for _ in range(100):
            yield b" " * 1000

    client, headers = client_of(models, largest=10_000), {"Content-Type": "application/json"}
    for content in (b" " * 10_001, long()):
        answer = client.post("/label", content=content, headers=headers)
        assert (answer.status_code, code(answer), answer.headers["connection"]) == (413, "too_large", "close")
    assert client.post("/label", json=PAPERS).status_code == 200


def test_large_bodies_are_answered_as_small_ones(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    small = [client.post("/label", json=PAPERS).json(), client.post("/label", content=b"{").status_code]
    monkeypatch.setattr(module, "_SMALL", 0)
    headers = {"Content-Type": "application/json"}
    large = [
        client.post("/label", json=PAPERS).json(),
        client.post("/label", content=b"{", headers=headers).status_code,
    ]
    assert (large[0], large[1]) == (small[0], 400)


def test_a_fault_is_told_in_the_same_form(models: LoadedModels, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labeler.api.answers.labelled_papers", lambda *_: 1 / 0)
    answer = client_of(models).post("/label", json=PAPERS)
    assert (answer.status_code, code(answer)) == (500, "fault")
    assert "ZeroDivisionError" in answer.json()["error"]["message"]


@pytest.mark.slow
def test_models_change_without_a_lost_request(trained: Path, trained_twice: Path, monkeypatch: Any) -> None:
    """While four clients ask, versions are put to use, damaged and removed: all get what they asked for."""
    monkeypatch.setattr("labeler.api.loaded._PAUSE", 0.002)
    renew_model(trained, trained_twice)
    write_text(trained / "models/CURRENT", "mine@1\n")
    seen: list[str] = []
    ended = threading.Event()
    failed: list[str] = []

    def ask(client: TestClient) -> None:
        while not ended.is_set():
            answer = client.post("/label", json=PAPERS)
            if answer.status_code != 200 or len(answer.json()["papers"]) != 1:
                failed.append(answer.text)
                return
            seen.append(answer.json()["model"])

    def until(client: TestClient, model: str, status: str) -> None:
        for _ in range(100_000):
            health = client.get("/health").json()
            if (health["model"], health["status"]) == (model, status):
                return
        raise AssertionError(health)

    with client_of(loaded(trained)) as client:
        threads = [threading.Thread(target=ask, args=(client,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for label in ("mine@2", "arxiv", "mine@1", "mine@2"):
            write_text(trained / "models/CURRENT", f"{label}\n")
            until(client, label if "@" in label else f"{label}@1", "ok")
        with (trained / "models/mine/2/weights.safetensors").open("r+b") as stream:
            stream.truncate(1000)
        until(client, "mine@2", "degraded")
        shutil.rmtree(trained / "models/mine/2")
        write_text(trained / "models/CURRENT", "mine@1\n")
        until(client, "mine@1", "ok")
        ended.set()
        for thread in threads:
            thread.join(60)
    assert not failed
    assert set(seen) <= {"mine@1", "mine@2", "arxiv@1"}


json_like = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from("papers model topics only sets title abstract ids authors date url flags data".split()),
            inner,
        )
    ),
    max_leaves=16,
)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["/label", "/explain"]), json_like | st.fixed_dictionaries({"papers": st.lists(json_like)}))
def test_no_json_breaks_it(client: TestClient, path: str, body: Any) -> None:
    headers = {"Content-Type": "application/json"}
    answer = client.post(path, content=json.dumps(body).encode(), headers=headers)
    if answer.status_code == 200:
        assert len(answer.json()["papers"]) + len(answer.json()["refused"]) <= len(body["papers"])
    else:
        assert answer.status_code in (404, 422)
        assert code(answer)


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["POSITIVE", "NEGATIVE"])
@pytest.mark.parametrize("path", ["/label", "/explain", "/models", "/health"])
def test_answers_are_what_the_document_says(models: LoadedModels, path: str, mode: str) -> None:
    schemathesis = pytest.importorskip("schemathesis")
    headers, app = {"Authorization": f"Bearer {TOKEN}"}, module.application(models, [TOKEN])
    document = schemathesis.openapi.from_asgi("/openapi.json", app, headers=headers)
    operation = document[path]["POST" if path in ("/label", "/explain") else "GET"]
    if mode == "NEGATIVE" and not operation.body:
        return  # nothing can be wrong with it

    @settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy(generation_mode=schemathesis.GenerationMode[mode]))
    def check(case: Any) -> None:
        case.call_and_validate(headers=headers)

    check()

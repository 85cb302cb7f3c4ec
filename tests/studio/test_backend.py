"""The ML backend over HTTP: who is let in, what is answered, and that nothing that comes breaks it."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from labeler.studio.backend import backend
from tests.paths import STUDIO

ME = ("labeler", "s3cret:with ü")
ENDPOINTS = [("GET", "/"), ("GET", "/health"), ("GET", "/versions"), ("POST", "/setup"), ("POST", "/predict"),
             ("POST", "/webhook"), ("GET", "/nowhere")]  # fmt: skip


class Model:
    """A model that says what it was asked."""

    def __init__(self) -> None:
        self.trained = 0

    def version(self) -> str:
        return "mine@3"

    def versions(self) -> list[str]:
        return ["mine@1", "mine@3"]

    def predict(self, tasks: Sequence[Any], label_config: str) -> list[dict[str, Any]]:
        return [{"result": [], "score": 0.5, "model_version": "mine@3"} for _ in tasks]

    def train(self) -> None:
        self.trained += 1


@pytest.fixture
def model() -> Model:
    return Model()


@pytest.fixture
def client(model: Model) -> TestClient:
    found = TestClient(backend(model, *ME, largest=10_000))
    found.auth = (ME[0].encode(), ME[1].encode())  # type: ignore[assignment]
    return found


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
@pytest.mark.parametrize(
    "told", [None, ("labeler", "wrong"), ("other", ME[1]), ("", ""), "Bearer x", "Basic", "Basic =="]
)
def test_nobody_comes_in_without_the_password(model: Model, method: str, path: str, told: Any) -> None:
    client = TestClient(backend(model, *ME))
    given = {"headers": {"Authorization": told}} if isinstance(told, str) else {"auth": told} if told else {}
    if isinstance(told, tuple):
        given = {"auth": tuple(part.encode() for part in told)}
    answer = client.request(method, path, json={"action": "START_TRAINING"}, **given)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic")
    assert model.trained == 0


@pytest.mark.parametrize("scheme", ["Basic", "basic", "BASIC", "bAsIc "])
def test_the_scheme_of_the_password_may_be_written_in_any_case(model: Model, scheme: str) -> None:
    client = TestClient(backend(model, *ME))
    told = base64.b64encode(":".join(ME).encode()).decode()
    assert client.get("/health", headers={"Authorization": f"{scheme} {told}"}).status_code == 200
    for other in ("Bearer", "Token", ""):
        assert client.get("/health", headers={"Authorization": f"{other} {told}"}).status_code == 401


def test_what_label_studio_really_sends_is_answered(client: TestClient, model: Model) -> None:
    if not STUDIO.is_dir():
        pytest.skip("the recorded requests are not beside the project")
    answers = {}
    for path in sorted((STUDIO / "payloads/ml").iterdir()):
        told = json.loads(path.read_text())
        client_ = TestClient(backend(model, *ME))
        client_.auth = (ME[0].encode(), ME[1].encode())  # type: ignore[assignment]
        answer = client_.request(told["method"], told["path"], json=told["body"])
        assert answer.status_code == 200, path.name
        answers[path.stem] = answer.json()
    assert answers["create_setup"] == {"model_version": "mine@3"}
    assert len(answers["retrieve10_predict"]["results"]) == 10
    assert answers["versions_versions"] == {"versions": ["mine@1", "mine@3"]}
    assert model.trained == 1, "the one START_TRAINING among them"


@pytest.mark.parametrize(
    ("path", "body"),
    [("/predict", b"{"), ("/predict", b"[]"), ("/predict", b'{"tasks": 3}'), ("/predict", b"\xff"),
     ("/webhook", b"null"), ("/webhook", b""), ("/predict", b"[" * 5000)],
)  # fmt: skip
def test_what_is_no_request_is_told(client: TestClient, path: str, body: bytes) -> None:
    answer = client.post(path, content=body)
    assert answer.status_code == 400
    assert "this is no" in answer.json()["detail"]


def test_a_body_beyond_the_limit_is_not_read(client: TestClient) -> None:
    def endless() -> Any:
        for _ in range(100):
            yield b" " * 1000

    assert client.post("/predict", content=b" " * 10_001).status_code == 413
    assert client.post("/predict", content=endless()).status_code == 413
    assert client.post("/predict", json={"tasks": []}).status_code == 200


json_like = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["tasks", "label_config", "action", "data", "title", "abstract", "meta", "asked"]), inner
        )
    ),
    max_leaves=12,
)


@pytest.mark.slow
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["/predict", "/setup", "/webhook"]), json_like)
def test_no_json_breaks_it(trained_once: Path, path: str, body: Any) -> None:
    from labeler.config import find_workspace
    from labeler.flows.serve import CurrentModel

    served = _served.setdefault("one", CurrentModel(find_workspace(str(trained_once))))
    client = TestClient(backend(Model(), *ME) if path == "/webhook" else backend(served, *ME))
    client.auth = (ME[0].encode(), ME[1].encode())  # type: ignore[assignment]
    answer = client.post(path, content=json.dumps(body).encode(), headers={"Content-Type": "application/json"})
    assert answer.status_code in (200, 400)
    if path == "/predict" and answer.status_code == 200:
        assert len(answer.json()["results"]) == len(body["tasks"])


_served: dict[str, Any] = {}


def test_many_at_once_are_answered(client: TestClient) -> None:
    codes: list[int] = []

    def ask() -> None:
        codes.append(client.post("/predict", json={"tasks": [{}] * 5}).status_code)

    threads = [threading.Thread(target=ask) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [200] * 16


@pytest.mark.parametrize("config", ["cut \ud83d", "\udc00", "<View><Choices name='topics'>\ud83d</Choices></View>"])
def test_half_a_character_breaks_nothing(trained_once: Path, config: str) -> None:
    from labeler.config import find_workspace
    from labeler.flows.serve import CurrentModel

    client = TestClient(backend(CurrentModel(find_workspace(str(trained_once))), *ME))
    client.auth = (ME[0].encode(), ME[1].encode())  # type: ignore[assignment]
    tasks = [{"data": {"title": "Owls \ud83d", "abstract": config}}, {"data": {"title": "\udc00"}}]
    body = json.dumps({"tasks": tasks, "label_config": config})
    answer = client.post("/predict", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, [one["model_version"] for one in answer.json()["results"]]) == (200, ["mine@1"] * 2)

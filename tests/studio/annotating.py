"""People at a real Label Studio server: more than one, through its API."""

from __future__ import annotations

import re
import secrets
from typing import Any
from urllib.parse import urlsplit

import httpx

from labeler.studio.local import Credentials


def choices(*labels: str, control: str = "topics", **more: Any) -> dict[str, Any]:
    """One row of a result: labels chosen in a control."""
    return {"from_name": control, "to_name": "abstract", "type": "choices", "value": {"choices": list(labels)}} | more


def comment(text: str) -> dict[str, Any]:
    """One row of a result: a comment."""
    return {"from_name": "comment", "to_name": "abstract", "type": "textarea", "value": {"text": [text]}}


def tasks_of(studio: Any, project: int) -> dict[str, Any]:
    """The tasks of a project by paper id; fails where a paper has two."""
    tasks = list(studio.tasks.list(project=project))
    by_paper = {task.data["paper_id"]: task for task in tasks}
    assert len(by_paper) == len(tasks), "a paper has two tasks"
    return by_paper


def project_of(text: str) -> int:
    """The project's number in what a command said."""
    found = re.search(r"/projects/(\d+)", text)
    assert found is not None, text
    return int(found[1])


def colleague(server: Credentials, name: str) -> Any:
    """Another user of the server, who signed up by invitation, through the SDK."""
    from label_studio_sdk import LabelStudio

    headers = {"Authorization": f"Token {server.token}"}
    link = httpx.get(f"{server.url}/api/invite", headers=headers).json()["invite_url"]
    email, password = f"{name}-{secrets.token_hex(4)}@example.org", secrets.token_urlsafe(12)
    with httpx.Client(base_url=server.url, follow_redirects=True) as browser:
        place = f"{urlsplit(link).path}?{urlsplit(link).query}"
        page = browser.get(place).text
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert found is not None
        browser.post(place, data={"email": email, "password": password, "csrfmiddlewaretoken": found[1]})
        token = browser.get("/api/current-user/token").json()["token"]
    return LabelStudio(base_url=server.url, api_key=token, timeout=300)


def draft(server: Credentials, task: int, *rows: dict[str, Any]) -> None:
    """Begin to annotate a task, as someone does who has not pressed the button yet."""
    headers = {"Authorization": f"Token {server.token}"}
    body = {"result": list(rows), "lead_time": 1.0}
    httpx.post(f"{server.url}/api/tasks/{task}/drafts", json=body, headers=headers).raise_for_status()


def elsewhere(server: Credentials) -> str:
    """The same server at another address of this machine."""
    return server.url.replace("127.0.0.1", "localhost")

"""One line for each request: what was asked and what came of it, and nothing that is secret."""

import json
import logging
import sys
from collections.abc import Iterator
from io import StringIO
from time import perf_counter
from typing import Any

import pytest
import structlog
from starlette.testclient import TestClient

from forum.config import Settings
from forum.logs import configure_logs, log, log_request, log_socket
from tests.accounts.site import PASSWORD


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """What is logged from here on, as JSON."""
    written = StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    handlers = logging.getLogger().handlers[:]
    monkeypatch.setattr("forum.logs._lines.as_json", None)  # as before, afterwards
    configure_logs(Settings(log="json"))
    vars(log).pop("bind", None)  # what an earlier test's logger remembers
    yield written
    structlog.reset_defaults()
    vars(log).pop("bind", None)
    logging.getLogger().handlers[:] = handlers


def requests_in(lines: StringIO) -> list[dict[str, Any]]:
    """The lines of requests."""
    found = [json.loads(line) for line in lines.getvalue().splitlines()]
    return [line for line in found if line["event"] == "request"]


def test_a_request_is_one_line_without_its_query(client: TestClient, lines: StringIO) -> None:
    answer = client.get("/?draft=very-secret", headers={"cookie": "session=very-secret"})
    (line,) = requests_in(lines)
    assert (line["method"], line["path"], line["status"], line["account"]) == ("GET", "/", 200, None)
    assert line["ms"] > 0
    assert 0 < line["bytes"] <= len(answer.content)
    assert "very-secret" not in lines.getvalue()


def test_a_refusal_tells_the_id_under_which_it_is_logged(client: TestClient, lines: StringIO) -> None:
    answer = client.get("/articles/nowhere")
    (line,) = requests_in(lines)
    assert (line["status"], line["request"]) == (404, answer.headers["x-request-id"])


def test_no_secret_and_no_text_is_logged(client: TestClient, lines: StringIO) -> None:
    client.post("/sign-in", data={"login": "nobody", "password": PASSWORD})
    client.get("/reset/very-secret")
    client.get("/appeal/very-secret")
    client.post("/appeal/very-secret", data={"text": "very-secret"})
    client.post("/comments/preview", data={"body": "very-secret"})
    assert len(requests_in(lines)) == 5
    assert "very-secret" not in lines.getvalue()
    assert PASSWORD not in lines.getvalue()


def test_a_path_cannot_forge_a_line(client: TestClient, lines: StringIO) -> None:
    client.get("/a%0Ab%1B%5B31m")
    (line,) = requests_in(lines)
    assert line["path"] == r"/a\nb\x1b[31m"


def test_what_a_library_logs_has_the_same_form_without_the_rows_of_an_error(lines: StringIO) -> None:
    said = "no such row\n" + "DETAIL:  Failing row contains (very-secret)."
    try:
        raise RuntimeError(said)
    except RuntimeError:
        logging.getLogger("uvicorn.error").exception("it failed")
    (line,) = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert (line["event"], line["logger"], line["level"]) == ("it failed", "uvicorn.error", "error")
    assert "no such row" in line["exception"]
    assert "very-secret" not in line["exception"]


def test_a_line_costs_little(lines: StringIO) -> None:
    began = perf_counter()
    for number in range(2000):
        log_request(
            method="GET", path="/articles/a-bridge", status=200, seconds=0.01, size=number, account_id=7, request_id="a"
        )
    assert (perf_counter() - began) / 2000 < 200e-6  # an idle machine needs a tenth


def test_the_end_of_a_socket_is_one_line(lines: StringIO) -> None:
    log_socket(article_id=1, code=1001, cause="left", seconds=61.04, account_id=None, messages=3)
    line = json.loads(lines.getvalue())
    assert (line["event"], line["article"], line["code"], line["seconds"]) == ("socket", 1, 1001, 61.0)

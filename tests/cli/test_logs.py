"""A log line is for a person or a machine, and in neither form does it tell what must stay shut."""

import json
import logging
import subprocess
import sys
from collections.abc import Callable

import pytest

from aboard.cli.logs import JsonLines, PlainLines
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.flows.correlation import REQUEST_ID, TRACE_ID
from aboard.flows.journal import FIELDS, Journal, LogEvent

_NEVER = "Task exception was never retrieved"
Written = Callable[[logging.Formatter], list[str]]


@pytest.fixture
def written(caplog: pytest.LogCaptureFixture) -> Written:
    caplog.set_level(logging.DEBUG)
    return lambda formatter: [formatter.format(record) for record in caplog.records]


def only(lines: list[str]) -> dict[str, object]:
    [line] = lines
    read: dict[str, object] = json.loads(line)
    return read


def test_a_library_does_not_tell_of_its_own_parts_at_a_start() -> None:
    script = (
        "from aboard.cli.logs import write_log; from aboard.settings import LogFormat, Watching;"
        "write_log(Watching(LogFormat.TEXT, 'info', '127.0.0.1', None, None, None, traces=False));"
        "import alembic.command; import logging;"
        "logging.getLogger('alembic.runtime').warning('heed this')"
    )
    ended = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    [line] = ended.stderr.splitlines()
    assert line.endswith("WARNING alembic.runtime heed this")


def test_an_event_is_told_with_its_closed_fields(written: Written) -> None:
    owner = Owner(OwnerKind.CREATOR, "ada", Mode.TEST)
    Journal().note(LogEvent.ACCOUNT_SYNCED, owner=owner, readiness="pending", count=3)
    line = only(written(JsonLines()))
    assert str(line.pop("time")).endswith("Z")
    assert line == {
        "level": "info",
        "logger": "aboard",
        "event": "account.synced",
        "owner": str(owner),
        "readiness": "pending",
        "count": 3,
    }
    assert set(line) - {"level", "logger", "event"} <= FIELDS


def test_a_line_names_its_request_and_its_trace(written: Written) -> None:
    tokens = REQUEST_ID.set("req-1"), TRACE_ID.set("0af7")
    Journal().note(LogEvent.LINK_ISSUED)
    line = only(written(JsonLines()))
    assert (line["request_id"], line["trace_id"]) == ("req-1", "0af7")
    assert written(PlainLines())[0].endswith(" trace_id=0af7")
    REQUEST_ID.reset(tokens[0])
    TRACE_ID.reset(tokens[1])


def test_nobody_forges_a_second_line(written: Written) -> None:
    Journal().note(LogEvent.CALLBACK_VISITED, outcome="done\nERROR aboard forged")
    for formatter in (JsonLines(), PlainLines()):
        [line] = written(formatter)
        assert "\n" not in line


@pytest.mark.parametrize(
    ("template", "arguments", "told"),
    [
        ("Started server process [%d]", (7,), "Started server process [7]"),
        ("GET %s answered", ("/connect/enter/words",), "GET *** answered"),
        ("connection to redis://:words@10.0.0.1:6379/0 lost", (), "connection to *** lost"),
        ("peer 10.1.2.3:8080 left", (), "peer *** left"),
        ("mail to ada@shop.example failed", (), "mail to *** failed"),
        (_NEVER + "\nfuture: <Task words>", (), _NEVER),
        ("opened /connect/enter/words", (), "opened ***"),
        ("takes %d of %s", ("many", "words"), "takes %d of %s"),
    ],
)
def test_a_library_is_told_without_what_was_filled_in(
    template: str, arguments: tuple[object, ...], told: str
) -> None:
    record = logging.LogRecord("uvicorn.error", logging.INFO, "", 0, template, arguments, None)
    assert json.loads(JsonLines().format(record))["message"] == told
    assert PlainLines().format(record).endswith(f" INFO uvicorn.error {told}")


def test_an_exception_is_told_by_its_type_and_place(written: Written) -> None:
    def break_down() -> None:
        raise ValueError("a text with whatever was in it")

    try:
        break_down()
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application\n")
    line = only(written(JsonLines()))
    assert line["error"] == "ValueError"
    assert str(line["at"]).startswith("break_down:")
    assert line["message"] == "Exception in ASGI application"
    assert "whatever" not in written(PlainLines())[0]

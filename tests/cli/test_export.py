"""`aboard export`: every row once, as JSON lines or CSV, into a file or down a pipe."""

import asyncio
import csv
import json
import os
import stat
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from aboard.app import open_platform
from aboard.cli.commands import app
from aboard.core.announcements import Announcement, AnnouncementType
from aboard.core.lending.callers import GatewayCaller
from aboard.core.lending.calls import Call, Via
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.flows.export import COLUMNS, PORTION, Kind
from aboard.settings import load_settings
from aboard.store import AuditEntry, Consequences
from tests.cli.commands import ABOARD, COMPLETE_SETTINGS, clean_environment
from tests.scene import lay_database
from tests.store.rows import attached, wrote

AT = datetime(2026, 11, 21, 9, tzinfo=UTC)
ORG = Owner(OwnerKind.ORGANIZATION, "org_1", Mode.TEST)
HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", '"quoted", and\nbroken')
TOLD = Consequences((Announcement(AnnouncementType.READINESS_CHANGED, {"readiness": "pending"}),))
MANY = PORTION * 2 + 3

Export = Callable[..., Result]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Fill a database once: exports change nothing."""
    database = str(tmp_path_factory.mktemp("export") / "aboard.sqlite3")
    lay_database(database)
    settings = {**COMPLETE_SETTINGS, "ABOARD_DATABASE": database}
    asyncio.run(fill(settings))
    return settings


async def fill(settings: dict[str, str]) -> None:
    async with open_platform(load_settings(settings)) as platform:
        store = platform.store
        await wrote(store, await attached(store, ORG, "acct_1"), AT, consequences=TOLD)
        for number, actor in enumerate(HOSTILE):
            at = AT + timedelta(seconds=number)
            await store.append_audit(AuditEntry(at, actor, "gate.open", "opened", ORG))
        caller = GatewayCaller("gwc_1", "=shop", AT, "ops")
        audit = AuditEntry(AT, "ops", "gateway.caller", "added")
        assert await store.add_gateway_caller(caller, audit)
        for number in range(4):
            call = Call(
                f"req_{number}",
                AT + timedelta(seconds=number),
                Via.PROXY,
                "GET",
                "answered" if number % 2 else "rate_limited",
                caller_id="gwc_1" if number < 3 else "gwc_gone",
                mode=Mode.LIVE if number else Mode.TEST,
                account="acct_1" if number else None,
            )
            assert await store.write_call(call)
        await asyncio.gather(
            *(
                store.accept_event(
                    f"evt_{number:05}",
                    endpoint="connect",
                    mode=Mode.TEST if number % 2 else Mode.LIVE,
                    type="account.updated",
                    stripe_account_id="acct_1",
                    created_at=AT,
                    received_at=AT + timedelta(seconds=number),
                )
                for number in range(MANY)
            )
        )


@pytest.fixture
def export(settings: dict[str, str]) -> Export:
    def run(*words: str) -> Result:
        return CliRunner().invoke(app, ["export", *words], env=settings)

    return run


def rows(result: Result) -> list[dict[str, object]]:
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_events_come_once_each_in_order_over_many_portions(export: Export) -> None:
    found = rows(export("events"))
    assert [row["id"] for row in found] == [f"evt_{number:05}" for number in range(MANY)]
    assert found[1] == {
        "id": "evt_00001",
        "mode": "test",
        "endpoint": "connect",
        "type": "account.updated",
        "stripe_account_id": "acct_1",
        "created_at": "2026-11-21T09:00:00Z",
        "received_at": "2026-11-21T09:00:01Z",
        "processed_at": None,
        "status": "pending",
        "attempts": 0,
        "last_error": None,
        "source": "delivered",
    }


def test_a_window_and_a_mode_narrow_it(export: Export) -> None:
    window = ("--since", "2026-11-21T09:00:10Z", "--until", "2026-11-21T09:00:20+00:00")
    assert len(rows(export("events", *window))) == 10
    assert len(rows(export("events", *window, "--mode", "live"))) == 5
    assert len(rows(export("audit", "--since", "2026-11-21T09:00:05"))) == 2
    assert rows(export("accounts", "--mode", "live")) == []
    assert rows(export("announcements", "--until", "2026-11-21")) == []


def test_accounts_with_owner_readiness_and_snapshot(export: Export) -> None:
    [row] = rows(export("accounts"))
    assert (row["owner_kind"], row["owner_id"], row["mode"]) == ("organization", "org_1", "test")
    assert row["stripe_account_id"] == "acct_1"
    assert isinstance(row["snapshot"], dict)
    assert row["snapshot"]["requirements"]["currently_due"] == ["word"]
    assert "raw" not in row
    [row] = rows(export("accounts", "--raw"))
    assert row["raw"] == {"id": "raw"}


def test_announcements_with_what_they_say(export: Export) -> None:
    [row] = rows(export("announcements"))
    assert row["type"] == "connect.account.readiness_changed"
    assert (row["owner_id"], row["payload"]) == ("org_1", {"readiness": "pending"})


def test_calls_by_window_mode_and_more(export: Export, settings: dict[str, str]) -> None:
    assert [row["id"] for row in rows(export("gateway-calls", "--mode", "live"))] == [
        "req_1",
        "req_2",
        "req_3",
    ]

    def narrowed(*words: str) -> list[str]:
        ended = CliRunner().invoke(app, ["gateway", "calls", "export", *words], env=settings)
        return [str(row["id"]) for row in rows(ended)]

    assert narrowed("--caller", "=shop") == ["req_0", "req_1", "req_2"]
    assert narrowed("--caller", "gwc_gone") == ["req_3"]
    assert narrowed("--outcome", "answered", "--account", "acct_1") == ["req_1", "req_3"]
    assert narrowed("--since", "2026-11-21T09:00:02", "--mode", "live") == ["req_2", "req_3"]
    ended = CliRunner().invoke(
        app, ["gateway", "calls", "list", "--caller", "=shop", "--json"], env=settings
    )
    listed = [call["id"] for call in json.loads(ended.stdout)["calls"]]
    assert listed == ["req_2", "req_1", "req_0"]


@pytest.mark.parametrize("kind", list(Kind))
def test_both_forms_have_the_promised_columns_in_order(export: Export, kind: Kind) -> None:
    as_lines = rows(export(kind))
    assert tuple(as_lines[0]) == COLUMNS[kind]
    as_csv = list(csv.reader(export(kind, "--format", "csv").stdout.splitlines()))
    assert tuple(as_csv[0]) == COLUMNS[kind]


def test_no_cell_is_a_formula_and_nothing_else_is_touched(export: Export, tmp_path: Path) -> None:
    path = tmp_path / "audit.csv"
    ended = export("audit", "--format", "csv", "--output", str(path))
    assert ended.exit_code == 0, ended.stderr
    with path.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    actors = [row["actor"] for row in found if row["action"] == "gate.open"]
    assert actors == [f"'{actor}" for actor in HOSTILE[:-1]] + [HOSTILE[-1]]
    assert not [cell for cell in actors if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    lines = [row for row in rows(export("audit")) if row["action"] == "gate.open"]
    assert [row["actor"] for row in lines] == list(HOSTILE)


def test_a_file_is_whole_and_its_owners_alone(export: Export, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    ended = export("events", "--output", str(path), "--json")
    assert json.loads(ended.stdout) == {"kind": "events", "file": str(path), "rows": MANY}
    assert len(path.read_text().splitlines()) == MANY
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.glob("events*")] == ["events.jsonl"]
    assert f"has {MANY} rows of events" in export("events", "--output", str(path)).stdout


def test_what_makes_no_sense_is_told(export: Export, tmp_path: Path) -> None:
    for words in (
        ("secrets",),
        ("events", "--json"),
        ("events", "--raw"),
        ("events", "--since", "soon"),
        ("events", "--format", "xml"),
    ):
        ended = export(*words)
        assert (ended.exit_code, ended.stdout) == (2, ""), words
    ended = export("events", "--output", str(tmp_path / "no" / "where"))
    assert (ended.exit_code, ended.stdout) == (3, "")
    assert "cannot be written (No such file or directory)" in ended.stderr
    assert "Exit codes" in CliRunner().invoke(app, ["export", "--help"]).stdout


def test_a_reader_that_goes_away_is_no_fault(settings: dict[str, str], tmp_path: Path) -> None:
    read, write = os.pipe()
    with subprocess.Popen(  # noqa: S603 - our own command
        [ABOARD, "export", "events"],
        stdout=write,
        stderr=subprocess.PIPE,
        env=clean_environment(settings),
        cwd=tmp_path,
    ) as process:
        os.close(write)
        assert os.read(read, 10)
        os.close(read)
        _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, b"")

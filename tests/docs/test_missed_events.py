"""Does every command run that the pages give for missed events, for what is kept, for exports?"""

import asyncio
import re
import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aboard.app import open_platform
from aboard.cli.commands import app
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.flows.export import COLUMNS, Kind
from aboard.flows.start import start_onboarding
from aboard.flows.sync import sync_due
from aboard.sandbox.testing import StripeSandbox
from aboard.settings import load_settings
from tests.cli.commands import COMPLETE_SETTINGS
from tests.house.tree import ROOT
from tests.scene import lay_database

ACCOUNT, EVENT = "acct_1PgafTB7WZ01zgkW", "evt_1PgafTB7WZ01zgkW"
PARTS = (
    ("webhooks.md", "When something was missed"),
    ("self-hosting.md", "What is kept, and for how long"),
    ("exports.md", ""),
)


def part(page: str, heading: str) -> str:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    if not heading:
        return text
    return text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


COMMANDS = [
    line
    for page, heading in PARTS
    for block in re.findall(r"^```sh\n(.*?)^```", part(page, heading), re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]


@pytest.fixture
def settings(
    tmp_path: Path, stripe_sandbox: StripeSandbox, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    """Leave an account at Stripe, and one received event of it that is a dead letter."""
    monkeypatch.chdir(tmp_path)
    lay_database(str(tmp_path / "aboard.sqlite3"))
    settings = {
        **COMPLETE_SETTINGS,
        "ABOARD_DATABASE": str(tmp_path / "aboard.sqlite3"),
        "ABOARD_TEST_API_BASE": stripe_sandbox.url,
        "ABOARD_TEST_SECRET_KEY": stripe_sandbox.key,
        "ABOARD_ORGANIZATION_COUNTRY": "US",
    }
    settings["account"], settings["event"] = asyncio.run(fill(settings))
    return settings


async def fill(settings: dict[str, str]) -> tuple[str, str]:
    now = datetime.now(UTC)
    async with open_platform(load_settings(settings)) as platform:
        started = await start_onboarding(
            platform,
            Owner(OwnerKind.ORGANIZATION, "org_1", Mode.TEST),
            return_url="http://localhost:4280/creator/back",
            refresh_url="http://localhost:4280/creator/again",
        )
        account = started.stripe_account_id
        while await sync_due(platform):
            pass
        listed = await platform.stripe_for(Mode.TEST).request(
            "get", "/v1/events", stripe_account=account
        )
        found = re.search(rb'"(evt_\w+)"', listed.body)
        assert found is not None
        event_id = found[1].decode()
        await platform.store.accept_event(
            event_id,
            endpoint="connect",
            mode=Mode.TEST,
            type="account.updated",
            stripe_account_id=account,
            created_at=now,
            received_at=now - timedelta(hours=1),
        )
        for claim in await platform.store.claim_due_accounts(Mode.TEST, 1, now, lease_seconds=60):
            await platform.store.give_up_sync(claim, "stripe.refused", next_sync_at=None)
    return account, event_id


def test_there_are_commands_for_every_need() -> None:
    verbs = {tuple(shlex.split(line)[1:3]) for line in COMMANDS}
    assert {("events", verb) for verb in ("list", "dead", "show", "replay", "catch-up")} <= verbs
    assert {("export", kind.value) for kind in Kind} <= verbs


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_of_a_page_runs(line: str, settings: dict[str, str]) -> None:
    settings = dict(settings)
    here = line.replace(ACCOUNT, settings.pop("account")).replace(EVENT, settings.pop("event"))
    words = shlex.split(here.removesuffix(" | head -1"))
    assert words[0] == "aboard"
    ended = CliRunner().invoke(app, words[1:], env=settings)
    assert ended.exit_code == 0, ended.stderr
    assert ended.stdout


def test_every_column_stands_on_the_page_in_its_order() -> None:
    rows = dict(
        re.findall(r"^\| `([\w-]+)` \| (\S.+\S) \|$", part("exports.md", "Columns"), re.MULTILINE)
    )
    for kind, columns in COLUMNS.items():
        assert tuple(re.findall(r"`(\w+)`", rows[kind.value])) == columns


def test_the_commands_leave_nothing_in_the_tree() -> None:
    assert not list(ROOT.glob("*.jsonl"))
    assert not list(ROOT.glob("*.csv"))

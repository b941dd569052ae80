"""`aboard accept`: a platform that changed on purpose is believed from then on."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner, Result

from aboard.cli.commands import app
from aboard.core.owner import Mode
from aboard.store import open_store
from tests.cli.commands import COMPLETE_SETTINGS

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
Accept = Callable[..., Result]


@pytest.fixture
def accept(database: str, sandbox: str) -> Accept:
    def run(*words: str, **settings: str) -> Result:
        given = {f"ABOARD_{name}": value for name, value in settings.items()}
        base = {**COMPLETE_SETTINGS, "ABOARD_DATABASE": database, "ABOARD_TEST_API_BASE": sandbox}
        return CliRunner().invoke(app, ["accept", *words], env={**base, **given})

    return run


def known(database: str, learn: str | None = None) -> str | None:
    async def ask() -> str | None:
        store = open_store(database)
        try:
            if learn is not None:
                await store.learn_platform_account(Mode.TEST, learn, NOW)
            return await store.find_platform_account(Mode.TEST)
        finally:
            await store.close()

    return asyncio.run(ask())


@pytest.mark.both
def test_the_platform_of_the_key_is_the_modes_from_then_on(accept: Accept, database: str) -> None:
    known(database, learn="acct_former")
    ended = accept("--mode", "test", "--json")
    assert ended.exit_code == 0, ended.stdout
    said = json.loads(ended.stdout)
    assert (said["mode"], said["before"], said["changed"]) == ("test", "acct_former", True)
    assert known(database) == said["now"]
    again = accept("--mode", "test")
    assert again.exit_code == 0
    assert f"{said['now']} is the platform of test mode already" in again.stdout


def test_whose_it_was_and_what_follows_is_told(accept: Accept, database: str) -> None:
    assert "is the platform of test mode now\n" in accept("--mode", "test").stdout
    changed = accept("--mode", "test", TEST_SECRET_KEY="sk_test_another_platform")
    assert "is the platform of test mode now, after acct_" in changed.stdout
    assert "found gone" in changed.stdout
    assert "another_platform" not in changed.stdout
    assert str(known(database)) in changed.stdout


def test_a_mode_without_a_key_and_a_mode_that_is_none_are_usage_errors(accept: Accept) -> None:
    ended = accept("--mode", "live")
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert "There is no live-mode key." in ended.stderr
    assert accept("--mode", "production").exit_code == 2
    assert accept().exit_code == 2


@pytest.mark.both
def test_without_stripe_nothing_is_changed(accept: Accept, database: str) -> None:
    known(database, learn="acct_former")
    ended = accept("--mode", "test", TEST_API_BASE="http://127.0.0.1:1", STRIPE_RETRIES="0")
    assert ended.exit_code == 3
    assert "nothing was changed" in ended.stderr
    assert known(database) == "acct_former"

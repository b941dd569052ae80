"""`aboard kyc`: an operator at a keyboard sees who waits, and decides."""

import asyncio
import json
from collections.abc import Callable

import pytest
from typer.testing import CliRunner, Result

from aboard.app import open_platform
from aboard.cli.commands import app
from aboard.core.caller import Caller
from aboard.flows.creators import become_creator
from aboard.flows.kyc import start_kyc
from aboard.settings import load_settings
from tests.cli.commands import COMPLETE_SETTINGS

Kyc = Callable[..., Result]


@pytest.fixture
def settings(database: str) -> dict[str, str]:
    return {**COMPLETE_SETTINGS, "ABOARD_DATABASE": database, "ABOARD_KYC": "manual"}


@pytest.fixture
def kyc(settings: dict[str, str]) -> Kyc:
    def run(*words: str) -> Result:
        return CliRunner().invoke(app, ["kyc", *words], env=settings)

    return run


def wait(settings: dict[str, str], *names: str) -> None:
    async def begin() -> None:
        async with open_platform(load_settings(settings)) as platform:
            for name in names:
                await become_creator(platform, Caller(name), display_name=name.title())
                await start_kyc(platform, Caller(name))

    asyncio.run(begin())


def test_nobody_waits_at_first(kyc: Kyc) -> None:
    ended = kyc("list")
    assert (ended.exit_code, ended.stdout) == (0, "Nobody waits.\n")
    assert json.loads(kyc("list", "--json").stdout) == {"waiting": []}


@pytest.mark.both
def test_who_waits_is_listed_and_decided(kyc: Kyc, settings: dict[str, str]) -> None:
    wait(settings, "ada", "bob", "eve")
    ended = kyc("list")
    assert ended.exit_code == 0
    assert [line.split()[1] for line in ended.stdout.splitlines()] == ["ada", "bob", "eve"]
    assert "attempt 1 at manual, Ada" in ended.stdout
    for verb, word in (("approve", "APPROVED"), ("reject", "REJECTED"), ("expire", "EXPIRED")):
        name = {"approve": "ada", "reject": "bob", "expire": "eve"}[verb]
        said = json.loads(kyc(verb, name, "--reason", "Seen.", "--json").stdout)
        assert (said["creatorId"], said["status"]) == (name, word)
        assert said["completedAt"]
        assert word in kyc(verb, name).stdout
    assert json.loads(kyc("list", "--json").stdout) == {"waiting": []}
    told = audit(settings)
    assert told[:2] == [("command line", "EXPIRED"), ("command line", "REJECTED")]


def audit(settings: dict[str, str]) -> list[tuple[str, str]]:
    async def ask() -> list[tuple[str, str]]:
        async with open_platform(load_settings(settings)) as platform:
            rows = await platform.store.list_audit(action="kyc.decision")
            return [(row.actor, row.outcome) for row in rows]

    return asyncio.run(ask())


def test_what_cannot_be_decided_is_told_with_the_next_step(
    kyc: Kyc, settings: dict[str, str]
) -> None:
    ended = kyc("approve", "nobody")
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert "There is no creator nobody." in ended.stderr
    wait(settings, "ada")
    settings["ABOARD_KYC"] = "none"
    ended = kyc("approve", "ada")
    assert ended.exit_code == 1
    assert "There is no check of ada to decide." in ended.stderr
    assert "Next: " in ended.stderr
    settings["ABOARD_KYC"] = "manual"
    assert kyc("approve", "ada", "--reason", "two\nlines").exit_code == 2
    assert kyc("approve").exit_code == 2


@pytest.mark.parametrize("verb", ["list", "approve", "reject", "expire"])
def test_every_verb_explains_itself_and_its_exit_codes(verb: str) -> None:
    ended = CliRunner().invoke(app, ["kyc", verb, "--help"], env={"COLUMNS": "200"})
    assert ended.exit_code == 0
    assert "Exit codes" in ended.stdout

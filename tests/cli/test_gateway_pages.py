"""`aboard gateway pages`: a link into the operator's pages, as a shell sees it."""

import json
from urllib.parse import urlsplit

import pytest
from typer.testing import CliRunner

from aboard.app import open_platform
from aboard.cli.commands import app
from aboard.cli.servers import run
from aboard.core.errors import StateSpent
from aboard.flows.operator_entry import enter_as_operator, find_operator
from aboard.settings import load_settings
from tests.cli.commands import COMPLETE_SETTINGS, Ended
from tests.leaks import SecretsInPlay


@pytest.fixture
def settings(database: str) -> dict[str, str]:
    return {**COMPLETE_SETTINGS, "ABOARD_DATABASE": database}


def pages(*arguments: str, settings: dict[str, str]) -> Ended:
    ended = CliRunner().invoke(app, ["gateway", "pages", *arguments], env=settings)
    return Ended(ended.exit_code, ended.stdout, ended.stderr)


@pytest.mark.both
def test_a_link_lets_its_operator_in_once(
    settings: dict[str, str], secrets_in_play: SecretsInPlay
) -> None:
    ended = pages("--as", "ana", "--json", settings=settings)
    assert ended.code == 0, ended
    told = json.loads(ended.out)
    assert (told["name"], told["expiresIn"]) == ("ana", 300)
    link = urlsplit(told["url"])
    ticket = link.query.removeprefix("ticket=")
    secrets_in_play.add(ticket)
    assert link.path == "/connect/gateway/enter"

    async def enter() -> None:
        async with open_platform(load_settings(settings)) as platform:
            entered = await enter_as_operator(platform, ticket)
            operator = await find_operator(platform, entered.session_token.reveal())
            assert operator is not None
            assert (operator.user_id, operator.is_operator) == ("ana", True)
            with pytest.raises(StateSpent):
                await enter_as_operator(platform, ticket)
            rows = await platform.store.list_audit(action="operator.link")
            assert [row.actor for row in rows] == ["ana"]

    run(enter())


def test_in_words_it_prints_the_link_and_nothing_else(settings: dict[str, str]) -> None:
    ended = pages(settings=settings)
    (line,) = ended.out.splitlines()
    assert line.startswith("http://localhost:4242/connect/gateway/enter?ticket=to1.")
    assert ended.err == ""


@pytest.mark.parametrize("name", ["", "x" * 129, "two\nlines", "\x1b[31m"])
def test_a_name_that_nobody_has(settings: dict[str, str], name: str) -> None:
    ended = pages("--as", name, settings=settings)
    assert ended.code == 2
    assert "No operator can have this name" in ended.err

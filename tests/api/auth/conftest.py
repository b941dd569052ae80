"""Houses of each kind, with one browser in front of them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.api.auth.house import Browser, House, open_house
from tests.flows.mailroom import MailRoom, open_mailroom
from tests.leaks import SecretsInPlay


@pytest.fixture
async def house(tmp_path: Path, secrets_in_play: SecretsInPlay) -> AsyncIterator[House]:
    """Open a house where anybody may register at once."""
    database = str(tmp_path / "aboard.sqlite3")
    async with open_house(database, secrets_in_play, REGISTRATION="open") as built:
        yield built


@pytest.fixture
async def browser(house: House) -> Browser:
    return await house.browser()


@pytest.fixture
async def ana(browser: Browser) -> Browser:
    """Ana's browser, signed in."""
    await browser.register()
    assert (await browser.login()).status_code == 200
    return browser


@pytest.fixture
async def room() -> AsyncIterator[MailRoom]:
    async with open_mailroom() as opened:
        yield opened


@pytest.fixture
async def mailing(
    tmp_path: Path, secrets_in_play: SecretsInPlay, room: MailRoom
) -> AsyncIterator[House]:
    """Open a house where a code is mailed first."""
    database = str(tmp_path / "mailing.sqlite3")
    async with open_house(database, secrets_in_play, room, REGISTRATION="confirmed") as built:
        yield built

"""Every test of the store runs on both kinds of database, unless it asks for one by name."""

from collections.abc import AsyncIterator

import pytest

from aboard.store import Store, open_store
from tests.databases import Kind


@pytest.fixture(params=list(Kind))
def database(request: pytest.FixtureRequest) -> str:
    if request.param is Kind.SQLITE:
        return str(request.getfixturevalue("sqlite_file"))
    return str(request.getfixturevalue("postgres").address)


@pytest.fixture
async def store(database: str) -> AsyncIterator[Store]:
    store = open_store(database)
    yield store
    await store.close()

"""Both clients behind one way of calling, so that every test of one is a test of the other."""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

import pytest

from aboard import AsyncClient, Client
from aboard.client import CallFailed
from tests.leaks import SecretsInPlay

TOKEN = "a-callers-token-that-nobody-may-see"


class Caller(Protocol):
    """Call with a new client, and return what each of the calls returned, one after the other.

    Who is forgiving is given the failures too, instead of being thrown them.
    """

    def __call__(
        self,
        address: str,
        *asks: Callable[[Any], Any],
        is_forgiving: bool = False,
        **options: Any,  # noqa: ANN401 - the client's own words
    ) -> list[Any]:
        """Call."""
        ...


def call_blocking(
    address: str,
    *asks: Callable[[Any], Any],
    is_forgiving: bool = False,
    **options: Any,  # noqa: ANN401 - the client's own words
) -> list[Any]:
    returned: list[Any] = []
    with Client(address, **options) as client:
        for ask in asks:
            try:
                returned.append(ask(client))
            except CallFailed as failed:
                if not is_forgiving:
                    raise
                returned.append(failed)
    return returned


def call_async(
    address: str,
    *asks: Callable[[Any], Any],
    is_forgiving: bool = False,
    **options: Any,  # noqa: ANN401 - the client's own words
) -> list[Any]:
    async def call() -> list[Any]:
        returned: list[Any] = []
        async with AsyncClient(address, **options) as client:
            for ask in asks:
                try:
                    returned.append(await ask(client))
                except CallFailed as failed:
                    if not is_forgiving:
                        raise
                    returned.append(failed)
        return returned

    return asyncio.run(call())


@pytest.fixture(params=[call_blocking, call_async], ids=["blocking", "async"])
def call(request: pytest.FixtureRequest, secrets_in_play: SecretsInPlay) -> Caller:
    secrets_in_play.add(TOKEN)
    caller: Caller = request.param
    return caller

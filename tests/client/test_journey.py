"""Do the clients carry a whole journey? Over real sockets, with the service in this process."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from aboard import AsyncClient, Client
from aboard.cli import servers
from aboard.client import Conflict, Forbidden, Invalid, NotFound, TooManyRequests, Unauthorized
from aboard.client.described.words import CreatorStatus, Readiness, Source
from aboard.core.secret import Secret
from aboard.sandbox.browser import walk_onboarding
from tests.journeys.town import MARKET, Town, open_town, words_of
from tests.leaks import SecretsInPlay

ADDRESSES = {"mode": "test", "return_url": f"{MARKET}/back", "refresh_url": f"{MARKET}/again"}
Ask = Callable[[Any], Any]


@dataclass
class Counter:
    """The service behind a socket, and one way to ask it with either client."""

    town: Town
    address: str
    is_async: bool

    async def ask(self, token: Secret | None, ask: Ask, **options: object) -> Any:  # noqa: ANN401 - what the call returns
        """Call with a client of this kind; the other runs in a thread, as it would elsewhere."""
        if self.is_async:
            async with AsyncClient(self.address, token=token, **options) as client:  # type: ignore[arg-type] # a test's own words
                returned: Awaitable[Any] = ask(client)
                return await returned

        def block() -> Any:  # noqa: ANN401 - what the call returns
            with Client(self.address, token=token, **options) as client:  # type: ignore[arg-type] # a test's own words
                return ask(client)

        return await asyncio.to_thread(block)


@pytest.fixture(params=[False, True], ids=["blocking", "async"])
async def counter(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Counter]:
    async with open_town(tmp_path) as town:
        socket = servers.bind("127.0.0.1", 0)
        async with servers.listening(town.app, socket):
            address = servers.address_of("127.0.0.1", socket)
            yield Counter(town, address, request.param)


async def test_a_creator_comes_aboard(counter: Counter, secrets_in_play: SecretsInPlay) -> None:
    town, token = counter.town, counter.town.token("mara", {})
    secrets_in_play.add(token.reveal())
    with pytest.raises(NotFound, match=r"creator\.stripe\.not_creator"):
        await counter.ask(token, lambda client: client.creators.refresh_link())
    upgraded = await counter.ask(token, lambda client: client.creators.upgrade())
    assert upgraded.creator_id == "mara"
    assert upgraded.meta.status == 201
    with pytest.raises(Invalid) as early:
        await counter.ask(token, lambda client: client.creators.refresh_link(), language="pt")
    assert early.value.i18n_key == "creator.stripe.account_not_found"
    assert early.value.message.startswith("Não tem uma conta")
    begun = await counter.ask(token, lambda client: client.creators.initiate())
    assert begun.meta.rate_limit.limit == 10
    status = await counter.ask(token, lambda client: client.creators.status())
    assert (status.stripe_account_status, status.source) == (CreatorStatus.PENDING, Source.LIVE)

    again = await counter.ask(token, lambda client: client.creators.refresh_link())
    assert again.onboarding_url != begun.onboarding_url
    async with town.browser(token) as browser:
        await walk_onboarding(browser, again.onboarding_url.reveal())
    status = await counter.ask(token, lambda client: client.creators.status())
    assert status.stripe_account_status is CreatorStatus.ACTIVE
    assert (status.charges_enabled, status.payouts_enabled) == (True, True)
    door = await counter.ask(token, lambda client: client.creators.dashboard_link())
    assert door.url.origin == again.onboarding_url.origin


async def test_an_organization_comes_aboard(counter: Counter) -> None:
    town, token = counter.town, counter.town.token()
    made = await counter.ask(
        token,
        lambda client: client.organizations.create(
            name="Harbour Ceramics", organization_id="org_1", time_zone="Europe/Lisbon"
        ),
    )
    assert (made.role, made.time_zone) == ("owner", "Europe/Lisbon")
    link = await counter.ask(
        token, lambda client: client.organizations.onboarding_link("org_1", **ADDRESSES)
    )
    listed = await counter.ask(
        token,
        lambda client: client.organizations.requirements("org_1", mode="test", fresh=True),
        language="de",
    )
    assert listed.groups.past_due[0].title
    assert listed.meta.facts["content-language"] == "de"
    async with town.browser(token) as browser:
        ended = await walk_onboarding(browser, link.onboarding_url.reveal())
    assert words_of(ended)["outcome"] == "complete"
    await town.settle()
    there = await counter.ask(
        token, lambda client: client.organizations.connection("org_1", mode="test")
    )
    assert there.readiness in {Readiness.COMPLETE, Readiness.ENABLED}
    assert there.synced_at.tzinfo is not None
    with pytest.raises(Conflict) as closed:
        await counter.ask(token, lambda client: client.organizations.go_live("org_1", mode="test"))
    assert closed.value.code == "not_ready"
    assert "test_mode_only" in closed.value.details["blockers"]
    gone = await counter.ask(
        token, lambda client: client.organizations.disconnect("org_1", mode="test")
    )
    assert gone.disconnection == "deleted"


async def test_the_same_key_does_it_once(counter: Counter) -> None:
    token = counter.town.token("ada", {})

    def create(client: Any) -> Any:  # noqa: ANN401 - either of the two clients
        return client.organizations.create(name="Kiln", idempotency_key="one")

    first, second = await counter.ask(token, create), await counter.ask(token, create)
    assert first == second
    assert (first.meta.is_replayed, second.meta.is_replayed) == (False, True)
    with pytest.raises(Conflict, match="idempotency_conflict"):
        await counter.ask(
            token,
            lambda client: client.organizations.create(name="Other", idempotency_key="one"),
        )


async def test_who_may_not_is_told_so(counter: Counter) -> None:
    token = counter.town.token("ada", {})
    with pytest.raises(Unauthorized) as nobody:
        await counter.ask(None, lambda client: client.creators.status())
    assert nobody.value.code == "AUTH_UNAUTHORIZED"
    with pytest.raises(Unauthorized):
        await counter.ask(Secret("words"), lambda client: client.creators.status())
    with pytest.raises(Forbidden) as other:
        await counter.ask(
            token, lambda client: client.organizations.connection("org_1", mode="test")
        )
    assert other.value.request_id
    with pytest.raises(Invalid) as refused:
        await counter.ask(token, lambda client: client.organizations.create(name=""))
    assert refused.value.details["problems"][0]["field"] == "name"


async def test_the_limit_is_told(counter: Counter) -> None:
    token = counter.town.token("ada", {})

    def many(client: Any) -> Any:  # noqa: ANN401 - either of the two clients
        calls = [client.creators.upgrade for _ in range(31)]

        async def wait() -> Any:  # noqa: ANN401 - what the last call returns
            return [await call() for call in calls]

        return wait() if counter.is_async else [call() for call in calls]

    with pytest.raises(TooManyRequests) as limited:
        await counter.ask(token, many)
    assert limited.value.rate_limit is not None
    assert (limited.value.rate_limit.limit, limited.value.rate_limit.remaining) == (30, 0)
    assert 0 < (limited.value.retry_after_seconds or 0) <= 3600


async def test_health_is_read_without_a_token(counter: Counter) -> None:
    health = await counter.ask(None, lambda client: client.health.read())
    assert health.ok
    assert urlsplit(counter.address).hostname == "127.0.0.1"


async def test_who_signs_in_here_goes_on_and_leaves(tmp_path: Path) -> None:
    async with open_town(tmp_path, ABOARD_REGISTRATION="open") as town:
        socket = servers.bind("127.0.0.1", 0)
        async with servers.listening(town.app, socket):
            address = servers.address_of("127.0.0.1", socket)
            ana = {"email": "ana@shop.example", "password": "a good long password"}
            async with AsyncClient(address) as client:
                await client.auth.register(**ana)
                await client.auth.login(**ana)
                await client.creators.upgrade()
                (session,) = (await client.auth.sessions()).sessions
                assert session.is_current
                await client.auth.refresh()
                assert (await client.creators.status()).stripe_account_id is None
                await client.auth.logout()
                with pytest.raises(Unauthorized):
                    await client.creators.status()

"""Is an issuer found by its name alone, and does its trouble stay its own?"""

import asyncio
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from aboard.core.errors import IssuerUnavailable
from aboard.web.auth import Tokens
from aboard.web.claims import ClaimRules
from aboard.web.discovery import fetch_discovered
from aboard.web.keys import KEY_SET_LIFETIME_SECONDS, PublishedKeys
from tests.api.minting import Watch, refused
from tests.issuer import AUDIENCE, DISCOVERY, EC, KEY_SET, NEW, RSA, LocalIssuer, open_issuer

PATIENCE_SECONDS = 0.3
TROUBLES = [
    *(
        (word, at)
        for word in ("slow", "500", "garbage", "huge", "redirect")
        for at in (DISCOVERY, KEY_SET)
    ),
    ("another_issuer", DISCOVERY),
    ("plain_http", DISCOVERY),
]


@pytest.fixture
def issuer() -> Iterator[LocalIssuer]:
    with open_issuer() as local:
        yield local


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def tokens(issuer: LocalIssuer, watch: Watch) -> Tokens:
    keys = PublishedKeys(
        fetch_discovered(issuer.address),
        monotonic=watch.monotonic,
        timeout_seconds=PATIENCE_SECONDS,
    )
    return Tokens(keys, ClaimRules(issuer.address, AUDIENCE), clock=watch)


async def test_its_name_is_enough(issuer: LocalIssuer, tokens: Tokens, watch: Watch) -> None:
    assert (await tokens.verify(issuer.mint(watch.now))).user_id == "ada"
    by_rsa = issuer.mint(watch.now, key=RSA, algorithm="PS384")
    assert (await tokens.verify(by_rsa)).user_id == "ada"
    assert issuer.asked == [DISCOVERY, KEY_SET]


@pytest.mark.parametrize(("trouble", "at"), TROUBLES)
async def test_before_any_key_came_nobody_is_believed_or_refused(
    issuer: LocalIssuer, tokens: Tokens, watch: Watch, trouble: str, at: str
) -> None:
    issuer.trouble, issuer.at = trouble, at
    began = time.monotonic()
    for _ in range(3):
        with pytest.raises(IssuerUnavailable) as caught:
            await tokens.verify(issuer.mint(watch.now))
        assert caught.value.retry_after_seconds == 30
    assert time.monotonic() - began < PATIENCE_SECONDS * 4
    assert issuer.asked.count(DISCOVERY) == 1
    issuer.trouble = ""
    watch.now += timedelta(seconds=20)
    with pytest.raises(IssuerUnavailable) as caught:
        await tokens.verify(issuer.mint(watch.now))
    assert caught.value.retry_after_seconds == 10
    watch.now += timedelta(seconds=10)
    assert (await tokens.verify(issuer.mint(watch.now))).user_id == "ada"


@pytest.mark.parametrize(("trouble", "at"), TROUBLES)
async def test_what_was_known_stays_while_it_is_in_trouble(
    issuer: LocalIssuer, tokens: Tokens, watch: Watch, trouble: str, at: str
) -> None:
    await tokens.verify(issuer.mint(watch.now))
    issuer.trouble, issuer.at = trouble, at
    watch.now += timedelta(seconds=KEY_SET_LIFETIME_SECONDS + 1)
    assert (await tokens.verify(issuer.mint(watch.now))).user_id == "ada"
    watch.now += timedelta(seconds=31)
    assert await refused(tokens, issuer.mint(watch.now, key=NEW)) == "signature"


async def test_whom_the_known_keys_can_answer_waits_for_nobody(
    issuer: LocalIssuer, tokens: Tokens, watch: Watch
) -> None:
    await tokens.verify(issuer.mint(watch.now))
    issuer.trouble = "slow"
    watch.now += timedelta(seconds=KEY_SET_LIFETIME_SECONDS + 1)
    first = asyncio.create_task(tokens.verify(issuer.mint(watch.now, sub="bob")))
    await asyncio.sleep(0.05)
    began = time.monotonic()
    await tokens.verify(issuer.mint(watch.now, sub="eve"))
    assert time.monotonic() - began < PATIENCE_SECONDS / 2
    assert not first.done()
    assert (await first).user_id == "bob"


async def test_all_who_wait_for_a_key_wait_for_one_fetch(
    issuer: LocalIssuer, tokens: Tokens, watch: Watch
) -> None:
    names = [f"user_{number}" for number in range(20)]
    callers = await asyncio.gather(
        *(tokens.verify(issuer.mint(watch.now, sub=name)) for name in names)
    )
    assert [caller.user_id for caller in callers] == names
    assert issuer.asked == [DISCOVERY, KEY_SET]


async def test_a_new_key_comes_and_an_old_one_goes(
    issuer: LocalIssuer, tokens: Tokens, watch: Watch
) -> None:
    kept = issuer.mint(watch.now, exp=int(watch.now.timestamp()) + 90_000)
    await tokens.verify(kept)
    issuer.keys = [NEW]
    assert await refused(tokens, issuer.mint(watch.now, key=NEW)) == "signature"
    watch.now += timedelta(seconds=31)
    assert (await tokens.verify(issuer.mint(watch.now, key=NEW))).user_id == "ada"
    assert await refused(tokens, kept) == "signature"
    assert await refused(tokens, issuer.mint(watch.now, key=EC)) == "signature"


async def test_a_token_that_is_remembered_ends_with_its_key(
    issuer: LocalIssuer, tokens: Tokens, watch: Watch
) -> None:
    kept = issuer.mint(watch.now, exp=int(watch.now.timestamp()) + 90_000)
    await tokens.verify(kept)
    issuer.keys = [NEW]
    watch.now += timedelta(seconds=KEY_SET_LIFETIME_SECONDS - 1)
    assert (await tokens.verify(kept)).user_id == "ada"
    watch.now += timedelta(seconds=2)
    assert await refused(tokens, kept) == "signature"


async def test_a_caller_who_leaves_takes_nobodys_turn(
    issuer: LocalIssuer, tokens: Tokens, watch: Watch
) -> None:
    issuer.trouble = "slow"
    leaving = asyncio.create_task(tokens.verify(issuer.mint(watch.now)))
    await asyncio.sleep(0.05)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    issuer.trouble = ""
    assert (await tokens.verify(issuer.mint(watch.now))).user_id == "ada"

"""Hashes: real ones, the same work for everybody, a few at once, and threads of their own."""

import asyncio
import statistics
import time

import pytest

from aboard.core.errors_identity import LoginBusy
from aboard.core.secret import Secret
from aboard.flows.passwords import Cost, Passwords, Work

WORDS = Secret("four quiet words here")
WRONG = Secret("other quiet words here")
CHEAP = Cost(passes=1, memory_kib=64)


async def test_a_hash_fits_its_password_alone() -> None:
    passwords = Passwords()
    made = await passwords.hash(WORDS)
    assert made.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert WORDS.reveal() not in made
    assert await passwords.fits(WORDS, made)
    assert not await passwords.fits(WRONG, made)
    assert await passwords.hash(WORDS) != made
    assert passwords.work == Work(made=2, checked=2)


async def test_nobody_fits_and_is_checked_all_the_same() -> None:
    passwords = Passwords(CHEAP)
    assert not await passwords.fits(WORDS, None)
    assert passwords.work.checked == 1


@pytest.mark.parametrize(
    "stored", ["", "words", "$argon2id$", "$2b$12$words", "$argon2id$v=19$m=8"]
)
async def test_a_stored_hash_that_is_none_fits_nobody(stored: str) -> None:
    assert not await Passwords(CHEAP).fits(WORDS, stored)


async def test_what_costs_less_than_today_is_outgrown() -> None:
    weak, strong = Passwords(CHEAP), Passwords()
    assert strong.is_outgrown(await weak.hash(WORDS))
    assert not strong.is_outgrown(await strong.hash(WORDS))


async def test_the_loop_is_free_and_a_crowd_is_sent_away() -> None:
    passwords = Passwords(at_once=1, waiting=2)
    tasks = [asyncio.create_task(passwords.fits(WORDS, None)) for _ in range(6)]
    await asyncio.sleep(0)  # the loop turns while hashes are made
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(one) for one in ended] == [bool] * 3 + [LoginBusy] * 3
    assert not await passwords.fits(WORDS, None)  # and the places are free again


async def test_who_goes_away_leaves_the_place() -> None:
    passwords = Passwords(at_once=1, waiting=1)
    for _ in range(5):
        task = asyncio.create_task(passwords.fits(WORDS, None))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert not await passwords.fits(WORDS, None)


@pytest.mark.load
async def test_known_and_unknown_take_the_same_time() -> None:
    """Turn by turn, so that whatever else the machine does strikes both; medians, generously."""
    passwords = Passwords()
    known = await passwords.hash(WORDS)
    taken: dict[bool, list[float]] = {True: [], False: []}
    for number in range(120):
        is_known = number % 2 == 0
        began = time.perf_counter()
        await passwords.fits(WRONG, known if is_known else None)
        taken[is_known].append(time.perf_counter() - began)
    ratio = statistics.median(taken[True]) / statistics.median(taken[False])
    assert 0.7 < ratio < 1.4

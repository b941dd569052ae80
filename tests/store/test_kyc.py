"""Profiles and checks are changed only as they were seen, with their audit row or not at all."""

import asyncio
from dataclasses import replace

import pytest

from aboard.core.kyc import KycCheck, KycStatus
from aboard.store import AuditEntry, Store, open_store
from tests.store.rows import NOW, after

PENDING = KycCheck("cr_1", "kyc_1", 1, KycStatus.PENDING, "manual", NOW)
ROW = AuditEntry(NOW, "ops", "kyc.decision", "APPROVED")


@pytest.fixture
async def made(store: Store) -> Store:
    await store.create_creator("cr_1", "user-1", NOW, display_name="Ada", bio="Paints.")
    return store


async def test_a_profile_is_changed_in_parts(made: Store) -> None:
    await made.change_creator("cr_1", {"bio": None}, after(1))
    creator = await made.find_creator("cr_1")
    assert creator is not None
    assert (creator.display_name, creator.bio) == ("Ada", None)
    assert (creator.created_at, creator.updated_at) == (NOW, after(1))
    await made.change_creator("cr_1", {"display_name": "Ada L.", "bio": "Writes."}, after(2))
    creator = await made.find_creator_of_user("user-1")
    assert creator is not None
    assert (creator.display_name, creator.bio, creator.updated_at) == (
        "Ada L.",
        "Writes.",
        after(2),
    )
    assert not await made.change_creator("cr_2", {"bio": "x"}, NOW)


async def test_a_check_is_begun_once(made: Store) -> None:
    assert await made.find_kyc("cr_1") is None
    assert await made.write_kyc(None, PENDING, ROW)
    begun = await made.find_kyc("cr_1")
    assert begun == replace(PENDING, revision=1)
    assert await made.find_kyc_session("kyc_1") == begun
    assert await made.find_kyc_session("kyc_0") is None
    assert not await made.write_kyc(None, replace(PENDING, session_id="kyc_2"), ROW)
    assert len(await made.list_audit()) == 1


async def test_a_check_is_changed_only_as_it_was_seen(made: Store) -> None:
    await made.write_kyc(None, PENDING, ROW)
    seen = await made.find_kyc("cr_1")
    assert seen is not None
    approved = replace(
        seen, status=KycStatus.APPROVED, decided_at=after(5), provider_id="p_1", provider="idfy"
    )
    assert await made.write_kyc(seen, approved, ROW)
    assert not await made.write_kyc(seen, replace(seen, status=KycStatus.REJECTED), ROW)
    assert await made.find_kyc("cr_1") == replace(approved, revision=2)
    assert len(await made.list_audit()) == 2


async def test_a_message_counts_once_and_only_with_what_it_says(made: Store) -> None:
    await made.write_kyc(None, PENDING, ROW)
    seen = await made.find_kyc("cr_1")
    assert seen is not None
    said = replace(seen, status=KycStatus.APPROVED, decided_at=after(5))
    assert not await made.take_kyc_message("msg_1", PENDING, said, ROW, after(6))
    assert await made.take_kyc_message("msg_1", seen, said, ROW, after(6))
    latest = await made.find_kyc("cr_1")
    assert latest is not None
    assert not await made.take_kyc_message("msg_1", latest, seen, ROW, after(7))
    assert await made.find_kyc("cr_1") == latest
    assert not await made.keep_kyc_message("msg_1", after(8))
    assert await made.keep_kyc_message("msg_2", after(8))


async def test_messages_are_forgotten_after_a_month(made: Store) -> None:
    await made.keep_kyc_message("msg_1", NOW)
    await made.forget_expired(after(29 * 86_400))
    assert not await made.keep_kyc_message("msg_1", NOW)
    await made.forget_expired(after(31 * 86_400))
    assert await made.keep_kyc_message("msg_1", NOW)


async def test_checks_are_listed_by_state_in_pages(store: Store) -> None:
    for number in range(5):
        name = f"cr_{number}"
        await store.create_creator(name, name, NOW, display_name=f"No. {number}")
        status = KycStatus.REJECTED if number == 2 else KycStatus.PENDING
        check = replace(PENDING, creator_id=name, session_id=f"kyc_{number}", status=status)
        await store.write_kyc(None, check, ROW)
    page = await store.list_kyc(KycStatus.PENDING, limit=2)
    assert [one.creator.display_name for one in page] == ["No. 0", "No. 1"]
    rest = await store.list_kyc(KycStatus.PENDING, after="cr_1", limit=9)
    assert [one.check.creator_id for one in rest] == ["cr_3", "cr_4"]


async def test_two_processes_begin_one_check(made: Store, database: str) -> None:
    beside = open_store(database)
    try:
        begun = await asyncio.gather(
            *(
                store.write_kyc(None, replace(PENDING, session_id=f"kyc_{number}"), ROW)
                for number, store in enumerate([made, beside] * 5)
            )
        )
        assert sorted(begun) == [False] * 9 + [True]
        assert len(await made.list_audit()) == 1
    finally:
        await beside.close()

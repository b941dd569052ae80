"""Audit, creators and idempotency keys."""

import asyncio
from datetime import datetime, timedelta

import pytest

from aboard.core.creator import Creator
from aboard.core.links import BearerUrl
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.store import (
    AuditEntry,
    IdempotencyScope,
    KeyClaim,
    KeyOutcome,
    Store,
)
from tests.store.rows import ADA, NOW, after

SCOPE = IdempotencyScope("caller", "onboarding_links", "org", "key-1")
DAY = timedelta(hours=24)
LEASE = timedelta(minutes=2)


class TestAudit:
    async def test_entries_are_listed_newest_first(self, store: Store) -> None:
        first = AuditEntry(NOW, "user-1", "return.visit", "complete", ADA, "req_1", {"n": 1})
        second = AuditEntry(NOW, "anonymous", "refresh.visit", "refused", details={"ok": False})
        for entry in (first, second):
            await store.append_audit(entry)
        assert list(await store.list_audit()) == [second, first]
        assert list(await store.list_audit(limit=1)) == [second]
        assert list(await store.list_audit(action="return.visit")) == [first]

    async def test_entries_are_found_by_owner_in_one_mode(self, store: Store) -> None:
        mine = AuditEntry(NOW, "a", "x", "ok", ADA)
        await store.append_audit(mine)
        await store.append_audit(AuditEntry(NOW, "a", "x", "ok", Owner(ADA.kind, "b", ADA.mode)))
        await store.append_audit(AuditEntry(NOW, "a", "x", "ok", Owner(ADA.kind, "ada", Mode.LIVE)))
        organization = Owner(OwnerKind.ORGANIZATION, "ada", Mode.TEST)
        await store.append_audit(AuditEntry(NOW, "a", "x", "ok", organization))
        assert list(await store.list_audit(ADA)) == [mine]
        assert list(await store.list_audit(ADA, action="y")) == []

    async def test_a_bearer_url_cannot_be_written(self, store: Store) -> None:
        details = {"url": BearerUrl("https://connect.example/words")}
        with pytest.raises(TypeError):
            await store.append_audit(AuditEntry(NOW, "a", "x", "ok", details=details))  # type: ignore[arg-type] # the mistake under test
        assert list(await store.list_audit()) == []


class TestCreators:
    async def test_a_creator_is_found_by_id_and_by_user(self, store: Store) -> None:
        assert await store.find_creator("cr_1") is None
        assert await store.create_creator("cr_1", "user-1", NOW)
        assert await store.find_creator("cr_1") == Creator("cr_1", "user-1", NOW, None, None, NOW)
        assert await store.find_creator_of_user("user-1") == Creator(
            "cr_1", "user-1", NOW, None, None, NOW
        )
        assert await store.find_creator_of_user("cr_1") is None

    async def test_one_profile_for_each_user_and_id(self, store: Store) -> None:
        answers = await asyncio.gather(
            *(store.create_creator(f"cr_{n}", "user-1", NOW) for n in range(10))
        )
        assert answers.count(True) == 1
        taken = f"cr_{answers.index(True)}"
        assert not await store.create_creator(taken, "user-2", after(1))


class TestIdempotency:
    async def test_a_key_is_new_then_busy_then_the_same(self, store: Store) -> None:
        assert await claim(store) == KeyClaim(KeyOutcome.NEW, NOW + LEASE)
        assert await claim(store, at=after(1)) == KeyClaim(KeyOutcome.BUSY)
        assert await claim(store, "other", at=after(2)) == KeyClaim(KeyOutcome.CONFLICT)
        assert await store.settle_idempotency_key(SCOPE, NOW + LEASE, "{}")
        assert await claim(store, at=after(3)) == KeyClaim(KeyOutcome.SAME, answer="{}")
        assert await claim(store, "other", at=after(4)) == KeyClaim(KeyOutcome.CONFLICT)

    async def test_a_lease_that_ran_out_goes_to_the_next(self, store: Store) -> None:
        await claim(store)
        assert (await claim(store, "other", at=NOW + LEASE)).outcome is KeyOutcome.CONFLICT
        second = await claim(store, at=NOW + LEASE)
        assert second == KeyClaim(KeyOutcome.NEW, NOW + LEASE * 2)
        assert not await store.settle_idempotency_key(SCOPE, NOW + LEASE, "late")
        assert not await store.forget_idempotency_key(SCOPE, NOW + LEASE)
        assert not await store.leave_idempotency_key(SCOPE, NOW + LEASE)
        assert await store.settle_idempotency_key(SCOPE, NOW + LEASE * 2, "")
        assert await claim(store, at=NOW + LEASE * 3) == KeyClaim(KeyOutcome.SAME, answer="")

    async def test_a_key_that_was_left_is_for_the_same_body(self, store: Store) -> None:
        await claim(store)
        assert await store.leave_idempotency_key(SCOPE, NOW + LEASE)
        assert (await claim(store, "other", at=after(1))).outcome is KeyOutcome.CONFLICT
        assert (await claim(store, at=after(1))).outcome is KeyOutcome.NEW

    async def test_a_key_that_was_forgotten_is_for_any_body(self, store: Store) -> None:
        await claim(store)
        assert await store.forget_idempotency_key(SCOPE, NOW + LEASE)
        assert (await claim(store, "other", at=after(1))).outcome is KeyOutcome.NEW

    async def test_of_callers_at_once_one_is_first(self, store: Store) -> None:
        claims = await asyncio.gather(*(claim(store, f"d{n % 2}") for n in range(20)))
        outcomes = [each.outcome for each in claims]
        assert outcomes.count(KeyOutcome.NEW) == 1
        assert outcomes.count(KeyOutcome.BUSY) == 9
        assert outcomes.count(KeyOutcome.CONFLICT) == 10

    @pytest.mark.parametrize("part", IdempotencyScope._fields)
    async def test_every_part_of_the_scope_counts(self, store: Store, part: str) -> None:
        await claim(store)
        elsewhere = SCOPE._replace(**{part: "another"})
        assert (await claim(store, "other", elsewhere)).outcome is KeyOutcome.NEW

    async def test_a_key_is_new_again_after_its_day(self, store: Store) -> None:
        await claim(store)
        await store.settle_idempotency_key(SCOPE, NOW + LEASE, "{}")
        just_before = NOW + DAY - timedelta(microseconds=1)
        assert (await claim(store, "other", at=just_before)).outcome is KeyOutcome.CONFLICT
        assert (await claim(store, "other", at=NOW + DAY)).outcome is KeyOutcome.NEW
        assert (await claim(store, "other", at=NOW + DAY)).outcome is KeyOutcome.BUSY

    async def test_expired_keys_are_forgotten(self, store: Store) -> None:
        await claim(store)
        assert await store.forget_expired(after(1)) == 0
        assert await store.forget_expired(NOW + DAY) == 1
        assert not await store.settle_idempotency_key(SCOPE, NOW + LEASE, "{}")


async def claim(
    store: Store, digest: str = "digest", scope: IdempotencyScope = SCOPE, *, at: datetime = NOW
) -> KeyClaim:
    return await store.claim_idempotency_key(scope, digest, at, ttl=DAY, lease=LEASE)

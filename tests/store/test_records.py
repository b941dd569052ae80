"""Audit, creators and idempotency keys."""

import asyncio
from datetime import timedelta

import pytest

from aboard.core.links import BearerUrl
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.store import (
    AuditEntry,
    Creator,
    IdempotencyScope,
    KeyClaim,
    KeyOutcome,
    Store,
)
from tests.store.rows import ADA, NOW, after

SCOPE = IdempotencyScope("caller", "onboarding_links", "org", "key-1")
DAY = timedelta(hours=24)


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
        assert await store.find_creator("cr_1") == Creator("cr_1", "user-1", NOW)
        assert await store.find_creator_of_user("user-1") == Creator("cr_1", "user-1", NOW)
        assert await store.find_creator_of_user("cr_1") is None

    async def test_one_profile_for_each_user_and_id(self, store: Store) -> None:
        answers = await asyncio.gather(
            *(store.create_creator(f"cr_{n}", "user-1", NOW) for n in range(10))
        )
        assert answers.count(True) == 1
        assert not await store.create_creator("cr_0", "user-2", after(1))


class TestIdempotency:
    async def test_a_key_is_new_then_the_same_then_in_conflict(self, store: Store) -> None:
        claim = store.claim_idempotency_key
        assert await claim(SCOPE, "digest", NOW, DAY) == KeyClaim(KeyOutcome.NEW)
        assert await claim(SCOPE, "digest", after(1), DAY) == KeyClaim(KeyOutcome.SAME)
        assert await claim(SCOPE, "other", after(2), DAY) == KeyClaim(KeyOutcome.CONFLICT)
        assert await store.settle_idempotency_key(SCOPE, "onb_1")
        assert await claim(SCOPE, "digest", after(3), DAY) == KeyClaim(KeyOutcome.SAME, "onb_1")

    async def test_of_callers_at_once_one_is_first(self, store: Store) -> None:
        claims = await asyncio.gather(
            *(store.claim_idempotency_key(SCOPE, f"d{n % 2}", NOW, DAY) for n in range(20))
        )
        outcomes = [claim.outcome for claim in claims]
        assert outcomes.count(KeyOutcome.NEW) == 1
        assert outcomes.count(KeyOutcome.SAME) == 9
        assert outcomes.count(KeyOutcome.CONFLICT) == 10

    @pytest.mark.parametrize("part", IdempotencyScope._fields)
    async def test_every_part_of_the_scope_counts(self, store: Store, part: str) -> None:
        await store.claim_idempotency_key(SCOPE, "digest", NOW, DAY)
        elsewhere = SCOPE._replace(**{part: "another"})
        claim = await store.claim_idempotency_key(elsewhere, "other", NOW, DAY)
        assert claim.outcome is KeyOutcome.NEW

    async def test_a_key_is_new_again_after_its_day(self, store: Store) -> None:
        await store.claim_idempotency_key(SCOPE, "digest", NOW, DAY)
        await store.settle_idempotency_key(SCOPE, "onb_1")
        just_before = NOW + DAY - timedelta(microseconds=1)
        conflict = await store.claim_idempotency_key(SCOPE, "other", just_before, DAY)
        assert conflict.outcome is KeyOutcome.CONFLICT
        assert await store.claim_idempotency_key(SCOPE, "other", NOW + DAY, DAY) == KeyClaim(
            KeyOutcome.NEW
        )

    async def test_expired_keys_are_forgotten(self, store: Store) -> None:
        await store.claim_idempotency_key(SCOPE, "digest", NOW, DAY)
        assert await store.forget_expired(after(1)) == 0
        assert await store.forget_expired(NOW + DAY) == 1
        assert not await store.settle_idempotency_key(SCOPE, "onb_1")

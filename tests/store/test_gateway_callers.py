"""Who may borrow the key is kept as it was decided; of tokens only what leads nowhere is kept."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from aboard.core.lending.callers import CallerToken, CallLimits, GatewayCaller, TokenRecord
from aboard.core.lending.grants import AllowList
from aboard.core.owner import Mode
from aboard.store import AuditEntry, Store
from aboard.store.gateway_callers import KnownToken
from tests.store.hand import Hand
from tests.store.rows import NOW, after

AUDIT = AuditEntry(NOW, "ops", "gateway.caller", "added")
SHOP = GatewayCaller("gwc_1", "shop", NOW, "ops")
WHOLE = GatewayCaller(
    id="gwc_2",
    name="whole",
    created_at=after(1),
    created_by="pat",
    allow_list=AllowList.parse({Mode.TEST: ["*:read", "accounts:create"], Mode.LIVE: []}),
    owners=frozenset({"creator:ada", "organization:acme, Inc. \U0001f6a2"}),
    limits=CallLimits(per_second=None, per_day=9),
    credential="payouts",
    disabled_at=after(9),
)


def record_of(
    token: CallerToken, number: int = 1, *, caller: str = "gwc_1", ends: datetime | None = None
) -> TokenRecord:
    return TokenRecord(
        f"gwt_{number}", caller, Mode.TEST, token.digest, token.hint, after(number), ends
    )


async def with_token(store: Store) -> tuple[CallerToken, TokenRecord]:
    token = CallerToken.make(Mode.TEST)
    record = record_of(token, ends=after(500))
    assert await store.add_gateway_caller(SHOP, AUDIT)
    assert await store.add_gateway_token(record, AUDIT)
    return token, record


@pytest.mark.parametrize("caller", [SHOP, WHOLE])
async def test_a_caller_is_kept_as_it_was_decided(store: Store, caller: GatewayCaller) -> None:
    assert await store.add_gateway_caller(caller, AUDIT)
    assert await store.find_gateway_caller(caller.id) == caller
    assert await store.find_gateway_caller(caller.name) == caller
    assert await store.find_gateway_caller("nobody") is None
    assert await store.list_gateway_callers() == (caller,)
    assert await store.list_gateway_callers(after=caller.name) == ()
    [entry] = await store.list_audit()
    assert entry == AUDIT


async def test_a_name_is_given_once(store: Store) -> None:
    assert await store.add_gateway_caller(SHOP, AUDIT)
    assert not await store.add_gateway_caller(replace(WHOLE, name="shop"), AUDIT)
    assert await store.list_gateway_callers() == (SHOP,)
    assert len(await store.list_audit()) == 1


async def test_terms_are_replaced_whole_and_the_name_stays(store: Store) -> None:
    assert await store.add_gateway_caller(WHOLE, AUDIT)
    changed = replace(WHOLE, policy="reader", allow_list=None, owners=None, limits=None)
    assert await store.change_gateway_caller(replace(changed, name="other"), AUDIT)
    assert await store.find_gateway_caller("gwc_2") == changed
    assert not await store.change_gateway_caller(replace(changed, id="gwc_9"), AUDIT)
    assert len(await store.list_audit()) == 2


async def test_shutting_out_and_letting_in(store: Store) -> None:
    assert await store.add_gateway_caller(SHOP, AUDIT)
    assert await store.disable_gateway_caller("gwc_1", after(3), AUDIT)
    assert await store.find_gateway_caller("shop") == replace(SHOP, disabled_at=after(3))
    assert await store.disable_gateway_caller("gwc_1", None, AUDIT)
    assert await store.find_gateway_caller("shop") == SHOP
    assert not await store.disable_gateway_caller("gwc_9", None, AUDIT)


async def test_a_borrower_is_found_by_the_digest_alone(store: Store) -> None:
    token, record = await with_token(store)
    assert await store.find_borrower(token.digest) == KnownToken(SHOP, record)
    assert await store.find_borrower(token.reveal()) is None
    assert await store.find_borrower(CallerToken.make(Mode.TEST).digest) is None
    assert await store.find_gateway_token("gwt_1") == record
    assert await store.list_gateway_tokens("gwc_1") == (record,)
    assert await store.list_gateway_tokens("gwc_2") == ()


async def test_no_row_holds_a_token(store: Store, hand: Hand) -> None:
    token, _ = await with_token(store)
    chance = token.reveal().removeprefix("aboard_test_")
    rows = [str(row) for row in hand("SELECT * FROM gateway_tokens")]
    rows += [str(row) for row in hand("SELECT * FROM audit")]
    assert len(rows) == 3
    assert not [row for row in rows if chance[:20] in row]


async def test_revoking_is_for_good_and_told_once(store: Store) -> None:
    token, record = await with_token(store)
    assert await store.revoke_gateway_token("gwt_1", after(5), AUDIT)
    assert not await store.revoke_gateway_token("gwt_1", after(6), AUDIT)
    assert not await store.revoke_gateway_token("gwt_9", after(6), AUDIT)
    found = await store.find_borrower(token.digest)
    assert found == KnownToken(SHOP, replace(record, revoked_at=after(5)))
    assert len(await store.list_audit()) == 3


async def test_a_token_that_is_replaced_ends_after_its_grace_and_never_later(store: Store) -> None:
    token, record = await with_token(store)
    second = record_of(CallerToken.make(Mode.TEST), 2)
    assert await store.replace_gateway_token(record, second, AUDIT, ends_at=after(100))
    found = await store.find_borrower(token.digest)
    assert found is not None
    assert found.token.expires_at == after(100)
    third = record_of(CallerToken.make(Mode.TEST), 3)
    assert await store.replace_gateway_token(record, third, AUDIT, ends_at=after(200))
    found = await store.find_borrower(token.digest)
    assert found is not None
    assert found.token.expires_at == after(100)


async def test_what_is_over_is_not_replaced(store: Store) -> None:
    _, record = await with_token(store)
    late = record_of(CallerToken.make(Mode.TEST), 600)
    assert not await store.replace_gateway_token(record, late, AUDIT, ends_at=after(700))
    assert await store.revoke_gateway_token(record.id, after(3), AUDIT)
    soon = record_of(CallerToken.make(Mode.TEST), 4)
    assert not await store.replace_gateway_token(record, soon, AUDIT, ends_at=after(700))
    assert len(await store.list_gateway_tokens("gwc_1")) == 1


async def test_whoever_is_removed_is_gone_with_all_tokens(store: Store) -> None:
    token, _ = await with_token(store)
    assert await store.remove_gateway_caller("gwc_1", AUDIT)
    assert not await store.remove_gateway_caller("gwc_1", AUDIT)
    assert await store.find_borrower(token.digest) is None
    assert await store.find_gateway_token("gwt_1") is None
    assert not await store.add_gateway_token(record_of(CallerToken.make(Mode.TEST), 2), AUDIT)
    assert await store.add_gateway_caller(replace(SHOP, id="gwc_3"), AUDIT)


async def test_removing_while_tokens_are_added_leaves_none_behind(store: Store) -> None:
    for round_number in range(5):
        caller = replace(SHOP, id=f"gwc_r{round_number}", name=f"round {round_number}")
        assert await store.add_gateway_caller(caller, AUDIT)
        tokens = [
            record_of(CallerToken.make(Mode.TEST), 100 * round_number + number, caller=caller.id)
            for number in range(8)
        ]
        added = [store.add_gateway_token(each, AUDIT) for each in tokens]
        done = await asyncio.gather(
            *added[:4], store.remove_gateway_caller(caller.id, AUDIT), *added[4:]
        )
        assert done[4]
        assert await store.list_gateway_tokens(caller.id) == ()


async def test_whoever_gets_a_token_loses_those_that_ended_a_month_before(store: Store) -> None:
    month = timedelta(days=30)
    other = replace(SHOP, id="gwc_9", name="other")
    assert await store.add_gateway_caller(SHOP, AUDIT)
    assert await store.add_gateway_caller(other, AUDIT)
    made = [CallerToken.make(Mode.TEST) for _ in range(7)]

    async def add(number: int, at: datetime, ends: datetime | None, caller: str = SHOP.id) -> None:
        record = replace(record_of(made[number], number, caller=caller, ends=ends), created_at=at)
        assert await store.add_gateway_token(record, AUDIT)

    async def kept() -> list[str]:
        return [each.id for each in await store.list_gateway_tokens(SHOP.id)]

    await add(0, NOW, NOW + 2 * month)
    await add(1, NOW, None)
    await add(2, NOW, after(9))
    await add(3, NOW, None)
    await add(4, NOW, after(9), caller=other.id)
    assert await store.revoke_gateway_token("gwt_3", after(9), AUDIT)
    await add(5, after(9) + month, None)
    assert await kept() == ["gwt_0", "gwt_1", "gwt_2", "gwt_3", "gwt_5"]
    await add(6, after(10) + month, None)
    assert await kept() == ["gwt_0", "gwt_1", "gwt_5", "gwt_6"]
    assert await store.find_borrower(made[2].digest) is None
    assert await store.find_borrower(made[4].digest) is not None

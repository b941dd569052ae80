"""Credentials are kept in their envelopes, one for each name and mode, each change told apart."""

from dataclasses import replace

import pytest

from aboard.core.lending.credentials import Credential
from aboard.core.owner import Mode
from aboard.store import AuditEntry, Store
from tests.store.rows import NOW, after

AUDIT = AuditEntry(NOW, "ops", "gateway.credential", "set")
FIRST = Credential(
    id="gwk_1",
    mode=Mode.TEST,
    name="default",
    generation=1,
    hint="abcd",
    is_restricted=True,
    created_at=NOW,
    created_by="ops",
    envelope="a1.k1.d3JhcHBlZA==.c2VhbGVk",
)
SECOND = replace(
    FIRST, generation=2, created_at=after(5), is_restricted=False, envelope="a1.k1.b.c"
)


async def test_one_for_each_name_and_mode(store: Store) -> None:
    assert await store.add_credential(FIRST, AUDIT)
    assert not await store.add_credential(replace(FIRST, id="gwk_2"), AUDIT)
    live = replace(FIRST, id="gwk_3", mode=Mode.LIVE)
    other = replace(FIRST, id="gwk_4", name="another")
    assert await store.add_credential(live, AUDIT)
    assert await store.add_credential(other, AUDIT)
    assert await store.list_credentials(Mode.TEST) == (other, FIRST)
    assert await store.list_credentials(Mode.LIVE) == (live,)
    assert await store.find_credential(Mode.TEST, "default") == FIRST
    assert await store.find_credential(Mode.LIVE, "another") is None
    assert len(await store.list_audit()) == 3


async def test_the_next_generation_follows_the_one_that_was_seen(store: Store) -> None:
    assert await store.add_credential(FIRST, AUDIT)
    assert await store.replace_credential(FIRST, SECOND, AUDIT)
    assert not await store.replace_credential(FIRST, replace(SECOND, hint="late"), AUDIT)
    assert await store.find_credential(Mode.TEST, "default") == SECOND
    assert len(await store.list_audit()) == 2


async def test_an_envelope_is_changed_for_the_one_that_was_seen(store: Store) -> None:
    assert await store.add_credential(FIRST, AUDIT)
    assert await store.rewrap_credential(FIRST, "a1.k2.x.y", AUDIT)
    assert not await store.rewrap_credential(FIRST, "a1.k3.x.y", AUDIT)
    assert await store.find_credential(Mode.TEST, "default") == replace(FIRST, envelope="a1.k2.x.y")


async def test_what_is_removed_is_gone(store: Store) -> None:
    assert await store.add_credential(FIRST, AUDIT)
    assert not await store.remove_credential(Mode.LIVE, "default", AUDIT)
    assert await store.remove_credential(Mode.TEST, "default", AUDIT)
    assert not await store.remove_credential(Mode.TEST, "default", AUDIT)
    assert await store.list_credentials(Mode.TEST) == ()


@pytest.mark.parametrize(
    ("envelope", "key_id"), [("a1.k1.b.c", "k1"), ("", ""), ("nothing", ""), (".", "")]
)
def test_the_master_key_is_told_and_the_envelope_is_not(envelope: str, key_id: str) -> None:
    credential = replace(FIRST, envelope=envelope)
    assert credential.master_key_id == key_id
    assert "envelope" not in repr(credential)

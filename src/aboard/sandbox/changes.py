"""What has changed? Looks at an account before and after, and tells the difference as events.

Source: Stripe's API reference, "Types of events" and "The Event object"
(`data.previous_attributes`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from msgspec.msgpack import Decoder, Encoder
from msgspec.structs import replace

from aboard.sandbox.account import Account
from aboard.sandbox.emit import emit
from aboard.sandbox.views.v1 import account_view, capability_view, person_view
from aboard.sandbox.world import World

View = dict[str, object]
_encode = Encoder().encode
_decode = Decoder(Account).decode


def difference(before: View, after: View) -> View:
    """Return the old values of what changed: nested for hashes, whole for everything else."""
    changed: View = {}
    for key, old in before.items():
        new = after.get(key)
        if old == new:
            continue
        if isinstance(old, dict) and isinstance(new, dict):
            changed[key] = difference(old, new)
        else:
            changed[key] = old
    for key in after.keys() - before.keys():
        changed[key] = None
    return changed


def tell_change(
    world: World, kind: str, before: View, after: View, *, account: Account | None
) -> None:
    """Emit that an object changed, with what it said before; nothing if it says the same."""
    if before != after:
        emit(world, kind, after, account=account, previous=difference(before, after))


@contextmanager
def watched(world: World, account: Account, *, before_at: int | None = None) -> Iterator[None]:
    """Emit the events of whatever the block changed in what the account and its parts show.

    `before_at` (unix seconds) says as of when the account is looked at before the block.
    """
    if account.is_platform:
        yield
        return
    facts = _encode(account)
    then = world.now() if before_at is None else before_at
    yield
    changed, now = _encode(account), world.now()
    if before_at is None and changed == facts:
        return
    was = _decode(facts)
    if then == now and _is_only_metadata(was, account, changed):
        _tell_metadata(world, was, account, now)
        return
    names = sorted({*was.requested, *account.requested})
    # All of before, then all of after: what is owed is remembered for the facts asked of last.
    before, stood = _shown(facts, then), capability_view.standings(was, names, then)
    after, stands = _shown(changed, now), capability_view.standings(account, names, now)
    tell_change(world, "account.updated", before, after, account=account)
    for name in names:
        if stood[name] != stands[name]:
            old, new = (
                capability_view.render_standing(account.id, name, standing)
                for standing in (stood[name], stands[name])
            )
            tell_change(world, "capability.updated", old, new, account=account)
    tell_people(world, was, account, then)


def _is_only_metadata(was: Account, account: Account, facts: bytes) -> bool:
    """Say whether nothing else changed: what is owed and permitted never depends on metadata."""
    if was.metadata == account.metadata:
        return False
    return _encode(replace(was, metadata=account.metadata)) == facts


def _tell_metadata(world: World, was: Account, account: Account, now: int) -> None:
    """Emit the commonest change of all, for which nothing but the new account has to be shown."""
    after = account_view.render(account, now)
    previous: View = {"metadata": difference({**was.metadata}, {**account.metadata})}
    emit(world, "account.updated", after, account=account, previous=previous)


@lru_cache(maxsize=64)
def _shown(facts: bytes, at: int) -> View:
    """Render remembered facts: what one change leads to is what the next one begins with."""
    return account_view.render(_decode(facts), at)


def tell_people(world: World, was: Account | None, account: Account, then: int) -> None:
    """Emit who came, changed and went since the account was as it `was`, at `then`.

    `None`: it is new. Stripe tells this of accounts whose requirements the platform collects.
    """
    if account.controller.is_stripe_collecting:
        return
    before, after = _people(was, then), _people(account, world.now())
    for person_id, shown in after.items():
        old = before.pop(person_id, None)
        if old is None:
            emit(world, "person.created", shown, account=account)
        else:
            tell_change(world, "person.updated", old, shown, account=account)
    for shown in before.values():
        emit(world, "person.deleted", shown, account=account)


def _people(account: Account | None, now: int) -> dict[str, View]:
    if account is None or not account.people:
        return {}
    return {person.id: person_view.render(account, person, now) for person in account.people}

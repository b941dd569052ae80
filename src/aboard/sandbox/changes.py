"""What has changed? Looks at an account before and after, and tells the difference as events.

Source: Stripe's API reference, `account.updated` and `capability.updated`.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from aboard.sandbox.account import Account
from aboard.sandbox.emit import emit
from aboard.sandbox.views.v1 import account_view, capability_view
from aboard.sandbox.world import World

View = dict[str, object]


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


@contextmanager
def watched(world: World, account: Account, *, before_at: int | None = None) -> Iterator[None]:
    """Emit `account.updated` and `capability.updated` if the block changed what they show.

    `before_at` (unix seconds) says as of when the account is looked at before the block.
    """
    if account.is_platform:
        yield
        return
    before = account_view.render(account, before_at or world.now())
    yield
    after = account_view.render(account, world.now())
    if before == after:
        return
    previous = difference(before, after)
    emit(world, "account.updated", after, account=account, previous=previous)
    old, new = before["capabilities"], after["capabilities"]
    if isinstance(old, dict) and isinstance(new, dict):
        for name, status in new.items():
            if old.get(name) != status:
                shown = capability_view.render(account, name, world.now())
                emit(world, "capability.updated", shown, account=account)

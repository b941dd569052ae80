"""Forget what has had its time: keys, spent states and tickets, sessions, failures past their end.

Source: docs/architecture.md, what is kept and for how long.
"""

from aboard.flows.platform import Platform


async def forget_expired(platform: Platform) -> int:
    """Delete rows whose time is over, in one commit; return how many went."""
    return await platform.store.forget_expired(platform.clock())

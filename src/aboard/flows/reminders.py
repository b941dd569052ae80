"""Remind owners who have had something to do for too long, and never while Stripe is reviewing.

That somebody was reminded is written with its announcement, on the condition that nothing changed
since: two workers at once remind once. A mail follows where an operator named a mail server.

Source: docs/self-hosting.md, reminders and mail; ADR-0014, the gate and its announcements.
"""

from datetime import datetime

from aboard.core.account import ConnectedAccount
from aboard.core.announcements import announce_reminder
from aboard.flows.journal import LogEvent
from aboard.flows.mail import owner_page
from aboard.flows.platform import Platform

NO_ADDRESS = "no_address"


async def remind_due(platform: Platform, limit: int = 50) -> int:
    """Remind up to `limit` owners, longest waiting first; return how many were reminded.

    Whose account changed while this was decided is looked at again in the next round. Nobody is
    sent where a switch would stop them.

    A mail that fails is logged and stands back until the owner's next reminder; where the server
    itself is away, the others of this round are announced without a mail.

    Raises:
        StoreUnavailable: the database gives no answer; who was reminded before stays reminded.
    """
    plan = platform.reminders
    if plan.after is None or not platform.switches.onboarding:
        return 0
    now = platform.clock()
    waiting = await platform.store.list_waiting_owners(
        waiting_since=now - plan.after, reminded_before=now - plan.every, limit=limit
    )
    reminded, has_server = 0, platform.postbox is not None
    for account in waiting:
        if account.owner.mode.is_live and not platform.switches.live:
            continue
        if await _announce(platform, account, now):
            reminded += 1
            if has_server:
                has_server = await _mail(platform, account, now)
    return reminded


async def _announce(platform: Platform, account: ConnectedAccount, now: datetime) -> bool:
    snapshot, since = account.snapshot, account.owner_acts_since
    if snapshot is None or since is None:
        return False
    announcement = announce_reminder(account, since, snapshot.requirements.currently_due)
    if not await platform.store.mark_reminded(account, announcement, now):
        return False
    platform.journal.note(LogEvent.REMINDER_TOLD, owner=account.owner)
    return True


async def _mail(platform: Platform, account: ConnectedAccount, now: datetime) -> bool:
    """Mail one reminder, where Stripe knows an address; say if the server is worth another try."""
    if platform.postbox is None:
        return False
    email = account.snapshot.email if account.snapshot else None
    if not email:
        platform.journal.note(LogEvent.MAIL_FAILED, owner=account.owner, cause=NO_ADDRESS)
        return True
    link = owner_page(platform.public_url, account.owner)
    failure = await platform.postbox.send_reminder(email, link, now)
    if failure is None:
        platform.journal.note(LogEvent.MAIL_SENT, owner=account.owner)
        return True
    platform.journal.note(LogEvent.MAIL_FAILED, owner=account.owner, cause=failure.cause)
    return not failure.is_server

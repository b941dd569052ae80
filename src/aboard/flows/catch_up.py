"""Ask Stripe what was missed while webhooks did not come in, and write it down as if it had rung.

Stripe lists events per account, so one request at least is needed for each connected account,
however short the time was. Only the types that say something about an account are asked for: an
event is a doorbell, and the account is read anyway. Everything is written once by its id, so a
catch-up may be broken off, repeated, or run beside deliveries that arrive late.

Source: ADR-0024, what was missed is asked for, and what is old is forgotten; Stripe's API
reference, "List all events".
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aboard.core.caller import Caller
from aboard.core.errors import AboardError, AccountGone, StripeRefused, StripeUnavailable
from aboard.core.owner import Mode
from aboard.flows.audit import AuditAction, write_audit
from aboard.flows.endpoint import Endpoint
from aboard.flows.journal import LogEvent
from aboard.flows.platform import Platform
from aboard.flows.turns import Turns
from aboard.store.records import Detail, LinkedAccount
from aboard.stripe_api import v1
from aboard.stripe_api.objects import EventHead

LISTED_FOR = timedelta(days=30)
"""How long Stripe lists an event."""
RETRIED_FOR = timedelta(days=3)
"""How long Stripe goes on trying to deliver an event in live mode."""
OVERLAP = timedelta(hours=1)
MOST_TYPES = 20
DOORBELLS = (
    "account.application.authorized",
    "account.application.deauthorized",
    "account.external_account.created",
    "account.external_account.deleted",
    "account.external_account.updated",
    "account.updated",
    "capability.updated",
    "person.created",
    "person.deleted",
    "person.updated",
)
"""The types of events that say something about an account."""

_PAGE = 100
_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Gap:
    """What may have been missed: from when until when, and of which types; none means all.

    Both points in time are aware UTC on Stripe's clock.
    """

    mode: Mode
    since: datetime
    until: datetime
    types: tuple[str, ...] = DOORBELLS


@dataclass(slots=True)
class Caught:
    """What a catch-up has found so far. `behind` is the last account that was asked for certain."""

    accounts: int = 0
    new: int = 0
    known: int = 0
    unanswered: int = 0
    """Accounts that could not be asked: they are due to be read instead."""
    behind: str = ""


Told = Callable[[Caught], None]


async def find_gap_since(platform: Platform, mode: Mode) -> datetime:
    """Return from when on events of a mode may be missing, when nobody says it.

    Three days back, as long as Stripe goes on trying; further where an endpoint has been silent
    for longer, an hour before its last event; 30 days at most, and where one has never spoken.
    The last event alone would say too little: the first one after an outage hides it.
    """
    now = platform.clock()
    seen = await platform.store.endpoint_last_seen(mode)
    longest = now - LISTED_FOR
    last = [seen.get("platform"), seen.get("connect")]
    starts = [longest if at is None else at - OVERLAP for at in last]
    return max(longest, min([now - RETRIED_FOR, *starts]))


async def catch_up(
    platform: Platform,
    caller: Caller,
    gap: Gap,
    turns: Turns,
    *,
    after: str = "",
    tell: Told | None = None,
) -> Caught:
    """Ask for the platform's own events, then for those of every linked account behind `after`.

    Each request waits for its turn. An account that cannot be asked, while others can, is made
    due to be read: so is one that Stripe says is gone. `tell` hears of every few accounts.

    Raises:
        StripeNotConfigured: no secret key for this mode.
        StripeRefused: Stripe lists no events for this key.
        StripeUnavailable: Stripe answers for nobody; what was found before is written, and
            `behind` says where to go on.
        StoreUnavailable: the database gives no answer; as above.
    """
    caught = Caught(behind=after)
    tell = tell or _tell_nobody
    await _audit(platform, caller, gap)
    if not after:
        await _ask(platform, gap, turns, None, caught)
        tell(caught)
    failed_in_a_row = 0
    while accounts := await platform.store.walk_linked_accounts(
        gap.mode, after=caught.behind, limit=_PAGE
    ):
        for begin in range(0, len(accounts), _AT_ONCE):
            some = accounts[begin : begin + _AT_ONCE]
            failures = await _ask_some(platform, gap, turns, some, caught)
            if len(failures) < len(some):
                failed_in_a_row = 0
            else:
                failed_in_a_row += len(failures)
                if failed_in_a_row >= _AT_ONCE or caught.unanswered == caught.accounts:
                    raise failures[0]
            caught.unanswered += len(failures)
            caught.accounts += len(some)
            caught.behind = some[-1].stripe_account_id
            tell(caught)
    return caught


async def catch_up_one(
    platform: Platform, caller: Caller, gap: Gap, turns: Turns, stripe_account_id: str
) -> Caught:
    """Ask for the events of one connected account.

    Raises:
        StripeNotConfigured: no secret key for this mode.
        StripeRefused: Stripe lists no events for this key.
        AccountGone: the account is not there, or not for us.
        StripeUnavailable: no answer.
        StoreUnavailable: the database gives no answer.
    """
    caught = Caught(behind=stripe_account_id)
    await _audit(platform, caller, gap, stripe_account_id)
    await _ask(platform, gap, turns, stripe_account_id, caught)
    caught.accounts = 1
    return caught


async def fetch_event(
    platform: Platform, caller: Caller, mode: Mode, event_id: str, stripe_account_id: str | None
) -> bool:
    """Ask for one event, of a connected account or the platform's own; say whether it was missed.

    Raises:
        StripeNotConfigured: no secret key for this mode.
        StripeRefused: no such event, or Stripe shows none to this key.
        AccountGone: the account is not there, or not for us.
        StripeUnavailable: no answer.
        StoreUnavailable: the database gives no answer.
    """
    head = await v1.get_event(platform.stripe_for(mode), event_id, stripe_account=stripe_account_id)
    await write_audit(
        platform,
        AuditAction.EVENT_CATCH_UP,
        outcome="begun",
        caller=caller,
        details={"mode": mode, "ids": event_id},
    )
    return await _write(platform, head, stripe_account_id)


async def look_at_one(platform: Platform, mode: Mode, stripe_account_id: str) -> bool:
    """Make one linked account due; say whether there is one.

    Raises:
        StoreUnavailable: the database gives no answer.
    """
    account = await platform.store.find_account_by_stripe_id(stripe_account_id, mode)
    if account is None or account.is_disconnected:
        return False
    return await platform.store.request_sync(account.id, platform.clock())


async def look_at_all(
    platform: Platform,
    caller: Caller,
    mode: Mode,
    per_second: float,
    *,
    tell: Callable[[int], None] | None = None,
) -> int:
    """Make every linked account of a mode due, so many a second at most; return how many.

    Asks Stripe nothing: the workers read the accounts when they are due.

    Raises:
        StoreUnavailable: the database gives no answer; the portions before stay due.
    """
    began_at = platform.clock()
    await write_audit(
        platform,
        AuditAction.EVENT_CATCH_UP,
        outcome="begun",
        caller=caller,
        details={"mode": mode, "accounts_only": True},
    )
    count, after = 0, ""
    while accounts := await platform.store.walk_linked_accounts(mode, after=after, limit=_PAGE):
        last = accounts[-1].stripe_account_id
        await platform.store.schedule_accounts(
            mode,
            after=after,
            upto=last,
            due_at=began_at + timedelta(seconds=count / per_second),
        )
        count, after = count + len(accounts), last
        if tell is not None:
            tell(len(accounts))
    return count


async def _ask_some(
    platform: Platform,
    gap: Gap,
    turns: Turns,
    accounts: Sequence[LinkedAccount],
    caught: Caught,
) -> Sequence[AboardError]:
    answers = await asyncio.gather(
        *(_ask_or_note(platform, gap, turns, account, caught) for account in accounts)
    )
    return [failure for failure in answers if failure is not None]


async def _ask_or_note(
    platform: Platform, gap: Gap, turns: Turns, account: LinkedAccount, caught: Caught
) -> AboardError | None:
    try:
        await _ask(platform, gap, turns, account.stripe_account_id, caught)
    except (StripeUnavailable, StripeRefused) as failure:
        await platform.store.request_sync(account.id, platform.clock())
        return failure
    except AccountGone:
        # Whether that is true, and for whom, is the worker's to find out.
        await platform.store.request_sync(account.id, platform.clock())
    return None


async def _ask(
    platform: Platform, gap: Gap, turns: Turns, stripe_account: str | None, caught: Caught
) -> None:
    stripe = platform.stripe_for(gap.mode)
    after_id: str | None = None
    while True:
        await turns(gap.mode)
        page = await v1.list_events(
            stripe,
            since=gap.since,
            until=gap.until,
            types=gap.types,
            stripe_account=stripe_account,
            after_id=after_id,
        )
        # At once, so that the database may take them in one commit.
        answers = await asyncio.gather(
            *(_write(platform, head, stripe_account) for head in page.events)
        )
        caught.new += sum(answers)
        caught.known += len(answers) - sum(answers)
        if not page.has_more or not page.events:
            return
        after_id = page.events[-1].id


async def _write(platform: Platform, head: EventHead, stripe_account: str | None) -> bool:
    account = head.account or stripe_account
    endpoint = Endpoint.PLATFORM if account is None else Endpoint.CONNECT
    is_new = await platform.store.accept_event(
        head.id,
        endpoint=endpoint.value,
        mode=Mode.LIVE if head.livemode else Mode.TEST,
        type=head.type,
        stripe_account_id=account,
        created_at=head.created,
        received_at=platform.clock(),
        source="listed",
    )
    if is_new:
        platform.journal.note(
            LogEvent.EVENT_LISTED, endpoint=endpoint, event_id=head.id, event_type=head.type
        )
    return is_new


async def _audit(
    platform: Platform, caller: Caller, gap: Gap, stripe_account_id: str | None = None
) -> None:
    details: dict[str, Detail] = {
        "mode": gap.mode,
        "since": gap.since.isoformat(),
        "until": gap.until.isoformat(),
        **({"account": stripe_account_id} if stripe_account_id else {}),
    }
    await write_audit(
        platform, AuditAction.EVENT_CATCH_UP, outcome="begun", caller=caller, details=details
    )


def _tell_nobody(_caught: Caught) -> None:
    return

"""`aboard events catch-up`: ask Stripe for what did not come, at a steady pace, with progress.

Whoever may open the database and the settings is an operator here; the audit says `command line`.

Source: docs/webhooks.md, when something was missed.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass

from aboard.app import open_platform
from aboard.cli.events.replaying import OPERATOR
from aboard.cli.events.wishes import Missed
from aboard.cli.exits import Exit, Refusal
from aboard.cli.servers import run
from aboard.cli.terminal import Mark, Terminal, numbered
from aboard.cli.times import read_time, read_time_or_none
from aboard.core.errors import (
    AboardError,
    AccountGone,
    StripeNotConfigured,
    StripeRefused,
    StripeUnavailable,
)
from aboard.core.owner import Mode
from aboard.flows.budget import wait_for_place
from aboard.flows.catch_up import (
    DOORBELLS,
    LISTED_FOR,
    MOST_TYPES,
    Caught,
    Gap,
    catch_up,
    catch_up_one,
    fetch_event,
    find_gap_since,
    look_at_all,
    look_at_one,
)
from aboard.flows.platform import Platform
from aboard.flows.turns import SteadyTurns
from aboard.settings import load_settings

# Stripe takes 100 a second in live mode and 25 in test mode: most of it is for others.
_PER_SECOND = {Mode.LIVE: 20, Mode.TEST: 5}


def ask_stripe(environ: Mapping[str, str], missed: Missed, *, is_json: bool) -> Exit:
    """Catch up in the named mode, or in each that has a key.

    Raises:
        SettingsRefused: the settings make no sense.
        DatabaseNotMigrated: `migrate` has not been run.
        DatabaseTooNew: a newer Aboard has migrated it.
        StoreUnavailable: the database cannot be opened, or went away; what was found is kept.
        Refusal: the options make no sense, or Stripe gives no answer.
    """
    settings = load_settings(environ)
    modes = [Mode(missed.mode)] if missed.mode else list(settings.stripe)
    _check(missed, modes)
    terminal = Terminal(is_json=is_json, name_width=6)

    async def ask() -> list[dict[str, object]]:
        async with open_platform(settings) as platform:
            return [await _Work(platform, terminal, missed, mode).do() for mode in modes]

    told = run(ask())
    terminal.document({"modes": told})
    return Exit.OK


def _check(missed: Missed, modes: list[Mode]) -> None:
    problem = None
    if (missed.after or missed.event) and len(modes) > 1:
        problem = "--after and --event need --mode, because both modes have a key"
    elif missed.event and (missed.after or missed.is_accounts_only or missed.since or missed.until):
        problem = "--event stands alone, or with --account and --mode"
    elif missed.is_accounts_only and (missed.since or missed.until or missed.types):
        problem = "--accounts-only asks for no events, so there is nothing to choose among"
    elif missed.after and (missed.account or missed.is_accounts_only):
        problem = "--after is for a walk through all accounts that broke off"
    elif missed.types and missed.has_all_types:
        problem = "--type and --all-types exclude each other"
    elif len(missed.types) > MOST_TYPES:
        problem = f"Stripe takes {MOST_TYPES} types at most"
    if problem is not None:
        raise Refusal(
            f"{problem[:1].upper()}{problem[1:]}.",
            "`aboard events catch-up --help` says what goes together.",
            Exit.USAGE,
        )


@dataclass(slots=True)
class _Work:
    """One mode's share of a call."""

    platform: Platform
    terminal: Terminal
    missed: Missed
    mode: Mode
    behind: str = ""

    async def do(self) -> dict[str, object]:
        if self.missed.event:
            return await self._guarded(self._fetch)
        if self.missed.is_accounts_only:
            return await self._look()
        return await self._guarded(self._list)

    async def _fetch(self) -> dict[str, object]:
        event_id = self.missed.event or ""
        is_new = await fetch_event(
            self.platform, OPERATOR, self.mode, event_id, self.missed.account
        )
        told = "was missed, and is written down now" if is_new else "is known already"
        self.terminal.row(Mark.GOOD, self.mode.value, f"{event_id} {told}")
        return {"mode": self.mode.value, "event": event_id, "new": is_new}

    async def _look(self) -> dict[str, object]:
        if self.missed.account:
            count = int(await look_at_one(self.platform, self.mode, self.missed.account))
            if not count:
                raise _not_linked(self.missed.account, self.mode)
        else:
            with self.terminal.counting(f"Accounts, {self.mode}") as tell:
                count = await look_at_all(
                    self.platform, OPERATOR, self.mode, self._per_second(), tell=tell
                )
        self.terminal.row(
            Mark.GOOD, self.mode.value, f"due to be read: {numbered(count, 'account')}"
        )
        return {"mode": self.mode.value, "accounts": count}

    async def _list(self) -> dict[str, object]:
        gap = await self._gap()
        steady = SteadyTurns(self._per_second())

        async def turns(mode: Mode) -> None:
            # Slower than all workers together, and within what they ask together.
            await steady(mode)
            await wait_for_place(self.platform, mode)

        with self.terminal.counting(f"Accounts, {self.mode}") as advance:
            done = 0

            def tell(caught: Caught) -> None:
                nonlocal done
                advance(caught.accounts - done)
                done, self.behind = caught.accounts, caught.behind

            if self.missed.account:
                caught = await catch_up_one(
                    self.platform, OPERATOR, gap, turns, self.missed.account
                )
            else:
                after = self.missed.after or ""
                caught = await catch_up(self.platform, OPERATOR, gap, turns, after=after, tell=tell)
        self._tell(gap, caught)
        found = {name: value for name, value in asdict(caught).items() if name != "behind"}
        return {
            "mode": self.mode.value,
            "since": gap.since.isoformat(),
            "until": gap.until.isoformat(),
            **found,
        }

    async def _gap(self) -> Gap:
        now = self.platform.clock()
        if self.missed.since is None:
            since = await find_gap_since(self.platform, self.mode)
        else:
            since = read_time(self.missed.since, "--since", now)
            if since < now - LISTED_FOR:
                self.terminal.say("Stripe lists the last 30 days only: what is older stays missed.")
        until = read_time_or_none(self.missed.until, "--until", now) or now
        if until <= since:
            raise Refusal("--until is not after --since.", "Turn them round.", Exit.USAGE)
        types = () if self.missed.has_all_types else self.missed.types or DOORBELLS
        return Gap(self.mode, since, until, types)

    def _tell(self, gap: Gap, caught: Caught) -> None:
        told = (
            f"{numbered(caught.new, 'event')} missed since {gap.since:%Y-%m-%d %H:%M} UTC, written "
            f"down now; {caught.known:,} known already; "
            f"{numbered(caught.accounts, 'account')} asked"
        )
        self.terminal.row(Mark.GOOD, self.mode.value, told)
        if caught.unanswered:
            self.terminal.aside(
                f"{numbered(caught.unanswered, 'account')} could not be asked: left to the worker."
            )

    def _per_second(self) -> int:
        return self.missed.per_second or _PER_SECOND[self.mode]

    async def _guarded(self, work: Callable[[], Awaitable[dict[str, object]]]) -> dict[str, object]:
        try:
            return await work()
        except StripeUnavailable as error:
            goes_on = f" --mode {self.mode} --after {self.behind}" if self.behind else ""
            raise Refusal(
                f"Stripe gives no answer in {self.mode} mode ({error.cause}).",
                "What was found is written down. Go on later with the same options"
                + (f" and{goes_on}." if goes_on else "."),
            ) from error
        except (AccountGone, StripeNotConfigured, StripeRefused) as error:
            raise _told(error, self.mode) from error


def _told(error: AboardError, mode: Mode) -> Refusal:
    if isinstance(error, AccountGone):
        return Refusal(
            f"The account is not there in {mode} mode, or not ours ({error.case}).",
            "Look at its id; `aboard events catch-up --accounts-only` lets the worker find out.",
            Exit.CHECK_FAILED,
        )
    if isinstance(error, StripeNotConfigured):
        return Refusal(
            f"There is no key for {mode} mode.",
            f"Set ABOARD_{mode.name}_SECRET_KEY, or choose the other --mode.",
            Exit.USAGE,
        )
    return Refusal(
        f"Stripe refuses that in {mode} mode: {error}",
        "A restricted key needs the right to read events, of connected accounts too.",
        Exit.CHECK_FAILED,
    )


def _not_linked(account: str, mode: Mode) -> Refusal:
    return Refusal(
        f"{account} is no connected account of ours in {mode} mode.",
        "Look at its id and its mode.",
        Exit.CHECK_FAILED,
    )

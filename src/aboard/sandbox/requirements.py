"""What does an account still owe, and what may it do? Computed from its facts, never stored.

For the hosted pages: `due_fields` is what a form must ask now, in Stripe's order of keys;
`all_fields` is what `account_update` shows. Both change as facts are saved (first `business_type`,
then everything that follows from it), so ask again after every save.

Source: Stripe's account object, `requirements`, API version 2026-10-28.
"""

from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct
from msgspec.msgpack import Decoder, Encoder

from aboard.sandbox.account import Account, Finding
from aboard.sandbox.catalogue import (
    ALTERNATIVES,
    BUSINESS,
    COUNTRIES,
    DESCRIPTOR,
    TERMS,
)

BOTH = frozenset({"charges", "payouts"})
PAYOUTS = frozenset({"payouts"})
EXTERNAL_ACCOUNT = "external_account"
_PAYMENTS_OFF = frozenset({"transfers", "treasury", "card_issuing", "legacy_payments"})


class Owed(Struct, frozen=True):
    """What is owed by one account at one moment, and what follows from it."""

    currently_due: Sequence[str] = ()
    past_due: Sequence[str] = ()
    eventually_due: Sequence[str] = ()
    pending: Sequence[str] = ()
    errors: Sequence[Finding] = ()
    alternatives: Sequence[tuple[str, str]] = ()
    deadline: int | None = None
    disabled_reason: str | None = None
    stops: frozenset[str] = frozenset()

    @property
    def is_charging(self) -> bool:
        """Say whether nothing stands in the way of charges."""
        return "charges" not in self.stops

    @property
    def is_paying_out(self) -> bool:
        """Say whether nothing stands in the way of payouts."""
        return "payouts" not in self.stops


class _Tally(Struct):
    """What is owed, while it is still being counted."""

    currently_due: list[str] = []
    past_due: list[str] = []
    eventually_due: list[str] = []
    errors: list[Finding] = []
    alternatives: list[tuple[str, str]] = []
    deadline: int | None = None
    stops: set[str] = set()


@lru_cache(maxsize=1024)
def _keys(
    code: str, business_type: str | None, prefix: str, *, has_cards: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what is wanted now, and what later in addition."""
    country = COUNTRIES[code]
    now: list[str] = [*BUSINESS, "business_type", EXTERNAL_ACCOUNT, *TERMS]
    later: tuple[str, ...] = ()
    if business_type is None:
        person = country.unknown
    elif business_type == "individual":
        person, later = country.individual, country.individual_later
    else:
        person, later = country.representative, country.representative_later
        without = () if business_type == "company" else ("owners_provided",)
        now += [f"company.{key}" for key in country.company if key not in without]
    now += [f"{prefix}.{key}" for key in person]
    if country.has_descriptor and has_cards:
        now.append(DESCRIPTOR)
    return tuple(sorted(now)), tuple(sorted(f"{prefix}.{key}" for key in later))


def _prefix(account: Account) -> str:
    if account.is_individual:
        return "individual"
    person = account.representative
    return "representative" if person is None or account.business_type is None else person.id


def wanted(account: Account) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the keys that the account must give now, and those only later, given or not."""
    has_cards = account.controller.is_stripe_collecting or any(
        name not in _PAYMENTS_OFF for name in account.requested
    )
    return _keys(account.country, account.business_type, _prefix(account), has_cards=has_cards)


def is_given(account: Account, key: str) -> bool:
    """Say whether a requirement is met by what was given, right or wrong."""
    value = account.fact(key)
    if value is not None:
        return value is not False
    if key == EXTERNAL_ACCOUNT:
        return any(bank.status in {"new", "verified"} for bank in account.banks)
    if key.endswith(".ssn_last_4"):
        return account.fact(key.removesuffix("ssn_last_4") + "id_number") is not None
    if key.endswith(("verification.document", "verification.additional_document")):
        return account.fact(f"{key}.front") is not None
    alternative = ALTERNATIVES.get(key)
    return alternative is not None and account.fact(alternative) is not None


def _missing(account: Account, keys: tuple[str, ...]) -> list[str]:
    return [key for key in keys if not is_given(account, key)]


def _add_demands(account: Account, owed: _Tally, now: int) -> None:
    for demand in account.demands:
        if demand.code is None and is_given(account, demand.requirement):
            continue
        owed.eventually_due.append(demand.requirement)
        if demand.is_eventual:
            continue
        owed.currently_due.append(demand.requirement)
        if demand.code is not None:
            owed.errors.append(
                Finding(demand.requirement, demand.code, demand.reason or demand.code)
            )
        if demand.due_at is None or demand.due_at <= now:
            owed.past_due.append(demand.requirement)
            owed.stops |= BOTH
        elif owed.deadline is None or demand.due_at < owed.deadline:
            owed.deadline = demand.due_at


def _add_findings(account: Account, owed: _Tally) -> None:
    for finding in account.findings:
        for due in (owed.currently_due, owed.past_due, owed.eventually_due):
            if finding.requirement not in due:
                due.append(finding.requirement)
        owed.errors.append(finding)
        owed.stops |= finding.stops
        if finding.alternative is not None:
            owed.alternatives.append((finding.requirement, finding.alternative))


def _disabled_reason(
    account: Account, past_due: Sequence[str], pending: Sequence[str]
) -> str | None:
    if account.rejected is not None:
        return account.rejected
    if account.is_paused:
        return "platform_paused"
    if account.is_under_review:
        return "under_review"
    if past_due:
        return "requirements.past_due"
    return _reason_to_wait(account, pending)


def _reason_to_wait(account: Account, pending: Sequence[str]) -> str | None:
    if pending and not account.is_approved:
        return "requirements.pending_verification"
    if not account.requested and account.details_submitted:
        return "action_required.requested_capabilities"
    return None


_encode = Encoder().encode
_decode = Decoder(Account).decode


def owed(account: Account, now: int) -> Owed:
    """Compute what the account owes at `now` (unix seconds).

    A journey asks some fifty times between a dozen changes, so the last answers are remembered by
    all that they follow from: every fact of the account, and the moment. No change of facts has to
    say that it happened, and none can be overlooked.
    """
    return _owed(_encode(account), now)


@lru_cache(maxsize=256)
def _owed(facts: bytes, now: int) -> Owed:
    """Compute from the remembered key alone, so that nothing outside it can matter."""
    account = _decode(facts)
    if account.is_platform:
        return Owed()
    tally = _Tally()
    current, later = wanted(account)
    tally.currently_due += _missing(account, current)
    for key in tally.currently_due:
        tally.stops |= PAYOUTS if key == EXTERNAL_ACCOUNT and account.is_approved else BOTH
        if key in ALTERNATIVES:
            tally.alternatives.append((key, ALTERNATIVES[key]))
    tally.past_due += tally.currently_due
    tally.eventually_due += tally.currently_due
    if account.business_type is not None:
        tally.eventually_due += _missing(account, later)
    _add_findings(account, tally)
    _add_demands(account, tally, now)
    pending = () if account.review is None else account.review.requirements
    is_held = (
        account.rejected is not None
        or account.is_paused
        or account.is_under_review
        or not account.details_submitted
        or not account.is_approved
    )
    return Owed(
        currently_due=tuple(sorted(tally.currently_due)),
        past_due=tuple(sorted(tally.past_due)),
        eventually_due=tuple(sorted(tally.eventually_due)),
        pending=pending,
        errors=tuple(tally.errors),
        alternatives=tuple(tally.alternatives),
        deadline=tally.deadline,
        disabled_reason=_disabled_reason(account, tally.past_due, pending),
        stops=BOTH if is_held else frozenset(tally.stops),
    )


def due_fields(account: Account, *, collect: str, now: int) -> tuple[str, ...]:
    """Return the keys a form must ask for: `collect` is `currently_due` or `eventually_due`."""
    return keys_to_ask(account, owed(account, now), collect=collect)


def keys_to_ask(account: Account, debts: Owed, *, collect: str) -> tuple[str, ...]:
    """Return the keys a form must ask for, out of what is owed.

    Custom accounts' forms do not ask for `external_account`: their platform gives it.
    """
    keys = debts.eventually_due if collect == "eventually_due" else debts.currently_due
    skipped = () if account.controller.is_stripe_collecting else (EXTERNAL_ACCOUNT,)
    return tuple(key for key in keys if key not in skipped)


def all_fields(account: Account) -> tuple[str, ...]:
    """Return every key that concerns the account, given or not: what `account_update` shows."""
    return _sorted(*wanted(account))


@lru_cache(maxsize=1024)
def _sorted(current: tuple[str, ...], later: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({*current, *later}))

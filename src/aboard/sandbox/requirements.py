"""What does an account still owe, and what may it do? Computed from its facts, never stored.

For the hosted pages: `due_fields` is what a form must ask now, in Stripe's order of keys;
`all_fields` is what `account_update` shows. Both change as facts are saved (first `business_type`,
then everything that follows from it), so ask again after every save.

Source: Stripe's account object, `requirements`, API version 2026-10-28.
"""

from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

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


class Owed(Struct):
    """What is owed by one account at one moment, and what follows from it."""

    currently_due: list[str] = []
    past_due: list[str] = []
    eventually_due: list[str] = []
    pending: list[str] = []
    errors: list[Finding] = []
    alternatives: list[tuple[str, str]] = []
    deadline: int | None = None
    disabled_reason: str | None = None
    stops: set[str] = set()

    @property
    def is_charging(self) -> bool:
        """Say whether nothing stands in the way of charges."""
        return "charges" not in self.stops

    @property
    def is_paying_out(self) -> bool:
        """Say whether nothing stands in the way of payouts."""
        return "payouts" not in self.stops


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


def _missing(account: Account, keys: tuple[str, ...]) -> Iterator[str]:
    return (key for key in keys if not is_given(account, key))


def _add_demands(account: Account, owed: Owed, now: int) -> None:
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


def _add_findings(account: Account, owed: Owed) -> None:
    for finding in account.findings:
        for due in (owed.currently_due, owed.past_due, owed.eventually_due):
            if finding.requirement not in due:
                due.append(finding.requirement)
        owed.errors.append(finding)
        owed.stops |= finding.stops
        if finding.alternative is not None:
            owed.alternatives.append((finding.requirement, finding.alternative))


def _disabled_reason(account: Account, owed: Owed) -> str | None:
    if account.rejected is not None:
        return account.rejected
    if account.is_paused:
        return "platform_paused"
    if account.is_under_review:
        return "under_review"
    if owed.past_due:
        return "requirements.past_due"
    return _reason_to_wait(account, owed)


def _reason_to_wait(account: Account, owed: Owed) -> str | None:
    if owed.pending and not account.is_approved:
        return "requirements.pending_verification"
    if not account.requested and account.details_submitted:
        return "action_required.requested_capabilities"
    return None


def owed(account: Account, now: int) -> Owed:
    """Compute what the account owes at `now` (unix seconds)."""
    result = Owed()
    if account.is_platform:
        return result
    current, later = wanted(account)
    for key in _missing(account, current):
        result.currently_due.append(key)
        result.stops |= PAYOUTS if key == EXTERNAL_ACCOUNT and account.is_approved else BOTH
        if key in ALTERNATIVES:
            result.alternatives.append((key, ALTERNATIVES[key]))
    result.past_due += result.currently_due
    result.eventually_due += result.currently_due
    if account.business_type is not None:
        result.eventually_due += _missing(account, later)
    _add_findings(account, result)
    _add_demands(account, result, now)
    if account.review is not None:
        result.pending += account.review.requirements
    for due in (result.currently_due, result.past_due, result.eventually_due):
        due.sort()
    result.disabled_reason = _disabled_reason(account, result)
    is_held = (
        account.rejected is not None
        or account.is_paused
        or account.is_under_review
        or not account.details_submitted
        or not account.is_approved
    )
    if is_held:
        result.stops |= BOTH
    return result


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
    current, later = wanted(account)
    return tuple(sorted({*current, *later}))

"""Which of Stripe's v1 verbs do we use? Create, read, find, link, sign in, end, look up an event.

Each function asks once and returns our own types: an account becomes a `Snapshot` and keeps
Stripe's bytes beside it; a link becomes a `BearerUrl`. `v2` says the same in the newer
generation.

Source: Stripe's v1 API, version 2026-10-28: accounts, account links, login links, account
sessions, events; Stripe's OAuth reference.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from aboard.core.account import AccountShape, Alternative, RequirementError, Requirements, Snapshot
from aboard.core.errors import AccountGone, StripeUnavailable
from aboard.core.links import BearerUrl, Collect, LinkPurpose
from aboard.core.secret import Secret
from aboard.stripe_api.client import Answer, Stripe
from aboard.stripe_api.objects import (
    ACCOUNT_HEADS,
    ACCOUNT_LINKS,
    ACCOUNT_LISTS,
    ACCOUNT_SESSIONS,
    ACCOUNTS,
    DEAUTHORIZED,
    EVENTS,
    LOGIN_LINKS,
    AccountV1,
    EventHead,
    RequirementsV1,
    head_of,
    instant,
    read,
    read_part,
    without_login_links,
)

PAGE_SIZE: Final = 100
MAX_PAGES: Final = 1000
_DASHBOARD_OF_TYPE: Final = {"express": "express", "standard": "full", "custom": "none"}


@dataclass(frozen=True, slots=True)
class AccountRead:
    """One answer about one account: what we read in it, and Stripe's own bytes.

    The bytes lack `login_links`, because a bearer URL may stand there and the bytes are stored.
    """

    snapshot: Snapshot
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class IssuedLink:
    """A fresh account link. It works once, until `expires_at`."""

    url: BearerUrl
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class IssuedSession:
    """What opens embedded components, revealed once and good until `expires_at`."""

    client_secret: Secret
    expires_at: datetime


async def create_account(
    stripe: Stripe, shape: AccountShape, *, metadata: Mapping[str, str], idempotency_key: str
) -> AccountRead:
    """Create a connected account. The same key brings the same account for at least 24 hours.

    Raises:
        StripeRefused: Stripe said no, in its own words.
        StripeUnavailable: no answer; the account may exist, so ask again with the same key.
        AccountGone: our access was taken away.
    """
    params: dict[str, Any] = {
        "type": shape.type,
        "controller": _nested(shape.controller),
        "country": shape.country,
        "business_type": shape.business_type,
        "email": shape.email,
        "capabilities": {name: {"requested": True} for name in shape.capabilities},
        "metadata": dict(metadata),
    }
    answer = await stripe.request("post", "/v1/accounts", params, idempotency_key=idempotency_key)
    return _account_read(read(ACCOUNTS, answer), answer.body)


async def get_account(
    stripe: Stripe, account_id: str, *, max_retries: int | None = None
) -> AccountRead:
    """Read one account; `max_retries` overrides how often the client tries again.

    Raises:
        AccountGone: deleted, or no longer ours.
        StripeRefused: Stripe said no for another reason.
        StripeUnavailable: no answer, or another account's.
    """
    path = f"/v1/accounts/{_segment(account_id)}"
    answer = await stripe.request("get", path, max_retries=max_retries)
    if b'"deleted"' in answer.body and read(ACCOUNT_HEADS, answer).deleted:
        raise AccountGone("deleted", request_id=answer.request_id)
    account = read(ACCOUNTS, answer)
    _insist_on(account.id, account_id, answer)
    return _account_read(account, answer.body)


async def find_account_by_metadata(
    stripe: Stripe, key: str, value: str, *, created_since: datetime
) -> AccountRead | None:
    """Return the newest account that carries this metadata, or None.

    Reads the whole list of accounts created since then, 100 at a time. `created_since` is aware
    UTC on Stripe's clock: leave room for the difference to yours.

    Raises:
        StripeRefused: Stripe said no.
        StripeUnavailable: no answer, or a list that does not end.
        AccountGone: our access was taken away.
    """
    params: dict[str, Any] = {
        "limit": PAGE_SIZE,
        "created": {"gte": int(created_since.timestamp())},
    }
    for _ in range(MAX_PAGES):
        answer = await stripe.request("get", "/v1/accounts", params)
        page = read(ACCOUNT_LISTS, answer)
        last_id = None
        for raw in page.data:
            head = read_part(ACCOUNT_HEADS, raw, answer)
            if (head.metadata or {}).get(key) == value:
                return _account_read(read_part(ACCOUNTS, raw, answer), bytes(raw))
            last_id = head.id
        if not page.has_more:
            return None
        if last_id is None or last_id == params.get("starting_after"):
            raise StripeUnavailable("garbage", request_id=answer.request_id)
        params["starting_after"] = last_id
    raise StripeUnavailable("garbage")


async def create_account_link(
    stripe: Stripe,
    *,
    account_id: str,
    purpose: LinkPurpose,
    refresh_url: str,
    return_url: str,
    collect: Collect,
    idempotency_key: str,
) -> IssuedLink:
    """Create a link to hosted onboarding, single use, for 300 seconds.

    A repeated key brings the same link, used or not: give every link a key of its own.

    Raises:
        AccountGone: deleted, or no longer ours.
        StripeRefused: Stripe said no, in its own words.
        StripeUnavailable: no answer.
    """
    params = {
        "account": account_id,
        "type": purpose.value,
        "refresh_url": refresh_url,
        "return_url": return_url,
        "collection_options": {"fields": collect.value},
    }
    answer = await stripe.request(
        "post", "/v1/account_links", params, idempotency_key=idempotency_key
    )
    link = read(ACCOUNT_LINKS, answer)
    return IssuedLink(url=link.url, expires_at=instant(link.expires_at))


async def create_login_link(stripe: Stripe, account_id: str, *, idempotency_key: str) -> BearerUrl:
    """Create a link to the account's Express dashboard, single use.

    Raises:
        AccountGone: deleted, or no longer ours.
        StripeRefused: not onboarded yet, or without an Express dashboard.
        StripeUnavailable: no answer.
    """
    path = f"/v1/accounts/{_segment(account_id)}/login_links"
    answer = await stripe.request("post", path, idempotency_key=idempotency_key)
    return read(LOGIN_LINKS, answer).url


async def create_account_session(
    stripe: Stripe, account_id: str, components: Sequence[str], idempotency_key: str
) -> IssuedSession:
    """Create a session for these embedded components, by Stripe's names.

    A repeated key brings the same secret: give every session a key of its own.

    Raises:
        AccountGone: deleted, or no longer ours.
        StripeRefused: a component that this account may not have, or an account that may have none.
        StripeUnavailable: no answer.
    """
    params = {
        "account": account_id,
        "components": {name: {"enabled": True} for name in components},
    }
    answer = await stripe.request(
        "post", "/v1/account_sessions", params, idempotency_key=idempotency_key
    )
    session = read(ACCOUNT_SESSIONS, answer)
    return IssuedSession(session.client_secret, instant(session.expires_at))


async def delete_account(stripe: Stripe, account_id: str) -> None:
    """Delete an account at Stripe, for good.

    Raises:
        AccountGone: it is gone already, or was never ours.
        StripeRefused: money lies in it, or it is not the platform's to delete.
        StripeUnavailable: no answer; it may be deleted, and asking again is safe.
    """
    answer = await stripe.request("delete", f"/v1/accounts/{_segment(account_id)}")
    head = read(ACCOUNT_HEADS, answer)
    _insist_on(head.id, account_id, answer)
    if not head.deleted:
        raise StripeUnavailable("garbage", request_id=answer.request_id)


async def deauthorize_account(stripe: Stripe, client_id: str, account_id: str) -> None:
    """End the connection to an account that belongs to its holder; the account itself stays.

    `client_id` is the platform's own, from its Connect settings at Stripe.

    Raises:
        StripeRefused: not connected (also when it ended before), or controlled by the platform.
        StripeUnavailable: no answer; it may have ended.
        AccountGone: our access was taken away.
    """
    params = {"client_id": client_id, "stripe_user_id": account_id}
    answer = await stripe.request("post", "/oauth/deauthorize", params)
    _insist_on(read(DEAUTHORIZED, answer).stripe_user_id, account_id, answer)


async def get_own_account_id(stripe: Stripe) -> str:
    """Return whose key this is: the id of the platform's own account.

    Asked once for each client, because a key never changes hands.

    Raises:
        StripeRefused: a restricted key that may not say, or no valid key.
        StripeUnavailable: no answer.
        AccountGone: the platform's own account is closed.
    """
    if stripe.own_account_id is None:
        answer = await stripe.request("get", "/v1/account")
        stripe.own_account_id = read(ACCOUNT_HEADS, answer).id
    return stripe.own_account_id


async def get_event(
    stripe: Stripe, event_id: str, *, stripe_account: str | None = None
) -> EventHead:
    """Read an event's label, with `stripe_account` for an event of a connected account.

    Raises:
        StripeRefused: no such event (Stripe keeps them for 30 days).
        AccountGone: the connected account is not there, or not for us.
        StripeUnavailable: no answer, or another event's.
    """
    path = f"/v1/events/{_segment(event_id)}"
    answer = await stripe.request("get", path, stripe_account=stripe_account)
    event = read(EVENTS, answer)
    _insist_on(event.id, event_id, answer)
    return head_of(event)


def _account_read(account: AccountV1, raw: bytes) -> AccountRead:
    dashboard = account.controller and account.controller.stripe_dashboard
    snapshot = Snapshot(
        stripe_account_id=account.id,
        charges_enabled=account.charges_enabled,
        payouts_enabled=account.payouts_enabled,
        details_submitted=account.details_submitted,
        country=account.country,
        business_type=account.business_type,
        account_type=account.type,
        dashboard=dashboard.type if dashboard else _DASHBOARD_OF_TYPE.get(account.type or ""),
        email=account.email,
        capabilities=account.capabilities or {},
        requirements=_requirements(account.requirements),
        future_requirements=_requirements(account.future_requirements),
    )
    return AccountRead(snapshot, without_login_links(raw))


def _requirements(due: RequirementsV1 | None) -> Requirements:
    if due is None:
        return Requirements()
    deadline = due.current_deadline
    return Requirements(
        currently_due=due.currently_due or (),
        past_due=due.past_due or (),
        eventually_due=due.eventually_due or (),
        pending_verification=due.pending_verification or (),
        errors=tuple(
            RequirementError(code=e.code, reason=e.reason, requirement=e.requirement)
            for e in due.errors or ()
        ),
        alternatives=tuple(
            Alternative(a.original_fields_due, a.alternative_fields_due)
            for a in due.alternatives or ()
        ),
        current_deadline=None if deadline is None else instant(deadline),
        disabled_reason=due.disabled_reason,
    )


def _nested(dotted: Mapping[str, str]) -> dict[str, Any]:
    """Turn `{"losses.payments": "stripe"}` into `{"losses": {"payments": "stripe"}}`."""
    nested: dict[str, Any] = {}
    for name, value in dotted.items():
        group, _, leaf = name.rpartition(".")
        place = nested.setdefault(group, {}) if group else nested
        place[leaf] = value
    return nested


def _segment(stripe_id: str) -> str:
    """Return an id as one path segment, whatever it holds, so that it cannot lead elsewhere."""
    # URL libraries walk up at a dot segment even when its dots are escaped once.
    return quote(stripe_id, safe="").replace(".", "%252E")


def _insist_on(given_id: str, asked_id: str, answer: Answer) -> None:
    if given_id != asked_id:
        raise StripeUnavailable("garbage", request_id=answer.request_id)

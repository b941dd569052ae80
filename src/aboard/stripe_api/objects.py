"""What do Stripe's answers look like? Typed read models of the parts we read.

Only what is read is declared: what Stripe adds later is skipped here and kept in the raw bytes
that travel beside each account. A field that is declared and has another type is garbage, never
a default. Points in time leave this file as aware UTC.

Source: Stripe's v1 objects, API version 2026-10-28, and its thin events.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal, TypeVar

import msgspec

from aboard.core.errors import InputRefused, StripeUnavailable
from aboard.core.links import BearerUrl
from aboard.core.secret import Secret
from aboard.stripe_api.client import Answer
from aboard.stripe_api.errors import UNREADABLE

ModelT = TypeVar("ModelT")

UnixSeconds = Annotated[int, msgspec.Meta(ge=0, le=253_402_300_799)]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]
Names = tuple[str, ...]
Word = Annotated[str, msgspec.Meta(min_length=1, max_length=255, pattern=r"^[!-~]+\Z")]
"""An id or a type: short, and of plain characters, so that every log line and database takes it."""

_WEB_ADDRESS: Final = re.compile(r"https?://[!-~]+\Z")
_ACCOUNT: Final = re.compile(r"acct_\w{1,250}", re.ASCII)
_ACCOUNT_IN_PATH: Final = re.compile(r"/accounts/(acct_\w{1,250})(?![^/?#])", re.ASCII)
_EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


class RequirementErrorV1(msgspec.Struct, frozen=True):
    """One entry of `requirements.errors`."""

    code: str
    requirement: str
    reason: str = ""


class AlternativeV1(msgspec.Struct, frozen=True):
    """One entry of `requirements.alternatives`."""

    original_fields_due: Names
    alternative_fields_due: Names


class RequirementsV1(msgspec.Struct, frozen=True):
    """The hash `requirements` or `future_requirements`; each list may be null."""

    currently_due: Names | None = None
    past_due: Names | None = None
    eventually_due: Names | None = None
    pending_verification: Names | None = None
    errors: tuple[RequirementErrorV1, ...] | None = None
    alternatives: tuple[AlternativeV1, ...] | None = None
    current_deadline: UnixSeconds | None = None
    disabled_reason: str | None = None


class DashboardV1(msgspec.Struct, frozen=True):
    """The hash `controller.stripe_dashboard`."""

    type: str | None = None


class ControllerV1(msgspec.Struct, frozen=True):
    """The hash `controller`, as far as we read it."""

    stripe_dashboard: DashboardV1 | None = None


class AccountV1(msgspec.Struct, frozen=True, kw_only=True):
    """An account. The three flags have no default: an answer without them is not an account."""

    id: str
    charges_enabled: bool
    payouts_enabled: bool
    details_submitted: bool
    type: str | None = None
    country: str | None = None
    business_type: str | None = None
    email: str | None = None
    controller: ControllerV1 | None = None
    capabilities: dict[str, str] | None = None
    requirements: RequirementsV1 | None = None
    future_requirements: RequirementsV1 | None = None


class AccountHeadV1(msgspec.Struct, frozen=True):
    """Just enough of an account to choose it, or to see that it was deleted."""

    id: str
    deleted: bool = False
    metadata: dict[str, str] | None = None


class AccountListV1(msgspec.Struct, frozen=True):
    """One page of accounts, each still as Stripe's bytes."""

    data: tuple[msgspec.Raw, ...]
    has_more: bool


class AccountLinkV1(msgspec.Struct, frozen=True):
    """An account link."""

    url: BearerUrl
    expires_at: UnixSeconds


class LoginLinkV1(msgspec.Struct, frozen=True):
    """A login link."""

    url: BearerUrl


class AccountSessionV1(msgspec.Struct, frozen=True):
    """An account session: what opens embedded components in the owner's browser."""

    client_secret: Secret
    expires_at: UnixSeconds


class DeauthorizedV1(msgspec.Struct, frozen=True):
    """What OAuth answers when a connection ended."""

    stripe_user_id: str


class RelatedObject(msgspec.Struct, frozen=True):
    """What a thin event is about; an object of which there is one alone has no id."""

    id: str = ""
    url: str = ""


class EventV1orV2(msgspec.Struct, frozen=True, kw_only=True):
    """A snapshot event or a thin one, without the object inside."""

    id: Word
    object: Literal["event", "v2.core.event"]
    type: Word
    livemode: bool
    created: UnixSeconds | Instant
    account: Word | None = None
    context: str | None = None
    related_object: RelatedObject | None = None

    def __post_init__(self) -> None:
        """Refuse a point in time that no database keeps.

        Raises:
            ValueError: it is one.
        """
        if isinstance(self.created, datetime) and not _EARLIEST <= self.created <= _LATEST:
            raise ValueError("out of range")


@dataclass(frozen=True, slots=True)
class EventHead:
    """What an event says before anyone asks Stripe: a doorbell's label.

    `account` is the connected account that it is about, None for the platform's own events.
    """

    id: str
    type: str
    account: str | None
    livemode: bool
    created: datetime
    is_thin: bool


def read(decoder: msgspec.json.Decoder[ModelT], answer: Answer) -> ModelT:
    """Return what a success holds.

    Raises:
        StripeUnavailable: the body is not what was asked for (`garbage`).
    """
    model = _decode(decoder, answer.body)
    if model is None:
        raise StripeUnavailable("garbage", request_id=answer.request_id)
    return model


def read_part(decoder: msgspec.json.Decoder[ModelT], part: msgspec.Raw, answer: Answer) -> ModelT:
    """Return what one element of a list holds.

    Raises:
        StripeUnavailable: it is not what was asked for (`garbage`).
    """
    model = _decode(decoder, part)
    if model is None:
        raise StripeUnavailable("garbage", request_id=answer.request_id)
    return model


def decode_event(payload: bytes) -> EventHead:
    """Return the label of a webhook's event; the object inside is not looked at.

    Raises:
        InputRefused: the payload is not an event.
    """
    event = _decode(EVENTS, payload)
    if event is None:
        raise InputRefused([("body", "is not a Stripe event")])
    return head_of(event)


def head_of(event: EventV1orV2) -> EventHead:
    """Return an event's label."""
    is_thin = event.object == "v2.core.event"
    created = event.created
    return EventHead(
        id=event.id,
        type=event.type,
        account=_thin_account(event) if is_thin else event.account or _account_in_context(event),
        livemode=event.livemode,
        created=instant(created) if isinstance(created, int) else created.astimezone(UTC),
        is_thin=is_thin,
    )


def instant(unix_seconds: int) -> datetime:
    """Return a point in time as aware UTC."""
    return datetime.fromtimestamp(unix_seconds, UTC)


def without_login_links(raw: bytes) -> bytes:
    """Return an account's bytes without `login_links`, where bearer URLs may stand."""
    if b'"login_links"' not in raw:
        return raw
    fields: dict[str, msgspec.Raw] = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    fields.pop("login_links", None)
    return msgspec.json.encode(fields)


def _thin_account(event: EventV1orV2) -> str | None:
    """Find the account: the object itself, the path it lies under, or the event's context."""
    related = event.related_object
    if related is not None:
        if _ACCOUNT.fullmatch(related.id):
            return related.id
        found = _ACCOUNT_IN_PATH.search(related.url)
        if found:
            return found[1]
    return _account_in_context(event)


def _account_in_context(event: EventV1orV2) -> str | None:
    """Find the account in `context`: the last part, below an organization's if there is one."""
    if event.context is None:
        return None
    last = event.context.rpartition("/")[2]
    return last if _ACCOUNT.fullmatch(last) else None


def _decode(decoder: msgspec.json.Decoder[ModelT], body: bytes | msgspec.Raw) -> ModelT | None:
    try:
        return decoder.decode(body)
    except UNREADABLE:
        return None


def _bearer_url(kind: type, value: Any) -> BearerUrl:  # noqa: ANN401 - msgspec's hook
    if kind is not BearerUrl or not isinstance(value, str) or not _WEB_ADDRESS.match(value):
        raise ValueError("not a web address")
    return BearerUrl(value)


def _secret(kind: type, value: Any) -> Secret:  # noqa: ANN401 - msgspec's hook
    if kind is not Secret or not isinstance(value, str) or not value:
        raise ValueError("not a secret")
    return Secret(value)


ACCOUNTS: Final = msgspec.json.Decoder(AccountV1)
ACCOUNT_HEADS: Final = msgspec.json.Decoder(AccountHeadV1)
ACCOUNT_LISTS: Final = msgspec.json.Decoder(AccountListV1)
ACCOUNT_LINKS: Final = msgspec.json.Decoder(AccountLinkV1, dec_hook=_bearer_url)
LOGIN_LINKS: Final = msgspec.json.Decoder(LoginLinkV1, dec_hook=_bearer_url)
ACCOUNT_SESSIONS: Final = msgspec.json.Decoder(AccountSessionV1, dec_hook=_secret)
DEAUTHORIZED: Final = msgspec.json.Decoder(DeauthorizedV1)
EVENTS: Final = msgspec.json.Decoder(EventV1orV2)

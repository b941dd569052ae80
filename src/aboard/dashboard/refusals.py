"""What went wrong, and which page says so? One row for each fact, with status and next step.

A page never tells why somebody was refused; the audit does.

Source: docs/owner-pages.md, when something goes wrong.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote

import aboard.core.errors as facts
import aboard.core.errors_identity as identity
from aboard.core import errors_kyc
from aboard.core.errors import AboardError
from aboard.core.owner import Mode
from aboard.dashboard.doors import sign_in_page
from aboard.dashboard.ground import Ground
from aboard.dashboard.pages import Way
from aboard.dashboard.visitor import Call, StrangeForm, read_reader
from aboard.flows.entry import PAGES_PATH
from aboard.flows.operator_entry import OPERATOR_PATH
from aboard.web.answer import PageAnswer
from aboard.web.exchange import exchange_of, path_of
from aboard.web.refusals import Refused, Situation, recognise, row_of

FORM_STATUS: Final = 403


@dataclass(frozen=True, slots=True)
class Row:
    """The status, and the name of the page's words."""

    status: int
    page: str


_LOST: Final = Row(400, "lost")
_STUCK: Final = Row(409, "stuck")
_FAULT: Final = Row(500, "fault")
_AWAY: Final = Row(503, "away")

TABLE: Final[Mapping[type[AboardError], Row]] = {
    facts.NotYours: Row(403, "foreign"),
    facts.OwnerUnknown: Row(404, "not_found"),
    errors_kyc.CreatorUnknown: Row(404, "not_found"),
    errors_kyc.KycRequired: Row(409, "kyc"),
    errors_kyc.KycApproved: _STUCK,
    errors_kyc.KycRunning: _STUCK,
    errors_kyc.KycNotDecidable: _STUCK,
    facts.OrganizationTaken: _STUCK,
    facts.MemberUnknown: Row(404, "not_found"),
    facts.LastOwner: _STUCK,
    facts.AccountNotLinked: _STUCK,
    facts.AccountGone: Row(409, "gone"),
    facts.AccountRejected: _STUCK,
    facts.CountryMismatch: _STUCK,
    facts.AccountNotReady: Row(409, "not_ready"),
    facts.NothingDue: Row(409, "nothing_due"),
    facts.OnboardingBusy: Row(409, "busy"),
    facts.RefreshLoop: _STUCK,
    facts.FeatureDisabled: Row(503, "off"),
    facts.StripeNotConfigured: Row(503, "off"),
    facts.IdempotencyConflict: _STUCK,
    facts.IdempotencyBusy: Row(409, "busy"),
    facts.Unauthenticated: Row(401, "sign_in"),
    # No page signs anybody in; these are here so that no fact is ever without words.
    identity.LoginRefused: Row(401, "sign_in"),
    identity.CodeRefused: Row(401, "sign_in"),
    identity.RefreshRefused: Row(401, "sign_in"),
    identity.RefreshReused: Row(401, "sign_in"),
    identity.LoginLocked: Row(429, "too_many"),
    identity.LoginBusy: _AWAY,
    identity.RegistrationClosed: Row(403, "foreign"),
    identity.SessionUnknown: Row(404, "not_found"),
    identity.SessionCurrent: _STUCK,
    facts.InputRefused: Row(400, "form"),
    facts.StateInvalid: _LOST,
    facts.StateExpired: _LOST,
    facts.StateForged: _LOST,
    facts.StateSpent: _LOST,
    facts.StateMismatch: _LOST,
    facts.AddressRefused: _FAULT,
    facts.TooManyRequests: Row(429, "too_many"),
    facts.SignatureRefused: _STUCK,
    facts.StripeRefused: _STUCK,
    facts.StripeKeySwapped: _AWAY,
    facts.StripeUnavailable: _AWAY,
    facts.StoreUnavailable: _AWAY,
    facts.IssuerUnavailable: _AWAY,
    facts.SettingsRefused: _FAULT,
}
SITUATIONS: Final[Mapping[Situation, Row]] = {
    Situation.NO_SUCH_PATH: Row(404, "not_found"),
    Situation.NO_SUCH_METHOD: Row(405, "not_found"),
    Situation.OUR_FAULT: _FAULT,
}
_NEEDS_SIGN_IN: Final = frozenset({"lost", "foreign"})
# What sellers are told about signing in is of no use to an operator.
_OPERATORS: Final[Mapping[str, str]] = {
    "sign_in": "operator_sign_in",
    "lost": "operator_lost",
    "foreign": "operator_foreign",
}


def refuse(ground: Ground, request: Call, error: Exception) -> PageAnswer:
    """Return the page for whatever went wrong at one of our addresses."""
    reader = read_reader(request, ground.platform.public_url)
    request_id = exchange_of(request.scope).request_id
    if isinstance(error, StrangeForm):
        return ground.pages.message("form", reader, status=FORM_STATUS, way=_overview(request))
    refused = recognise(error, ground.platform, request_id)
    row = find_row(refused)
    if row.page in _OPERATORS and is_operators(request):
        reader = replace(reader, may_leave=False)
        return ground.pages.message(_OPERATORS[row.page], reader, status=row.status)
    if row.page == "sign_in":
        # A session that ended has its cookie still, and is nothing to sign out of.
        return sign_in_page(ground, replace(reader, may_leave=False), status=row.status)
    return ground.pages.message(
        row.page,
        reader,
        status=row.status,
        headers=refused.headers,
        request_id=request_id,
        way=_sign_in(ground) if row.page in _NEEDS_SIGN_IN else _overview(request),
    )


def find_row(refused: Refused) -> Row:
    """Return the row of what went wrong; ours if nobody has thought of it."""
    if isinstance(refused.cause, Situation):
        return SITUATIONS[refused.cause]
    return row_of(TABLE, refused.cause) or _FAULT


def _sign_in(ground: Ground) -> Way:
    return Way("sign_in", f"{ground.pages.prefix}{PAGES_PATH}/sign-in")


def is_operators(request: Call) -> bool:
    """Say whether an address is one of the operator's pages."""
    path = path_of(request.scope)
    return path == OPERATOR_PATH or path.startswith(f"{OPERATOR_PATH}/")


def _overview(request: Call) -> Way | None:
    """Return the way to the overview of the owner that the address names, if it names one."""
    parts = request.scope["path"].split("/")
    if is_operators(request):
        return Way("overview", f"{request.scope.get('root_path', '')}{OPERATOR_PATH}")
    if "creator" in parts:
        at = parts.index("creator") + 1
        has_mode = parts[at : at + 1] in [[mode] for mode in Mode]
        return Way("overview", "/".join(parts[: at + has_mode]))
    if "organizations" in parts and len(parts) > (at := parts.index("organizations") + 2):
        kept = [quote(part, safe="") for part in parts[: at + 1]]
        return Way("overview", "/".join(kept))
    return None

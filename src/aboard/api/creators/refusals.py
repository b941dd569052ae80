"""When does an operation of this dialect say no, and what helps? Each row with its very answer.

The answers are made by the same table that answers callers, so that an example cannot be wrong.

Source: docs/api/creators.md, errors.
"""

from typing import Final

from aboard.api.envelope.errors import failure_of
from aboard.api.showing import Refusal
from aboard.core import errors as facts
from aboard.core.errors import AboardError
from aboard.core.errors_kyc import (
    CreatorUnknown,
    KycApproved,
    KycNotDecidable,
    KycRequired,
    KycRunning,
)
from aboard.web.refusals import Situation

_REQUEST_ID: Final = "0b6f2f3e-5d0c-4f0a-9a51-7d2f5f1f8f2e"


def refusal(cause: AboardError | Situation, when: str, remedy: str) -> Refusal:
    """Return one row: what went wrong, told as the caller is told, in English."""
    status, failed = failure_of(cause, request_id=_REQUEST_ID, language="en")
    return Refusal(status, failed.error.i18n_key, failed.error.code, when, remedy, failed)


UNAUTHORIZED: Final = refusal(
    facts.Unauthenticated("missing"),
    "There is no bearer token, or one that does not hold: expired, of another issuer, altered.",
    "Get a new token from whoever signs your users in, and repeat the call.",
)
RATE_LIMITED: Final = refusal(
    facts.TooManyRequests(1800),
    "The calls of this window are used up. Stripe was not asked.",
    "Wait for as many seconds as `Retry-After` says.",
)
INTERNAL: Final = refusal(
    Situation.OUR_FAULT,
    "A fault of Aboard's.",
    "Repeat the call; if it stays, look for the `correlationId` in the service's log.",
)
STORE_AWAY: Final = refusal(
    facts.StoreUnavailable("locked"),
    "The database does not answer.",
    "Wait for as many seconds as `Retry-After` says, and repeat the call.",
)
ALWAYS: Final = (UNAUTHORIZED, RATE_LIMITED, INTERNAL, STORE_AWAY)
"""What any operation may answer."""

BODY_GIVEN: Final = refusal(
    facts.InputRefused([("body", "must be empty: this operation takes no body")]),
    "The call has a body, or its query says something twice or wrong; `details` names it.",
    "Send no body, not even `{}`, and what the table above has.",
)
BODY_TOO_LARGE: Final = refusal(
    facts.InputRefused([("body", "must not be larger than 65536 bytes")], status_hint=413),
    "The call has a body of more than 64 KiB.",
    "Send less.",
)
WITHOUT_BODY: Final = (BODY_GIVEN, BODY_TOO_LARGE, *ALWAYS)
"""What any operation without a body may answer."""

FIELD_REFUSED: Final = refusal(
    facts.InputRefused([("unknown", "is not a known field")]),
    "The body is not JSON, has an unknown field, or a wrong value; `details` names each.",
    "Show each of `details` at its field, and send again.",
)
NO_JSON: Final = refusal(
    facts.InputRefused([("Content-Type", "must be application/json")], status_hint=415),
    "The body is not announced as JSON.",
    "Send `Content-Type: application/json`.",
)
WITH_BODY: Final = (FIELD_REFUSED, BODY_TOO_LARGE, NO_JSON, *ALWAYS)
"""What any operation with a body may answer."""

NOT_CREATOR: Final = refusal(
    facts.OwnerUnknown(),
    "The caller has no creator profile.",
    "Call [upgrade](upgrade.md) once for this user.",
)
NO_ACCOUNT: Final = refusal(
    facts.AccountNotLinked(),
    "The creator has no account at Stripe, or Stripe says that it is no longer this platform's.",
    "Call [initiate](initiate.md): it makes an account, and answers with a link.",
)
GONE_MEANWHILE: Final = refusal(
    facts.AccountGone("deleted"),
    "Stripe says at this moment that the account is no longer this platform's; it is marked so.",
    "Repeat the call: it makes a new account.",
)
NOT_ACTIVE: Final = refusal(
    facts.AccountNotReady(("incomplete",)),
    "The account is not `ACTIVE`, not even after Stripe was asked; `details` has the readiness.",
    "Send the creator through onboarding: [refresh-link](refresh-link.md).",
)
IN_PROGRESS: Final = refusal(
    facts.OnboardingBusy(),
    "Another process makes this creator's account right now.",
    "Repeat the call after `Retry-After`, a second: it answers with a link.",
)
UNCONFIGURED: Final = refusal(
    facts.StripeNotConfigured(),
    "There is no key for the creator's mode, or Stripe refuses it, or it is another platform's.",
    "Nothing that a creator can change. `aboard doctor` says what is wrong.",
)
STRIPE_REFUSED: Final = refusal(
    facts.StripeRefused(
        "You cannot create an account link for this account.",
        status=400,
        error_type="invalid_request_error",
        error_code="account_invalid",
        param="account",
        request_id="req_example",
    ),
    "Stripe said no, in words of its own: `details` passes them on.",
    "Do what Stripe's words say; `details[0].requestId` finds the call in Stripe's log.",
)
STRIPE_AWAY: Final = refusal(
    facts.StripeUnavailable("timeout"),
    "Stripe does not answer, or answers with a fault.",
    "Wait for as many seconds as `Retry-After` says, and repeat the call.",
)
ONBOARDING_OFF: Final = refusal(
    facts.FeatureDisabled("onboarding"),
    "The operator switched onboarding off (`ABOARD_ONBOARDING`).",
    "Try again later; tell the creator so.",
)
LIVE_MODE_OFF: Final = refusal(
    facts.FeatureDisabled("live_mode"),
    "The creator's account is in live mode, which the operator switched off (`ABOARD_LIVE_MODE`).",
    "Try again later; tell the creator so.",
)
NO_SUCH_CREATOR: Final = refusal(
    CreatorUnknown(),
    "There is no such creator.",
    "Call [upgrade](upgrade.md) once for this user.",
)
KYC_REQUIRED: Final = refusal(
    KycRequired("NOT_STARTED"),
    "The platform must know the creator first (`ABOARD_KYC`); `details` says how the check stands.",
    "Follow `details`: [begin a check](kyc-start.md), or wait for its end.",
)
KYC_APPROVED: Final = refusal(
    KycApproved(),
    "The creator is APPROVED already, or the platform asks for no check.",
    "Go on with [initiate](initiate.md).",
)
KYC_RUNNING: Final = refusal(
    KycRunning(),
    "A check is under way.",
    "Read [how it stands](kyc-status.md). It may begin anew after `ABOARD_KYC_SESSION_SECONDS`.",
)
KYC_NOT_DECIDABLE: Final = refusal(
    KycNotDecidable("NOT_STARTED"),
    "The creator has begun no check, or the platform asks for none.",
    "Let the creator [begin one](kyc-start.md).",
)
KYC_OFF: Final = refusal(
    facts.FeatureDisabled("kyc"),
    "The operator switched off that checks begin (`ABOARD_KYC_STARTS`).",
    "Try again later; tell the creator so.",
)
UPGRADE_OFF: Final = refusal(
    facts.FeatureDisabled("creator_upgrade"),
    "The operator switched off that users become creators (`ABOARD_CREATOR_UPGRADE`).",
    "Try again later; tell the user so.",
)
OPERATORS_ONLY: Final = refusal(
    facts.NotYours(),
    "The token is no operator's. It is audited.",
    "Ask with the token of the platform's own backend or staff.",
)
STRIPES: Final = (UNCONFIGURED, STRIPE_REFUSED, STRIPE_AWAY)
"""What any operation that cannot do without Stripe may answer."""

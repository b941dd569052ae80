"""May a visit from Stripe go on? Its state, its onboarding and its session are checked here.

The seller is told one thing for every refusal. The exact reason goes into the audit, with the
owner as soon as the signature held, and into one line of the log.

Source: ADR-0005, signed state; ADR-0013, membership.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from aboard.core.account import Onboarding
from aboard.core.caller import Caller
from aboard.core.errors import (
    AboardError,
    AccountGone,
    FeatureDisabled,
    NotYours,
    StateExpired,
    StateForged,
    StateInvalid,
    StateMismatch,
    StoreUnavailable,
    StripeRefused,
    StripeUnavailable,
)
from aboard.core.owner import Owner, OwnerKind
from aboard.core.state import Purpose, State, check_state, read_state
from aboard.flows.audit import AuditAction, write_audit
from aboard.flows.journal import LogEvent
from aboard.flows.organizations import role_in
from aboard.flows.platform import Platform
from aboard.store.records import Detail

_ACTIONS = {
    Purpose.RETURN: AuditAction.RETURN_VISIT,
    Purpose.REFRESH: AuditAction.REFRESH_VISIT,
}


@dataclass(frozen=True, slots=True)
class StoppedVisit:
    """A visit that changed nothing: what stopped it, and whose page may be offered instead.

    `owner` is there only if the signature held and the session may see that owner.
    """

    cause: AboardError
    owner: Owner | None


@dataclass(slots=True)
class Visit:
    """One visit on its way: what came in, and what is known of it so far.

    `is_own_form` is false where a button was pressed that is not on our page.
    """

    platform: Platform
    purpose: Purpose
    session: Caller | None
    request_id: str | None
    state: State | None = None
    is_own_form: bool = True

    async def admit(self, token: str) -> tuple[State, Onboarding]:
        """Return the state and its onboarding, if both hold and the session may be here.

        A return needs any role, a refresh one that may act; without a session both pass. Another
        site's button never does, whoever pressed it.

        Raises:
            StateInvalid: forged, expired, from the future, or for something else.
            NotYours: the session's role does not suffice, there is none, or it is another
                site's button.
        """
        platform = self.platform
        self.state = state = read_state(token, keys=platform.state_keys)
        if not self.is_own_form:
            raise NotYours
        check_state(state, purpose=self.purpose, now=platform.clock())
        onboarding = await platform.store.find_onboarding(state.onboarding_id)
        if onboarding is None:
            raise StateMismatch("onboarding")
        if onboarding.owner != state.owner:
            is_other_mode = replace(onboarding.owner, mode=state.owner.mode) == state.owner
            raise StateMismatch("mode" if is_other_mode else "owner")
        if self.session is not None:
            may_read, may_act = await self._rights(self.session, state.owner)
            if not (may_act if self.purpose is Purpose.REFRESH else may_read):
                raise NotYours
        return state, onboarding

    async def tell(self, outcome: str, **details: Detail) -> None:
        """Write down in the audit how the visit ended."""
        await write_audit(
            self.platform,
            _ACTIONS[self.purpose],
            outcome=outcome,
            caller=self.session,
            owner=self.state.owner if self.state else None,
            request_id=self.request_id,
            details=details,
        )

    async def stop(self, cause: AboardError) -> StoppedVisit:
        """Audit and log exactly what stopped the visit, and say whose page may be offered.

        Raises:
            StoreUnavailable: nothing can be written down.
        """
        if isinstance(cause, StoreUnavailable):
            raise cause
        is_refused = isinstance(cause, StateInvalid | NotYours)
        owner = self.state.owner if self.state else None
        may_read = False
        if owner is not None and self.session is not None:
            may_read, _ = await self._rights(self.session, owner)
        if is_refused:
            self.platform.journal.note(
                LogEvent.STATE_REFUSED,
                purpose=self.purpose.value,
                reason=cause.code,
                request_id=self.request_id,
            )
        else:
            self.note(f"failed:{cause.code}")
        details = _exactly(cause, has_held=owner is not None, is_member=may_read)
        if isinstance(cause, NotYours) and not self.is_own_form:
            details = {"what": "another_sites_form"}
        await self.tell(f"{'refused' if is_refused else 'failed'}:{cause.code}", **details)
        return StoppedVisit(cause, owner if may_read else None)

    def note(self, outcome: str) -> None:
        """Log how the visit ended."""
        self.platform.journal.note(
            LogEvent.CALLBACK_VISITED,
            purpose=self.purpose.value,
            outcome=outcome,
            request_id=self.request_id,
        )

    async def _rights(self, session: Caller, owner: Owner) -> tuple[bool, bool]:
        """Say whether the session may see this owner, and whether it may act for it."""
        if owner.kind is OwnerKind.CREATOR or not session.may_reach(owner):
            return session.may_read(owner), session.may_act(owner)
        role = await role_in(self.platform, session, owner.id)
        return role is not None, role is not None and role.may_onboard


def _exactly(cause: AboardError, *, has_held: bool, is_member: bool) -> Mapping[str, Detail]:
    """Say what the code of a cause leaves open, in small words that are not secret."""
    details: dict[str, Detail] = {}
    match cause:
        case StateExpired(age=age):
            details["age_seconds"] = int(age.total_seconds())
        case StateMismatch(what=what):
            details["what"] = what
        case StateForged() if has_held:  # the signature is ours, and yet it cannot be
            details["what"] = "issued_in_the_future"
        case NotYours():
            details["what"] = "role_too_weak" if is_member else "not_a_member"
        case FeatureDisabled(feature=feature):
            details["what"] = feature
        case StripeUnavailable(cause=what) | AccountGone(case=what):
            details["what"] = what
        case StripeRefused(status=status, error_code=error_code):
            details |= {"status": status, "what": error_code}
    return details

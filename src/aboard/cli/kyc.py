"""`aboard kyc`: which creators wait for somebody to say who they are, and the word of an operator.

Whoever may open the database and the settings is an operator here; the audit says `command line`.

Source: docs/self-hosting.md, knowing your creators.
"""

from collections.abc import Mapping, Sequence

from aboard.app import open_platform
from aboard.cli.exits import Exit, Refusal
from aboard.cli.servers import run
from aboard.cli.terminal import Mark, Terminal
from aboard.core.caller import Caller
from aboard.core.creator import CreatorCheck
from aboard.core.errors import AboardError
from aboard.core.errors_kyc import CreatorUnknown, KycNotDecidable
from aboard.core.kyc import KycStanding, KycStatus
from aboard.flows.kyc import decide_kyc, list_pending_kyc
from aboard.settings import Settings, load_settings

_PAGE = 200
_LONGEST_REASON = 500
_OPERATOR = Caller("command line", is_operator=True)
_MARKS = {KycStatus.APPROVED: Mark.GOOD, KycStatus.REJECTED: Mark.BAD}


def list_waiting(environ: Mapping[str, str], *, is_json: bool) -> Exit:
    """List every check that waits for a decision, by creator.

    Raises:
        SettingsRefused: the settings make no sense.
        DatabaseNotMigrated: `migrate` has not been run.
        DatabaseTooNew: a newer Aboard has migrated it.
        StoreUnavailable: the database cannot be opened.
    """
    waiting = run(_waiting(load_settings(environ)))
    terminal = Terminal(is_json=is_json)
    for one in waiting:
        since = f"{one.check.started_at:%Y-%m-%d %H:%M} UTC"
        name = f", {one.creator.display_name}" if one.creator.display_name else ""
        told = f"waits since {since}, attempt {one.check.attempt} at {one.check.provider}{name}"
        terminal.row(Mark.NOTE, one.creator.id, told)
    if not waiting:
        terminal.say("Nobody waits.")
    terminal.document({"waiting": [_shown(one) for one in waiting]})
    return Exit.OK


def decide(
    environ: Mapping[str, str],
    creator_id: str,
    decision: KycStatus,
    *,
    reason: str | None,
    is_json: bool,
) -> Exit:
    """Decide a creator's check, and say how it stands then.

    Raises:
        SettingsRefused: the settings make no sense.
        DatabaseNotMigrated: `migrate` has not been run.
        DatabaseTooNew: a newer Aboard has migrated it.
        StoreUnavailable: the database cannot be opened.
        Refusal: no such creator, no check to decide, or a reason that is too long.
    """
    if reason is not None and not (0 < len(reason) <= _LONGEST_REASON and reason.isprintable()):
        raise Refusal(
            f"A reason has 1 to {_LONGEST_REASON} characters on one line.",
            "Say it shorter.",
            Exit.USAGE,
        )
    standing = run(_decide(load_settings(environ), creator_id, decision, reason))
    terminal = Terminal(is_json=is_json)
    terminal.row(_MARKS.get(standing.status, Mark.NOTE), creator_id, standing.status.value)
    completed_at = standing.completed_at
    terminal.document(
        {
            "creatorId": creator_id,
            "status": standing.status.value,
            "provider": standing.provider,
            "providerId": standing.provider_id,
            "completedAt": completed_at.isoformat() if completed_at else None,
        }
    )
    return Exit.OK


async def _waiting(settings: Settings) -> Sequence[CreatorCheck]:
    found: list[CreatorCheck] = []
    async with open_platform(settings) as platform:
        while True:
            after = found[-1].creator.id if found else ""
            page = await list_pending_kyc(platform, _OPERATOR, after=after, limit=_PAGE)
            found += page
            if len(page) < _PAGE:
                return found


async def _decide(
    settings: Settings, creator_id: str, decision: KycStatus, reason: str | None
) -> KycStanding:
    async with open_platform(settings) as platform:
        try:
            return await decide_kyc(platform, _OPERATOR, creator_id, decision, reason=reason)
        except (CreatorUnknown, KycNotDecidable) as refusal:
            raise _told(refusal, creator_id) from refusal


def _told(refusal: AboardError, creator_id: str) -> Refusal:
    if isinstance(refusal, CreatorUnknown):
        return Refusal(
            f"There is no creator {creator_id}.",
            "`aboard kyc list` says who waits.",
            Exit.CHECK_FAILED,
        )
    return Refusal(
        f"There is no check of {creator_id} to decide.",
        "A creator begins one; ABOARD_KYC says whether anybody is checked.",
        Exit.CHECK_FAILED,
    )


def _shown(one: CreatorCheck) -> dict[str, object]:
    return {
        "creatorId": one.creator.id,
        "displayName": one.creator.display_name,
        "provider": one.check.provider,
        "attempt": one.check.attempt,
        "startedAt": one.check.started_at.isoformat(),
    }

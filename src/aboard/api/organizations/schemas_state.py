"""How far an organization is, over the wire: the checklist, and what stands before going live.

Source: docs/api/organizations.md, the checklist; going live.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from aboard.core.caller import Role
from aboard.core.owner import Mode, Owner
from aboard.core.readiness import Actor, Readiness
from aboard.core.requirements import Group, Subject, Timing, WordedItem
from aboard.flows.checklist import Checklist
from aboard.flows.gate import SetupState
from aboard.flows.sync import Source


class ItemProblem(msgspec.Struct, frozen=True, rename="camel"):
    """Why something that was given did not satisfy Stripe, and what to do about it."""

    code: str
    reason: str
    what_to_do: str


class WorkItem(msgspec.Struct, frozen=True, rename="camel"):
    """One thing that Stripe wants, in words that a seller understands.

    Each of `alternatives` is a list of keys that would settle this one instead.
    """

    key: str
    title: str
    help: str
    why: str
    subject: Subject
    subject_title: str
    person_id: str | None
    deadline: datetime | None
    errors: list[ItemProblem]
    alternatives: list[list[str]]


class WorkGroups(msgspec.Struct, frozen=True):
    """What Stripe wants, by when it bites, in Stripe's own words for that."""

    past_due: list[WorkItem]
    currently_due: list[WorkItem]
    eventually_due: list[WorkItem]
    pending_verification: list[WorkItem]
    future: list[WorkItem]


class WorkList(msgspec.Struct, frozen=True, rename="camel"):
    """An organization's checklist in one mode."""

    organization_id: str
    mode: Mode
    readiness: Readiness
    who_must_act: Actor
    groups: WorkGroups
    synced_at: datetime | None
    source: Source


class Setup(msgspec.Struct, frozen=True, rename="camel"):
    """Three claims that are never merged, and why the gate may not open."""

    organization_id: str
    mode: Mode
    onboarded: bool
    operational: bool
    live: bool
    blockers: list[str]
    opened_at: datetime | None
    opened_by: str | None
    closed_at: datetime | None
    synced_at: datetime | None
    source: Source


def work_list_of(owner: Owner, checklist: Checklist, role: Role | None) -> WorkList:
    """Return what a member with this role may see: support sees neither errors nor deadlines."""
    sees_all = role is not None and role.sees_compliance
    reading = checklist.reading
    return WorkList(
        organization_id=owner.id,
        mode=owner.mode,
        readiness=reading.assessment.readiness,
        who_must_act=reading.assessment.who_must_act,
        groups=work_groups_of(checklist.groups, sees_all=sees_all),
        synced_at=reading.account.synced_at if reading.account else None,
        source=reading.source,
    )


def work_groups_of(groups: Iterable[Group], *, sees_all: bool) -> WorkGroups:
    """Return every group, also those with nothing in them; errors and deadlines if all is seen."""
    found = {group.timing: group.items for group in groups}
    by_timing = {
        timing.value: [_item_of(item, sees_all=sees_all) for item in found.get(timing, ())]
        for timing in Timing
    }
    return WorkGroups(**by_timing)


def setup_of(owner: Owner, state: SetupState) -> Setup:
    """Return the state of an organization's set-up as it goes over the wire."""
    gate, account = state.gate, state.reading.account
    return Setup(
        organization_id=owner.id,
        mode=owner.mode,
        onboarded=state.onboarded,
        operational=state.operational,
        live=state.live,
        blockers=list(state.blockers),
        opened_at=gate.opened_at if gate else None,
        opened_by=gate.opened_by if gate else None,
        closed_at=gate.closed_at if gate else None,
        synced_at=account.synced_at if account else None,
        source=state.reading.source,
    )


def _item_of(item: WordedItem, *, sees_all: bool) -> WorkItem:
    return WorkItem(
        key=item.key,
        title=item.title,
        help=item.help,
        why=item.why,
        subject=item.subject,
        subject_title=item.subject_title,
        person_id=item.person_id,
        deadline=item.deadline if sees_all else None,
        errors=[
            ItemProblem(error.code, error.reason, error.what_to_do)
            for error in (item.errors if sees_all else ())
        ],
        alternatives=[list(keys) for keys in item.alternatives],
    )

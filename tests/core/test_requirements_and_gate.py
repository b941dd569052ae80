"""The checklist and the go-live gate."""

from dataclasses import replace
from datetime import UTC, datetime

from aboard.core.account import (
    Alternative,
    ConnectedAccount,
    RequirementError,
    Requirements,
    Snapshot,
)
from aboard.core.go_live import (
    GoLivePolicy,
    Surroundings,
    find_blockers,
    is_onboarded,
    is_operational,
)
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.requirements import Subject, Timing, readable, subject_of, word_items

NOW = datetime(2026, 11, 21, tzinfo=UTC)
READY = Snapshot(
    "acct_1",
    charges_enabled=True,
    payouts_enabled=True,
    details_submitted=True,
    capabilities={"card_payments": "active", "transfers": "active"},
)
SPOKEN = Surroundings(has_platform_webhook_spoken=True, has_connect_webhook_spoken=True)
POLICY = GoLivePolicy()


def live_account(snapshot: Snapshot | None) -> ConnectedAccount:
    owner = Owner(OwnerKind.ORGANIZATION, "org_1", Mode.LIVE)
    return ConnectedAccount("acc_1", owner, NOW, stripe_account_id="acct_1", snapshot=snapshot)


def test_the_checklist_names_each_key_once_most_urgent_first() -> None:
    problem = RequirementError("invalid_tax_id_format", "not a tax id", "company.tax_id")
    other_way = Alternative(("business_profile.url",), ("business_profile.product_description",))
    groups = word_items(
        replace(
            READY,
            requirements=Requirements(
                past_due=("company.tax_id",),
                currently_due=("company.tax_id", "business_profile.url"),
                eventually_due=("company.tax_id", "business_profile.url", "person_1x.dob.day"),
                pending_verification=("individual.id_number",),
                errors=(problem,),
                alternatives=(other_way,),
                current_deadline=NOW,
            ),
            future_requirements=Requirements(currently_due=("external_account",)),
        ),
        "en",
    )
    items = [item for group in groups for item in group.items]
    assert [(item.key, item.timing) for item in items] == [
        ("company.tax_id", Timing.PAST_DUE),
        ("business_profile.url", Timing.CURRENTLY_DUE),
        ("individual.id_number", Timing.PENDING_VERIFICATION),
        ("person_1x.dob.day", Timing.EVENTUALLY_DUE),
        ("external_account", Timing.FUTURE),
    ]
    assert [error.code for error in items[0].errors] == [problem.code]
    assert items[1].alternatives == (other_way.alternative_fields_due,)
    assert [item.deadline for item in items] == [None, NOW, None, None, None]


def test_subjects() -> None:
    assert subject_of("person_abc.first_name") is Subject.PERSON
    assert subject_of("directors.dob.day") is Subject.DIRECTOR
    assert subject_of("tos_acceptance.ip") is Subject.AGREEMENT
    assert subject_of("interv_1.form") is Subject.BUSINESS


def test_an_unknown_key_is_still_readable() -> None:
    assert readable("brand_new.thing_nobody_knows") == "Thing nobody knows"
    assert readable("x") == "X"


def test_the_gate_opens_only_without_blockers() -> None:
    assert find_blockers(live_account(READY), POLICY, SPOKEN) == ()
    assert is_onboarded(live_account(READY))
    assert is_operational(live_account(READY), POLICY)


def test_every_blocker_by_name() -> None:
    assert find_blockers(None, POLICY, SPOKEN) == ("not_connected",)
    assert find_blockers(live_account(None), POLICY, SPOKEN) == ("not_connected",)
    broken = Snapshot(
        "acct_1",
        charges_enabled=False,
        payouts_enabled=False,
        details_submitted=False,
        capabilities={"transfers": "pending"},
        requirements=Requirements(past_due=("x",)),
    )
    account = replace(live_account(broken), owner=Owner(OwnerKind.ORGANIZATION, "org_1", Mode.TEST))
    silent = Surroundings(
        has_platform_webhook_spoken=False, has_connect_webhook_spoken=False, is_switched_off=True
    )
    assert find_blockers(account, POLICY, silent) == (
        "details_not_submitted",
        "charges_disabled",
        "payouts_disabled",
        "capability_inactive:card_payments",
        "capability_inactive:transfers",
        "requirements_past_due",
        "platform_webhook_silent",
        "connect_webhook_silent",
        "test_mode_only",
        "kill_switch",
    )


def test_connected_is_not_yet_operational() -> None:
    account = live_account(replace(READY, capabilities={"transfers": "active"}))
    assert is_onboarded(account)
    assert not is_operational(account, POLICY)


def test_a_disconnected_account_is_neither() -> None:
    gone = replace(live_account(READY), disconnected_at=NOW)
    assert not is_onboarded(gone)
    assert not is_operational(gone, POLICY)
    assert find_blockers(gone, POLICY, SPOKEN) == ("not_connected",)

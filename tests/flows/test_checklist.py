"""The checklist of an owner, from Stripe's answer to words; what has none is counted."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from aboard.core.account import ConnectedAccount, RequirementError, Requirements, Snapshot
from aboard.core.owner import Owner
from aboard.core.readiness import Readiness, assess
from aboard.core.requirements import Timing
from aboard.flows.checklist import read_checklist, word_reading
from aboard.flows.start import start_onboarding
from aboard.flows.sync import Reading, Source
from tests.scene import REFRESH_URL, RETURN_URL, Scene

PLAIN = Snapshot("acct_1", charges_enabled=False, payouts_enabled=False, details_submitted=True)


async def begun(scene: Scene, owner: Owner) -> str:
    started = await start_onboarding(
        scene.platform, owner, return_url=RETURN_URL, refresh_url=REFRESH_URL
    )
    return started.stripe_account_id


def reading_of(scene: Scene, owner: Owner, wanted: Requirements) -> Reading:
    account = ConnectedAccount(
        "acc_1",
        owner,
        scene.clock(),
        stripe_account_id="acct_1",
        snapshot=replace(PLAIN, requirements=wanted),
    )
    return Reading(account, assess(account), Source.STORED)


async def test_without_an_account_there_is_nothing_to_do(scene: Scene, organization: Owner) -> None:
    found = await read_checklist(scene.platform, organization, fresh=True, language="en")
    assert found.groups == ()
    assert found.reading.assessment.readiness is Readiness.NOT_STARTED


async def test_a_fresh_account_reads_what_stripe_wants_in_the_owners_language(
    scene: Scene, organization: Owner
) -> None:
    await begun(scene, organization)
    found = await read_checklist(scene.platform, organization, fresh=True, language="pt")
    assert found.reading.source is Source.LIVE
    (group,) = found.groups
    assert group.timing is Timing.PAST_DUE
    titles = {item.key: item.title for item in group.items}
    assert titles["external_account"] == "Conta bancária para receber o dinheiro"
    assert all(item.is_known for item in group.items)
    website = next(item for item in group.items if item.key == "business_profile.url")
    assert website.alternatives == (("business_profile.product_description",),)
    assert "wording.missing" not in scene.platform.journal.counts


async def test_a_rejected_document_is_told_with_what_to_do(
    scene: Scene, organization: Owner
) -> None:
    account_id = await begun(scene, organization)
    await scene.complete(account_id)
    await scene.control(account_id, "reject_document")
    found = await read_checklist(scene.platform, organization, fresh=True, language="fr")
    first = found.groups[0].items[0]
    assert first.key.endswith("verification.document")
    (error,) = first.errors
    assert error.code == "verification_document_not_readable"
    assert error.is_known
    assert error.stripe_reason.startswith("The document could not be read")
    assert error.reason != error.stripe_reason


async def test_when_stripe_is_away_the_stored_checklist_stands(
    scene: Scene, organization: Owner
) -> None:
    await begun(scene, organization)
    before = await read_checklist(scene.platform, organization, fresh=True, language="en")
    scene.road.mood = ["away"]
    after = await read_checklist(scene.platform, organization, fresh=True, language="en")
    assert after.reading.source is Source.STORED
    assert after.groups == before.groups


async def test_an_account_that_is_gone_has_nothing_to_do(scene: Scene, organization: Owner) -> None:
    account_id = await begun(scene, organization)
    await read_checklist(scene.platform, organization, fresh=True, language="en")
    await scene.control(account_id, "deauthorize")
    scene.clock.advance(timedelta(minutes=1))
    found = await read_checklist(scene.platform, organization, fresh=True, language="en")
    assert found.reading.assessment.readiness is Readiness.DISCONNECTED
    assert found.groups == ()


async def test_words_that_we_lack_are_counted_once_and_name_nobody(
    scene: Scene, organization: Owner, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="aboard")
    wanted = Requirements(
        currently_due=(
            *("person_1AbC.blood_group", "person_2AbC.blood_group"),
            *("Jenny Rosen", "company.name"),
        ),
        errors=(
            RequirementError("a_new_code", "No.", "company.name"),
            RequirementError("Jenny?", "No.", "company.name"),
        ),
    )
    found = word_reading(scene.platform, reading_of(scene, organization, wanted), "en")
    assert [item.title for item in found.groups[0].items if not item.is_known] == [
        "Jenny Rosen",
        "Blood group",
        "Blood group",
    ]
    lines = [line for line in caplog.messages if line.startswith("wording.missing")]
    assert len(lines) == scene.platform.journal.counts["wording.missing"] == 4
    assert sum("requirement=person.blood_group" in line for line in lines) == 1
    assert sum("requirement=unreadable" in line for line in lines) == 1
    assert sum("error_code=a_new_code" in line for line in lines) == 1
    assert sum("error_code=unreadable" in line for line in lines) == 1
    assert not [line for line in lines if "Jenny" in line or "AbC" in line]

"""The checklist in words: each key once, where it bites most, and said once on a page."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aboard.core.account import Alternative, RequirementError, Requirements, Snapshot
from aboard.core.languages import LANGUAGES
from aboard.core.requirement_keys import plain_path, split_key
from aboard.core.requirements import (
    Group,
    Subject,
    Timing,
    WordedItem,
    merge_lines,
    word_items,
)

SOON = datetime(2026, 12, 5, tzinfo=UTC)
LATER = SOON + timedelta(days=60)
PLAIN = Snapshot("acct_1", charges_enabled=True, payouts_enabled=True, details_submitted=True)


def worded(
    now: Requirements, later: Requirements | None = None, language: str = "en"
) -> list[Group]:
    snapshot = replace(PLAIN, requirements=now, future_requirements=later or Requirements())
    return list(word_items(snapshot, language))


def times(groups: list[Group]) -> dict[str, str]:
    return {item.key: group.timing.value for group in groups for item in group.items}


def only(groups: list[Group]) -> WordedItem:
    (group,) = groups
    (item,) = group.items
    return item


def test_nothing_known_and_nothing_wanted_are_both_empty() -> None:
    assert word_items(None, "en") == ()
    assert word_items(PLAIN, "en") == ()


def test_each_key_stands_once_where_it_is_most_urgent() -> None:
    groups = worded(
        Requirements(
            past_due=("company.tax_id",),
            currently_due=("company.tax_id", "company.name", "individual.id_number"),
            eventually_due=(
                *("company.tax_id", "company.name", "individual.id_number"),
                *("company.vat_id", "company.phone"),
            ),
            # One check of the number failed while another runs: it must be given again.
            pending_verification=("individual.id_number", "company.phone"),
        ),
        Requirements(
            currently_due=("company.name", "external_account"),
            pending_verification=("business_profile.url",),
            eventually_due=("business_profile.url", "tos_acceptance.date", "external_account"),
        ),
    )
    assert times(groups) == {
        "company.tax_id": "past_due",
        "company.name": "currently_due",
        "individual.id_number": "currently_due",
        "company.phone": "pending_verification",
        "business_profile.url": "pending_verification",
        "company.vat_id": "eventually_due",
        "external_account": "future",
        "tos_acceptance.date": "future",
    }
    assert [group.timing for group in groups] == list(Timing)


def test_only_what_can_still_be_in_time_has_a_deadline() -> None:
    groups = worded(
        Requirements(
            past_due=("company.tax_id",),
            currently_due=("company.tax_id", "company.name"),
            eventually_due=("company.vat_id",),
            pending_verification=("company.phone",),
            current_deadline=SOON,
        ),
        Requirements(currently_due=("external_account",), current_deadline=LATER),
    )
    deadlines = {item.key: item.deadline for group in groups for item in group.items}
    assert deadlines == {
        "company.tax_id": None,
        "company.name": SOON,
        "company.phone": None,
        "company.vat_id": None,
        "external_account": LATER,
    }


def test_what_went_wrong_stands_first_with_its_words() -> None:
    error = RequirementError("verification_document_expired", "It expired.", "person_1.dob.day")
    (group,) = worded(
        Requirements(
            currently_due=("company.name", "person_1.dob.day"),
            errors=(error, replace(error, requirement="company.vat_id")),
        ),
        language="de",
    )
    first, second = group.items
    assert (first.key, second.key) == ("person_1.dob.day", "company.name")
    (told,) = first.errors
    assert told.code == "verification_document_expired"
    assert told.stripe_reason == "It expired."
    assert told.is_known
    assert told.reason != told.stripe_reason
    assert second.errors == ()


def test_an_item_says_whom_it_is_about() -> None:
    item = only(worded(Requirements(currently_due=("person_1x.dob.day",)), language="pt"))
    assert (item.subject, item.person_id) == (Subject.PERSON, "person_1x")
    assert (item.title, item.subject_title) == ("Data de nascimento", "Pessoa da empresa")
    assert item.is_known


def test_alternatives_say_what_settles_it_instead() -> None:
    rows = (
        Alternative(("business_profile.url",), ("business_profile.product_description",)),
        Alternative(("company.name",), ("company.vat_id",)),
    )
    item = only(worded(Requirements(currently_due=("business_profile.url",), alternatives=rows)))
    assert item.alternatives == (("business_profile.product_description",),)


def test_an_unknown_key_is_readable_and_says_that_it_is_unknown() -> None:
    item = only(worded(Requirements(currently_due=("person_1x.blood_group",)), language="fr"))
    assert (item.title, item.subject, item.is_known) == ("Blood group", Subject.PERSON, False)
    assert item.help.startswith("Ouvrez")


@pytest.mark.parametrize(
    ("key", "subject"),
    [
        ("individual.dob.day", Subject.INDIVIDUAL),
        ("representative.dob.day", Subject.REPRESENTATIVE),
        ("owners.dob.day", Subject.OWNER),
        ("directors.dob.day", Subject.DIRECTOR),
        ("executives.dob.day", Subject.EXECUTIVE),
        ("authorizers.dob.day", Subject.AUTHORIZER),
        ("legal_guardian.dob.day", Subject.LEGAL_GUARDIAN),
        ("person_1.dob.day", Subject.PERSON),
        ("external_account", Subject.BANK_ACCOUNT),
        ("tos_acceptance.ip", Subject.AGREEMENT),
        ("settings.treasury.tos_acceptance.ip", Subject.AGREEMENT),
        ("documents.proof_of_address.files", Subject.DOCUMENT),
        ("company.verification.document", Subject.BUSINESS),
        ("interv_1.form", Subject.BUSINESS),
        ("owners", Subject.BUSINESS),
    ],
)
def test_subjects(key: str, subject: Subject) -> None:
    assert only(worded(Requirements(currently_due=(key,)))).subject is subject


def test_a_page_says_each_thing_once_for_each_person() -> None:
    dob = ("dob.day", "dob.month", "dob.year")
    wrong = RequirementError("invalid_value_other", "No such day.", "person_1.dob.day")
    (group,) = worded(
        Requirements(
            currently_due=(
                *(f"person_1.{part}" for part in dob),
                *(f"person_2.{part}" for part in dob),
                *(f"owners.{part}" for part in dob),
                "company.address.city",
                "company.address.line1",
            ),
            errors=(wrong, replace(wrong, requirement="person_1.dob.year")),
            current_deadline=SOON,
        )
    )
    lines = merge_lines(group)
    told = {(line.title, line.subject.value, line.person_id): line for line in lines}
    assert sorted(told, key=str) == [
        ("Address of the business", "business", None),
        ("Date of birth", "owner", None),
        ("Date of birth", "person", "person_1"),
        ("Date of birth", "person", "person_2"),
    ]
    assert len(lines) == 4
    first = lines[0]
    assert first.person_id == "person_1"
    assert first.keys == ("person_1.dob.day", "person_1.dob.year", "person_1.dob.month")
    assert first.deadline == SOON
    assert len(first.errors) == 1  # said of two parts, shown once


def test_the_earliest_deadline_of_a_line_counts() -> None:
    (group,) = worded(Requirements(), Requirements(currently_due=("company.name",)))
    item = group.items[0]
    group = Group(
        Timing.FUTURE,
        (item, replace(item, deadline=LATER), replace(item, deadline=SOON)),
    )
    assert [line.deadline for line in merge_lines(group)] == [SOON]


def test_only_what_looks_like_a_key_may_stand_in_a_log() -> None:
    assert plain_path("person_1AbC.blood_group") == "person.blood_group"
    assert plain_path("interv_1AbC.form") == "interv.form"
    assert plain_path("company.new_thing") == "company.new_thing"
    for other in ("", "Jenny Rosen", "a b", "x" * 99, "https://example.com/?t=1", "a..b", "a\n"):
        assert plain_path(other) is None


keys = st.lists(
    st.sampled_from(["owners.dob.day", "person_1.email", "company.name", "new.thing"])
    | st.text(max_size=12),
    max_size=6,
).map(tuple)


@settings(max_examples=60)
@given(lists=st.tuples(keys, keys, keys, keys), future=keys, language=st.sampled_from(LANGUAGES))
def test_no_key_is_lost_and_none_is_told_twice(
    lists: tuple[tuple[str, ...], ...], future: tuple[str, ...], language: str
) -> None:
    current, past, eventual, pending = lists
    now = Requirements(current, past, eventual, pending)
    groups = worded(now, Requirements(eventually_due=future), language)
    told = [item.key for group in groups for item in group.items]
    assert len(told) == len(set(told))
    assert set(told) == {*now.past_due, *now.currently_due, *now.eventually_due} | {
        *now.pending_verification,
        *future,
    }
    for group in groups:
        assert group.items
        in_lines = [key for line in merge_lines(group) for key in line.keys]
        assert sorted(in_lines) == sorted(item.key for item in group.items)
        assert all(split_key(item.key).subject is item.subject for item in group.items)

"""What may follow what in a check of who a creator is, and that news end alike in any order."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aboard.core.errors import AboardError
from aboard.core.errors_kyc import KycApproved, KycNotDecidable, KycRunning
from aboard.core.kyc import (
    DECISIONS,
    KycCheck,
    KycMethod,
    KycNews,
    KycPolicy,
    KycStatus,
    begin,
    decide,
    hear,
    stand,
)

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
MANUAL, WEBHOOK = KycPolicy(KycMethod.MANUAL), KycPolicy(KycMethod.WEBHOOK)
CHECK = KycCheck("ada", "kyc_1", 1, KycStatus.PENDING, "idfy", NOW, revision=4)


def at(status: KycStatus, hours: float = 1) -> KycCheck:
    decided_at = None if status is KycStatus.PENDING else NOW + hours * HOUR
    return replace(CHECK, status=status, decided_at=decided_at)


def again(check: KycCheck | None, policy: KycPolicy, now: datetime = NOW + 2 * HOUR) -> KycCheck:
    return begin(check, policy, creator_id="ada", session_id="kyc_2", provider="idfy", now=now)


class TestStanding:
    def test_without_a_check_nothing_was_begun(self) -> None:
        assert stand(None, MANUAL, NOW).status is KycStatus.NOT_STARTED

    def test_where_nobody_decides_everybody_is_known(self) -> None:
        for check in (None, CHECK, at(KycStatus.REJECTED)):
            assert stand(check, KycPolicy(), NOW).status is KycStatus.APPROVED

    def test_an_approval_ends_with_its_lifetime_and_not_a_moment_before(self) -> None:
        policy = replace(WEBHOOK, lifetime=timedelta(days=30))
        approved, ends = at(KycStatus.APPROVED), NOW + HOUR + timedelta(days=30)
        before = stand(approved, policy, ends - timedelta(microseconds=1))
        assert (before.status, before.completed_at) == (KycStatus.APPROVED, NOW + HOUR)
        after = stand(approved, policy, ends)
        assert (after.status, after.completed_at) == (KycStatus.EXPIRED, ends)
        assert stand(at(KycStatus.REJECTED), policy, ends).status is KycStatus.REJECTED


class TestBeginning:
    def test_the_first_attempt(self) -> None:
        first = again(None, WEBHOOK)
        assert (first.attempt, first.status, first.decided_at) == (1, KycStatus.PENDING, None)

    @pytest.mark.parametrize("status", [KycStatus.REJECTED, KycStatus.EXPIRED])
    @pytest.mark.parametrize("policy", [MANUAL, WEBHOOK])
    def test_after_an_end_there_is_a_new_attempt_with_a_new_id(
        self, status: KycStatus, policy: KycPolicy
    ) -> None:
        new = again(replace(at(status), provider_id="p_1"), policy)
        assert (new.attempt, new.session_id, new.status) == (2, "kyc_2", KycStatus.PENDING)
        assert (new.provider_id, new.decided_at, new.revision) == (None, None, 4)

    def test_what_is_approved_or_under_way_is_not_begun_again(self) -> None:
        for policy in (KycPolicy(), MANUAL, WEBHOOK):
            with pytest.raises(KycApproved):
                again(at(KycStatus.APPROVED), policy)
        for policy in (MANUAL, WEBHOOK):
            with pytest.raises(KycRunning):
                again(CHECK, policy, NOW + HOUR - timedelta(microseconds=1))

    def test_a_provider_that_was_silent_for_a_session_may_be_asked_again(self) -> None:
        assert again(CHECK, WEBHOOK, NOW + HOUR).attempt == 2
        with pytest.raises(KycRunning):  # an operator may take their time
            again(CHECK, MANUAL, NOW + 1000 * HOUR)

    def test_an_expired_approval_is_begun_again(self) -> None:
        policy = replace(MANUAL, lifetime=timedelta(days=1))
        assert again(at(KycStatus.APPROVED), policy, NOW + 26 * HOUR).attempt == 2


class TestHearing:
    def test_waiting_is_no_news(self) -> None:
        for status in KycStatus:
            if status is not KycStatus.NOT_STARTED:
                assert hear(at(status), KycNews(KycStatus.PENDING, NOW + 9 * HOUR)) is None

    def test_nothing_leads_back_to_the_beginning(self) -> None:
        for status in DECISIONS | {KycStatus.PENDING}:
            assert hear(at(status), KycNews(KycStatus.NOT_STARTED, NOW + 9 * HOUR)) is None

    def test_a_later_decision_corrects_an_earlier_one_and_never_the_other_way(self) -> None:
        for before, after in permutations(DECISIONS, 2):
            new = hear(at(before), KycNews(after, NOW + 2 * HOUR))
            assert new is not None
            assert (new.status, new.decided_at) == (after, NOW + 2 * HOUR)
            assert hear(at(before), KycNews(after, NOW)) is None

    def test_the_same_decision_of_the_same_moment_is_no_news(self) -> None:
        for status in DECISIONS:
            assert hear(at(status), KycNews(status, NOW + HOUR)) is None

    def test_the_providers_name_for_it_is_kept(self) -> None:
        new = hear(CHECK, KycNews(KycStatus.PENDING, NOW, "p_1"))
        assert new == replace(CHECK, provider_id="p_1")
        later = hear(new, KycNews(KycStatus.APPROVED, NOW + HOUR))
        assert later is not None
        assert later.provider_id == "p_1"


NEWS = st.lists(
    st.builds(
        KycNews,
        st.sampled_from(KycStatus),
        st.integers(-3, 3).map(lambda hours: NOW + hours * HOUR),
        st.sampled_from([None, "p_1"]),
    ),
    max_size=8,
)


def told(news: list[KycNews]) -> KycCheck:
    check = CHECK
    for one in news:
        check = hear(check, one) or check
    return check


@given(news=NEWS, data=st.data())
def test_the_same_news_in_any_order_once_or_twice_end_alike(
    news: list[KycNews], data: st.DataObject
) -> None:
    repeated = data.draw(st.lists(st.sampled_from(news))) if news else []
    assert told(data.draw(st.permutations(news + repeated))) == told(news)


@given(news=NEWS)
def test_the_latest_decision_stands(news: list[KycNews]) -> None:
    decided = [one for one in news if one.status in DECISIONS]
    check = told(news)
    assert check.status is not KycStatus.NOT_STARTED
    if not decided:
        assert check.status is KycStatus.PENDING
    else:
        latest = max(one.occurred_at for one in decided)
        assert check.decided_at == latest
        words = {one.status for one in decided if one.occurred_at == latest}
        for stricter in (KycStatus.REJECTED, KycStatus.EXPIRED, KycStatus.APPROVED):
            if stricter in words:
                assert check.status is stricter
                break


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["begin", "hear", "decide", "wait"]),
        st.sampled_from(KycStatus),
        st.integers(0, 50).map(lambda hours: hours * HOUR),
    ),
    max_size=20,
)


@given(steps=STEPS, policy=st.sampled_from([MANUAL, WEBHOOK, replace(MANUAL, lifetime=30 * HOUR)]))
def test_whatever_happens_no_way_leads_back_and_attempts_only_grow(
    steps: list[tuple[str, KycStatus, timedelta]], policy: KycPolicy
) -> None:
    check: KycCheck | None = None
    now, sessions = NOW, 0
    for verb, status, wait in steps:
        now += wait
        before, stood = check, stand(check, policy, now).status
        try:
            if verb == "begin":
                sessions += 1
                check = begin(
                    check,
                    policy,
                    creator_id="ada",
                    session_id=f"kyc_{sessions}",
                    provider="idfy",
                    now=now,
                )
                assert stood is not KycStatus.APPROVED
                assert check.attempt == (before.attempt if before else 0) + 1
            elif verb == "hear" and check is not None:
                check = hear(check, KycNews(status, now)) or check
            elif verb == "decide":
                check = decide(check, policy, status, now) or check
                assert stand(check, policy, now).status is status
        except AboardError:
            assert check is before
        stands = stand(check, policy, now).status
        if check is not None:
            assert stands is not KycStatus.NOT_STARTED
            assert stands is not KycStatus.PENDING or stood == KycStatus.PENDING or verb == "begin"


class TestDeciding:
    def test_an_operator_decides_what_was_begun(self) -> None:
        for before in DECISIONS | {KycStatus.PENDING}:
            for after in DECISIONS - {before}:
                new = decide(at(before), MANUAL, after, NOW + 2 * HOUR)
                assert new is not None
                assert (new.status, new.decided_at) == (after, NOW + 2 * HOUR)

    def test_the_same_decision_again_changes_nothing(self) -> None:
        for status in DECISIONS:
            assert decide(at(status), MANUAL, status, NOW + 2 * HOUR) is None

    def test_an_expired_approval_is_renewed(self) -> None:
        policy = replace(MANUAL, lifetime=timedelta(days=1))
        later = NOW + 26 * HOUR
        new = decide(at(KycStatus.APPROVED), policy, KycStatus.APPROVED, later)
        assert new is not None
        assert stand(new, policy, later).status is KycStatus.APPROVED

    def test_what_a_person_saw_is_decided_over_also_where_its_clock_was_ahead(self) -> None:
        ahead = at(KycStatus.APPROVED, hours=3)
        new = decide(ahead, WEBHOOK, KycStatus.REJECTED, NOW + 2 * HOUR)
        assert new is not None
        assert hear(new, KycNews(KycStatus.APPROVED, NOW + 3 * HOUR)) is None

    def test_what_was_not_begun_or_is_no_decision_is_refused(self) -> None:
        for check, policy, word in (
            (None, MANUAL, KycStatus.APPROVED),
            (CHECK, KycPolicy(), KycStatus.APPROVED),
            (CHECK, MANUAL, KycStatus.PENDING),
            (CHECK, MANUAL, KycStatus.NOT_STARTED),
        ):
            with pytest.raises(KycNotDecidable):
                decide(check, policy, word, NOW)

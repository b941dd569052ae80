"""One table for all operations of the creators API: strangers first, refusals, then limits.

What is refused writes nothing but the audit, and asks nothing of Stripe.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from aboard.api.application import CallLimits
from aboard.flows.platform import Switches
from tests.api.asking import Desk
from tests.api.conftest import OpenDesk
from tests.api.creators.street import OPERATIONS, ask, data, manual, provided, refusal, rows

BODIES = [name for name, one in OPERATIONS.items() if one.body is not None]
BARE = sorted(OPERATIONS.keys() - set(BODIES))
MODES = [name for name, one in OPERATIONS.items() if one.has_mode]
OPERATORS = [name for name, one in OPERATIONS.items() if one.is_for_operators]


@pytest.fixture
async def ready(desk: Desk, open_desk: OpenDesk) -> Desk:
    """Open a desk where operators decide, for Ada whose check and account are complete."""
    counter = await open_desk(manual(desk.scene), CallLimits(creators=10))
    data(await ask(counter, "upgrade", json={}), 201)
    data(await ask(counter, "kyc-start"), 201)
    data(await ask(counter, "kyc-decision"), 200)
    data(await ask(counter, "initiate"), 201)
    await counter.scene.complete(counter.scene.accounts()[0])
    data(await ask(counter, "status"), 200)
    return counter


class TestStrangers:
    @pytest.mark.parametrize("name", OPERATIONS)
    async def test_nobody_gets_in(self, desk: Desk, name: str, tmp_path: Path) -> None:
        before = rows(tmp_path)
        old = {"authorization": f"Bearer {desk.token(lifetime=timedelta(minutes=-5))}"}
        cookie = {"cookie": f"aboard_session={desk.token()}"}
        for given in ({}, old, cookie, {"authorization": "Bearer x.y.z"}):
            answer = await ask(desk, name, "?mode=moon", user=None, headers=given)
            error = refusal(answer, 401, "auth.unauthorized", "AUTH_UNAUTHORIZED")
            assert error["details"] == []
            assert answer.headers["www-authenticate"] == "Bearer"
            assert "ratelimit-limit" not in answer.headers
        assert (rows(tmp_path), desk.scene.road.calls) == (before, [])

    @pytest.mark.parametrize("name", OPERATORS)
    async def test_what_operators_do_nobody_else_may(
        self, ready: Desk, name: str, tmp_path: Path
    ) -> None:
        before = rows(tmp_path)
        for user in ("ada", "eve"):
            answer = await ask(ready, name, user=user, is_operator=False)
            refusal(answer, 403, "auth.forbidden", "AUTH_FORBIDDEN")
        assert rows(tmp_path) == before
        told = await ready.scene.platform.store.list_audit(action="kyc.decision", limit=2)
        assert [(row.actor, row.outcome) for row in told] == [
            ("eve", "refused:operators_only"),
            ("ada", "refused:operators_only"),
        ]


@pytest.mark.parametrize("name", OPERATIONS)
async def test_without_a_profile(
    open_desk: OpenDesk, desk: Desk, name: str, tmp_path: Path
) -> None:
    counter, before = await open_desk(manual(desk.scene)), rows(tmp_path)
    key = OPERATIONS[name].no_profile
    if key is None:
        data(await ask(counter, name), OPERATIONS[name].status)
    else:
        refusal(await ask(counter, name), 404, key)
        assert rows(tmp_path) == before
    assert desk.scene.road.calls == []


class TestWhatIsSent:
    @pytest.mark.parametrize("name", MODES)
    @pytest.mark.parametrize("word", ["production", "TEST", "", "test,live"])
    async def test_a_mode_that_is_none(
        self, ready: Desk, name: str, word: str, tmp_path: Path
    ) -> None:
        before, calls = rows(tmp_path), len(ready.scene.road.calls)
        answer = await ask(ready, name, f"?mode={word}")
        error = refusal(answer, 400, "error.validation_failed", "VALIDATION_FAILED")
        assert [detail["field"] for detail in error["details"]] == ["mode"]
        assert (rows(tmp_path), len(ready.scene.road.calls)) == (before, calls)

    @pytest.mark.parametrize("name", BARE)
    async def test_a_body_where_none_is_taken(self, ready: Desk, name: str, tmp_path: Path) -> None:
        before, calls = rows(tmp_path), len(ready.scene.road.calls)
        for body, status in ((b"{}", 400), (b" ", 400), (b"x" * 70_000, 413)):
            answer = await ask(ready, name, content=body)
            error = refusal(answer, status, "error.validation_failed", "VALIDATION_FAILED")
            assert error["details"][0]["field"] == "body"
        assert (rows(tmp_path), len(ready.scene.road.calls)) == (before, calls)

    @pytest.mark.parametrize("name", BODIES)
    async def test_a_body_that_is_none_of_ours(
        self, ready: Desk, name: str, tmp_path: Path
    ) -> None:
        before = rows(tmp_path)
        kind = {"content-type": "application/json"}
        cases: list[tuple[dict[str, Any], int, list[str]]] = [
            ({"json": {"wishes": 1, "more": 2}}, 400, ["wishes", "more"]),
            ({"json": {"displayName": 5, "bio": 5, "decision": 5, "reason": 5}}, 400, []),
            ({"json": []}, 400, ["body"]),
            ({"content": b"{", "headers": kind}, 400, ["body"]),
            ({"content": b'{"bio":"a","bio":"b"}', "headers": kind}, 400, ["bio"]),
            ({"content": b'{"bio":"\xff"}', "headers": kind}, 400, ["body"]),
            ({"content": b"{" + b" " * 70_000 + b"}", "headers": kind}, 413, ["body"]),
            ({"content": b"{}"}, 415, ["Content-Type"]),
            ({"content": b"a=b", "headers": {"content-type": "text/plain"}}, 415, ["Content-Type"]),
        ]
        for sent, status, fields in cases:
            answer = await ask(ready, name, **sent)
            error = refusal(answer, status, "error.validation_failed", "VALIDATION_FAILED")
            named = [detail["field"] for detail in error["details"]]
            assert set(fields) <= set(named), (sent, named)
            assert named
        assert rows(tmp_path) == before

    @pytest.mark.parametrize("name", BODIES)
    async def test_only_becoming_a_creator_needs_no_body(self, ready: Desk, name: str) -> None:
        one = OPERATIONS[name]
        answer = await ask(ready, name, content=b"")
        if one.may_be_empty:
            data(answer, one.status)
        else:
            assert answer.status_code in {400, 415}

    @pytest.mark.parametrize(
        ("name", "field", "value"),
        [
            ("upgrade", "displayName", "x" * 101),
            ("upgrade", "displayName", ""),
            ("upgrade", "displayName", "two\nlines"),
            ("upgrade", "bio", "x" * 501),
            ("upgrade", "bio", "nul\x00"),
            ("change", "displayName", "x" * 101),
            ("change", "bio", "\x1b[2J"),
            ("kyc-decision", "reason", "x" * 501),
            ("kyc-decision", "decision", "PENDING"),
            ("kyc-decision", "decision", "NOT_STARTED"),
        ],
    )
    async def test_a_word_that_does_not_fit(
        self, ready: Desk, name: str, field: str, value: str
    ) -> None:
        body = {**(OPERATIONS[name].body or {}), field: value}
        error = refusal(
            await ask(ready, name, json=body), 400, "error.validation_failed", "VALIDATION_FAILED"
        )
        assert [detail["field"] for detail in error["details"]] == [field]


class TestGoingWell:
    @pytest.mark.parametrize("name", sorted(OPERATIONS.keys() - {"kyc-start"}))
    async def test_each_succeeds_and_is_kept_by_no_cache(self, ready: Desk, name: str) -> None:
        answer = await ask(ready, name)
        data(answer, OPERATIONS[name].status)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-type"] == "application/json"

    @pytest.mark.parametrize("name", OPERATIONS)
    async def test_another_method(self, ready: Desk, name: str) -> None:
        answer = await ready.ask("DELETE", OPERATIONS[name].path)
        refusal(answer, 405, "error.method_not_allowed", "METHOD_NOT_ALLOWED")
        assert OPERATIONS[name].method in answer.headers["allow"]


class TestLimits:
    @pytest.mark.parametrize("name", OPERATIONS)
    async def test_each_has_its_number_of_calls_an_hour(
        self, open_desk: OpenDesk, name: str
    ) -> None:
        strict = await open_desk(limits=CallLimits(creators=2))
        limit = OPERATIONS[name].limit // 5
        for left in reversed(range(limit)):
            answer = await ask(strict, name, user="bob")
            assert answer.headers["ratelimit-limit"] == str(limit)
            assert answer.headers["ratelimit-remaining"] == str(left)
            assert 0 < int(answer.headers["ratelimit-reset"]) <= 3600
        answer = await ask(strict, name, user="bob")
        error = refusal(answer, 429, "error.rate_limited", "RATE_LIMITED")
        seconds = int(answer.headers["retry-after"])
        assert error["i18nVars"] == {"seconds": seconds}
        assert answer.headers["ratelimit-remaining"] == "0"
        assert (await ask(strict, name, user="eve")).status_code != 429

    @pytest.mark.parametrize("name", OPERATIONS)
    async def test_the_numbers_that_are_told_to_clients(self, desk: Desk, name: str) -> None:
        answer = await ask(desk, name)
        assert answer.headers["ratelimit-limit"] == str(OPERATIONS[name].limit)


class TestSwitches:
    @pytest.mark.parametrize(
        ("name", "switches", "key"),
        [
            ("upgrade", Switches(creator_upgrade=False), "features.creator_upgrade_disabled"),
            ("kyc-start", Switches(kyc=False), "features.kyc_disabled"),
            ("initiate", Switches(onboarding=False), "features.onboarding_disabled"),
            ("refresh-link", Switches(onboarding=False), "features.onboarding_disabled"),
        ],
    )
    async def test_what_is_off_says_so_and_takes_no_call(
        self,
        ready: Desk,
        open_desk: OpenDesk,
        tmp_path: Path,
        name: str,
        switches: Switches,
        key: str,
    ) -> None:
        off = await open_desk(manual(ready.scene, switches=switches))
        before = rows(tmp_path)
        answer = await ask(off, name)
        refusal(answer, 503, key)
        assert answer.headers["retry-after"] == "300"
        again = await ask(off, name)
        assert again.headers["ratelimit-remaining"] == answer.headers["ratelimit-remaining"]
        assert rows(tmp_path) == before


@pytest.mark.parametrize("language", ["en", "pt", "es", "de", "fr"])
async def test_the_gate_says_how_things_stand_and_what_to_do(
    desk: Desk, open_desk: OpenDesk, tmp_path: Path, language: str
) -> None:
    counter = await open_desk(provided(desk.scene), CallLimits(creators=100))
    data(await ask(counter, "upgrade"), 201)
    told = []
    for status in ("NOT_STARTED", "PENDING", "REJECTED", "EXPIRED"):
        if status == "PENDING":
            data(await ask(counter, "kyc-start"), 201)
        elif status != "NOT_STARTED":
            data(await ask(counter, "kyc-decision", json={"decision": status}), 200)
        before = rows(tmp_path)
        for mode in ("", "?mode=test", "?mode=live"):
            answer = await ask(counter, "initiate", mode, headers={"accept-language": language})
            error = refusal(answer, 400, "creator.stripe.kyc_required")
            assert answer.headers["content-language"] == language
            assert error["i18nVars"] == {"status": status}
            (detail,) = error["details"]
            assert (detail["field"], detail["code"]) == ("kycStatus", status)
            told.append(detail["message"])
        assert (rows(tmp_path), desk.scene.road.calls) == (before, [])
    assert len(set(told)) == 4
    data(await ask(counter, "kyc-decision"), 200)
    data(await ask(counter, "initiate"), 201)


async def test_what_is_there_is_not_gated(ready: Desk) -> None:
    data(await ask(ready, "kyc-decision", json={"decision": "EXPIRED"}), 200)
    refusal(await ask(ready, "initiate"), 400, "creator.stripe.kyc_required")
    for name in ("refresh-link", "dashboard-link", "status", "payout-settings"):
        data(await ask(ready, name), 200)


async def test_the_profile_comes_before_the_account_before_the_link(
    desk: Desk, open_desk: OpenDesk
) -> None:
    bare = await open_desk(desk.scene.with_changes(stripe={}))
    refusal(await ask(bare, "refresh-link"), 404, "creator.stripe.not_creator")
    data(await ask(bare, "upgrade"), 201)
    refusal(await ask(bare, "refresh-link"), 400, "creator.stripe.account_not_found")
    data(await ask(desk, "initiate"), 201)
    refusal(await ask(bare, "refresh-link"), 400, "creator.stripe.service_unavailable")

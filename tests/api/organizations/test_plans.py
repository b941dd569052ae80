"""Account shapes and go-live policies over HTTP: members read, operators decide."""

from typing import Any

import httpx2
import pytest

from aboard.core.caller import Role
from tests.api.asking import Desk

SHAPE = "/v1/organizations/org_1/account-shape?mode=test"
POLICY = "/v1/organizations/org_1/go-live-policy?mode=test"
CUSTOM = {"type": "custom", "country": "PT", "businessType": "company"}
EXPRESS = {
    "controller": {
        "fees.payer": "application",
        "losses.payments": "application",
        "stripe_dashboard.type": "express",
    },
    "capabilities": ["transfers"],
}
LAX = {"capabilities": ["transfers"], "conditions": ["webhooks", "payouts"]}
DECISIONS: list[tuple[str, str, dict[str, Any]]] = [
    ("PUT", SHAPE, {"json": CUSTOM}),
    ("DELETE", SHAPE, {}),
    ("PUT", POLICY, {"json": LAX}),
    ("DELETE", POLICY, {}),
]


async def decide(desk: Desk, method: str, path: str, **rest: Any) -> httpx2.Response:  # noqa: ANN401 - passed on
    return await desk.ask(method, path, user="ops", is_operator=True, **rest)


def told(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def fields(answer: httpx2.Response) -> set[str]:
    assert told(answer) == (400, "invalid_request")
    return {row["field"] for row in answer.json()["details"]["problems"]}


class TestWhoMay:
    @pytest.mark.parametrize(
        ("method", "path", "rest"), [*DECISIONS, ("GET", SHAPE, {}), ("GET", POLICY, {})]
    )
    async def test_nobody_and_no_stranger(
        self, desk: Desk, method: str, path: str, rest: dict[str, Any]
    ) -> None:
        assert told(await desk.ask(method, path, user=None, **rest)) == (401, "unauthenticated")
        assert told(await desk.ask(method, path, **rest)) == (403, "not_yours")

    @pytest.mark.parametrize(("method", "path", "rest"), DECISIONS)
    async def test_not_even_an_owner_decides(
        self, desk: Desk, method: str, path: str, rest: dict[str, Any]
    ) -> None:
        owner = {"org_1": Role.OWNER}
        answer = await desk.ask(method, path, organizations=owner, **rest)
        assert told(answer) == (403, "not_yours")
        (entry,) = await desk.scene.platform.store.list_audit(limit=1)
        assert (entry.actor, entry.outcome) == ("ada", "refused:operators_only")

    @pytest.mark.parametrize("path", [SHAPE, POLICY])
    async def test_every_member_reads(self, desk: Desk, path: str) -> None:
        for role in Role:
            answer = await desk.ask("GET", path, organizations={"org_1": role})
            assert answer.status_code == 200


class TestShapes:
    async def test_the_settings_hold_until_it_is_decided(self, desk: Desk) -> None:
        settings = {
            "organizationId": "org_1",
            "mode": "test",
            "decidedBy": "settings",
            "type": "express",
            "controller": None,
            "country": "US",
            "businessType": None,
            "capabilities": ["card_payments", "transfers"],
        }
        assert (await decide(desk, "GET", SHAPE)).json() == settings
        decided = await decide(desk, "PUT", SHAPE, json=CUSTOM)
        assert decided.status_code == 200
        assert decided.json() == {**settings, **CUSTOM, "decidedBy": "organization"}
        assert (await decide(desk, "GET", SHAPE)).json() == decided.json()
        live = (await decide(desk, "GET", SHAPE.replace("test", "live"))).json()
        assert live == {**settings, "mode": "live"}
        assert (await decide(desk, "DELETE", SHAPE)).json() == settings
        assert (await decide(desk, "GET", SHAPE)).json() == settings

    async def test_a_controller_instead_of_a_type(self, desk: Desk) -> None:
        answer = (await decide(desk, "PUT", SHAPE, json=EXPRESS)).json()
        assert (answer["type"], answer["controller"]) == (None, EXPRESS["controller"])
        assert answer["capabilities"] == ["transfers"]

    async def test_the_full_dashboard_brings_its_own_capabilities(self, desk: Desk) -> None:
        answer = (await decide(desk, "PUT", SHAPE, json={"type": "standard"})).json()
        assert answer["capabilities"] == []

    @pytest.mark.parametrize(
        ("body", "named"),
        [
            ({}, {"type"}),
            ({"type": "custom", **EXPRESS}, {"type"}),
            ({"type": "fast"}, {"type"}),
            ({"controller": {"fees": "application"}}, {"controller"}),
            ({"controller": {"fees.payer": "us"}}, {"controller"}),
            ({"controller": {"losses.payments": "application"}}, {"controller"}),
            ({"controller": [], "type": "custom"}, {"controller"}),
            ({"type": "custom", "country": "usa"}, {"country"}),
            ({"type": "custom", "businessType": "club"}, {"businessType"}),
            ({"type": "custom", "capabilities": ["fly"]}, {"capabilities"}),
            ({"type": "custom", "capabilities": []}, {"capabilities"}),
            ({"type": "custom", "email": "a@b.example"}, {"email"}),
        ],
    )
    async def test_what_stripe_never_makes(
        self, desk: Desk, body: dict[str, Any], named: set[str]
    ) -> None:
        assert fields(await decide(desk, "PUT", SHAPE, json=body)) == named
        assert (await decide(desk, "GET", SHAPE)).json()["decidedBy"] == "settings"


class TestPolicies:
    async def test_the_settings_hold_until_it_is_decided(self, desk: Desk) -> None:
        settings = {
            "organizationId": "org_1",
            "mode": "test",
            "decidedBy": "settings",
            "capabilities": ["card_payments", "transfers"],
            "conditions": ["payouts", "webhooks", "live_mode"],
        }
        assert (await decide(desk, "GET", POLICY)).json() == settings
        decided = await decide(desk, "PUT", POLICY, json=LAX)
        assert decided.json() == {
            **settings,
            "decidedBy": "organization",
            "capabilities": ["transfers"],
            "conditions": ["payouts", "webhooks"],
        }
        assert (await decide(desk, "GET", POLICY)).json() == decided.json()
        assert (await decide(desk, "DELETE", POLICY)).json() == settings

    @pytest.mark.parametrize(
        ("body", "named"),
        [
            ({}, {"capabilities", "conditions"}),
            ({"capabilities": ["fly"], "conditions": []}, {"capabilities"}),
            ({"capabilities": ["transfers"] * 2, "conditions": []}, {"capabilities"}),
            ({"capabilities": [], "conditions": ["luck"]}, {"conditions"}),
            ({"capabilities": [], "conditions": ["payouts"] * 5}, {"conditions"}),
            ({"capabilities": "transfers", "conditions": []}, {"capabilities"}),
        ],
    )
    async def test_what_no_gate_can_ask_for(
        self, desk: Desk, body: dict[str, Any], named: set[str]
    ) -> None:
        assert fields(await decide(desk, "PUT", POLICY, json=body)) == named

    async def test_a_gate_may_ask_for_nothing_more(self, desk: Desk) -> None:
        body: dict[str, Any] = {"capabilities": [], "conditions": []}
        answer = (await decide(desk, "PUT", POLICY, json=body)).json()
        assert (answer["capabilities"], answer["conditions"]) == ([], [])


class TestBoth:
    @pytest.mark.parametrize(("method", "path", "rest"), DECISIONS)
    async def test_what_is_no_request(
        self, desk: Desk, method: str, path: str, rest: dict[str, Any]
    ) -> None:
        for query in ("", "?mode=", "?mode=both"):
            answer = await decide(desk, method, f"{path.partition('?')[0]}{query}", **rest)
            assert fields(answer) == {"mode"}
        answer = await decide(desk, method, path.replace("org_1", "%20"), **rest)
        assert fields(answer) == {"organizationId"}
        if method == "PUT":
            unknown = {"json": {**rest["json"], "colour": 1}}
            assert fields(await decide(desk, method, path, **unknown)) == {"colour"}
            large = {"json": {"type": "x" * 65_536}}
            assert told(await decide(desk, method, path, **large)) == (413, "body_too_large")
        else:
            assert fields(await decide(desk, method, path, content="{}")) == {"body"}

    async def test_a_repeat_decides_nothing_again(self, desk: Desk) -> None:
        key = {"headers": {"idempotency-key": "k1"}}
        first = await decide(desk, "PUT", SHAPE, json=CUSTOM, **key)
        await decide(desk, "DELETE", SHAPE)
        second = await decide(desk, "PUT", SHAPE, json=CUSTOM, **key)
        assert (second.json(), second.headers["idempotent-replayed"]) == (first.json(), "true")
        assert (await decide(desk, "GET", SHAPE)).json()["decidedBy"] == "settings"
        live = SHAPE.replace("test", "live")
        conflict = await decide(desk, "PUT", live, json=CUSTOM, **key)
        assert told(conflict) == (409, "idempotency_conflict")

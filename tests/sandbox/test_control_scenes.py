"""Do scenarios make the accounts they promise, and do worlds survive being carried?"""

import pytest
import stripe

from aboard.sandbox import Sandbox
from tests.sandbox.conftest import EXPRESS, KEY, Wire, control


@pytest.fixture
def inside(sandbox: Sandbox) -> Wire:
    """A wire without a key: the control needs none."""
    return Wire(sandbox, key=None)


class TestScenarios:
    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("fresh", (False, False, False, "requirements.past_due")),
            ("half_done", (False, False, False, "requirements.past_due")),
            ("in_review", (False, False, True, "under_review")),
            ("past_due", (False, False, True, "requirements.past_due")),
            ("restricted_soon", (True, True, True, None)),
            ("complete", (True, True, True, None)),
            ("rejected", (False, False, True, "rejected.other")),
        ],
    )
    @pytest.mark.parametrize("country", ["US", "DE"])
    @pytest.mark.parametrize("business", ["individual", "company"])
    @pytest.mark.parametrize("kind", ["express", "custom", "standard"])
    async def test_made(
        self,
        sdk: stripe.StripeClient,
        inside: Wire,
        name: str,
        expected: tuple[bool, bool, bool, str | None],
        country: str,
        business: str,
        kind: str,
    ) -> None:
        form = {"key": KEY, "country": country, "business_type": business, "type": kind}
        answer = await inside.send("POST", f"/_sandbox/scenarios/{name}", form)
        assert answer.status == 200, answer.body
        assert KEY.encode() not in answer.body
        seen = await sdk.v1.accounts.retrieve_async(answer.json["id"])
        assert seen.requirements is not None
        assert seen.country == country
        got = (
            seen.charges_enabled,
            seen.payouts_enabled,
            seen.details_submitted,
            seen.requirements.disabled_reason,
        )
        assert got == expected
        deadline = seen.requirements.current_deadline
        assert (deadline is not None) is (name == "restricted_soon")

    async def test_half_done_owes_less_than_fresh(self, inside: Wire) -> None:
        owed = []
        for name in ("fresh", "half_done", "complete"):
            form = {"key": KEY, "business_type": "individual"}
            seen = (await inside.send("POST", f"/_sandbox/scenarios/{name}", form)).json
            owed.append(len(seen["requirements"]["currently_due"]))
        assert owed[0] > owed[1] > owed[2] == 0

    @pytest.mark.parametrize("name", ["half_done", "in_review", "past_due", "complete", "rejected"])
    @pytest.mark.parametrize(("kind", "is_locked"), [("express", True), ("custom", False)])
    async def test_what_a_holder_began_is_theirs_where_stripe_collects(
        self, wire: Wire, name: str, kind: str, *, is_locked: bool
    ) -> None:
        form = {"key": KEY, "type": kind, "business_type": "company"}
        made = (await wire.send("POST", f"/_sandbox/scenarios/{name}", form)).json
        path = f"/v1/accounts/{made['id']}"
        assert ("company" not in (await wire.send("GET", path)).json) is is_locked
        answer = await wire.send("POST", path, {"company[name]": "Rosen"})
        assert answer.status == (403 if is_locked else 200)

    async def test_disconnected(self, sdk: stripe.StripeClient, inside: Wire) -> None:
        answer = await inside.send("POST", "/_sandbox/scenarios/disconnected", {"key": KEY})
        with pytest.raises(stripe.PermissionError):
            await sdk.v1.accounts.retrieve_async(answer.json["id"])
        rows = (await inside.send("GET", "/_sandbox/accounts")).json["data"]
        assert [row["deauthorized"] for row in rows] == [True]

    async def test_moved(self, sdk: stripe.StripeClient, wire: Wire) -> None:
        made = await sdk.v1.accounts.create_async(EXPRESS)
        seen = await control(wire, made.id, "scenario", scenario="complete")
        assert seen["charges_enabled"] is True
        seen = await control(wire, made.id, "scenario", scenario="rejected")
        assert seen["requirements"]["disabled_reason"] == "rejected.other"
        for name in ("fresh", "complete", "boredom"):
            path = f"/_sandbox/accounts/{made.id}/scenario"
            refused = await wire.send("POST", path, {"scenario": name})
            assert (refused.status, refused.error["param"]) == (400, "scenario")

    @pytest.mark.parametrize(
        ("path", "form", "status", "param"),
        [
            ("boredom", {"key": KEY}, 404, "scenario"),
            ("complete", {}, 400, "key"),
            ("complete", {"key": "pk_test_words"}, 400, None),
            ("complete", {"key": KEY, "country": "XX"}, 400, "country"),
            ("complete", {"key": KEY, "colour": "red"}, 400, "colour"),
            ("complete", {"platform": "acct_nobody"}, 400, "platform"),
        ],
    )
    async def test_refused(
        self, inside: Wire, path: str, form: dict[str, str], status: int, param: str | None
    ) -> None:
        answer = await inside.send("POST", f"/_sandbox/scenarios/{path}", form)
        assert (answer.status, answer.error.get("param")) == (status, param)

    async def test_which_world(self, sandbox: Sandbox, inside: Wire) -> None:
        made = (await inside.send("POST", "/_sandbox/scenarios/fresh", {"key": KEY})).json
        only = await inside.send("POST", "/_sandbox/scenarios/fresh")
        assert only.status == 200
        sandbox.world("sk_test_another")
        unclear = await inside.send("POST", "/_sandbox/scenarios/fresh")
        assert unclear.error["param"] == "key"
        platform = sandbox.world(KEY).platform.id
        named = await inside.send("POST", "/_sandbox/scenarios/fresh", {"platform": platform})
        world = sandbox.world_of(named.json["id"])
        assert world is not None
        assert made["id"] in world.accounts


class TestCarrying:
    async def test_away_and_back(self, wire: Wire, inside: Wire) -> None:
        made = (await wire.send("POST", "/v1/accounts", {"type": "express"})).json
        lines = await inside.send("GET", "/_sandbox/export")
        assert lines.headers["content-type"] == "application/x-ndjson"
        await inside.send("POST", "/_sandbox/reset")
        back = await inside.send("POST", "/_sandbox/import", lines.body)
        assert back.json == {"object": "sandbox", "worlds": 1}
        assert (await inside.send("GET", "/_sandbox/export")).body == lines.body
        assert (await wire.send("GET", f"/v1/accounts/{made['id']}")).json == made

    async def test_one_world_behind_another_key(self, wire: Wire, inside: Wire) -> None:
        made = (await wire.send("POST", "/v1/accounts", {"type": "express"})).json
        lines = await inside.send("GET", f"/_sandbox/export?account={made['id']}")
        await inside.send("POST", "/_sandbox/import?key=sk_test_another", lines.body)
        other = Wire(wire.sandbox, key="sk_test_another")
        assert (await other.send("GET", f"/v1/accounts/{made['id']}")).json == made

    @pytest.mark.parametrize("body", [b"", b"{}", b"nonsense", b"\xff\xfe"])
    async def test_nonsense_changes_nothing(self, wire: Wire, inside: Wire, body: bytes) -> None:
        made = (await wire.send("POST", "/v1/accounts", {"type": "express"})).json
        assert (await inside.send("POST", "/_sandbox/import", body)).status == 400
        assert (await wire.send("GET", f"/v1/accounts/{made['id']}")).json == made

    async def test_another_site_gets_nothing(self, inside: Wire) -> None:
        answer = await inside.send(
            "GET", "/_sandbox/export", host="localhost:1", sec_fetch_site="cross-site"
        )
        assert answer.status == 403


class TestHolds:
    async def test_every_hold_says_why_and_ends(self, inside: Wire) -> None:
        form = {"key": KEY, "type": "express"}
        account_id = (await inside.send("POST", "/_sandbox/scenarios/complete", form)).json["id"]
        for reason in ("under_review", "listed", "other", "platform_paused"):
            held = await control(inside, account_id, "review", reason=reason)
            assert held["requirements"]["disabled_reason"] == reason
            assert not held["charges_enabled"]
            assert (await control(inside, account_id, "verify"))["charges_enabled"]
        wrong = await inside.send(
            "POST", f"/_sandbox/accounts/{account_id}/review", {"reason": "mood"}
        )
        assert (wrong.status, wrong.error["param"]) == (400, "reason")

    async def test_what_only_one_capability_needs(
        self, sdk: stripe.StripeClient, inside: Wire
    ) -> None:
        form = {"key": KEY, "type": "custom"}
        account_id = (await inside.send("POST", "/_sandbox/scenarios/complete", form)).json["id"]
        key = "individual.verification.document"
        asked = await control(
            inside, account_id, "require", requirement=key, capability="transfers"
        )
        assert key in asked["requirements"]["past_due"]
        assert asked["capabilities"]["transfers"] == "inactive"
        lost = await control(
            inside, account_id, "lose", capability="card_payments", reason="platform_disabled"
        )
        assert lost["capabilities"]["card_payments"] == "inactive"
        seen = await sdk.v1.accounts.capabilities.retrieve_async(account_id, "card_payments")
        assert seen.requirements is not None
        assert seen.requirements.disabled_reason == "platform_disabled"
        for verb in ("lose", "regain"):
            unknown = await inside.send(
                "POST", f"/_sandbox/accounts/{account_id}/{verb}", {"capability": "card_issuing"}
            )
            assert unknown.error["param"] == "capability"

    async def test_what_was_lost_can_be_given_back(self, inside: Wire) -> None:
        form = {"key": KEY, "type": "express"}
        account_id = (await inside.send("POST", "/_sandbox/scenarios/complete", form)).json["id"]
        lost = await control(inside, account_id, "lose", capability="card_payments")
        assert lost["capabilities"]["card_payments"] == "inactive"
        back = await control(inside, account_id, "regain", capability="card_payments")
        assert back["capabilities"]["card_payments"] == "active"
        assert back["charges_enabled"]

    async def test_what_is_announced_moves_in_on_its_day(self, inside: Wire) -> None:
        form = {"key": KEY, "type": "custom"}
        account_id = (await inside.send("POST", "/_sandbox/scenarios/complete", form)).json["id"]
        key = "individual.verification.document"
        asked = await control(
            inside, account_id, "require", requirement=key, **{"from": "3600", "in": "7200"}
        )
        assert key not in asked["requirements"]["eventually_due"]
        assert asked["future_requirements"]["currently_due"] == [key]
        await inside.send("POST", "/_sandbox/clock", {"advance": "3601"})
        read = await inside.send("GET", f"/_sandbox/accounts/{account_id}")
        assert read.status == 200
        due = await control(inside, account_id, "verify")
        assert due["requirements"]["currently_due"] == [key]
        assert due["charges_enabled"]
        await inside.send("POST", "/_sandbox/clock", {"advance": "3600"})
        past = await control(inside, account_id, "verify")
        assert past["requirements"]["past_due"] == [key]
        assert not past["charges_enabled"]

"""Can a test look inside and move things, without learning what must stay shut?"""

from datetime import UTC, datetime

import pytest
import stripe

from aboard.sandbox import Clock, Sandbox
from tests.sandbox.conftest import (
    CUSTOM,
    EXPRESS,
    KEY,
    LINK,
    NOW,
    Mailbox,
    Wire,
    client,
    control,
    free,
    listen,
)


@pytest.fixture
def inside(sandbox: Sandbox) -> Wire:
    """A wire without a key: the control needs none."""
    return Wire(sandbox, key=None)


class TestClock:
    async def test_moves(self, inside: Wire) -> None:
        shown = (await inside.send("GET", "/_sandbox/clock")).json
        assert shown == {"object": "clock", "now": int(NOW.timestamp()), "frozen": True}
        moved = await inside.send("POST", "/_sandbox/clock", {"advance": "90"})
        assert moved.json["now"] == shown["now"] + 90
        moved = await inside.send("POST", "/_sandbox/clock", {"set": "1800000000"})
        assert moved.json["now"] == 1_800_000_000
        moved = await inside.send("POST", "/_sandbox/clock", {"freeze": "false"})
        assert moved.json["frozen"] is False
        assert abs(moved.json["now"] - 1_800_000_000) < 5

    @pytest.mark.parametrize(
        "form", [{"advance": "soon"}, {"set": "-1"}, {"freeze": "maybe"}, {"advance": "9" * 17}]
    )
    async def test_refused(self, inside: Wire, form: dict[str, str]) -> None:
        answer = await inside.send("POST", "/_sandbox/clock", form)
        assert answer.status == 400
        assert answer.error["type"] == "invalid_request_error"

    async def test_time_ends_in_the_year_9999(self, inside: Wire) -> None:
        await inside.send("POST", "/_sandbox/clock", {"set": "253402300799"})
        assert (await inside.send("POST", "/_sandbox/clock", {"advance": "1"})).status == 400

    def test_in_process(self) -> None:
        clock = Clock(datetime(2030, 1, 1, tzinfo=UTC))
        clock.advance(1.5)
        assert clock.now() == datetime(2030, 1, 1, 0, 0, 1, 500_000, UTC)
        clock.unfreeze()
        clock.advance(3600)
        assert clock.now() > datetime(2030, 1, 1, 1, tzinfo=UTC)
        clock.freeze()
        assert clock.now() == clock.now()
        clock.set(datetime(2031, 1, 1, tzinfo=UTC))
        assert clock.now() == datetime(2031, 1, 1, tzinfo=UTC)
        clock.reset()
        assert abs((clock.now() - datetime.now(UTC)).total_seconds()) < 5


async def test_reset_forgets_everything(sdk: stripe.StripeClient, inside: Wire) -> None:
    made = await sdk.v1.accounts.create_async(EXPRESS)
    await inside.send("POST", "/_sandbox/reset")
    with pytest.raises(stripe.PermissionError):
        await sdk.v1.accounts.retrieve_async(made.id)


async def test_worlds_are_listed_by_masked_keys(
    sandbox: Sandbox, sdk: stripe.StripeClient, inside: Wire
) -> None:
    await sdk.v1.accounts.create_async(EXPRESS)
    await client(sandbox, "sk_live_other_words").v1.accounts.list_async()
    answer = await inside.send("GET", "/_sandbox/worlds")
    rows = answer.json["data"]
    assert [(row["livemode"], row["accounts"]) for row in rows] == [(False, 1), (True, 0)]
    assert KEY.encode() not in answer.body
    assert b"sk_live_other_words" not in answer.body


async def test_requests_are_remembered_without_what_was_said(wire: Wire, inside: Wire) -> None:
    form = {"email": "jenny@example.com", "type": "express"}
    made = await wire.send("POST", "/v1/accounts", form, idempotency_key="my-key")
    await wire.send("GET", "/v1/accounts?limit=0")
    await wire.send("POST", "/v1/account_links", {**LINK, "account": made.json["id"]})
    answer = await inside.send("GET", "/_sandbox/requests")
    rows = [(row["method"], row["path"], row["status"]) for row in answer.json["data"]]
    assert sorted(rows) == [
        ("GET", "/v1/accounts", 400),
        ("POST", "/v1/account_links", 200),
        ("POST", "/v1/accounts", 200),
    ]
    for said in (b"jenny", KEY.encode(), b"limit", b"my-key", b"/setup/"):
        assert said not in answer.body


async def test_reset_takes_back_what_was_set(inside: Wire) -> None:
    await inside.send("POST", "/_sandbox/review", {"seconds": "60"})
    await inside.send("POST", "/_sandbox/chaos", {"drop": "1"})
    await inside.send("POST", "/_sandbox/reset")
    assert (await inside.send("GET", "/_sandbox/review")).json["seconds"] is None
    assert (await inside.send("GET", "/_sandbox/chaos")).json["drop"] == 0
    slow = Sandbox(review_seconds=60)
    await Wire(slow, key=None).send("POST", "/_sandbox/review")
    await Wire(slow, key=None).send("POST", "/_sandbox/reset")
    assert (await Wire(slow, key=None).send("GET", "/_sandbox/review")).json["seconds"] == 60


async def test_review_policy_can_be_changed(sdk: stripe.StripeClient, wire: Wire) -> None:
    changed = await wire.send("POST", "/_sandbox/review", {"seconds": "60"})
    assert changed.json == {"object": "review", "reads": None, "seconds": 60}
    made = await sdk.v1.accounts.create_async(EXPRESS)
    await control(wire, made.id, "complete")
    seen = await sdk.v1.accounts.retrieve_async(made.id)
    assert seen.charges_enabled is True  # complete also ends what is being reviewed
    await wire.send("POST", "/_sandbox/review")
    assert (await wire.send("GET", "/_sandbox/review")).json["seconds"] is None


class TestAccounts:
    async def test_review_and_verify(self, sdk: stripe.StripeClient, wire: Wire) -> None:
        made = await sdk.v1.accounts.create_async(EXPRESS)
        await control(wire, made.id, "complete")
        held = await control(wire, made.id, "review")
        assert held["requirements"]["disabled_reason"] == "under_review"
        assert held["capabilities"] == {"card_payments": "pending", "transfers": "pending"}
        assert held["charges_enabled"] is False
        freed = await control(wire, made.id, "verify")
        assert freed["requirements"]["disabled_reason"] is None
        assert freed["charges_enabled"] is True

    async def test_verify_does_not_submit(self, sdk: stripe.StripeClient, wire: Wire) -> None:
        made = await sdk.v1.accounts.create_async(EXPRESS)
        seen = await control(wire, made.id, "verify")
        assert seen["details_submitted"] is False
        assert seen["charges_enabled"] is False

    @pytest.mark.parametrize("shape", [EXPRESS, CUSTOM])
    @pytest.mark.parametrize("kind", ["individual", "company"])
    async def test_complete_with_everything(
        self, sdk: stripe.StripeClient, wire: Wire, shape: dict[str, str], kind: str
    ) -> None:
        made = await sdk.v1.accounts.create_async(free({**shape, "business_type": kind}))
        seen = await control(wire, made.id, "complete", collect="eventually_due")
        for name in ("currently_due", "eventually_due", "past_due", "errors"):
            assert seen["requirements"][name] == []
        assert (seen["charges_enabled"], seen["payouts_enabled"]) == (True, True)

    @pytest.mark.parametrize(
        ("path", "form", "status", "param"),
        [
            ("/accounts/acct_nobody/verify", {}, 404, "account"),
            ("/accounts/{id}/explode", {}, 404, None),
            ("/accounts/{id}/reject", {"reason": "boredom"}, 400, "reason"),
            ("/accounts/{id}/require", {}, 400, "requirement"),
            ("/accounts/{id}/require", {"requirement": "x", "in": "-1"}, 400, "in"),
            ("/accounts/{id}/lose", {"capability": "flying"}, 400, "capability"),
            ("/accounts/{id}/complete", {"hurry": "true"}, 400, "hurry"),
            ("/nothing", {}, 404, None),
        ],
    )
    async def test_refused(
        self,
        sdk: stripe.StripeClient,
        inside: Wire,
        path: str,
        form: dict[str, str],
        status: int,
        param: str | None,
    ) -> None:
        made = await sdk.v1.accounts.create_async(EXPRESS)
        answer = await inside.send("POST", "/_sandbox" + path.replace("{id}", made.id), form)
        assert answer.status == status
        assert answer.error.get("param") == param


class TestLists:
    async def test_of_one_account(self, wire: Wire, inside: Wire) -> None:
        one, other = [
            (await wire.send("POST", "/v1/accounts", {"type": "express"})).json["id"]
            for _ in range(2)
        ]
        for account in (one, other):
            await wire.send("POST", "/v1/account_links", {**LINK, "account": account})
            await control(wire, account, "complete")
            await wire.send("GET", f"/v1/accounts/{account}")
        for name in ("links", "events"):
            rows = (await inside.send("GET", f"/_sandbox/{name}?account={one}")).json["data"]
            assert {row["account"] for row in rows} == {one}
        rows = (await inside.send("GET", f"/_sandbox/requests?account={one}")).json["data"]
        assert [row["path"] for row in rows] == [f"/v1/accounts/{one}"]
        limited = (await inside.send("GET", "/_sandbox/events?limit=1")).json
        assert (len(limited["data"]), limited["has_more"]) == (1, True)
        gone = await inside.send("GET", "/_sandbox/events?account=acct_nobody")
        assert gone.status == 400

    async def test_sessions_without_their_secrets(self, wire: Wire, inside: Wire) -> None:
        made = (await wire.send("POST", "/v1/accounts", {"type": "express"})).json["id"]
        form = {"account": made, "components[account_onboarding][enabled]": "true"}
        session = (await wire.send("POST", "/v1/account_sessions", form)).json
        answer = await inside.send("GET", f"/_sandbox/sessions?account={made}")
        (row,) = answer.json["data"]
        assert (row["account"], row["state"]) == (made, "open")
        assert row["components"] == ["account_onboarding"]
        assert session["client_secret"].encode() not in answer.body

    async def test_one_account_whole(self, wire: Wire, inside: Wire) -> None:
        made = (await wire.send("POST", "/v1/accounts", {"type": "express"})).json
        assert (await inside.send("GET", f"/_sandbox/accounts/{made['id']}")).json == made


class TestEvents:
    async def test_resent_to_all_or_to_one(
        self, sandbox: Sandbox, sdk: stripe.StripeClient, wire: Wire, mailbox: Mailbox
    ) -> None:
        account = await sdk.v1.accounts.create_async(CUSTOM)
        await sdk.v1.accounts.update_async(account.id, {"metadata": {"a": "1"}})
        first, second = [
            await listen(sdk, url=f"http://localhost/{name}") for name in ("one", "two")
        ]
        await sandbox.deliver_due()
        assert mailbox.mail == []
        event = (await wire.send("GET", "/_sandbox/events?limit=1")).json["data"][0]["id"]
        sent = await wire.send("POST", f"/_sandbox/events/{event}/resend")
        assert [row["endpoint"] for row in sent.json["data"]] == [first.id, second.id]
        assert [row["attempts"][0]["manual"] for row in sent.json["data"]] == [True, True]
        form = {"endpoint": second.id}
        await wire.send("POST", f"/_sandbox/events/{event}/resend", form)
        assert [url for url, _, _ in mailbox.mail].count("http://localhost/two") == 2
        for path, data in ((event, {"endpoint": "we_nobody"}), ("evt_nobody", {})):
            answer = await wire.send("POST", f"/_sandbox/events/{path}/resend", data)
            assert answer.error["code"] == "resource_missing"

    async def test_a_manual_success_cancels_no_retry(
        self, sandbox: Sandbox, sdk: stripe.StripeClient, wire: Wire, mailbox: Mailbox
    ) -> None:
        account = await sdk.v1.accounts.create_async(CUSTOM)
        await listen(sdk)
        await sdk.v1.accounts.update_async(account.id, {"metadata": {"a": "1"}})
        mailbox.answers = [500]
        await sandbox.deliver_due()
        event = (await wire.send("GET", "/_sandbox/events?limit=1")).json["data"][0]["id"]
        await wire.send("POST", f"/_sandbox/events/{event}/resend")
        sandbox.clock.advance(3600)
        assert await sandbox.deliver_due() == 1
        shown = (await wire.send("GET", f"/v1/events/{event}", stripe_account=account.id)).json
        assert shown["pending_webhooks"] == 0


async def test_seed(inside: Wire) -> None:
    ids = []
    for seed in ("5", "5", "6"):
        await inside.send("POST", "/_sandbox/reset", {"seed": seed})
        made = await inside.send("POST", "/_sandbox/scenarios/fresh", {"key": KEY})
        ids.append(made.json["id"])
    assert ids[0] == ids[1] != ids[2]
    changed = await inside.send("POST", "/_sandbox/seed", {"seed": "9"})
    assert changed.json == {"object": "sandbox", "seed": 9}


async def test_pause(sdk: stripe.StripeClient, wire: Wire) -> None:
    made = await sdk.v1.accounts.create_async(EXPRESS)
    await control(wire, made.id, "complete")
    paused = await control(wire, made.id, "pause")
    assert paused["requirements"]["disabled_reason"] == "platform_paused"
    assert (await control(wire, made.id, "verify"))["charges_enabled"] is True

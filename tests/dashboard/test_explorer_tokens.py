"""The explorer's tokens and its way to the gateway: how wide, how long, and for whom."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from aboard.core.caller import Caller, Role
from aboard.core.lending.callers import CallerToken
from aboard.core.lending.calls import CallFilter, Via
from aboard.core.lending.catalogue import find_operation
from aboard.core.lending.refusals import CallRefused, RefusalCode
from aboard.core.owner import Mode
from aboard.core.secret import Secret
from aboard.flows.lending.borrowing import find_borrower, permit
from aboard.flows.lending.callers import disable_caller, get_caller, list_callers
from aboard.flows.lending.calls import list_calls
from aboard.flows.lending.explorer import borrow_for_explorer, explorer_name
from tests.dashboard.office import ANA, OFFICE, Office, open_office
from tests.leaks import SecretsInPlay

OURS = {"sec-fetch-site": "same-origin"}
LIVE_KEY = "sk_live_aboard_words"


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path) as built:
        yield built


@pytest.fixture
async def live_office(tmp_path: Path) -> AsyncIterator[Office]:
    public = "https://connect.harbour.example"
    async with open_office(tmp_path, live_key=LIVE_KEY, ABOARD_PUBLIC_URL=public) as built:
        yield built


async def ask(office: Office, mode: str = "test", grants: str = "") -> tuple[int, dict[str, Any]]:
    form = {"mode": mode, "grants": grants}
    session = office.town.operator()
    reply = await office.send("POST", f"{OFFICE}/explore/token", OURS, session=session, form=form)
    assert dict(reply.headers)["cache-control"] == "no-store"
    return reply.status, json.loads(reply.body) if reply.status == 200 else {}


async def may(office: Office, token: CallerToken, *operations: str) -> list[str]:
    """Return those of the operations that a token may call."""
    platform = office.town.platform
    borrower = await find_borrower(platform, token)
    allowed = []
    for name in operations:
        operation = find_operation(name)
        assert operation is not None
        try:
            permit(platform, borrower, operation)
        except CallRefused:
            continue
        allowed.append(name)
    return allowed


SOME = ("accounts.list", "account_links.create", "accounts.create", "payouts.create")


async def test_it_reads_and_makes_links_for_a_quarter_of_an_hour(
    office: Office, secrets_in_play: SecretsInPlay
) -> None:
    status, told = await ask(office)
    token = CallerToken(told["token"])
    secrets_in_play.add(told["token"])
    assert (status, told["seconds"]) == (200, 900)
    assert "*:read" in told["allowed"]
    assert await may(office, token, *SOME) == ["accounts.list", "account_links.create"]
    office.town.sandbox.clock.advance(899)
    await find_borrower(office.town.platform, token)
    office.town.sandbox.clock.advance(1)
    with pytest.raises(CallRefused) as refused:
        await find_borrower(office.town.platform, token)
    assert refused.value.code is RefusalCode.CALLER_EXPIRED
    # The operator's own token is among what the audit names, and no other.
    rows = await office.audit("gateway.token")
    assert {(row.actor, row.outcome) for row in rows} == {("operator", "added")}


async def test_further_words_hold_until_the_next_token(office: Office) -> None:
    _, wide = await ask(office, grants="accounts:create")
    token = CallerToken(wide["token"])
    assert "accounts:create" in wide["allowed"]
    assert await may(office, token, *SOME) == [*SOME[:3]]
    _, narrow = await ask(office)
    assert "accounts:create" not in narrow["allowed"]
    for each in (wide, narrow):
        assert await may(office, CallerToken(each["token"]), *SOME) == [*SOME[:2]]
    (caller,) = await list_callers(office.town.platform)
    assert caller.name == "explorer operator"
    done = [row.outcome for row in await office.audit("gateway.caller")]
    assert sorted(done) == ["added", "changed"]


@pytest.mark.parametrize(
    ("mode", "grants"),
    [
        ("live", ""),  # no key for it here
        ("", ""),
        ("TEST", ""),
        ("test", "*:create"),
        ("test", "accounts:*"),
        ("test", "*:*"),
        ("test", "accounts:destroy"),
        ("test", "nothing:read"),
        ("test", "accounts"),
        ("test", "accounts:create " * 4 + "x"),
    ],
    ids=str,
)
async def test_what_is_no_wish_makes_no_token(office: Office, mode: str, grants: str) -> None:
    status, _ = await ask(office, mode, grants)
    assert status == 400
    assert await list_callers(office.town.platform) == []


async def test_in_live_mode_it_reads_until_a_write_is_named(live_office: Office) -> None:
    _, told = await ask(live_office, "live")
    token = CallerToken(told["token"])
    assert told["allowed"] == ["*:read"]
    assert told["token"].startswith("aboard_live_")
    assert await may(live_office, token, *SOME) == ["accounts.list"]
    _, told = await ask(live_office, "live", "accounts:create")
    assert await may(live_office, CallerToken(told["token"]), *SOME) == [
        "accounts.list",
        "accounts.create",
    ]
    # What was allowed in live mode is not allowed in test mode by it.
    caller = await get_caller(live_office.town.platform, "explorer operator")
    assert caller.allow_list is not None
    assert "accounts:create" not in caller.allow_list.words(Mode.TEST)


async def test_each_operator_is_a_caller_of_their_own(office: Office) -> None:
    platform = office.town.platform
    names = ["ana", "auth0|ana", "auth0-ana", "ana\u0301 <b>", "x" * 300, " "]
    for name in names:
        await borrow_for_explorer(platform, Caller(name, is_operator=True), Mode.TEST, ())
    callers = {caller.name for caller in await list_callers(platform)}
    assert callers == {explorer_name(Caller(name)) for name in names}
    assert len(callers) == len(names)


async def test_a_disabled_explorer_is_refused(office: Office) -> None:
    _, told = await ask(office)
    await disable_caller(office.town.platform, ANA, "explorer operator")
    _, again = await ask(office)
    for each in (told, again):
        with pytest.raises(CallRefused) as refused:
            await find_borrower(office.town.platform, CallerToken(each["token"]))
        assert refused.value.code is RefusalCode.CALLER_REVOKED


async def send(
    office: Office, path: str, token: str | None, session: Secret | None
) -> tuple[int, str]:
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    reply = await office.send("GET", f"{OFFICE}/send{path}", headers, session=session)
    return reply.status, json.loads(reply.body)["error"]["code"] if reply.body else ""


async def test_the_way_to_the_gateway_takes_a_session_and_a_token(office: Office) -> None:
    operator, member = office.town.operator(), office.town.token("mara", {"org_1": Role.OWNER})
    _, told = await ask(office)
    token, path = told["token"], "/v1/nothing"
    assert await send(office, path, token, None) == (401, "")
    assert await send(office, path, token, member) == (401, "")
    assert await list_calls(office.town.platform, CallFilter(), limit=10) == ()
    assert await send(office, path, None, operator) == (401, "caller_missing")
    assert await send(office, path, "aboard_test_" + "x" * 43, operator) == (401, "caller_unknown")
    assert await send(office, path, token, operator) == (404, "operation_unknown")
    for strange in (
        "/../../callers",
        "/v1/%2e%2e/accounts",
        "//v1/accounts",
        "/v1/accounts/a/../b",
    ):
        assert (await send(office, strange, token, operator))[1] in {
            "path_refused",
            "target_refused",
        }
    rows = await list_calls(office.town.platform, CallFilter(), limit=100)
    assert {row.via for row in rows} == {Via.EXPLORER}
    assert len(rows) == 7

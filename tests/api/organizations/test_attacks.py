"""What an attacker tries at the API: half characters, answers kept from before, more rights."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from aboard.core.caller import Role
from tests.api.asking import ACCOUNTS, Desk
from tests.api.organizations.counter import KEY, LINK_BODY, MODE_BODY, refusal, start

DIRECTORY = "/v1/organizations"
HALF = b'"\\ud800"'


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("POST", DIRECTORY, b'{"name": %b}', "name"),
        ("POST", DIRECTORY, b'{"name": "A", "timeZone": %b}', "timeZone"),
        ("PATCH", f"{DIRECTORY}/org_1", b'{"name": %b}', "name"),
        ("PUT", f"{DIRECTORY}/org_1/members/bob", b'{"role": "admin", "reason": %b}', "reason"),
        (
            "POST",
            f"{ACCOUNTS}/org_1/account-sessions",
            b'{"mode": "test", "components": [%b]}',
            "components",
        ),
    ],
)
async def test_half_a_character_is_no_text(
    desk: Desk, method: str, path: str, body: bytes, field: str
) -> None:
    answer = await desk.ask(
        method,
        path,
        organizations={"org_1": Role.OWNER},
        headers={"content-type": "application/json"},
        content=body % HALF,
    )
    assert [row["field"] for row in refusal(answer, 400, "invalid_request")["problems"]] == [field]


KEYED = (
    ("POST", f"{ACCOUNTS}/{{}}/go-live", MODE_BODY),
    ("DELETE", f"{ACCOUNTS}/{{}}/go-live?mode=test", None),
    ("POST", f"{ACCOUNTS}/{{}}/page-links", MODE_BODY),
    ("POST", f"{ACCOUNTS}/{{}}/account-sessions", {**MODE_BODY, "components": ["balances"]}),
    ("POST", f"{ACCOUNTS}/onboarding-links", LINK_BODY),
    ("PATCH", f"{DIRECTORY}/{{}}", {"name": "Harbour"}),
    ("PUT", f"{DIRECTORY}/{{}}/members/bob", {"role": "admin", "reason": "new here"}),
    ("DELETE", f"{DIRECTORY}/{{}}/members/bob?reason=left", None),
    ("DELETE", f"{ACCOUNTS}/{{}}?mode=test", None),
)


@pytest.mark.parametrize(("method", "path", "body"), KEYED)
async def test_a_kept_answer_is_not_told_to_who_lost_the_role(
    desk: Desk, method: str, path: str, body: Mapping[str, object] | None
) -> None:
    made = await desk.ask("POST", DIRECTORY, user="mara", json={"name": "A"})
    organization_id = made.json()["organizationId"]
    place = path.format(organization_id)
    if body is LINK_BODY:
        body = {**LINK_BODY, "organizationId": organization_id}
    members = f"{DIRECTORY}/{organization_id}/members"
    for user, role in (("cleo", "owner"), ("bob", "support")):
        given = {"role": role, "reason": "founder"}
        answer = await desk.ask("PUT", f"{members}/{user}", user="mara", json=given)
        assert answer.status_code == 200
    first = await desk.ask(
        "POST",
        f"{ACCOUNTS}/onboarding-links",
        user="mara",
        json={
            **LINK_BODY,
            "organizationId": organization_id,
        },
    )
    assert first.status_code == 200
    await desk.ask(method, place, user="mara", headers=KEY, json=body)
    gone = await desk.ask("DELETE", f"{members}/mara?reason=left", user="cleo")
    assert gone.status_code == 204
    again = await desk.ask(method, place, user="mara", headers=KEY, json=body)
    refusal(again, 403, "not_yours")


async def test_two_owners_who_remove_each_other_leave_one(desk: Desk) -> None:
    made = await desk.ask("POST", DIRECTORY, user="mara", json={"name": "A"})
    members = f"{DIRECTORY}/{made.json()['organizationId']}/members"
    given = {"role": "owner", "reason": "founder"}
    assert (await desk.ask("PUT", f"{members}/bob", user="mara", json=given)).status_code == 200
    answers = await asyncio.gather(
        desk.ask("DELETE", f"{members}/bob?reason=x", user="mara"),
        desk.ask("DELETE", f"{members}/mara?reason=x", user="bob"),
    )
    assert min(answer.status_code for answer in answers) == 204
    left = await desk.ask("GET", members, user="op", is_operator=True)
    assert [row["role"] for row in left.json()["members"]] == ["owner"]


async def test_no_member_gives_more_than_they_have(desk: Desk) -> None:
    made = await desk.ask("POST", DIRECTORY, user="mara", json={"name": "A"})
    organization_id = made.json()["organizationId"]
    members = f"{DIRECTORY}/{organization_id}/members"
    for user, role in (("ann", "admin"), ("fin", "finance"), ("sue", "support")):
        given = {"role": role, "reason": "new"}
        assert (await desk.ask("PUT", f"{members}/{user}", user="mara", json=given)).is_success
    wishes = [(who, whom, "owner") for who in ("ann", "fin", "sue") for whom in (who, "eve")]
    wishes += [(who, who, "admin") for who in ("fin", "sue")] + [("ann", "mara", "support")]
    for who, whom, role in wishes:
        given = {"role": role, "reason": "mine"}
        refusal(await desk.ask("PUT", f"{members}/{whom}", user=who, json=given), 403, "not_yours")
    for who in ("ann", "fin", "sue"):
        gone = await desk.ask("DELETE", f"{members}/mara?reason=x", user=who)
        refusal(gone, 403, "not_yours")
        for what in ("account-shape", "go-live-policy"):
            place = f"{DIRECTORY}/{organization_id}/{what}?mode=test"
            refusal(await desk.ask("DELETE", place, user=who), 403, "not_yours")


async def test_an_id_that_the_platform_gave_out_is_nobodys_to_take(desk: Desk) -> None:
    await start(desk)  # org_1 is known by tokens alone
    body = {"name": "Mine", "organizationId": "org_1"}
    for roles in ({}, {"org_1": Role.ADMIN}, {"org_2": Role.OWNER}):
        taken = await desk.ask("POST", DIRECTORY, user="eve", organizations=roles, json=body)
        refusal(taken, 403, "not_yours")
    refusal(await desk.ask("GET", f"{ACCOUNTS}/org_1?mode=test", user="eve"), 403, "not_yours")


async def test_who_made_it_and_was_removed_is_not_told_of_it_again(desk: Desk) -> None:
    body = {"name": "Harbour"}
    made = await desk.ask("POST", DIRECTORY, user="mara", headers=KEY, json=body)
    again = await desk.ask("POST", DIRECTORY, user="mara", headers=KEY, json=body)
    assert (again.status_code, again.json()) == (201, made.json())
    members = f"{DIRECTORY}/{made.json()['organizationId']}/members"
    given = {"role": "owner", "reason": "founder"}
    assert (await desk.ask("PUT", f"{members}/cleo", user="mara", json=given)).status_code == 200
    assert (await desk.ask("DELETE", f"{members}/mara?reason=left", user="cleo")).status_code == 204
    renamed = {"name": "Quay"}
    changed = await desk.ask("PATCH", members.removesuffix("/members"), user="cleo", json=renamed)
    assert changed.status_code == 200
    again = await desk.ask("POST", DIRECTORY, user="mara", headers=KEY, json=body)
    refusal(again, 403, "not_yours")
    assert "idempotent-replayed" not in again.headers


async def test_only_operators_give_an_organization_to_somebody_else(desk: Desk) -> None:
    theirs = {"name": "Trap", "ownerUserId": "victim"}
    for roles in ({}, {"org_1": Role.OWNER}):
        for body in (theirs, {**theirs, "organizationId": "org_1"}):
            answer = await desk.ask("POST", DIRECTORY, user="eve", organizations=roles, json=body)
            refusal(answer, 403, "not_yours")
    (row,) = await desk.scene.platform.store.list_audit(limit=1)
    assert (row.actor, row.outcome) == ("eve", "refused:operators_only")
    own = await desk.ask("POST", DIRECTORY, user="eve", json={**theirs, "ownerUserId": "eve"})
    assert own.json()["role"] == "owner"
    listed = await desk.ask("GET", DIRECTORY, user="victim")
    assert listed.json()["organizations"] == []


async def test_an_operator_belongs_to_none_that_they_make(desk: Desk) -> None:
    """Else whoever leaves the staff would stay an owner of every seller."""
    op: dict[str, Any] = {"user": "op", "is_operator": True}
    for body, owners in (({}, []), ({"ownerUserId": "mara"}, ["mara"])):
        made = await desk.ask("POST", DIRECTORY, json={"name": "A", **body}, **op)
        assert (made.status_code, made.json()["role"]) == (201, "owner")
        place = f"{DIRECTORY}/{made.json()['organizationId']}"
        members = (await desk.ask("GET", f"{place}/members", **op)).json()["members"]
        assert [row["userId"] for row in members] == owners
        refusal(await desk.ask("GET", place, user="op"), 403, "not_yours")
        if owners:
            assert (await desk.ask("GET", place, user="mara")).status_code == 200
        given = {"role": "owner", "reason": "signed up"}
        put = await desk.ask("PUT", f"{place}/members/cleo", json=given, **op)
        assert put.status_code == 200

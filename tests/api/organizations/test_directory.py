"""Organizations and their members over HTTP: who may, what is refused, what it answers."""

import asyncio
from typing import Any

import httpx2
import pytest

from aboard.api.application import CallLimits
from aboard.core.caller import Role
from tests.api.asking import Desk
from tests.api.conftest import OpenDesk

DIRECTORY = "/v1/organizations"
OWNER = {"org_1": Role.OWNER}
NEW = {"organizationId": "org_1", "name": "Harbour", "timeZone": "Europe/Lisbon"}
WHY = {"reason": "agreed on Monday"}
MUTATIONS: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", DIRECTORY, {"json": NEW}),
    ("PATCH", f"{DIRECTORY}/org_1", {"json": {"name": "Quay"}}),
    ("PUT", f"{DIRECTORY}/org_1/members/bob", {"json": {"role": "admin", **WHY}}),
    ("DELETE", f"{DIRECTORY}/org_1/members/bob?reason=left", {}),
]
EVERYTHING: list[tuple[str, str, dict[str, Any]]] = [
    *MUTATIONS,
    ("GET", DIRECTORY, {}),
    ("GET", f"{DIRECTORY}/org_1", {}),
    ("GET", f"{DIRECTORY}/org_1/members", {}),
]


def told(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def fields(answer: httpx2.Response) -> set[str]:
    assert told(answer) == (400, "invalid_request")
    return {row["field"] for row in answer.json()["details"]["problems"]}


async def give(desk: Desk, user_id: str, role: Role, **rest: Any) -> httpx2.Response:  # noqa: ANN401 - passed on
    body = {"role": role.value, **WHY}
    return await desk.ask("PUT", f"{DIRECTORY}/org_1/members/{user_id}", json=body, **rest)


async def take(desk: Desk, user_id: str, **rest: Any) -> httpx2.Response:  # noqa: ANN401 - passed on
    path = f"{DIRECTORY}/org_1/members/{user_id}"
    return await desk.ask("DELETE", path, params=WHY, **rest)


async def members(desk: Desk) -> dict[str, str]:
    answer = await desk.ask("GET", f"{DIRECTORY}/org_1/members", is_operator=True, user="ops")
    return {row["userId"]: row["role"] for row in answer.json()["members"]}


@pytest.fixture
async def made(desk: Desk) -> Desk:
    """An organization whose owner is ada by the store alone."""
    answer = await desk.ask("POST", DIRECTORY, organizations=OWNER, json=NEW)
    assert answer.status_code == 201
    return desk


class TestWhoMay:
    @pytest.mark.parametrize(("method", "path", "rest"), EVERYTHING)
    async def test_nobody_without_a_token(
        self, made: Desk, method: str, path: str, rest: dict[str, Any]
    ) -> None:
        answer = await made.ask(method, path, user=None, **rest)
        assert told(answer) == (401, "unauthenticated")

    @pytest.mark.parametrize(("method", "path", "rest"), EVERYTHING)
    async def test_no_stranger_whether_it_is_there_or_not(
        self, made: Desk, method: str, path: str, rest: dict[str, Any]
    ) -> None:
        if (method, path) == ("GET", DIRECTORY):
            return
        nowhere = path.replace("org_1", "org_9")
        body = {"json": {**NEW, "organizationId": "org_9"}} if method == "POST" else rest
        refused = [
            await made.ask(method, path, user="eve", **rest),
            await made.ask(method, nowhere, user="eve", **body),
        ]
        assert {told(answer) for answer in refused} == {(403, "not_yours")}
        assert len({answer.json()["message"] for answer in refused}) == 1
        entries = await made.scene.platform.store.list_audit(action="organization.access", limit=2)
        assert {entry.actor for entry in entries} == {"eve"}
        assert {entry.details["organization"] for entry in entries} == {"org_1", "org_9"}

    @pytest.mark.parametrize(("method", "path", "rest"), MUTATIONS[1:])
    @pytest.mark.parametrize("role", [Role.FINANCE, Role.SUPPORT])
    async def test_no_weak_role(
        self, made: Desk, method: str, path: str, rest: dict[str, Any], role: Role
    ) -> None:
        answer = await made.ask(method, path, user="bob", organizations={"org_1": role}, **rest)
        assert told(answer) == (403, "not_yours")

    @pytest.mark.parametrize(("method", "path", "rest"), EVERYTHING[-3:])
    @pytest.mark.parametrize("role", list(Role))
    async def test_every_role_reads(
        self, made: Desk, method: str, path: str, rest: dict[str, Any], role: Role
    ) -> None:
        answer = await made.ask(method, path, user="bob", organizations={"org_1": role}, **rest)
        assert answer.status_code == 200

    async def test_the_owners_role_is_for_owners_to_give(self, made: Desk) -> None:
        admin: dict[str, Any] = {"user": "bob", "organizations": {"org_1": Role.ADMIN}}
        assert (await give(made, "cat", Role.FINANCE, **admin)).status_code == 200
        for answer in (
            await give(made, "cat", Role.OWNER, **admin),
            await give(made, "ada", Role.SUPPORT, **admin),
            await take(made, "ada", **admin),
        ):
            assert told(answer) == (403, "not_yours")
        assert await members(made) == {"ada": "owner", "cat": "finance"}

    async def test_the_calls_of_each_operation_are_counted(self, open_desk: OpenDesk) -> None:
        desk = await open_desk(limits=CallLimits(organizations=1))
        first = await desk.ask("GET", DIRECTORY)
        assert (first.status_code, first.headers["ratelimit-remaining"]) == (200, "0")
        assert told(await desk.ask("GET", DIRECTORY)) == (429, "too_many_requests")
        assert (await desk.ask("POST", DIRECTORY, json={"name": "x"})).status_code == 201


class TestWhatIsRefused:
    @pytest.mark.parametrize(("method", "path", "rest"), MUTATIONS[:3])
    async def test_bodies_that_are_none(
        self, made: Desk, method: str, path: str, rest: dict[str, Any]
    ) -> None:
        body: dict[str, Any] = rest["json"]
        unknown = await made.ask(method, path, organizations=OWNER, json={**body, "colour": 1})
        assert fields(unknown) == {"colour"}
        for name in body:
            wrong = await made.ask(method, path, organizations=OWNER, json={**body, name: [1]})
            assert fields(wrong) == {name}
        large = {**body, next(iter(body)): "x" * 65_536}
        answer = await made.ask(method, path, organizations=OWNER, json=large)
        assert told(answer) == (413, "body_too_large")
        answer = await made.ask(method, path, organizations=OWNER, data={"name": "x"})
        assert told(answer) == (415, "unsupported_media_type")
        answer = await made.ask(
            method, path, organizations=OWNER, json=body, headers={"idempotency-key": "a b"}
        )
        assert fields(answer) == {"Idempotency-Key"}

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "name"),
            ({"name": ""}, "name"),
            ({"name": "  "}, "name"),
            ({"name": "x" * 201}, "name"),
            ({"name": "a\nb"}, "name"),
            ({"name": "x", "timeZone": "Nowhere/City"}, "timeZone"),
            ({"name": "x", "timeZone": ""}, "timeZone"),
            ({"name": "x", "organizationId": "a b"}, "organizationId"),
            ({"name": "x", "organizationId": "a/b"}, "organizationId"),
            ({"name": "x", "organizationId": ""}, "organizationId"),
            ({"name": "x", "ownerUserId": ""}, "ownerUserId"),
            ({"name": "x", "ownerUserId": "a\nb"}, "ownerUserId"),
            ({"name": "x", "ownerUserId": "x" * 256}, "ownerUserId"),
        ],
    )
    async def test_organizations_that_are_none(
        self, desk: Desk, body: dict[str, Any], field: str
    ) -> None:
        assert fields(await desk.ask("POST", DIRECTORY, is_operator=True, json=body)) == {field}

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"role": "king", "reason": "x"}, "role"),
            ({"reason": "x"}, "role"),
            ({"role": "admin"}, "reason"),
            ({"role": "admin", "reason": ""}, "reason"),
            ({"role": "admin", "reason": " "}, "reason"),
            ({"role": "admin", "reason": "x" * 501}, "reason"),
        ],
    )
    async def test_roles_that_are_none(self, made: Desk, body: dict[str, Any], field: str) -> None:
        answer = await made.ask("PUT", f"{DIRECTORY}/org_1/members/bob", json=body)
        assert fields(answer) == {field}
        assert await members(made) == {"ada": "owner"}

    async def test_names_in_the_path_and_words_in_the_query(self, made: Desk) -> None:
        for name in ("%0a", "%20", "a%00", "%ff", "x" * 256):
            assert fields(await made.ask("GET", f"{DIRECTORY}/{name}")) == {"organizationId"}
        for name in ("%0a", "%7f", "x" * 256):
            assert fields(await give(made, name, Role.ADMIN)) == {"userId"}
            assert fields(await take(made, name)) == {"userId"}
        for query in ("limit=0", "limit=101", "limit=many", "limit="):
            assert fields(await made.ask("GET", f"{DIRECTORY}?{query}")) == {"limit"}
            assert fields(await made.ask("GET", f"{DIRECTORY}/org_1/members?{query}")) == {"limit"}
        assert fields(await made.ask("GET", f"{DIRECTORY}?after={'x' * 256}")) == {"after"}
        for query in ("", "?reason=", "?reason=%20"):
            answer = await made.ask("DELETE", f"{DIRECTORY}/org_1/members/ada{query}")
            assert fields(answer) == {"reason"}

    async def test_a_body_where_none_belongs(self, made: Desk) -> None:
        await give(made, "bob", Role.ADMIN)
        answer = await made.ask("DELETE", f"{DIRECTORY}/org_1/members/bob?reason=x", content="{}")
        assert fields(answer) == {"body"}
        assert "bob" in await members(made)

    async def test_an_id_that_is_taken(self, made: Desk) -> None:
        answer = await made.ask("POST", DIRECTORY, user="ops", is_operator=True, json=NEW)
        assert told(answer) == (409, "organization_taken")

    async def test_the_last_owner_stays(self, made: Desk) -> None:
        for answer in (await give(made, "ada", Role.ADMIN), await take(made, "ada")):
            assert told(answer) == (409, "last_owner")
        assert await members(made) == {"ada": "owner"}

    async def test_what_is_not_there(self, made: Desk) -> None:
        assert told(await take(made, "nobody")) == (404, "member_unknown")
        operator: dict[str, Any] = {"user": "ops", "is_operator": True}
        nowhere = f"{DIRECTORY}/org_9"
        for answer in (
            await made.ask("GET", nowhere, **operator),
            await made.ask("GET", f"{nowhere}/members", **operator),
            await made.ask("PATCH", nowhere, json={"name": "x"}, **operator),
            await made.ask(
                "PUT", f"{nowhere}/members/x", json={"role": "admin", **WHY}, **operator
            ),
            await made.ask("DELETE", f"{nowhere}/members/x?reason=x", **operator),
        ):
            assert told(answer) == (404, "owner_unknown")


class TestWhatItAnswers:
    async def test_making_and_reading(self, desk: Desk) -> None:
        answer = await desk.ask("POST", DIRECTORY, json={"name": "Harbour"})
        assert answer.status_code == 201
        made = answer.json()
        assert made == {
            "organizationId": made["organizationId"],
            "role": "owner",
            "name": "Harbour",
            "timeZone": "UTC",
            "createdAt": "2026-11-21T09:00:00Z",
        }
        path = f"{DIRECTORY}/{made['organizationId']}"
        assert (await desk.ask("GET", path)).json() == made
        changed = await desk.ask("PATCH", path, json={"timeZone": "Europe/Lisbon"})
        assert changed.json() == {**made, "timeZone": "Europe/Lisbon"}
        assert (await desk.ask("GET", path)).json() == changed.json()
        assert fields(await desk.ask("PATCH", path, json={})) == {"name"}

    async def test_the_list_by_pages(self, desk: Desk) -> None:
        for name in ("org_2", "org_4"):
            body = {"organizationId": name, "name": name, "ownerUserId": "ada"}
            await desk.ask("POST", DIRECTORY, is_operator=True, json=body)
        named = {"org_1": Role.SUPPORT, "org_2": Role.ADMIN}
        whole = (await desk.ask("GET", DIRECTORY, organizations=named)).json()
        assert whole["next"] is None
        assert [
            (row["organizationId"], row["role"], row["name"]) for row in whole["organizations"]
        ] == [
            ("org_1", "support", None),
            ("org_2", "admin", "org_2"),
            ("org_4", "owner", "org_4"),
        ]
        pages, after = [], ""
        while after is not None:
            query = f"{DIRECTORY}?limit=1&after={after}"
            page = (await desk.ask("GET", query, organizations=named)).json()
            pages += page["organizations"]
            after = page["next"]
        assert pages == whole["organizations"]

    async def test_members_come_and_go(self, made: Desk) -> None:
        answer = await give(made, "auth0%7Cbob%40example.com", Role.ADMIN)
        bob = {
            "organizationId": "org_1",
            "userId": "auth0|bob@example.com",
            "role": "admin",
            "since": "2026-11-21T09:00:00Z",
        }
        assert (answer.status_code, answer.json()) == (200, bob)
        listed = (await made.ask("GET", f"{DIRECTORY}/org_1/members?limit=1")).json()
        assert ([row["userId"] for row in listed["members"]], listed["next"]) == (["ada"], "ada")
        rest = (await made.ask("GET", f"{DIRECTORY}/org_1/members?after=ada")).json()
        assert rest == {"members": [bob], "next": None}
        user: dict[str, Any] = {"user": "auth0|bob@example.com"}
        assert (await made.ask("GET", f"{DIRECTORY}/org_1", **user)).json()["role"] == "admin"
        gone = await take(made, "auth0%7Cbob%40example.com")
        assert (gone.status_code, gone.content) == (204, b"")
        assert told(await made.ask("GET", f"{DIRECTORY}/org_1", **user)) == (403, "not_yours")
        assert await members(made) == {"ada": "owner"}

    async def test_two_owners_who_remove_each_other_at_once_leave_one(self, made: Desk) -> None:
        await give(made, "bob", Role.OWNER)
        answers = await asyncio.gather(take(made, "bob"), take(made, "ada", user="bob"))
        statuses = sorted(answer.status_code for answer in answers)
        assert statuses in ([204, 403], [204, 409])
        assert list((await members(made)).values()) == ["owner"]


class TestRepeats:
    async def test_a_repeat_makes_no_second_organization(self, desk: Desk) -> None:
        body, key = {"name": "Harbour"}, {"idempotency-key": "k1"}
        first = await desk.ask("POST", DIRECTORY, json=body, headers=key)
        second = await desk.ask("POST", DIRECTORY, json=body, headers=key)
        assert (second.status_code, second.json()) == (201, first.json())
        assert second.headers["idempotent-replayed"] == "true"
        other = await desk.ask("POST", DIRECTORY, json={"name": "Quay"}, headers=key)
        assert told(other) == (409, "idempotency_conflict")
        theirs = await desk.ask("POST", DIRECTORY, user="bob", json=body, headers=key)
        assert theirs.json()["organizationId"] != first.json()["organizationId"]

    async def test_a_repeat_gives_no_role_back_that_was_taken_since(self, made: Desk) -> None:
        key: dict[str, Any] = {"headers": {"idempotency-key": "k1"}}
        first = await give(made, "bob", Role.ADMIN, **key)
        await take(made, "bob")
        second = await give(made, "bob", Role.ADMIN, **key)
        assert (second.status_code, second.json()) == (200, first.json())
        assert await members(made) == {"ada": "owner"}
        assert told(await give(made, "cat", Role.ADMIN, **key)) == (409, "idempotency_conflict")

    async def test_a_repeated_removal_is_done(self, made: Desk) -> None:
        await give(made, "bob", Role.ADMIN)
        key: dict[str, Any] = {"headers": {"idempotency-key": "k1"}}
        for _ in range(2):
            assert (await take(made, "bob", **key)).status_code == 204

    async def test_a_kept_answer_is_told_only_to_whoever_still_may(self, made: Desk) -> None:
        await give(made, "bob", Role.ADMIN)
        rest: dict[str, Any] = {"user": "bob", "headers": {"idempotency-key": "k1"}}
        assert (await give(made, "cat", Role.SUPPORT, **rest)).status_code == 200
        await take(made, "bob")
        assert told(await give(made, "cat", Role.SUPPORT, **rest)) == (403, "not_yours")

"""Organizations and their members: one commit makes both, and the last owner stays."""

import asyncio

import pytest

from aboard.core.caller import Role
from aboard.core.organization import Member, Membership, Organization, RoleChange
from aboard.store import Store
from tests.store.rows import NOW, after, run_together

HARBOUR = Organization("org_1", "Harbour", "Europe/Lisbon", NOW, "ada")
REMOVE_ALL = """
import asyncio, sys
from aboard.store import open_store

async def main(path, *users):
    store = open_store(path)
    changes = [await store.remove_member("org_1", user, by_owner=True) for user in users]
    await store.close()
    print(sum(change.is_written for change in changes))

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.fixture
async def made(store: Store) -> Store:
    assert await store.create_organization(HARBOUR, first_owner="ada")
    return store


async def roles(store: Store) -> dict[str, Role]:
    return {member.user_id: member.role for member in await store.list_members("org_1")}


class TestTheRecord:
    async def test_it_has_its_first_owner(self, made: Store) -> None:
        assert await made.find_organization("org_1") == HARBOUR
        assert list(await made.list_members("org_1")) == [Member("ada", Role.OWNER, NOW)]
        assert await made.find_member("org_1", "ada") == Member("ada", Role.OWNER, NOW)

    async def test_one_of_nobody_gets_its_owner_later_and_keeps_one(self, store: Store) -> None:
        assert await store.create_organization(HARBOUR, first_owner=None)
        assert await roles(store) == {}
        for user, role in (("bob", Role.ADMIN), ("eve", Role.OWNER)):
            await store.set_member("org_1", user, role, NOW, by_owner=True)
        assert not await _written(store.remove_member("org_1", "eve", by_owner=True))
        assert await roles(store) == {"bob": Role.ADMIN, "eve": Role.OWNER}

    async def test_an_id_is_taken_once_and_its_members_stay(self, made: Store) -> None:
        theirs = Organization("org_1", "Theirs", "UTC", after(1), "eve")
        assert not await made.create_organization(theirs, first_owner="eve")
        assert await made.find_organization("org_1") == HARBOUR
        assert await roles(made) == {"ada": Role.OWNER}

    async def test_of_many_makers_at_once_one_has_it(self, store: Store) -> None:
        answers = await asyncio.gather(
            *(
                store.create_organization(
                    Organization("org_1", "x", "UTC", NOW, f"user-{n}"), first_owner=f"user-{n}"
                )
                for n in range(20)
            )
        )
        assert answers.count(True) == 1
        assert len(await store.list_members("org_1")) == 1

    async def test_only_what_is_given_changes(self, made: Store) -> None:
        assert await made.change_organization("org_1", name="Quay")
        assert await made.change_organization("org_1", time_zone="UTC")
        found = await made.find_organization("org_1")
        assert found == Organization("org_1", "Quay", "UTC", NOW, "ada")
        assert not await made.change_organization("org_2", name="Nobody's")
        assert await made.find_organization("org_2") is None


class TestTheList:
    async def test_the_organizations_of_one_user_in_order_by_pages(self, store: Store) -> None:
        for name in ("org_3", "org_1", "org_2"):
            await store.create_organization(
                Organization(name, name, "UTC", NOW, "ada"), first_owner="ada"
            )
        await store.create_organization(
            Organization("org_4", "x", "UTC", NOW, "eve"), first_owner="eve"
        )
        await store.set_member("org_4", "ada", Role.SUPPORT, NOW, by_owner=True)
        everything = await store.list_organizations_of_user("ada")
        assert [one.organization_id for one in everything] == ["org_1", "org_2", "org_3", "org_4"]
        assert everything[3] == Membership(
            "org_4", Role.SUPPORT, Organization("org_4", "x", "UTC", NOW, "eve")
        )
        page = await store.list_organizations_of_user("ada", after="org_1", limit=2)
        assert list(page) == list(everything[1:3])
        assert list(await store.list_organizations_of_user("nobody")) == []

    async def test_the_members_in_order_by_pages(self, made: Store) -> None:
        for name in ("eve", "bob"):
            await made.set_member("org_1", name, Role.FINANCE, after(1), by_owner=False)
        everything = await made.list_members("org_1")
        assert [member.user_id for member in everything] == ["ada", "bob", "eve"]
        page = await made.list_members("org_1", after="ada", limit=1)
        assert list(page) == [Member("bob", Role.FINANCE, after(1))]


class TestRoles:
    async def test_a_member_is_added_changed_and_removed(self, made: Store) -> None:
        added = await made.set_member("org_1", "bob", Role.ADMIN, after(1), by_owner=False)
        assert added == RoleChange(None, Role.ADMIN, is_written=True)
        changed = await made.set_member("org_1", "bob", Role.SUPPORT, after(2), by_owner=False)
        assert changed == RoleChange(Role.ADMIN, Role.SUPPORT, is_written=True)
        assert await made.find_member("org_1", "bob") == Member("bob", Role.SUPPORT, after(1))
        removed = await made.remove_member("org_1", "bob", by_owner=False)
        assert removed == RoleChange(Role.SUPPORT, None, is_written=True)
        again = await made.remove_member("org_1", "bob", by_owner=False)
        assert again == RoleChange(None, None, is_written=False)

    async def test_nobody_belongs_to_what_is_not_there(self, store: Store) -> None:
        assert await store.set_member("org_9", "bob", Role.ADMIN, NOW, by_owner=True) is None
        assert await store.remove_member("org_9", "bob", by_owner=True) is None

    async def test_the_last_owner_stays(self, made: Store) -> None:
        await made.set_member("org_1", "bob", Role.ADMIN, NOW, by_owner=True)
        removed = await made.remove_member("org_1", "ada", by_owner=True)
        assert removed == RoleChange(Role.OWNER, None, is_written=False)
        lowered = await made.set_member("org_1", "ada", Role.ADMIN, NOW, by_owner=True)
        assert lowered == RoleChange(Role.OWNER, Role.ADMIN, is_written=False)
        assert await roles(made) == {"ada": Role.OWNER, "bob": Role.ADMIN}

    async def test_an_owner_elsewhere_is_no_second_owner_here(self, made: Store) -> None:
        await made.create_organization(
            Organization("org_2", "x", "UTC", NOW, "bob"), first_owner="bob"
        )
        assert not (await _written(made.remove_member("org_1", "ada", by_owner=True)))
        assert not (await _written(made.set_member("org_1", "ada", Role.ADMIN, NOW, by_owner=True)))

    async def test_an_owner_may_go_when_another_stays(self, made: Store) -> None:
        await made.set_member("org_1", "bob", Role.OWNER, NOW, by_owner=True)
        assert await _written(made.set_member("org_1", "ada", Role.ADMIN, NOW, by_owner=True))
        assert await roles(made) == {"ada": Role.ADMIN, "bob": Role.OWNER}

    async def test_whoever_is_no_owner_takes_no_owners_role(self, made: Store) -> None:
        await made.set_member("org_1", "bob", Role.OWNER, NOW, by_owner=True)
        assert not (await _written(made.remove_member("org_1", "bob", by_owner=False)))
        assert not (
            await _written(made.set_member("org_1", "bob", Role.ADMIN, NOW, by_owner=False))
        )
        assert await roles(made) == {"ada": Role.OWNER, "bob": Role.OWNER}


class TestAtOnce:
    async def test_two_owners_who_remove_each_other_leave_one(self, made: Store) -> None:
        for _ in range(20):
            for name in ("ada", "bob"):
                await made.set_member("org_1", name, Role.OWNER, NOW, by_owner=True)
            written = await asyncio.gather(
                _written(made.remove_member("org_1", "bob", by_owner=True)),
                _written(made.remove_member("org_1", "ada", by_owner=True)),
            )
            assert sorted(written) == [False, True]
            assert list((await roles(made)).values()) == [Role.OWNER]

    async def test_two_owners_who_lower_each_other_leave_one(self, made: Store) -> None:
        await made.set_member("org_1", "bob", Role.OWNER, NOW, by_owner=True)
        written = await asyncio.gather(
            *(
                _written(made.set_member("org_1", name, Role.SUPPORT, NOW, by_owner=True))
                for name in ("ada", "bob")
            )
        )
        assert sorted(written) == [False, True]
        assert sorted((await roles(made)).values()) == [Role.OWNER, Role.SUPPORT]

    async def test_also_from_several_processes(self, made: Store, database: str) -> None:
        users = ["ada", *(f"user-{n}" for n in range(30))]
        for name in users:
            await made.set_member("org_1", name, Role.OWNER, NOW, by_owner=True)
        removed = run_together(REMOVE_ALL, [database, *users], [database, *reversed(users)])
        assert sum(map(int, removed)) == len(users) - 1
        assert list((await roles(made)).values()) == [Role.OWNER]


async def _written(change: object) -> bool:
    done = await change  # type: ignore[misc] # a coroutine of either question
    assert isinstance(done, RoleChange)
    return done.is_written

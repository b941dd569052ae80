"""Who belongs where: the token first, else the store; managed by owners and admins, audited."""

import asyncio
from datetime import timedelta

import pytest

from aboard.core.caller import Caller, Role
from aboard.core.errors import (
    InputRefused,
    LastOwner,
    MemberUnknown,
    NotYours,
    OrganizationTaken,
    OwnerUnknown,
    StoreUnavailable,
)
from aboard.core.organization import Member, Membership, Organization
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.flows.members import (
    create_organization,
    get_organization_record,
    list_members,
    list_organizations,
    remove_member,
    rename_organization,
    set_member,
)
from aboard.flows.organizations import get_organization, role_in
from aboard.store import AuditEntry
from tests.scene import Scene

ADA, BOB, EVE = Caller("ada"), Caller("bob"), Caller("eve")
OPERATOR = Caller("ops", is_operator=True)
WHY = "agreed on Monday"


@pytest.fixture
async def made(scene: Scene) -> Organization:
    return await create_organization(scene.platform, ADA, name="Harbour")


async def give(
    scene: Scene, caller: Caller, made: Organization, user_id: str, role: Role
) -> Member:
    return await set_member(scene.platform, caller, made.id, user_id, role, reason=WHY)


async def take(scene: Scene, caller: Caller, made: Organization, user_id: str) -> None:
    await remove_member(scene.platform, caller, made.id, user_id, reason=WHY)


async def latest(scene: Scene) -> AuditEntry:
    return (await scene.platform.store.list_audit(limit=1))[0]


async def roles(scene: Scene, made: Organization) -> dict[str, str]:
    members = await scene.platform.store.list_members(made.id)
    return {member.user_id: member.role.value for member in members}


class TestMembership:
    async def test_the_tokens_word_comes_first(self, scene: Scene, made: Organization) -> None:
        assert await role_in(scene.platform, ADA, made.id) is Role.OWNER
        token = Caller("ada", {made.id: Role.SUPPORT})
        assert await role_in(scene.platform, token, made.id) is Role.SUPPORT
        assert await role_in(scene.platform, Caller("ada", {"org_2": Role.ADMIN}), made.id) is (
            Role.OWNER
        )
        assert await role_in(scene.platform, EVE, made.id) is None

    async def test_the_store_is_asked_only_when_nobody_else_knows(self, scene: Scene) -> None:
        await scene.platform.store.close()
        for caller in (Caller("ada", {"org_1": Role.FINANCE}), OPERATOR):
            owner = await get_organization(scene.platform, caller, "org_1", Mode.TEST, acting=False)
            assert owner == Owner(OwnerKind.ORGANIZATION, "org_1", Mode.TEST)
        with pytest.raises(StoreUnavailable):
            await get_organization(scene.platform, ADA, "org_1", Mode.TEST, acting=False)

    async def test_a_stored_role_opens_as_much_as_a_named_one(
        self, scene: Scene, made: Organization
    ) -> None:
        for role in Role:
            await give(scene, ADA, made, "bob", role)
            await get_organization(scene.platform, BOB, made.id, Mode.TEST, acting=False)
            if role.may_onboard:
                await get_organization(scene.platform, BOB, made.id, Mode.TEST, acting=True)
            else:
                with pytest.raises(NotYours):
                    await get_organization(scene.platform, BOB, made.id, Mode.TEST, acting=True)
                assert (await latest(scene)).outcome == "refused:role_too_weak"

    async def test_a_removed_member_is_out_at_once(self, scene: Scene, made: Organization) -> None:
        await give(scene, ADA, made, "bob", Role.ADMIN)
        await take(scene, ADA, made, "bob")
        with pytest.raises(NotYours):
            await get_organization(scene.platform, BOB, made.id, Mode.TEST, acting=False)

    async def test_a_stranger_learns_nothing(self, scene: Scene, made: Organization) -> None:
        outcomes = []
        for name in (made.id, "org_nowhere"):
            with pytest.raises(NotYours):
                await get_organization(scene.platform, EVE, name, Mode.TEST, acting=False)
            entry = await latest(scene)
            assert entry.owner == Owner(OwnerKind.ORGANIZATION, name, Mode.TEST)
            outcomes.append((entry.actor, entry.action, entry.outcome))
            with pytest.raises(NotYours):
                await get_organization_record(scene.platform, EVE, name)
            entry = await latest(scene)
            assert entry.details == {"organization": name}
            outcomes.append((entry.actor, entry.action, entry.outcome))
        assert set(outcomes) == {("eve", "organization.access", "refused:not_a_member")}

    async def test_an_operator_acts_under_their_own_name(
        self, scene: Scene, made: Organization
    ) -> None:
        await get_organization(scene.platform, OPERATOR, made.id, Mode.TEST, acting=False)
        assert (await latest(scene)).action == "organization.created"
        await get_organization(
            scene.platform, OPERATOR, made.id, Mode.TEST, acting=True, request_id="r1"
        )
        entry = await latest(scene)
        assert (entry.actor, entry.outcome, entry.request_id) == ("ops", "by_operator", "r1")
        member = Caller("ops", {made.id: Role.ADMIN}, is_operator=True)
        await get_organization(scene.platform, member, made.id, Mode.TEST, acting=True)
        assert await latest(scene) == entry


class TestMaking:
    async def test_its_maker_owns_it(self, scene: Scene, made: Organization) -> None:
        assert made == Organization(made.id, "Harbour", "UTC", scene.clock(), "ada")
        assert made.id.startswith("org_")
        assert await roles(scene, made) == {"ada": "owner"}
        entry = await latest(scene)
        assert (entry.actor, entry.action) == ("ada", "organization.created")
        assert entry.details["organization"] == made.id

    async def test_nobody_takes_the_id_of_an_organization_that_tokens_know(
        self, scene: Scene
    ) -> None:
        admin = Caller("eve", {"org_1": Role.ADMIN, "org_2": Role.OWNER})
        for caller in (EVE, admin):
            with pytest.raises(NotYours):
                await create_organization(
                    scene.platform, caller, name="Mine", organization_id="org_1"
                )
            assert (await latest(scene)).outcome == "refused:owners_only"
        assert await role_in(scene.platform, EVE, "org_1") is None

    async def test_its_owner_by_token_and_operators_may_choose_the_id(self, scene: Scene) -> None:
        for name, caller in (("org_1", Caller("ada", {"org_1": Role.OWNER})), ("org_2", OPERATOR)):
            made = await create_organization(
                scene.platform, caller, name=name, organization_id=name
            )
            assert (made.id, made.created_by) == (name, caller.user_id)
        with pytest.raises(OrganizationTaken):
            await create_organization(scene.platform, OPERATOR, name="x", organization_id="org_1")
        assert (await scene.platform.store.find_organization("org_1")) is not None

    async def test_a_key_leads_to_one_organization_for_a_day(self, scene: Scene) -> None:
        async def make(caller: Caller = ADA, key: str = "k") -> str:
            return (await create_organization(scene.platform, caller, name="Quay", key=key)).id

        first = await make()
        assert await make() == first
        assert len({first, await make(BOB), await make(key="l")}) == 3
        scene.clock.advance(timedelta(hours=25))
        assert await make() != first
        assert len(await scene.platform.store.list_organizations_of_user("ada")) == 3

    async def test_a_lost_answer_is_not_told_to_who_was_removed(self, scene: Scene) -> None:
        made = await create_organization(scene.platform, ADA, name="Quay", key="k")
        store = scene.platform.store
        await store.set_member(made.id, "bob", Role.OWNER, scene.clock(), by_owner=True)
        assert await store.remove_member(made.id, "ada", by_owner=True)
        with pytest.raises(NotYours):
            await create_organization(scene.platform, ADA, name="Quay", key="k")

    async def test_an_operators_belongs_to_whom_they_name_or_to_nobody(self, scene: Scene) -> None:
        for owner, members in ((None, {}), ("bob", {"bob": "owner"}), ("ops", {"ops": "owner"})):
            made = await create_organization(
                scene.platform, OPERATOR, name="Quay", owner_user_id=owner
            )
            assert made.created_by == "ops"
            assert await roles(scene, made) == members
            assert (await latest(scene)).details["owner"] == owner
        for name in ("", "a\nb", "x" * 256):
            with pytest.raises(InputRefused):
                await create_organization(scene.platform, OPERATOR, name="Quay", owner_user_id=name)

    async def test_a_chosen_id_with_a_key_bears_being_asked_twice(self, scene: Scene) -> None:
        async def make(name: str, key: str | None) -> Organization:
            return await create_organization(
                scene.platform, OPERATOR, name=name, organization_id="org_1", key=key
            )

        first = await make("Quay", "k")
        assert await make("Quay", "k") == first
        for name, key in (("Quay", None), ("Other", "k")):
            with pytest.raises(OrganizationTaken):
                await make(name, key)

    @pytest.mark.parametrize("name", ["", "  ", "x" * 201, "a\nb", "a\x00", "\u202e", "\ud800"])
    async def test_a_name_is_a_name(self, scene: Scene, name: str) -> None:
        with pytest.raises(InputRefused) as caught:
            await create_organization(scene.platform, ADA, name=name)
        assert [field for field, _ in caught.value.problems] == ["name"]

    @pytest.mark.parametrize(
        "zone", ["", "Lisbon", "europe/lisbon", "../etc/passwd", "Europe", "UTC+1", "\x00"]
    )
    async def test_a_time_zone_is_a_known_one(self, scene: Scene, zone: str) -> None:
        with pytest.raises(InputRefused) as caught:
            await create_organization(scene.platform, ADA, name="x", time_zone=zone)
        assert [field for field, _ in caught.value.problems] == ["timeZone"]

    @pytest.mark.parametrize("zone", ["UTC", "Europe/Lisbon", "America/Argentina/Salta"])
    async def test_known_time_zones(self, scene: Scene, zone: str) -> None:
        made = await create_organization(scene.platform, ADA, name="x", time_zone=zone)
        assert made.time_zone == zone


class TestReadingAndChanging:
    async def test_by_token_alone_there_is_no_record(self, scene: Scene) -> None:
        token = Caller("ada", {"org_9": Role.SUPPORT})
        found = await get_organization_record(scene.platform, token, "org_9")
        assert found == Membership("org_9", Role.SUPPORT, None)
        with pytest.raises(OwnerUnknown):
            await get_organization_record(scene.platform, OPERATOR, "org_9")

    async def test_the_list_is_of_token_and_store(self, scene: Scene) -> None:
        for name in ("org_b", "org_d"):
            await create_organization(
                scene.platform, OPERATOR, name=name, organization_id=name, owner_user_id="ops"
            )
        token = Caller("ops", {"org_a": Role.ADMIN, "org_b": Role.SUPPORT, "org_c": Role.FINANCE})
        found = await list_organizations(scene.platform, token)
        assert [(one.organization_id, one.role.value) for one in found] == [
            ("org_a", "admin"),
            ("org_b", "support"),
            ("org_c", "finance"),
            ("org_d", "owner"),
        ]
        assert [one.organization is None for one in found] == [True, False, True, False]
        for after in ("", *(one.organization_id for one in found)):
            page = await list_organizations(scene.platform, token, after=after, limit=2)
            assert list(page) == [one for one in found if one.organization_id > after][:2]

    async def test_managers_change_it(self, scene: Scene, made: Organization) -> None:
        changed = await rename_organization(scene.platform, ADA, made.id, name="Quay")
        assert changed.organization is not None
        assert (changed.organization.name, changed.organization.time_zone) == ("Quay", "UTC")
        entry = await latest(scene)
        assert (entry.action, entry.details["name"]) == ("organization.changed", "Quay")
        for name, zone in ((None, None), ("", None), (None, "Nowhere")):
            with pytest.raises(InputRefused):
                await rename_organization(scene.platform, ADA, made.id, name=name, time_zone=zone)
        await give(scene, ADA, made, "bob", Role.FINANCE)
        with pytest.raises(NotYours):
            await rename_organization(scene.platform, BOB, made.id, name="Mine")
        token = Caller("ada", {"org_9": Role.OWNER})
        with pytest.raises(OwnerUnknown):
            await rename_organization(scene.platform, token, "org_9", name="Quay")


class TestRoles:
    async def test_each_change_is_audited_with_who_whom_from_to_and_why(
        self, scene: Scene, made: Organization
    ) -> None:
        told = {"organization": made.id, "member": "bob", "reason": WHY}
        member = await give(scene, ADA, made, "bob", Role.ADMIN)
        assert member == Member("bob", Role.ADMIN, scene.clock())
        assert (await latest(scene)).details == {**told, "from": None, "to": "admin"}
        await give(scene, ADA, made, "bob", Role.SUPPORT)
        assert (await latest(scene)).details == {**told, "from": "admin", "to": "support"}
        await take(scene, OPERATOR, made, "bob")
        entry = await latest(scene)
        assert entry.details == {**told, "from": "support", "to": None}
        assert (entry.actor, entry.action, entry.outcome) == ("ops", "member.role", "changed")

    async def test_the_same_role_again_is_no_change(self, scene: Scene, made: Organization) -> None:
        await give(scene, ADA, made, "bob", Role.ADMIN)
        before = await scene.platform.store.list_audit()
        await give(scene, ADA, made, "bob", Role.ADMIN)
        assert await scene.platform.store.list_audit() == before

    async def test_admins_manage_everybody_but_owners(
        self, scene: Scene, made: Organization
    ) -> None:
        await give(scene, ADA, made, "bob", Role.ADMIN)
        await give(scene, BOB, made, "cat", Role.FINANCE)
        await take(scene, BOB, made, "cat")
        refused = [
            give(scene, BOB, made, "cat", Role.OWNER),
            give(scene, BOB, made, "bob", Role.OWNER),
            give(scene, BOB, made, "ada", Role.ADMIN),
            take(scene, BOB, made, "ada"),
        ]
        for attempt in refused:
            with pytest.raises(NotYours):
                await attempt
            assert (await latest(scene)).outcome == "refused:owners_only"
        assert await roles(scene, made) == {"ada": "owner", "bob": "admin"}

    async def test_the_weak_and_strangers_manage_nobody(
        self, scene: Scene, made: Organization
    ) -> None:
        for role in (Role.FINANCE, Role.SUPPORT):
            await give(scene, ADA, made, "bob", role)
            for attempt in (give(scene, BOB, made, "cat", role), take(scene, BOB, made, "bob")):
                with pytest.raises(NotYours):
                    await attempt
            assert await list_members(scene.platform, BOB, made.id)
        for attempt in (give(scene, EVE, made, "eve", Role.OWNER), take(scene, EVE, made, "ada")):
            with pytest.raises(NotYours):
                await attempt
        with pytest.raises(NotYours):
            await list_members(scene.platform, EVE, made.id)

    async def test_the_last_owner_stays_also_for_operators(
        self, scene: Scene, made: Organization
    ) -> None:
        for caller in (ADA, OPERATOR):
            for attempt in (
                give(scene, caller, made, "ada", Role.ADMIN),
                take(scene, caller, made, "ada"),
            ):
                with pytest.raises(LastOwner):
                    await attempt
        await give(scene, OPERATOR, made, "bob", Role.OWNER)
        await take(scene, OPERATOR, made, "ada")
        assert await roles(scene, made) == {"bob": "owner"}

    async def test_two_owners_who_remove_each_other_at_once_leave_one(
        self, scene: Scene, made: Organization
    ) -> None:
        await give(scene, ADA, made, "bob", Role.OWNER)
        outcomes = await asyncio.gather(
            take(scene, ADA, made, "bob"), take(scene, BOB, made, "ada"), return_exceptions=True
        )
        assert set(map(type, outcomes)) == {LastOwner, type(None)}
        assert list((await roles(scene, made)).values()) == ["owner"]

    async def test_who_is_not_there_cannot_be_removed(
        self, scene: Scene, made: Organization
    ) -> None:
        with pytest.raises(MemberUnknown):
            await take(scene, ADA, made, "nobody")
        elsewhere = Organization("org_9", "", "", scene.clock(), "")
        token = Caller("ada", {"org_9": Role.OWNER})
        for attempt in (give(scene, token, elsewhere, "x", Role.ADMIN),):
            with pytest.raises(OwnerUnknown):
                await attempt
        with pytest.raises(OwnerUnknown):
            await take(scene, token, elsewhere, "x")

    @pytest.mark.parametrize("user_id", ["", "x" * 256, "a\nb", "\x7f"])
    async def test_a_user_who_could_never_sign_in(
        self, scene: Scene, made: Organization, user_id: str
    ) -> None:
        for attempt in (
            give(scene, ADA, made, user_id, Role.ADMIN),
            take(scene, ADA, made, user_id),
        ):
            with pytest.raises(InputRefused) as caught:
                await attempt
            assert [field for field, _ in caught.value.problems] == ["userId"]

    @pytest.mark.parametrize("reason", ["", "   ", "x" * 501, "a\nb"])
    async def test_a_reason_is_a_reason(
        self, scene: Scene, made: Organization, reason: str
    ) -> None:
        with pytest.raises(InputRefused) as caught:
            await set_member(scene.platform, ADA, made.id, "bob", Role.ADMIN, reason=reason)
        assert [field for field, _ in caught.value.problems] == ["reason"]

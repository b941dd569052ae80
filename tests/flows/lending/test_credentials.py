"""The key that is lent is the right one, opens only where it belongs, and is seen nowhere else."""

import asyncio
from dataclasses import replace

import pytest

from aboard.core.errors import InputRefused
from aboard.core.lending.master_keys import MasterKeys
from aboard.core.lending.refusals import CallRefused, RefusalCode
from aboard.core.owner import Mode
from aboard.core.secret import Secret
from aboard.flows.lending.caller_terms import CallerTerms
from aboard.flows.lending.credentials import (
    CredentialUnknown,
    NoMasterKeys,
    find_closed,
    lend_key,
    list_credentials,
    remove_credential,
    rewrap_credentials,
    set_credential,
)
from aboard.flows.lending_terms import LendingMemory
from aboard.flows.platform import Platform
from tests.flows.lending.lending import LIVE, NEXT, OPERATOR, RAW, RESTRICTED, borrow, lending
from tests.leaks import SecretsInPlay
from tests.scene import KEY, Scene
from tests.store.hand import hand_on_file, hand_on_server

pytestmark = pytest.mark.both
BOTH = MasterKeys.parse([f"k2:{RAW['k2']}", f"k1:{RAW['k1']}"])
SECOND = MasterKeys.parse([f"k2:{RAW['k2']}"])
OTHER_K1 = MasterKeys.parse([f"k1:{RAW['k2']}"])


@pytest.fixture(autouse=True)
def watched(secrets_in_play: SecretsInPlay) -> None:
    for secret in (RESTRICTED, NEXT, LIVE):
        secrets_in_play.add(secret.reveal().rpartition("_")[2])
    for raw in RAW.values():
        secrets_in_play.add(raw)


async def code_of(platform: Platform, name: str = "shop", **changes: object) -> RefusalCode:
    borrower = await borrow(platform, CallerTerms(**changes), name=name)  # type: ignore[arg-type]  # any term
    with pytest.raises(CallRefused) as caught:
        await lend_key(platform, borrower)
    return caught.value.code


class TestOrder:
    async def test_named_then_current_then_the_settings(self, scene: Scene) -> None:
        platform = lending(scene.platform)
        plain = await borrow(platform)
        named = await borrow(platform, CallerTerms(credential="payouts"), name="named")
        assert await lend_key(platform, plain) == Secret(KEY)
        with pytest.raises(CallRefused):
            await lend_key(platform, named)
        await set_credential(platform, OPERATOR, Mode.TEST, RESTRICTED)
        assert (await lend_key(platform, plain)).reveal() == RESTRICTED.reveal()
        with pytest.raises(CallRefused):
            await lend_key(platform, named)
        await set_credential(platform, OPERATOR, Mode.TEST, NEXT, name="payouts")
        assert (await lend_key(platform, named)).reveal() == NEXT.reveal()
        assert (await lend_key(platform, plain)).reveal() == RESTRICTED.reveal()
        await remove_credential(platform, OPERATOR, Mode.TEST)
        assert await lend_key(platform, plain) == Secret(KEY)

    async def test_a_mode_without_a_key_lends_none(self, scene: Scene) -> None:
        platform = lending(scene.platform)
        live = await borrow(platform, mode=Mode.LIVE)
        with pytest.raises(CallRefused) as caught:
            await lend_key(platform, live)
        assert caught.value.code is RefusalCode.MODE_NOT_CONFIGURED
        await set_credential(platform, OPERATOR, Mode.TEST, RESTRICTED)
        with pytest.raises(CallRefused):
            await lend_key(platform, live)
        await set_credential(platform, OPERATOR, Mode.LIVE, LIVE)
        assert (await lend_key(platform, live)).reveal() == LIVE.reveal()

    async def test_without_the_store_nothing_is_lent(self, scene: Scene) -> None:
        platform = lending(scene.platform)
        borrower = await borrow(platform)
        await platform.store.close()
        with pytest.raises(CallRefused) as caught:
            await lend_key(platform, borrower)
        assert caught.value.code is RefusalCode.STORE_UNAVAILABLE


class TestKeeping:
    @pytest.mark.parametrize(
        "word",
        [
            "",
            "sk_live_aboardlendingwordsaboard",
            "pk_test_aboardlendingwordsaboard",
            "whsec_aboardlendingwordsaboard",
            "sk_test_",
            "sk_test_words words words",
            "sk_test_words\n",
            "sk_test_wörds_wörds",
            "aboard_test_" + "a" * 43,
            "sk_test_" + "a" * 600,
        ],
    )
    async def test_what_is_no_key_of_the_mode_is_refused_and_not_shown(
        self, scene: Scene, word: str
    ) -> None:
        platform = lending(scene.platform)
        with pytest.raises(InputRefused) as caught:
            await set_credential(platform, OPERATOR, Mode.TEST, Secret(word))
        [(field, told)] = caught.value.problems
        assert field == "key"
        assert not word or word[8:] == "" or word[8:] not in told

    @pytest.mark.parametrize("name", ["", "Default", "a b", "x" * 33, "../x", "ä"])
    async def test_a_name_is_a_short_word(self, scene: Scene, name: str) -> None:
        platform = lending(scene.platform)
        with pytest.raises(InputRefused) as caught:
            await set_credential(platform, OPERATOR, Mode.TEST, RESTRICTED, name=name)
        assert caught.value.problems[0][0] == "name"

    async def test_without_master_keys_nothing_is_kept(self, scene: Scene) -> None:
        platform = lending(scene.platform, master_keys=None)
        with pytest.raises(NoMasterKeys):
            await set_credential(platform, OPERATOR, Mode.TEST, RESTRICTED)
        with pytest.raises(NoMasterKeys):
            await rewrap_credentials(platform, OPERATOR)

    async def test_what_is_listed_tells_kind_and_end_and_never_the_key(self, scene: Scene) -> None:
        platform = lending(scene.platform)
        await set_credential(platform, OPERATOR, Mode.TEST, RESTRICTED)
        [kept] = await list_credentials(platform)
        assert (kept.is_restricted, kept.hint, kept.generation) == (True, "ding", 1)
        assert RESTRICTED.reveal() not in repr(kept)
        short = await set_credential(platform, OPERATOR, Mode.TEST, Secret("sk_test_shortish"))
        assert (short.is_restricted, short.hint, short.generation) == (False, "", 2)

    async def test_what_is_not_there_is_not_removed(self, scene: Scene) -> None:
        platform = lending(scene.platform)
        with pytest.raises(CredentialUnknown):
            await remove_credential(platform, OPERATOR, Mode.LIVE)

    async def test_everything_done_is_audited(self, scene: Scene) -> None:
        platform = lending(scene.platform)
        await set_credential(platform, OPERATOR, Mode.TEST, RESTRICTED)
        await set_credential(platform, OPERATOR, Mode.TEST, NEXT)
        await rewrap_credentials(lending(platform, master_keys=BOTH), OPERATOR)
        await remove_credential(platform, OPERATOR, Mode.TEST)
        rows = await platform.store.list_audit(action="gateway.credential")
        assert [row.outcome for row in rows] == ["removed", "rewrapped", "replaced", "set"]
        assert {row.actor for row in rows} == {"ops"}


class TestRotation:
    async def test_a_key_is_replaced_while_calls_run(self, scene: Scene) -> None:
        """Every call is lent the key before or the key after, never none and never another."""
        later = MasterKeys.parse([f"k1:{RAW['k1']}", f"k2:{RAW['k2']}"])
        memory = LendingMemory(seconds=0.005)
        platform = lending(scene.platform, memory=memory, master_keys=later)
        borrower = await borrow(platform)
        await set_credential(platform, OPERATOR, Mode.TEST, RESTRICTED)
        lent: list[str] = []
        is_over = asyncio.Event()

        async def call() -> None:
            while not is_over.is_set():
                lent.append((await lend_key(platform, borrower)).reveal())
                await asyncio.sleep(0.001)

        callers = [asyncio.create_task(call()) for _ in range(8)]
        await asyncio.sleep(0.05)
        for key in (NEXT, RESTRICTED, NEXT):
            await set_credential(platform, OPERATOR, Mode.TEST, key)
            await asyncio.sleep(0.02)
        await rewrap_credentials(lending(platform, master_keys=BOTH), OPERATOR)
        is_over.set()
        await asyncio.gather(*callers)
        assert set(lent) == {RESTRICTED.reveal(), NEXT.reveal()}
        assert lent[0] == RESTRICTED.reveal()
        assert lent[-1] == NEXT.reveal()
        [kept] = await list_credentials(platform)
        assert kept.generation == 4

    async def test_many_who_replace_it_at_once_are_one_after_another(self, scene: Scene) -> None:
        platform = lending(scene.platform)
        keys = [Secret(f"rk_test_manykeysatonce{number:016}") for number in range(6)]
        await asyncio.gather(*(set_credential(platform, OPERATOR, Mode.TEST, key) for key in keys))
        [kept] = await list_credentials(platform)
        assert kept.generation == 6
        lent = await lend_key(platform, await borrow(platform))
        assert lent.reveal() in {key.reveal() for key in keys}

    async def test_another_process_lends_the_new_key_within_a_second(self, scene: Scene) -> None:
        elsewhere = lending(scene.platform, memory=LendingMemory())
        here = lending(scene.platform)
        borrower = await borrow(here)
        await set_credential(here, OPERATOR, Mode.TEST, RESTRICTED)
        await lend_key(elsewhere, borrower)
        await set_credential(here, OPERATOR, Mode.TEST, NEXT)
        assert (await lend_key(elsewhere, borrower)).reveal() == RESTRICTED.reveal()
        await asyncio.sleep(0.55)
        assert (await lend_key(elsewhere, borrower)).reveal() == NEXT.reveal()

    async def test_a_master_key_is_changed_without_a_gap(self, scene: Scene) -> None:
        first = lending(scene.platform)
        borrower = await borrow(first)
        await set_credential(first, OPERATOR, Mode.TEST, RESTRICTED)
        await set_credential(first, OPERATOR, Mode.LIVE, LIVE)
        both, second = lending(first, master_keys=BOTH), lending(first, master_keys=SECOND)
        assert (await lend_key(both, borrower)).reveal() == RESTRICTED.reveal()
        assert len(await find_closed(second)) == 2
        moved = await rewrap_credentials(both, OPERATOR)
        assert [each.cause for each in moved] == [None, None]
        assert await rewrap_credentials(both, OPERATOR) == []
        for platform in (both, second):
            assert (await lend_key(platform, borrower)).reveal() == RESTRICTED.reveal()
            assert await find_closed(platform) == []
        assert {each.generation for each in await list_credentials(second)} == {1}
        assert [each.cause for each in await find_closed(first)] == ["key_missing"] * 2


class TestWhatDoesNotOpen:
    @pytest.mark.parametrize("masters", [None, SECOND, OTHER_K1])
    async def test_the_wrong_master_key_opens_nothing_and_nothing_else_is_lent(
        self, scene: Scene, masters: MasterKeys | None
    ) -> None:
        await set_credential(lending(scene.platform), OPERATOR, Mode.TEST, RESTRICTED)
        wrong = lending(scene.platform, master_keys=masters)
        assert await code_of(wrong) is RefusalCode.CREDENTIAL_UNREADABLE
        [closed] = await find_closed(wrong)
        assert closed.cause == ("forged" if masters is OTHER_K1 else "key_missing")
        assert wrong.journal.counts["credential.unreadable"] == 1

    async def test_what_does_not_open_is_not_rewrapped_and_the_others_are(
        self, scene: Scene, database: str, request: pytest.FixtureRequest
    ) -> None:
        platform = lending(scene.platform)
        await set_credential(platform, OPERATOR, Mode.TEST, RESTRICTED)
        await set_credential(platform, OPERATOR, Mode.TEST, NEXT, name="other")
        hand = (
            hand_on_server(request.getfixturevalue("postgres"))
            if database.startswith("postgresql")
            else hand_on_file(database)
        )
        hand("UPDATE gateway_credentials SET generation = 7 WHERE name = 'default'")
        moved = await rewrap_credentials(lending(platform, master_keys=BOTH), OPERATOR)
        assert {(each.credential.name, each.cause) for each in moved} == {
            ("default", "forged"),
            ("other", None),
        }

    @pytest.mark.parametrize(
        "spoil",
        [
            "UPDATE gateway_credentials SET generation = generation + 1",
            "UPDATE gateway_credentials SET id = 'gwk_other'",
            "UPDATE gateway_credentials SET mode = 'live'",
            "UPDATE gateway_credentials SET envelope = ''",
            "UPDATE gateway_credentials SET envelope = replace(envelope, 'a1.', 'a2.')",
            "UPDATE gateway_credentials SET envelope = envelope || 'A'",
            "UPDATE gateway_credentials SET envelope = replace(envelope, '.k1.', '.k2.')",
        ],
    )
    async def test_a_row_that_was_touched_opens_nothing(
        self, scene: Scene, database: str, request: pytest.FixtureRequest, spoil: str
    ) -> None:
        platform = lending(scene.platform, master_keys=BOTH)
        first = lending(scene.platform)
        await set_credential(first, OPERATOR, Mode.TEST, RESTRICTED)
        hand = (
            hand_on_server(request.getfixturevalue("postgres"))
            if database.startswith("postgresql")
            else hand_on_file(database)
        )
        hand(f"{spoil} RETURNING 1")
        mode = Mode.LIVE if "'live'" in spoil else Mode.TEST
        borrower = await borrow(platform, mode=mode)
        with pytest.raises(CallRefused) as caught:
            await lend_key(platform, borrower)
        assert caught.value.code is RefusalCode.CREDENTIAL_UNREADABLE

    async def test_one_rows_envelope_opens_nothing_in_another(self, scene: Scene) -> None:
        platform = lending(scene.platform)
        await set_credential(platform, OPERATOR, Mode.TEST, RESTRICTED)
        await set_credential(platform, OPERATOR, Mode.TEST, NEXT, name="other")
        default, other = await list_credentials(platform)
        audit = (await platform.store.list_audit())[0]
        assert await platform.store.replace_credential(
            default, replace(default, generation=2, envelope=other.envelope), audit
        )
        assert await code_of(platform) is RefusalCode.CREDENTIAL_UNREADABLE

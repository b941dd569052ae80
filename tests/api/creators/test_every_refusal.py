"""Is every refusal that the description and the pages tell really answered so?

Each row of each operation is provoked over HTTP and compared with its example.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from typing import Any

import httpx2
import msgspec
import pytest

from aboard.api.application import CallLimits
from aboard.api.creators.examples import SHOWCASE
from aboard.api.showing import Refusal
from aboard.core.kyc import KycMethod, KycPolicy
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.flows.claim import creation_claim
from aboard.flows.platform import Switches
from tests.api.asking import CONNECT, CREATORS, Desk
from tests.api.conftest import OpenDesk

ROWS = [(name, row) for name, one in SHOWCASE.operations.items() for row in one.refusals]
OPERATORS = {"listPendingKyc", "decideKyc"}
OFF = {
    "features.creator_upgrade_disabled": Switches(creator_upgrade=False),
    "features.kyc_disabled": Switches(kyc=False),
    "features.onboarding_disabled": Switches(onboarding=False),
    "features.live_mode_disabled": Switches(live=False),
}
# Ada's account is active, Bob is no creator, Cleo has no account, Dan's is incomplete.
WHO = {
    "creator.stripe.not_creator": "bob",
    "error.creator.not_found": "bob",
    "creator.stripe.account_not_found": "cleo",
    "creator.stripe.connect_in_progress": "cleo",
    "creator.stripe.not_active": "dan",
}


class BrokenStore:
    """A store that fails with a text that must not get out, whatever it is asked."""

    def __getattr__(self, name: str) -> object:
        raise RuntimeError(f"{name} words")


# Without a platform that asks who a creator is, there is nothing to begin.
_CHECKED = {"kyc": KycPolicy(KycMethod.MANUAL)}
CHANGES: dict[str, dict[str, Any]] = {
    "error.internal": {"store": BrokenStore()},
    "creator.stripe.service_unavailable": {"stripe": {}},
    "creator.stripe.kyc_required": _CHECKED,
    "creator.kyc.already_running": _CHECKED,
    "creator.kyc.not_decidable": _CHECKED,
}
MOODS = {"creator.stripe.unavailable": "away", "creator.stripe.refused": "400"}


@dataclass
class Trouble:
    """Four people, and a way to bring about each refusal."""

    desk: Desk
    open_desk: OpenDesk
    held: AsyncExitStack
    accounts: dict[str, str] = field(default_factory=dict)

    async def settle(self) -> None:
        """Let each get as far as they are."""
        for user in ("ada", "cleo", "dan"):
            answer = await self.desk.ask("POST", f"{CREATORS}/upgrade", user=user)
            assert answer.status_code == 201
        for user in ("ada", "dan"):
            answer = await self.desk.ask("POST", f"{CONNECT}/initiate", user=user)
            self.accounts[user] = answer.json()["data"]["accountId"]
        await self.desk.scene.complete(self.accounts["ada"])
        assert (await self.desk.ask("GET", f"{CONNECT}/status")).status_code == 200

    async def changed(self, **changes: Any) -> Desk:  # noqa: ANN401 - any field of Platform
        return await self.open_desk(replace(self.desk.scene.platform, **changes))

    async def provoke(self, operation: str, row: Refusal) -> httpx2.Response:
        """Bring it about, and ask."""
        method, path = await self.place_of(operation)
        desk, user = await self.prepare(operation, row), WHO.get(row.key, "ada")
        if row.key == "creator.stripe.account_not_found" and path.endswith("/initiate"):
            user = "ada"
            await desk.scene.control(self.accounts[user], "deauthorize")
        content, kind = self.body_of(operation, row)
        return await desk.ask(
            method,
            path.replace("{creatorId}", user),
            user=None if row.status == 401 else user,
            is_operator=operation in OPERATORS and row.status != 403,
            content=content,
            headers={"content-type": kind} if content else {},
        )

    def body_of(self, operation: str, row: Refusal) -> tuple[bytes | None, str]:
        """Return what is sent: what the operation asks for, or what it refuses."""
        asked = SHOWCASE.operations[operation].body
        if row.key != "error.validation_failed":
            return (None if asked is None else msgspec.json.encode(asked)), "application/json"
        wrong = {400: b'{"unknown": 1}' if asked else b"{}", 413: b"x" * 70_000, 415: b"{}"}
        return wrong[row.status], "text/plain" if row.status == 415 else "application/json"

    async def prepare(self, operation: str, row: Refusal) -> Desk:
        """Return a desk where this happens, and make it happen as far as it is no call's doing."""
        scene, key = self.desk.scene, row.key
        scene.road.mood = [MOODS[key]] * 9 if key in MOODS else []
        if key in OFF:
            mode = Mode.LIVE if "live" in key else Mode.TEST
            plan = replace(scene.platform.creator, mode=mode)
            return await self.changed(creator=plan, switches=OFF[key])
        if key in CHANGES:
            changed = await self.changed(**CHANGES[key])
            if key == "creator.kyc.already_running":
                await changed.ask("POST", f"{CREATORS}/kyc/start")
            return changed
        if key == "error.rate_limited":
            strict = await self.open_desk(limits=CallLimits(creators=1))
            method, path = await self.place_of(operation)
            for _ in range(12):  # no operation takes more, where others take one
                await strict.ask(method, path)
            return strict
        if key == "error.unavailable":
            await scene.platform.store.close()
        if key == "creator.stripe.connect_in_progress":
            cleo = Owner(OwnerKind.CREATOR, "cleo", Mode.TEST)
            account = await scene.platform.store.reserve_account(cleo, scene.clock())
            await self.held.enter_async_context(creation_claim(scene.platform, account))
        return self.desk

    async def place_of(self, operation: str) -> tuple[str, str]:
        """Return method and path of an operation, as the description says them."""
        description = (await self.desk.ask("GET", "/openapi.json", user=None)).json()
        return next(
            (method.upper(), path)
            for path, methods in description["paths"].items()
            for method, each in methods.items()
            if each["operationId"] == operation
        )


@pytest.fixture
async def trouble(desk: Desk, open_desk: OpenDesk) -> AsyncIterator[Trouble]:
    async with AsyncExitStack() as held:
        built = Trouble(desk, open_desk, held)
        await built.settle()
        yield built


def shape(error: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a refusal does not depend on the moment."""
    return {
        "code": error["code"],
        "i18nKey": error["i18nKey"],
        "i18nVars": sorted(error["i18nVars"]),
        "details": [detail.get("field") for detail in error["details"]][:1],
        "names": sorted(error),
    }


@pytest.mark.parametrize(
    ("operation", "row"), ROWS, ids=[f"{name}-{row.status}-{row.key}" for name, row in ROWS]
)
async def test_it_is_answered_as_it_is_told(trouble: Trouble, operation: str, row: Refusal) -> None:
    answer = await trouble.provoke(operation, row)
    description = (await trouble.desk.ask("GET", "/openapi.json", user=None)).json()
    told = next(
        each["responses"]
        for methods in description["paths"].values()
        for each in methods.values()
        if each["operationId"] == operation
    )[str(row.status)]
    example = told["content"]["application/json"]["examples"][row.key]
    assert (answer.status_code, answer.json()["error"]["i18nKey"]) == (row.status, row.key)
    expected = shape(example["value"]["error"])
    if row.key == "creator.stripe.refused":  # Stripe names a parameter, or none
        expected["details"] = [None]
    assert shape(answer.json()["error"]) == expected
    assert {name.lower() for name in told["headers"]} - set(answer.headers) == set()
    assert row.when in example["summary"] or "](" in row.when
    assert "words" not in answer.text


@pytest.mark.parametrize("operation", sorted(SHOWCASE.operations))
def test_each_operation_is_told_whole(operation: str) -> None:
    one = SHOWCASE.operations[operation]
    assert one.page
    assert one.effects
    assert {row.status for row in one.refusals} >= {401, 429, 500, 503}
    assert len({(row.status, row.key) for row in one.refusals}) == len(one.refusals)
    for row in one.refusals:
        assert row.when.endswith(".")
        assert row.remedy.endswith(".")

"""Creators before a counter: every operation by name, and answers in and out of their envelope."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from aboard.core.kyc import KycMethod, KycPolicy, KycProvider
from aboard.core.secret import Secret
from aboard.flows.platform import Platform
from tests.api.asking import CONNECT, CREATORS, Desk
from tests.scene import Scene

LIVE_KEY = "sk_" + "live_aboard_flows"
SECRET = "whsec_" + "d29yZHMgYW5kIG1vcmUgd29yZHMgYW5kIG1vcmU="


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation, with a good body where it takes one, and how many calls an hour it takes."""

    method: str
    path: str
    limit: int
    status: int
    body: Mapping[str, object] | None = None
    may_be_empty: bool = False
    has_mode: bool = True
    is_for_operators: bool = False
    no_profile: str | None = "creator.stripe.not_creator"


OPERATIONS = {
    "upgrade": Operation(
        "POST", f"{CREATORS}/upgrade", 30, 201, {"displayName": "Ada"}, True, False, no_profile=None
    ),
    "profile": Operation("GET", f"{CREATORS}/profile", 120, 200),
    "change": Operation("PATCH", f"{CREATORS}/profile", 30, 200, {"bio": "Paints."}),
    "payout-settings": Operation("GET", f"{CREATORS}/payout-settings", 120, 200),
    "initiate": Operation("POST", f"{CONNECT}/initiate", 10, 201),
    "refresh-link": Operation("POST", f"{CONNECT}/refresh-link", 10, 200),
    "status": Operation("GET", f"{CONNECT}/status", 10, 200),
    "dashboard-link": Operation("POST", f"{CONNECT}/dashboard-link", 10, 200),
    "kyc-start": Operation(
        "POST",
        f"{CREATORS}/kyc/start",
        5,
        201,
        has_mode=False,
        no_profile="error.creator.not_found",
    ),
    "kyc-status": Operation(
        "GET",
        f"{CREATORS}/kyc/status",
        120,
        200,
        has_mode=False,
        no_profile="error.creator.not_found",
    ),
    "kyc-pending": Operation(
        "GET",
        f"{CREATORS}/kyc/pending",
        120,
        200,
        has_mode=False,
        is_for_operators=True,
        no_profile=None,
    ),
    "kyc-decision": Operation(
        "POST",
        f"{CREATORS}/ada/kyc/decision",
        120,
        200,
        {"decision": "APPROVED"},
        has_mode=False,
        is_for_operators=True,
        no_profile="error.creator.not_found",
    ),
}


async def ask(desk: Desk, name: str, query: str = "", **rest: Any) -> httpx2.Response:  # noqa: ANN401 - passed on
    """Ask one operation as Ada, or as an operator where only they may, with its good body."""
    one = OPERATIONS[name]
    if one.body is not None and not rest.keys() & {"json", "content"}:
        rest["json"] = one.body
    if one.is_for_operators:
        rest.setdefault("is_operator", True)
    return await desk.ask(one.method, f"{one.path}{query}", **rest)


def data(answer: httpx2.Response, status: int) -> Mapping[str, Any]:
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert (body.keys(), body["success"]) == ({"success", "data"}, True)
    content: Mapping[str, Any] = body["data"]
    return content


def refusal(answer: httpx2.Response, status: int, key: str, code: str | None = None) -> Any:  # noqa: ANN401 - JSON
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert (body.keys(), body["success"]) == ({"success", "error"}, False)
    error = body["error"]
    assert error.keys() == {"code", "message", "i18nKey", "i18nVars", "details", "correlationId"}
    assert (error["i18nKey"], error["code"]) == (key, code or key)
    assert error["correlationId"] == answer.headers["x-request-id"]
    assert error["message"]
    return error


def manual(scene: Scene, **changes: Any) -> Platform:  # noqa: ANN401 - any field of Platform
    """Return the platform with operators who decide who creators are."""
    return scene.with_changes(**{"kyc": KycPolicy(KycMethod.MANUAL), **changes})


def provided(scene: Scene, **changes: Any) -> Platform:  # noqa: ANN401 - any field of Platform
    """Return the platform with a provider who decides it."""
    provider = KycProvider("idcheck", "https://id.example/go/{sessionId}", (Secret(SECRET),))
    policy = KycPolicy(KycMethod.WEBHOOK)
    return scene.with_changes(**{"kyc": policy, "kyc_provider": provider, **changes})


def rows(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table but the audit, as the file has them."""
    with closing(sqlite3.connect(folder / "aboard.sqlite3")) as beside:
        names = beside.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: beside.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608 - our own tables
            for (name,) in names
            if name not in {"audit", "sqlite_sequence"}
        }

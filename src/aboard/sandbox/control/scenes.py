"""How does an account in a certain state come into being? Scenarios, by name."""

from typing import Any

from aboard.sandbox.call import Call
from aboard.sandbox.control.desk import (
    WORLD,
    Answer,
    Visitor,
    find_account,
    show_account,
    the_world,
)
from aboard.sandbox.scenarios import SCENARIOS
from aboard.sandbox.v1 import account_params, accounts
from aboard.sandbox.wire.errors import StripeError, bad, no_such
from aboard.sandbox.wire.params import Kind

CREATE_KINDS: dict[str, Kind] = {**WORLD, **account_params.CREATE.kinds}
_BOTH = {"card_payments": {"requested": True}, "transfers": {"requested": True}}


def make(visitor: Visitor) -> Answer:
    """Make an account in a state; takes what POST /v1/accounts takes. By default Express, US."""
    name = visitor.ids[0] if visitor.ids else visitor.params["scenario"]
    if name not in SCENARIOS:
        raise no_such("scenario", name, "scenario", is_in_path=True)
    world = the_world(visitor)
    given: dict[str, Any] = {
        key: value
        for key, value in visitor.params.items()
        if key not in {*WORLD, "expand", "scenario"}
    }
    if not given.keys() & {"type", "controller"}:
        given["type"] = "express"
    given.setdefault("country", "US")
    if name != "fresh":
        given.setdefault("business_type", "individual")
    if not _has_full_dashboard(given):
        given.setdefault("capabilities", _BOTH)
    made = accounts.create(Call(world, visitor.origin, "/v1/accounts", params=given))
    account = world.accounts.get(made["id"])
    if account is None:
        raise StripeError("The account vanished while it was made.")
    SCENARIOS[name](world, account)
    return show_account(world, account)


def _has_full_dashboard(given: dict[str, Any]) -> bool:
    """Say whether an account will get its capabilities by its country alone."""
    controller = given.get("controller")
    if controller is None:
        return given.get("type") == "standard"
    dashboard = (controller.get("stripe_dashboard") or {}).get("type")
    return dashboard in {None, "full"}


def move(visitor: Visitor) -> Answer:
    """Bring an account into the state of a scenario."""
    world, account = find_account(visitor, visitor.ids[0])
    name = visitor.params["scenario"]
    if name == "fresh":
        raise bad("An account cannot become fresh again: make another one.", "scenario")
    if account.deauthorised_at is not None:
        raise bad("The account is disconnected, and stays so.", "scenario")
    if account.rejected is not None and name != "rejected":
        raise bad("The account is rejected, and stays so.", "scenario")
    SCENARIOS[name](world, account)
    return show_account(world, account)


def show_scenarios(_visitor: Visitor) -> Answer:
    """List the scenarios."""
    rows = [
        {"object": "scenario", "name": name, "description": (do.__doc__ or "").strip()}
        for name, do in SCENARIOS.items()
    ]
    return {"object": "list", "data": rows, "has_more": False}

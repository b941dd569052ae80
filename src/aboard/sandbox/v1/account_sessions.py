"""Account sessions: client secrets for embedded components.

Order of refusals: parameters, then the account, then features that its controller forbids.

Source: Stripe's API reference, "Account Sessions", API version 2026-10-28.
"""

from collections.abc import Mapping
from typing import Any

from aboard.sandbox.account import Account
from aboard.sandbox.call import Call, Route, Thing, with_expand
from aboard.sandbox.sessions import (
    BANKS,
    COMPONENTS,
    NO_SIGN_IN,
    SESSION_SECONDS,
    AccountSession,
    Component,
    features_of,
    keep,
)
from aboard.sandbox.v1.access import require_platform
from aboard.sandbox.views.v1 import session_view
from aboard.sandbox.wire.errors import StripeError
from aboard.sandbox.wire.params import Flag, Hash, Params, Text


def _component(name: str) -> Hash:
    features = Hash(dict.fromkeys(COMPONENTS[name], Flag()))
    return Hash({"enabled": Flag(is_required=True), "features": features})


def _params(names: tuple[str, ...]) -> Params:
    components = Hash({name: _component(name) for name in names}, is_required=True)
    return with_expand({"account": Text(is_required=True), "components": components})


def create(call: Call) -> dict[str, Any]:
    """Open a session; the only answer that ever shows its secret."""
    require_platform(call)
    world = call.world
    account = world.account(call.params["account"])
    if account is None:
        raise StripeError(
            "You requested an account session for an account that is not connected to your "
            "platform or does not exist.",
            param="account",
        )
    if account.rejected is not None:
        raise StripeError(
            "You cannot create an account session for an account that has been rejected.",
            param="account",
        )
    asked: dict[str, dict[str, Any]] = call.params["components"]
    now = world.now()
    session = AccountSession(
        client_secret=world.ids.new("accs_secret_"),
        account_id=account.id,
        created=now,
        expires_at=now + SESSION_SECONDS,
        components={name: _read_component(account, name, asked[name]) for name in asked},
    )
    keep(world, session)
    if account.first_link_at is None:
        account.first_link_at = now
    return session_view.render(session, account, livemode=world.livemode, version=call.version)


def _read_component(account: Account, name: str, asked: Mapping[str, Any]) -> Component:
    given: Mapping[str, bool] = asked.get("features") or {}
    if account.controller.is_stripe_collecting:
        if given.get(NO_SIGN_IN):
            raise _only_where_platform_collects(name, NO_SIGN_IN, "true")
        if given.get(BANKS) is False:
            raise _only_where_platform_collects(name, BANKS, "false")
    features = features_of(name, account.controller, given)
    return Component(asked["enabled"], features)


def _only_where_platform_collects(name: str, feature: str, value: str) -> StripeError:
    return StripeError(
        f"`{feature}` can only be `{value}` for accounts where your platform is responsible for "
        "collecting requirements (`controller[requirement_collection]=application`).",
        param=f"components[{name}][features][{feature}]",
    )


ROUTES = (
    Route(
        "POST",
        "/v1/account_sessions",
        create,
        _params(tuple(COMPONENTS)),
        older=((session_view.NEWER_SINCE, _params(session_view.names(""))),),
    ),
)
THINGS: tuple[Thing, ...] = ()

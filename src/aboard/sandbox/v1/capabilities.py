"""What an account may do, one capability at a time: look, ask for one, take one back.

Source: Stripe's API reference, "Capabilities", API version 2026-10-28; connect documentation,
"Account capabilities".
"""

from typing import Any

from aboard.sandbox import transitions
from aboard.sandbox.account import Account
from aboard.sandbox.call import Call, Route, Thing, with_expand
from aboard.sandbox.capabilities import NAMES
from aboard.sandbox.v1 import account_rules
from aboard.sandbox.v1.access import get_account
from aboard.sandbox.views.v1 import capability_view
from aboard.sandbox.wire.errors import no_such
from aboard.sandbox.wire.params import Flag


def _find(call: Call) -> tuple[Account, str]:
    account, name = get_account(call), call.ids[1]
    if name not in NAMES:
        raise no_such("capability", name, "capability", is_in_path=True)
    return account, name


def list_all(call: Call) -> dict[str, Any]:
    """List the capabilities that were requested, the latest first."""
    account = get_account(call)
    names = sorted(account.requested, key=lambda name: (-account.requested[name], name))
    return {
        "object": "list",
        "data": [capability_view.render(account, name, call.world.now()) for name in names],
        "has_more": False,
        "url": call.path,
    }


def retrieve(call: Call) -> dict[str, Any]:
    """Read one; of one that was never requested, what it would ask for."""
    account, name = _find(call)
    return capability_view.render(account, name, call.world.now())


def update(call: Call) -> dict[str, Any]:
    """Request a capability, or take the request back."""
    account, name = _find(call)
    world, wanted = call.world, call.params.get("requested")
    if account.is_platform or call.actor is not None or account.controller.dashboard == "full":
        raise account_rules.no_permission(account, ["requested"])
    if wanted is False:
        account_rules.check_taking_back(account, name, "requested", world.now())
    with transitions.changing(world, account):
        if wanted is True:
            account.requested.setdefault(name, world.now())
        elif wanted is False:
            account.requested.pop(name, None)
    return capability_view.render(account, name, world.now())


_EVERY = "/v1/accounts/{account}/capabilities"
_ONE = f"{_EVERY}/{{capability}}"
ROUTES = (
    Route("GET", _EVERY, list_all, with_expand({}), "capability", is_list=True),
    Route("GET", _ONE, retrieve, with_expand({}), "capability"),
    Route("POST", _ONE, update, with_expand({"requested": Flag()}), "capability"),
)
THINGS = (Thing("capability", expands={"account": "account"}),)

"""What is imitated, and what of Connect is not?

Source: Stripe's API reference, Connect (v1, and v2 as far as accounts and events go), API version
2026-10-28.
"""

from aboard.sandbox.call import Route, Thing
from aboard.sandbox.control.desk import Answer
from aboard.sandbox.routes import all_routes, all_things

DEEPEST = 4
CONNECT = """
GET /v1/account
GET POST /v1/accounts
GET POST DELETE /v1/accounts/{account}
POST /v1/accounts/{account}/reject
POST /v1/accounts/{account}/unreject
POST /v1/account_links
POST /v1/account_sessions
GET /v1/accounts/{account}/capabilities
GET POST /v1/accounts/{account}/capabilities/{capability}
GET POST /v1/accounts/{account}/external_accounts
GET POST DELETE /v1/accounts/{account}/external_accounts/{id}
GET POST /v1/accounts/{account}/bank_accounts
GET POST DELETE /v1/accounts/{account}/bank_accounts/{id}
POST /v1/accounts/{account}/login_links
GET POST /v1/accounts/{account}/persons
GET POST DELETE /v1/accounts/{account}/persons/{person}
GET POST /v1/accounts/{account}/people
GET POST DELETE /v1/accounts/{account}/people/{person}
GET /v1/application_fees
GET /v1/application_fees/{id}
GET POST /v1/application_fees/{id}/refunds
GET POST /v1/application_fees/{fee}/refunds/{id}
POST /v1/application_fees/{id}/refund
GET POST /v1/transfers
GET POST /v1/transfers/{transfer}
GET POST /v1/transfers/{id}/reversals
GET POST /v1/transfers/{transfer}/reversals/{id}
GET /v1/country_specs
GET /v1/country_specs/{country}
GET /v1/events
GET /v1/events/{id}
GET POST /v1/webhook_endpoints
GET POST DELETE /v1/webhook_endpoints/{webhook_endpoint}
POST /v1/tokens
GET /v1/tokens/{token}
GET POST /v1/files
GET /v1/files/{file}
GET /v1/balance
GET POST /v1/balance_settings
GET /v1/balance/history
GET /v1/balance/history/{id}
GET /v1/balance_transactions
GET /v1/balance_transactions/{id}
GET POST /v1/payouts
GET POST /v1/payouts/{payout}
POST /v1/payouts/{payout}/cancel
POST /v1/payouts/{payout}/reverse
GET POST /v1/topups
GET POST /v1/topups/{topup}
POST /v1/topups/{topup}/cancel
GET POST /v1/charges
GET /v1/charges/search
GET POST /v1/charges/{charge}
POST /v1/charges/{charge}/capture
GET POST /v1/refunds
GET POST /v1/refunds/{refund}
POST /v1/refunds/{refund}/cancel
GET POST /v1/file_links
GET POST /v1/file_links/{link}
GET /oauth/authorize
POST /oauth/token
POST /oauth/deauthorize
GET POST /v2/core/event_destinations
GET POST DELETE /v2/core/event_destinations/{id}
POST /v2/core/event_destinations/{id}/enable
POST /v2/core/event_destinations/{id}/disable
POST /v2/core/event_destinations/{id}/ping
GET /v2/core/events
GET /v2/core/events/{id}
GET POST /v2/core/accounts
GET POST /v2/core/accounts/{id}
POST /v2/core/accounts/{id}/close
GET POST /v2/core/accounts/{id}/persons
GET POST DELETE /v2/core/accounts/{id}/persons/{person}
POST /v2/core/accounts/{id}/person_tokens
GET /v2/core/accounts/{id}/person_tokens/{token}
POST /v2/core/account_links
POST /v2/core/account_tokens
GET /v2/core/account_tokens/{id}
"""


def _shape(path: str) -> str:
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))


def missing_operations() -> list[Answer]:
    """Return the operations of Connect that are not there."""
    there = {(route.method, _shape(route.template)) for route in all_routes()}
    there.add(("GET", "/oauth/authorize"))
    rows = []
    for line in CONNECT.split("\n"):
        *methods, path = line.split() or [""]
        rows += [
            {"method": method, "path": path}
            for method in methods
            if (method, _shape(path)) not in there
        ]
    return rows


def show_operation(route: Route) -> Answer:
    """Return one operation with its parameters, what answers it, and what may be expanded."""
    return {
        "method": route.method,
        "path": route.template,
        "params": sorted(route.params.kinds),
        "answers": route.answers or None,
        "list": route.is_list,
        "expand": _expandable(route),
    }


def _expandable(route: Route) -> list[str]:
    thing = all_things().get(route.answers)
    if thing is None or "expand" not in route.params.kinds:
        return []
    prefix = "data." if route.is_list else ""
    return [prefix + path for path in _paths(thing, DEEPEST - len(prefix.split(".")) + 1, set())]


def _paths(thing: Thing, levels: int, above: set[str]) -> list[str]:
    """Return the paths within a thing; what leads back to where it came from is left out."""
    found: list[str] = []
    for path, name in sorted(thing.expands.items()):
        depth = path.count(".") + 1
        if depth > levels:
            continue
        found.append(path)
        target = all_things().get(name)
        if target is not None and name not in above | {thing.name}:
            inner = _paths(target, levels - depth, above | {thing.name})
            found += [f"{path}.{rest}" for rest in inner]
    return found

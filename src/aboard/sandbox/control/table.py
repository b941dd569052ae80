"""Which controls are there? The one table of them; what each does is said by its handler."""

from aboard.sandbox import outcomes
from aboard.sandbox.call import Route
from aboard.sandbox.capabilities import REASONS_LOST
from aboard.sandbox.control import (
    accounts,
    carrying,
    clock,
    connections,
    coverage,
    looking,
    mail,
    scenes,
    trouble,
)
from aboard.sandbox.control.desk import (
    FARTHEST,
    LATEST,
    LIST,
    NONE,
    WHOSE,
    Answer,
    Control,
    Visitor,
)
from aboard.sandbox.faults import KINDS, REASONS
from aboard.sandbox.routes import all_routes
from aboard.sandbox.scenarios import SCENARIOS
from aboard.sandbox.wire.errors import unrecognized
from aboard.sandbox.wire.params import Choice, Decimal, Flag, Integer, Items, Params, Text

_MOST_CALLS = 100_000


def show_coverage(_visitor: Visitor) -> Answer:
    """List what is imitated, what of Connect is not, and the controls."""
    return {
        "object": "coverage",
        "operations": [coverage.show_operation(route) for route in _sorted(all_routes())],
        "missing": coverage.missing_operations(),
        "control": [
            {"method": one.method, "path": one.template, "params": sorted(one.params.kinds)}
            for one in CONTROLS
        ],
    }


def _sorted(operations: tuple[Route, ...]) -> list[Route]:
    return sorted(operations, key=lambda route: (route.template, route.method))


_ACCOUNT = "/_sandbox/accounts/{account}"
_CLOCK = Params(
    {
        "advance": Integer(low=-FARTHEST, high=FARTHEST),
        "freeze": Flag(),
        "set": Integer(low=0, high=LATEST),
    }
)
_FAULT = Params(
    {
        **WHOSE,
        "after": Flag(),
        "calls": Integer(low=1, high=_MOST_CALLS),
        "kind": Choice(KINDS, is_required=True),
        "operation": Text(is_clearable=False, longest=300),
        "reason": Choice(REASONS),
        "seconds": Decimal(),
    }
)
_CHAOS = Params(
    {
        "delay": Integer(low=0, high=FARTHEST),
        "drop": Decimal(),
        "duplicate": Decimal(),
        "endpoint": Text(is_clearable=False),
        "reverse": Flag(),
        "slow": Decimal(),
    }
)
_REQUIRE = Params(
    {
        "requirement": Text(is_required=True, longest=200),
        "code": Text(longest=200),
        "capability": Text(longest=200),
        "eventually": Flag(),
        "from": Integer(low=1, high=FARTHEST),
        "in": Integer(low=0, high=FARTHEST),
        "reason": Text(longest=500),
    }
)
CONTROLS = (
    Control("GET", "/_sandbox", show_coverage),
    Control("GET", "/_sandbox/coverage", show_coverage),
    Control("POST", "/_sandbox/reset", clock.reset, Params({"seed": Integer(low=0)})),
    Control(
        "POST",
        "/_sandbox/seed",
        clock.change_seed,
        Params({"seed": Integer(low=0, is_required=True)}),
    ),
    Control("GET", "/_sandbox/clock", clock.show_clock),
    Control("POST", "/_sandbox/clock", clock.move_clock, _CLOCK),
    Control("GET", "/_sandbox/review", clock.show_review),
    Control(
        "POST",
        "/_sandbox/review",
        clock.change_review,
        Params({"reads": Integer(low=0), "seconds": Integer(low=0, high=FARTHEST)}),
    ),
    Control("GET", "/_sandbox/scenarios", scenes.show_scenarios),
    Control(
        "POST",
        "/_sandbox/scenarios",
        scenes.make,
        Params({**scenes.CREATE_KINDS, "scenario": Choice(tuple(SCENARIOS), is_required=True)}),
    ),
    Control("POST", "/_sandbox/scenarios/{name}", scenes.make, Params(scenes.CREATE_KINDS)),
    Control("GET", "/_sandbox/faults", trouble.show_faults),
    Control("POST", "/_sandbox/faults", trouble.order_fault, _FAULT),
    Control("DELETE", "/_sandbox/faults", trouble.cancel_faults),
    Control("DELETE", "/_sandbox/faults/{id}", trouble.cancel_fault),
    Control("POST", "/_sandbox/faults/{id}/cancel", trouble.cancel_fault),
    Control("GET", "/_sandbox/chaos", mail.show_chaos),
    Control("POST", "/_sandbox/chaos", mail.change_chaos, _CHAOS),
    Control("DELETE", "/_sandbox/chaos", mail.end_chaos),
    Control("GET", "/_sandbox/worlds", looking.show_worlds),
    Control("GET", "/_sandbox/export", carrying.export_worlds, Params(WHOSE)),
    Control(
        "POST",
        "/_sandbox/import",
        carrying.import_worlds,
        Params({"key": Text(is_clearable=False)}),
        takes_lines=True,
    ),
    Control("GET", "/_sandbox/applications", connections.show_applications, LIST),
    Control(
        "POST",
        "/_sandbox/applications/{client_id}",
        connections.register,
        Params({"redirect_uris": Items(Text(is_required=True))}),
    ),
    Control("GET", "/_sandbox/sessions", connections.show_sessions, LIST),
    Control("GET", "/_sandbox/links", looking.show_links, LIST),
    Control("GET", "/_sandbox/events", mail.show_events, LIST),
    Control(
        "POST",
        "/_sandbox/events/{id}/resend",
        mail.resend_event,
        Params({"endpoint": Text(is_clearable=False)}),
    ),
    Control("GET", "/_sandbox/endpoints", mail.show_endpoints, LIST),
    Control("GET", "/_sandbox/deliveries", mail.show_deliveries, LIST),
    Control("POST", "/_sandbox/deliveries/{id}/resend", mail.resend),
    Control("GET", "/_sandbox/requests", looking.show_requests, LIST),
    Control("GET", "/_sandbox/accounts", accounts.show_accounts, LIST),
    Control("GET", _ACCOUNT, accounts.retrieve),
    Control(
        "POST",
        f"{_ACCOUNT}/scenario",
        scenes.move,
        Params({"scenario": Choice(tuple(SCENARIOS), is_required=True)}),
    ),
    Control(
        "POST",
        f"{_ACCOUNT}/complete",
        accounts.complete,
        Params({"collect": Choice(("currently_due", "eventually_due"))}),
    ),
    Control("POST", f"{_ACCOUNT}/verify", accounts.verify),
    Control(
        "POST",
        f"{_ACCOUNT}/review",
        accounts.review,
        Params({"reason": Choice(tuple(sorted(outcomes.HOLDS)))}),
    ),
    Control("POST", f"{_ACCOUNT}/reject_document", accounts.reject_document),
    Control(
        "POST",
        f"{_ACCOUNT}/reject",
        accounts.reject,
        Params({"reason": Choice(tuple(sorted(outcomes.REJECTIONS)))}),
    ),
    Control("POST", f"{_ACCOUNT}/require", accounts.require, _REQUIRE),
    Control(
        "POST",
        f"{_ACCOUNT}/lose",
        accounts.lose,
        Params(
            {
                "capability": Text(is_required=True),
                "reason": Choice(tuple(sorted(REASONS_LOST))),
            }
        ),
    ),
    Control(
        "POST",
        f"{_ACCOUNT}/regain",
        accounts.regain,
        Params({"capability": Text(is_required=True)}),
    ),
    Control("POST", f"{_ACCOUNT}/pause", accounts.pause, NONE),
    Control("POST", f"{_ACCOUNT}/deauthorize", accounts.deauthorize),
)


def find_control(method: str, path: str) -> tuple[Control, tuple[str, ...]]:
    """Return the control at a path, with the ids that the path holds.

    Raises:
        StripeError: there is none.
    """
    parts = path.rstrip("/").split("/")
    for one in CONTROLS:
        pattern = one.template.split("/")
        if one.method != method or len(pattern) != len(parts):
            continue
        pairs = list(zip(pattern, parts, strict=True))
        if all(wanted == part or wanted.startswith("{") for wanted, part in pairs):
            return one, tuple(part for wanted, part in pairs if wanted.startswith("{"))
    raise unrecognized(method, path)

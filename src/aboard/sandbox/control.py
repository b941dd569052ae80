"""Looking inside and moving things: everything under `/_sandbox/`.

Needs no key and belongs to the sandbox alone: Stripe has nothing like it. Parameters come as a
form, like Stripe's. Errors come in Stripe's envelope. No answer holds a key, a secret or a code.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from aboard.sandbox import outcomes, routes
from aboard.sandbox.account import Account
from aboard.sandbox.events import Delivery
from aboard.sandbox.links import Link, LoginLink
from aboard.sandbox.views.v1 import account_view
from aboard.sandbox.wire.errors import StripeError, no_such, unrecognized
from aboard.sandbox.wire.form import decode
from aboard.sandbox.wire.http import Receive, Scope, Send, read_body, write_json
from aboard.sandbox.wire.keys import masked
from aboard.sandbox.wire.params import Choice, Flag, Integer, Params, Text
from aboard.sandbox.world import World
from aboard.sandbox.worlds import Worlds

if TYPE_CHECKING:
    from aboard.sandbox.delivery import Postman

Answer = dict[str, Any]
FARTHEST = 10 * 366 * 24 * 3600
LATEST = 253_402_300_799


class Visitor(Struct):
    """One request to the control: what it names and what it says."""

    worlds: Worlds
    postman: "Callable[[], Postman]"
    ids: tuple[str, ...]
    params: dict[str, Any]


class Control(Struct, frozen=True):
    """One thing that can be looked at or done."""

    method: str
    template: str
    handler: Callable[[Visitor], Answer | Awaitable[Answer]]
    params: Params


def _list(rows: list[Answer]) -> Answer:
    return {"object": "list", "data": rows, "has_more": False}


def reset(visitor: Visitor) -> Answer:
    """Forget everything."""
    visitor.worlds.reset()
    return {"object": "sandbox", "reset": True}


def show_clock(visitor: Visitor) -> Answer:
    """Tell the time."""
    clock = visitor.worlds.clock
    return {"object": "clock", "now": clock.unix(), "frozen": clock.is_frozen}


def move_clock(visitor: Visitor) -> Answer:
    """Freeze it or let it run, set it (unix seconds), advance it (seconds); in this order."""
    clock, params = visitor.worlds.clock, visitor.params
    if params.get("freeze") is True:
        clock.freeze()
    elif params.get("freeze") is False:
        clock.unfreeze()
    if "set" in params:
        clock.set(datetime.fromtimestamp(params["set"], UTC))
    if "advance" in params:
        if clock.unix() + params["advance"] > LATEST:
            raise StripeError("There is no time after the year 9999.", param="advance")
        clock.advance(params["advance"])
    visitor.worlds.tick()
    return show_clock(visitor)


def show_worlds(visitor: Visitor) -> Answer:
    """List the worlds by their masked keys."""
    return _list(
        [
            {
                "object": "world",
                "key": masked(world.key),
                "livemode": world.livemode,
                "platform": world.platform.id,
                "accounts": len(world.accounts),
                "events": len(world.events),
            }
            for world in visitor.worlds
        ]
    )


def show_review(visitor: Visitor) -> Answer:
    """Tell when reviews end."""
    policy = visitor.worlds.policy
    return {
        "object": "review",
        "reads": policy.review_reads,
        "seconds": policy.review_seconds,
    }


def change_review(visitor: Visitor) -> Answer:
    """Say when reviews that begin from now on end: after reads, after seconds, or at once."""
    policy = visitor.worlds.policy
    policy.review_reads = visitor.params.get("reads")
    policy.review_seconds = visitor.params.get("seconds")
    return show_review(visitor)


def _show_link(world: World, link: Link | LoginLink) -> Answer:
    return {
        "object": "link",
        "account": link.account_id,
        "created": link.created,
        "expires_at": link.expires_at,
        "livemode": world.livemode,
        "purpose": link.purpose if isinstance(link, Link) else "login",
        "state": link.state(world.now()),
        "used_at": link.used_at,
    }


def show_links(visitor: Visitor) -> Answer:
    """List the account links and login links, newest first, and whether they still open."""
    rows = [
        _show_link(world, link)
        for world in visitor.worlds
        for links in (world.links, world.login_links)
        for link in links.values()
    ]
    rows.sort(key=lambda row: row["created"], reverse=True)
    return _list(rows)


def _show_delivery(delivery: Delivery) -> Answer:
    return {
        "id": delivery.id,
        "object": "delivery",
        "account": delivery.event.account_id,
        "attempts": [
            {"at": tried.at, "status": tried.status, "failure": tried.failure}
            for tried in delivery.attempts
        ],
        "created": delivery.created,
        "endpoint": delivery.endpoint.id,
        "event": delivery.event.id,
        "next_at": delivery.next_at,
        "state": delivery.state,
        "type": delivery.event.kind,
    }


def show_deliveries(visitor: Visitor) -> Answer:
    """List the deliveries with every attempt, newest first."""
    rows = [_show_delivery(delivery) for world in visitor.worlds for delivery in world.deliveries]
    return _list(rows[::-1])


async def resend(visitor: Visitor) -> Answer:
    """Try a delivery once more, now, whatever its state."""
    key = visitor.ids[0]
    for world in visitor.worlds:
        delivery = world.deliveries.get(key)
        if delivery is not None:
            await visitor.postman().attempt(world, delivery)
            return _show_delivery(delivery)
    raise no_such("delivery", key, "id", is_in_path=True)


def show_requests(visitor: Visitor) -> Answer:
    """List the latest requests to the API, newest first, without bodies and keys."""
    rows = [
        {"object": "request", "livemode": world.livemode, **msgspec.structs.asdict(row)}
        for world in visitor.worlds
        for row in world.requests
    ]
    rows.sort(key=lambda row: row["at"], reverse=True)
    return _list(rows)


def _find(visitor: Visitor) -> tuple[World, Account]:
    world = visitor.worlds.world_of(visitor.ids[0])
    account = None if world is None else world.accounts.get(visitor.ids[0])
    if world is None or account is None:
        raise no_such("account", visitor.ids[0], "account", is_in_path=True)
    return world, account


def _show_account(world: World, account: Account) -> Answer:
    return account_view.render(account, world.now())


def complete(visitor: Visitor) -> Answer:
    """Answer everything due with test data that pass, and submit."""
    world, account = _find(visitor)
    outcomes.complete(world, account, collect=visitor.params.get("collect") or "currently_due")
    return _show_account(world, account)


def verify(visitor: Visitor) -> Answer:
    """End what is being reviewed, well."""
    world, account = _find(visitor)
    outcomes.verify(world, account)
    return _show_account(world, account)


def review(visitor: Visitor) -> Answer:
    """Put the account under review."""
    world, account = _find(visitor)
    outcomes.send_to_review(world, account)
    return _show_account(world, account)


def reject(visitor: Visitor) -> Answer:
    """Reject the account."""
    world, account = _find(visitor)
    outcomes.reject(world, account, visitor.params.get("reason") or outcomes.LATEST_REJECTION)
    return _show_account(world, account)


def require(visitor: Visitor) -> Answer:
    """Ask for something more: past due at once, `in` so many seconds, or eventually."""
    world, account = _find(visitor)
    params = visitor.params
    wait = params.get("in")
    outcomes.require(
        world,
        account,
        params["requirement"],
        due_at=None if wait is None else world.now() + wait,
        is_eventual=params.get("eventually", False),
        code=params.get("code"),
        reason=params.get("reason"),
    )
    return _show_account(world, account)


def lose(visitor: Visitor) -> Answer:
    """Take a requested capability away."""
    world, account = _find(visitor)
    name = visitor.params["capability"]
    if name not in account.requested:
        raise no_such("capability", name, "capability", is_in_path=False)
    outcomes.lose_capability(world, account, name)
    return _show_account(world, account)


def deauthorize(visitor: Visitor) -> Answer:
    """Let the holder disconnect the platform."""
    world, account = _find(visitor)
    if account.deauthorised_at is None:
        outcomes.deauthorise(world, account)
    return {"object": "account", "id": account.id, "deauthorized": True}


def show_coverage(_visitor: Visitor) -> Answer:
    """List what is imitated: the API's operations with their parameters, and the control's."""
    operations = [
        {
            "method": route.method,
            "path": route.template,
            "params": sorted(route.params.kinds),
        }
        for route in routes.ROUTES
    ]
    control = [{"method": one.method, "path": one.template} for one in CONTROLS]
    return {"object": "coverage", "operations": operations, "control": control}


_NONE = Params()
_ACCOUNT = "/_sandbox/accounts/{account}"
CONTROLS = (
    Control("GET", "/_sandbox", show_coverage, _NONE),
    Control("GET", "/_sandbox/coverage", show_coverage, _NONE),
    Control("POST", "/_sandbox/reset", reset, _NONE),
    Control("GET", "/_sandbox/clock", show_clock, _NONE),
    Control(
        "POST",
        "/_sandbox/clock",
        move_clock,
        Params(
            {
                "advance": Integer(low=-FARTHEST, high=FARTHEST),
                "freeze": Flag(),
                "set": Integer(low=0, high=LATEST),
            }
        ),
    ),
    Control("GET", "/_sandbox/worlds", show_worlds, _NONE),
    Control("GET", "/_sandbox/review", show_review, _NONE),
    Control(
        "POST",
        "/_sandbox/review",
        change_review,
        Params({"reads": Integer(low=0), "seconds": Integer(low=0, high=FARTHEST)}),
    ),
    Control("GET", "/_sandbox/links", show_links, _NONE),
    Control("GET", "/_sandbox/deliveries", show_deliveries, _NONE),
    Control("POST", "/_sandbox/deliveries/{id}/resend", resend, _NONE),
    Control("GET", "/_sandbox/requests", show_requests, _NONE),
    Control(
        "POST",
        f"{_ACCOUNT}/complete",
        complete,
        Params({"collect": Choice(("currently_due", "eventually_due"))}),
    ),
    Control("POST", f"{_ACCOUNT}/verify", verify, _NONE),
    Control("POST", f"{_ACCOUNT}/review", review, _NONE),
    Control(
        "POST",
        f"{_ACCOUNT}/reject",
        reject,
        Params({"reason": Choice(tuple(sorted(outcomes.REJECTIONS)))}),
    ),
    Control(
        "POST",
        f"{_ACCOUNT}/require",
        require,
        Params(
            {
                "requirement": Text(is_required=True, longest=200),
                "code": Text(longest=200),
                "eventually": Flag(),
                "in": Integer(low=0, high=FARTHEST),
                "reason": Text(longest=500),
            }
        ),
    ),
    Control("POST", f"{_ACCOUNT}/lose", lose, Params({"capability": Text(is_required=True)})),
    Control("POST", f"{_ACCOUNT}/deauthorize", deauthorize, _NONE),
)


def _find_control(method: str, path: str) -> tuple[Control, tuple[str, ...]]:
    parts = path.rstrip("/").split("/")
    for one in CONTROLS:
        pattern = one.template.split("/")
        if one.method != method or len(pattern) != len(parts):
            continue
        pairs = list(zip(pattern, parts, strict=True))
        if all(wanted == part or wanted.startswith("{") for wanted, part in pairs):
            return one, tuple(part for wanted, part in pairs if wanted.startswith("{"))
    raise unrecognized(method, path)


async def handle(
    worlds: Worlds,
    postman: "Callable[[], Postman]",
    scope: Scope,
    receive: Receive,
    send: Send,
) -> None:
    """Answer one request to the control."""
    try:
        body = await read_body(receive)
        if body is None:
            return
        one, ids = _find_control(scope["method"], scope["path"])
        sent = body if scope["method"] == "POST" else scope.get("query_string", b"")
        answer = one.handler(Visitor(worlds, postman, ids, one.params.read(decode(sent))))
        shown = answer if isinstance(answer, dict) else await answer
        status, found = HTTPStatus.OK, msgspec.json.encode(shown)
    except StripeError as refusal:
        status, found = HTTPStatus(refusal.status), msgspec.json.encode(refusal.envelope())
    await write_json(send, int(status), found)

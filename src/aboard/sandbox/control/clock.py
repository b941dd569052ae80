"""What time is it, how long do reviews take, and how does everything begin again?"""

from datetime import UTC, datetime

from aboard.sandbox.control.desk import LATEST, Answer, Visitor
from aboard.sandbox.wire.errors import StripeError


def reset(visitor: Visitor) -> Answer:
    """Forget everything that happened or was set; with `seed`, the ids of what comes repeat."""
    visitor.worlds.reset()
    if "seed" in visitor.params:
        visitor.worlds.seed = visitor.params["seed"]
    return {"object": "sandbox", "reset": True, "seed": visitor.worlds.seed}


def change_seed(visitor: Visitor) -> Answer:
    """Let the ids of worlds that come into being from now on repeat with this seed."""
    visitor.worlds.seed = visitor.params["seed"]
    return {"object": "sandbox", "seed": visitor.worlds.seed}


def show_clock(visitor: Visitor) -> Answer:
    """Tell the time."""
    clock = visitor.worlds.clock
    return {"object": "clock", "now": clock.unix(), "frozen": clock.is_frozen}


def move_clock(visitor: Visitor) -> Answer:
    """Freeze it or let it run, set it (unix seconds), advance it (seconds); in this order."""
    clock, params = visitor.worlds.clock, visitor.params
    at = params.get("set", clock.unix())
    if at + params.get("advance", 0) > LATEST:
        raise StripeError("There is no time after the year 9999.", param="advance")
    if at + params.get("advance", 0) < 0:
        raise StripeError("There is no time before the year 1970.", param="advance")
    if params.get("freeze") is True:
        clock.freeze()
    elif params.get("freeze") is False:
        clock.unfreeze()
    if "set" in params:
        clock.set(datetime.fromtimestamp(params["set"], UTC))
    if "advance" in params:
        clock.advance(params["advance"])
    visitor.worlds.tick()
    return show_clock(visitor)


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

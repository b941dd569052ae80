"""What may be expanded, and with what? `expand[]` puts an object where an answer holds its id.

Which fields hold which objects is said by each room of `v1/` (`THINGS`); a path goes from object
to object, and is checked before anything runs.

Source: Stripe's API reference, "Expanding responses".
"""

from collections.abc import Sequence
from typing import Any

from aboard.sandbox.call import Call, Route, Thing
from aboard.sandbox.routes import all_things
from aboard.sandbox.wire.errors import StripeError, bad, shown

DEEPEST = 4


def check(route: Route, paths: Sequence[str]) -> None:
    """Refuse paths that name nothing expandable.

    Raises:
        StripeError: too deep, or not to be expanded.
    """
    for path in paths:
        if path.count(".") >= DEEPEST:
            raise bad(
                f"You cannot expand more than {DEEPEST} levels of a property. Property: "
                f"{shown(path)}",
                "expand",
            )
        name = path.removeprefix("data.") if route.is_list else path
        is_bare = route.is_list and name == path
        if is_bare or not _is_expandable(all_things().get(route.answers), name):
            raise _refused(route, path)


def _is_expandable(thing: Thing | None, path: str) -> bool:
    while thing is not None:
        step = _first_step(thing, path)
        if step is None:
            return False
        if step == path:
            return True
        thing, path = all_things().get(thing.expands[step]), path[len(step) + 1 :]
    return False


def _first_step(thing: Thing, path: str) -> str | None:
    """Return the expandable field with which a path begins."""
    return next(
        (field for field in thing.expands if path == field or path.startswith(f"{field}.")), None
    )


def _refused(route: Route, path: str) -> StripeError:
    message = f"This property cannot be expanded ({shown(path)})."
    if route.is_list and not path.startswith("data."):
        message += f" You may want to try expanding 'data.{shown(path)}' instead."
    return bad(message, "expand")


def apply(call: Call, route: Route, answer: dict[str, Any], paths: Sequence[str]) -> None:
    """Put objects where checked paths of an answer hold ids."""
    for path in paths:
        name = path.removeprefix("data.") if route.is_list else path
        for found in answer["data"] if route.is_list else (answer,):
            _expand(call, all_things()[route.answers], found, name)


def _expand(call: Call, thing: Thing, found: dict[str, Any], path: str) -> None:
    step = _first_step(thing, path)
    if step is None:
        return
    *outer, last = step.split(".")
    place: Any = found
    for part in outer:
        place = place.get(part) if isinstance(place, dict) else None
    if not isinstance(place, dict) or place.get(last) is None:
        return
    target = all_things().get(thing.expands[step])
    if target is None:
        return
    rest = path[len(step) + 1 :]
    value = place[last]
    if isinstance(value, list):
        place[last] = [_show(call, target, each, rest) for each in value]
    else:
        place[last] = _show(call, target, value, rest)


def _show(call: Call, thing: Thing, value: Any, rest: str) -> Any:  # noqa: ANN401 - an id or an object
    if isinstance(value, str):
        value = thing.show(call, value) or value
    if rest and isinstance(value, dict):
        _expand(call, thing, value, rest)
    return value

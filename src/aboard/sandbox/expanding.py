"""May this be expanded? Checks `expand[]` before anything runs.

Nothing that the sandbox keeps is expanded yet; what Stripe would refuse is refused.

Source: Stripe's API reference, "Expanding responses".
"""

from aboard.sandbox.call import Route
from aboard.sandbox.wire.errors import StripeError, bad, shown

DEEPEST = 4


def check(route: Route, paths: list[str]) -> None:
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
        if name not in route.expandable or (route.is_list and name == path):
            raise _refused(route, path)


def _refused(route: Route, path: str) -> StripeError:
    message = f"This property cannot be expanded ({shown(path)})."
    if route.is_list and not path.startswith("data."):
        message += f" You may want to try expanding 'data.{shown(path)}' instead."
    return bad(message, "expand")

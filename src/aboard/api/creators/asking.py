"""Who is asking about which of their two accounts, how often, and what may be refused?

Source: docs/api/creators.md.
"""

from fractions import Fraction
from typing import Annotated, Any, Final

from litestar.openapi.datastructures import ResponseSpec
from litestar.params import QueryParameter
from litestar.types.empty import Empty

from aboard.api.envelope.schemas import Failed
from aboard.core.owner import Mode
from aboard.web.bodies import StrictRequest, read_body, require_type
from aboard.web.door import LIMIT_FACTOR, OPERATION

ModeAsked = Annotated[
    Mode | None,
    QueryParameter(description="Which of the two accounts; else the one of the settings."),
]

# Of the limit in the settings, which is 10 an hour unless they say otherwise.
ONE: Final = 1
THREE: Final = Fraction(3)
TWELVE: Final = Fraction(12)
HALF: Final = Fraction(1, 2)

_REASONS: Final = {
    400: "The request, or the account's state, does not allow it",
    401: "No valid bearer token",
    403: "Only for operators",
    404: "There is no such creator profile",
    409: "The state does not allow it, or another call is at work right now",
    413: "The body is over 64 KiB",
    415: "The body is not JSON",
    429: "The window is used up; `Retry-After` says for how long",
    503: "Stripe is away, or the feature is switched off; `Retry-After` says for how long",
}


class OptionalBodyRequest(StrictRequest):
    """A request whose JSON body may be left out: that is an object without fields."""

    async def body(self) -> bytes:
        """Return the whole body, within the limit and of the right type; without one, `{}`.

        Raises:
            InputRefused: too large, of another type, or broken off.
        """
        if self._body is Empty:
            sent = await read_body(self.scope, self.receive)
            if sent:
                require_type(self.scope, "application/json")
            self._body = sent or b"{}"
        return self._body


def counted(operation: str, factor: Fraction | int = ONE) -> dict[str, Any]:
    """Return under which name an operation is counted, and how many calls a window takes."""
    return {OPERATION: operation, LIMIT_FACTOR: factor}


def refusals(*statuses: int) -> dict[int, ResponseSpec]:
    """Return how an operation may refuse, for the description."""
    return {
        status: ResponseSpec(Failed, description=_REASONS[status], generate_examples=False)
        for status in statuses
    }

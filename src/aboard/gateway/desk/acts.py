"""What can an operator's program do? One function for each operation, from a request to an answer.

Source: docs/gateway/operators-api.md.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from aboard.core.caller import Caller
from aboard.core.errors import InputRefused
from aboard.core.owner import Mode
from aboard.flows.lending import callers, tokens
from aboard.flows.lending.caller_terms import CallerTerms
from aboard.flows.lending.showing import show_caller, show_token
from aboard.flows.lending.tokens import IssuedToken
from aboard.flows.platform import Platform
from aboard.gateway.desk.schemas import (
    CallerForm,
    RotationForm,
    TermsForm,
    TokenForm,
    lifetime_of,
    terms_of,
)
from aboard.web.bodies import read_struct

CREATED, OK, NO_CONTENT = 201, 200, 204
Shown = tuple[int, Any]


@dataclass(frozen=True, slots=True)
class Order:
    """One request of an operator's. `named` is the id or name in the path, `body` what was sent."""

    platform: Platform
    operator: Caller
    named: str
    body: bytes


Act = Callable[[Order], Awaitable[Shown]]


async def list_callers(order: Order) -> Shown:
    """Return all callers by name."""
    return OK, {"data": [show_caller(each) for each in await callers.list_callers(order.platform)]}


async def add_caller(order: Order) -> Shown:
    """Add a caller, who has no token yet."""
    form = read_struct(order.body, CallerForm)
    made = await callers.add_caller(order.platform, order.operator, form.name, _terms(form))
    return CREATED, show_caller(made)


async def show_one(order: Order) -> Shown:
    """Return one caller."""
    return OK, show_caller(await callers.get_caller(order.platform, order.named))


async def change_caller(order: Order) -> Shown:
    """Give a caller other terms, whole."""
    terms = _terms(read_struct(order.body, TermsForm))
    changed = await callers.change_caller(order.platform, order.operator, order.named, terms)
    return OK, show_caller(changed)


async def remove_caller(order: Order) -> Shown:
    """Forget a caller and its tokens."""
    await callers.remove_caller(order.platform, order.operator, order.named)
    return NO_CONTENT, None


async def disable_caller(order: Order) -> Shown:
    """Refuse every token of a caller."""
    caller = await callers.disable_caller(order.platform, order.operator, order.named)
    return OK, show_caller(caller)


async def enable_caller(order: Order) -> Shown:
    """Take a caller's tokens again."""
    caller = await callers.enable_caller(order.platform, order.operator, order.named)
    return OK, show_caller(caller)


async def list_tokens(order: Order) -> Shown:
    """Return what is kept of a caller's tokens."""
    found = await tokens.list_tokens(order.platform, order.named)
    return OK, {"data": [show_token(each) for each in found]}


async def add_token(order: Order) -> Shown:
    """Make a token, and show it this once."""
    form = read_struct(order.body, TokenForm)
    made = await tokens.add_token(
        order.platform,
        order.operator,
        order.named,
        Mode(form.mode),
        lifetime=lifetime_of(form.days),
    )
    return CREATED, _shown_once(made)


async def rotate_token(order: Order) -> Shown:
    """Make a token in the place of one, and show it this once."""
    form = read_struct(order.body, RotationForm)
    made = await tokens.rotate_token(
        order.platform,
        order.operator,
        order.named,
        grace=timedelta(hours=form.grace_hours),
        lifetime=lifetime_of(form.days),
    )
    return CREATED, _shown_once(made)


async def revoke_token(order: Order) -> Shown:
    """Refuse a token from now on."""
    return OK, show_token(await tokens.revoke_token(order.platform, order.operator, order.named))


ACTS: Final[dict[tuple[str, str], Act]] = {
    ("GET", "/callers"): list_callers,
    ("POST", "/callers"): add_caller,
    ("GET", "/callers/{}"): show_one,
    ("PUT", "/callers/{}"): change_caller,
    ("DELETE", "/callers/{}"): remove_caller,
    ("POST", "/callers/{}/disable"): disable_caller,
    ("POST", "/callers/{}/enable"): enable_caller,
    ("GET", "/callers/{}/tokens"): list_tokens,
    ("POST", "/callers/{}/tokens"): add_token,
    ("POST", "/tokens/{}/rotate"): rotate_token,
    ("POST", "/tokens/{}/revoke"): revoke_token,
}
"""Every operation, by its method and its path; `{}` stands for an id, or a caller's name."""
WITH_BODY: Final = frozenset({add_caller, change_caller, add_token, rotate_token})
"""Those that take a JSON body; the others take none."""


def _terms(form: TermsForm) -> CallerTerms:
    for mode in form.allow or {}:
        if mode not in set(Mode):
            raise InputRefused([("allow", "has the keys test and live")])
    return terms_of(form)


def _shown_once(made: IssuedToken) -> dict[str, Any]:
    return {**show_token(made.record), "token": made.token.reveal()}

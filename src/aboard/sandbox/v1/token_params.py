"""What if the details come in a token? Then the token's parameters are the request's own.

Source: Stripe's connect documentation, "Account tokens": required of platforms in France.
"""

from typing import Any

from aboard.sandbox.call import Call
from aboard.sandbox.tokens import Token, find_token
from aboard.sandbox.wire.errors import bad

FRANCE = "FR"
_IN_ACCOUNT_TOKEN = ("business_type", "company", "individual")
_RAW_IN_FRANCE = ("company", "individual")
_OUTSIDE_PERSON_TOKEN = frozenset({"metadata", "person_token", "relationship"})
_SIGNED_FROM = "127.0.0.1"
"""Whoever makes a token here is on this machine."""

Spread = tuple[dict[str, Any], Token | None]


def of_account(call: Call) -> Spread:
    """Return an account's parameters with those of its token, and the token, not used up yet.

    Raises:
        StripeError: the token is of no use, repeats a parameter, or is missing in France.
    """
    params = call.params
    raw = [name for name in _IN_ACCOUNT_TOKEN if name in params]
    if "account_token" not in params:
        named = [name for name in _RAW_IN_FRANCE if name in params]
        _check_france(call, "account", named)
        return params, None
    token = find_token(call.world, params["account_token"] or "", "account_token", "account")
    _check_alone("account_token", raw)
    details = token.details()
    signed = {"date": call.world.now(), "ip": _SIGNED_FROM}
    if details.pop("tos_shown_and_accepted", None):
        details["tos_acceptance"] = {**(params.get("tos_acceptance") or {}), **signed}
    company = details.get("company") or {}
    if company.pop("ownership_declaration_shown_and_signed", None):
        company["ownership_declaration"] = signed
    return {**params, **details}, token


def of_person(call: Call) -> Spread:
    """Return a person's parameters with those of their token, and the token, not used up yet.

    Raises:
        StripeError: the token is of no use, repeats a parameter, or is missing in France.
    """
    params = call.params
    raw = [name for name in params if name not in _OUTSIDE_PERSON_TOKEN]
    if "person_token" not in params:
        _check_france(call, "person", raw)
        return params, None
    token = find_token(call.world, params["person_token"] or "", "person_token", "person")
    _check_alone("person_token", raw)
    details = token.details()
    for name in ("relationship", "metadata"):
        if isinstance(details.get(name), dict) and isinstance(params.get(name), dict):
            details[name] |= params[name]
    return {**params, **details}, token


def use_up(token: Token | None) -> None:
    """Say that what a token states was taken, so that nobody takes it again."""
    if token is not None:
        token.is_used = True


def _check_france(call: Call, kind: str, raw: list[str]) -> None:
    if raw and call.world.platform.country == FRANCE:
        raise bad(
            f"Connect platforms based in {FRANCE} must pass the details of accounts and persons "
            f"via tokens: use `{kind}_token` instead of `{raw[0]}`.",
            raw[0],
        )


def _check_alone(token: str, raw: list[str]) -> None:
    if raw:
        raise bad(
            f"You may only provide one of `{token}` or `{raw[0]}`.", raw[0], "parameters_exclusive"
        )

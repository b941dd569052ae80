"""Whom may a request touch? Finds the account it names, or refuses as Stripe does.

Source: Stripe's API reference, "Errors", `account_invalid`; connect documentation.
"""

from http import HTTPStatus

from aboard.sandbox.account import Account
from aboard.sandbox.call import Call
from aboard.sandbox.wire.errors import StripeError, shown
from aboard.sandbox.world import World


def no_access(world: World, account_id: str) -> StripeError:
    """Return the refusal of an account that is not there, or not for this key."""
    return StripeError(
        f"The provided key '{world.masked_key}' does not have access to account "
        f"'{shown(account_id)}' (or that account does not exist). Application access may have "
        "been revoked.",
        status=HTTPStatus.FORBIDDEN,
        code="account_invalid",
        is_early=True,
        missing=account_id,
    )


def get_account(call: Call) -> Account:
    """Return the account that the path names.

    Raises:
        StripeError: it does not exist, or is out of reach for this key.
    """
    account_id = call.ids[0]
    if call.actor is not None:
        if account_id != call.actor.id:
            raise no_access(call.world, account_id)
        return call.actor
    if account_id == call.world.platform.id:
        return call.world.platform
    account = call.world.account(account_id)
    if account is None:
        raise no_access(call.world, account_id)
    return account


def require_platform(call: Call) -> None:
    """Refuse a connected account that asks for what only a platform may.

    Raises:
        StripeError: the request acts as a connected account.
    """
    if call.actor is not None:
        raise StripeError(
            "You must have a client application set in order to make this request.", is_early=True
        )

"""What tests of money share: sellers who may be paid, charges, and what everybody has."""

from typing import Any

import stripe

from tests.sandbox.conftest import EXPRESS, Wire, control, free

DAY = 24 * 3600


async def seller(sdk: stripe.StripeClient, wire: Wire, **changes: Any) -> str:  # noqa: ANN401 - parameters
    """Make an account that may do everything, and return its id."""
    made = await sdk.v1.accounts.create_async(free({**EXPRESS, **changes}))
    await control(wire, made.id, "complete")
    return made.id


async def charge(
    sdk: stripe.StripeClient,
    /,
    on: str | None = None,
    **changes: Any,  # noqa: ANN401 - parameters
) -> stripe.Charge:
    """Charge ten dollars, available at once."""
    form = {"amount": 1000, "currency": "usd", "source": "tok_bypassPending", **changes}
    return await sdk.v1.charges.create_async(free(form), free(acting(on)))


def acting(account_id: str | None) -> dict[str, str]:
    """Return the options that act as an account."""
    return {} if account_id is None else {"stripe_account": account_id}


async def has(sdk: stripe.StripeClient, account_id: str | None = None) -> tuple[int, int]:
    """Return what somebody has in dollars: available, pending."""
    found = await sdk.v1.balance.retrieve_async(None, free(acting(account_id)))

    def of(side: list[Any]) -> int:
        return sum(each.amount for each in side if each.currency == "usd")

    return of(found.available), of(found.pending)


async def kinds(sdk: stripe.StripeClient, account_id: str | None = None) -> list[str]:
    """Return the types of somebody's events, oldest first."""
    found = await sdk.v1.events.list_async({"limit": 100}, free(acting(account_id)))
    return [event.type for event in reversed(found.data)]


async def later(wire: Wire, seconds: int) -> None:
    """Move the clock."""
    answer = await wire.send("POST", "/_sandbox/clock", {"advance": str(seconds)})
    assert answer.status == 200, answer.body


def problem(caught: Any) -> tuple[int | None, str | None, str | None]:  # noqa: ANN401 - pytest's own
    """Return a refusal's status, code and parameter."""
    refusal = caught.value
    return refusal.http_status, refusal.code, getattr(refusal, "param", None)


def notes(thing: Any) -> dict[str, str]:  # noqa: ANN401 - any of the SDK's objects
    """Return an object's metadata as a plain mapping."""
    return dict(thing.metadata.to_dict())

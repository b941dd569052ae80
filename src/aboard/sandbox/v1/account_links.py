"""Account links: single-use doors to hosted onboarding.

Order of refusals: parameters, then the account, then what kind of link it may have, then the
addresses. Source: Stripe's API reference, "Account Links", API version 2026-10-28.
"""

from typing import Any

from aboard.sandbox import requirements
from aboard.sandbox.account import Account
from aboard.sandbox.call import Call, Route, Thing, with_expand
from aboard.sandbox.forgetting import forget
from aboard.sandbox.links import KEPT_SECONDS, LINK_SECONDS, PATH_LETTERS, Link
from aboard.sandbox.v1.access import require_platform
from aboard.sandbox.wire.errors import StripeError, bad
from aboard.sandbox.wire.params import Choice, Hash, Text, Url

ONBOARDING, UPDATE = "account_onboarding", "account_update"
_FIELDS = Choice(("currently_due", "eventually_due"))
CREATE = with_expand(
    {
        "account": Text(is_required=True),
        "type": Choice((ONBOARDING, UPDATE), is_required=True),
        "refresh_url": Url(is_required=True),
        "return_url": Url(is_required=True),
        "collect": _FIELDS,
        "collection_options": Hash(
            {"fields": _FIELDS, "future_requirements": Choice(("include", "omit"))}
        ),
    }
)


def create(call: Call) -> dict[str, Any]:
    """Open a new door; the only answer that ever shows its URL."""
    require_platform(call)
    world, params = call.world, call.params
    account = world.account(params["account"])
    if account is None:
        raise StripeError(
            "You requested an account link for an account that is not connected to your platform "
            "or does not exist."
        )
    _check_kind(account, params["type"], world.now())
    for name in ("refresh_url", "return_url"):
        if world.livemode and not params[name].lower().startswith("https://"):
            raise StripeError("Livemode requests must always be redirected via HTTPS.", param=name)
    options = params.get("collection_options") or {}
    link = Link(
        code=world.ids.code(),
        account_id=account.id,
        purpose=params["type"],
        created=world.now(),
        expires_at=world.now() + LINK_SECONDS,
        refresh_url=params["refresh_url"],
        return_url=params["return_url"],
        collect=_collect(params, options),
        includes_future=options.get("future_requirements") == "include",
    )
    forget(world.links, link.created - KEPT_SECONDS)
    world.links.add(link.code, link)
    if account.first_link_at is None:
        account.first_link_at = link.created
    base = world.policy.hosted_base or call.origin
    letter = PATH_LETTERS[account.controller.dashboard]
    return {
        "object": "account_link",
        "created": link.created,
        "expires_at": link.expires_at,
        "url": f"{base}/setup/{letter}/{account.id}/{link.code}",
    }


def _collect(params: dict[str, Any], options: dict[str, Any]) -> str:
    if "collect" in params and "fields" in options:
        raise bad(
            "You may only provide one of `collect` or `collection_options[fields]`.",
            "collect",
            "parameters_exclusive",
        )
    return options.get("fields") or params.get("collect") or "currently_due"


def _check_kind(account: Account, purpose: str, now: int) -> None:
    controller = account.controller
    if controller.dashboard == "none" and controller.losses == "stripe":
        raise StripeError(
            "You cannot create Account Links for this account. Use Account Sessions instead."
        )
    if purpose == ONBOARDING:
        return
    if controller.is_stripe_collecting or requirements.owed(account, now).currently_due:
        raise StripeError(
            f"You cannot create `{UPDATE}` type Account Links for this account. Valid types for "
            f'this account are ["{ONBOARDING}"].'
        )


ROUTES = (Route("POST", "/v1/account_links", create, CREATE),)
THINGS: tuple[Thing, ...] = ()

"""Login links: single-use doors to the Express dashboard.

Source: Stripe's API reference, "Login Links", API version 2026-10-28.
"""

from typing import Any

from aboard.sandbox.call import Call, Route, Thing, with_expand
from aboard.sandbox.forgetting import forget
from aboard.sandbox.links import KEPT_SECONDS, LOGIN_LINK_SECONDS, LoginLink
from aboard.sandbox.v1.access import get_account, require_platform
from aboard.sandbox.wire.errors import StripeError


def create(call: Call) -> dict[str, Any]:
    """Open a new door; the only answer that ever shows its URL."""
    require_platform(call)
    world = call.world
    account = get_account(call)
    if account.controller.dashboard != "express":
        raise StripeError(
            f"Cannot create an edit link for the account {account.id}, which does not have access "
            "to the Express Dashboard."
        )
    if not account.details_submitted:
        raise StripeError(
            "Cannot create a login link for an account that has not completed onboarding."
        )
    now = world.now()
    link = LoginLink(world.ids.code(), account.id, now, now + LOGIN_LINK_SECONDS)
    forget(world.login_links, now - KEPT_SECONDS)
    world.login_links.add(link.code, link)
    base = world.policy.hosted_base or call.origin
    return {
        "object": "login_link",
        "created": now,
        "url": f"{base}/express/{account.id}/{link.code}",
    }


ROUTES = (Route("POST", "/v1/accounts/{account}/login_links", create, with_expand({})),)
THINGS: tuple[Thing, ...] = ()

"""Account sessions: client secrets for embedded components.

Source: Stripe's API reference, API version 2026-10-28.
"""

from aboard.sandbox.call import Route, Thing

ROUTES: tuple[Route, ...] = ()
THINGS: tuple[Thing, ...] = ()

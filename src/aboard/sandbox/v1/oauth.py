"""OAuth: connecting and disconnecting accounts that exist already.

Source: Stripe's API reference, API version 2026-10-28.
"""

from aboard.sandbox.call import Route, Thing

ROUTES: tuple[Route, ...] = ()
THINGS: tuple[Thing, ...] = ()

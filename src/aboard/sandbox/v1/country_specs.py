"""Country specs: what Stripe asks for and supports, by country.

Source: Stripe's API reference, API version 2026-10-28.
"""

from aboard.sandbox.call import Route, Thing

ROUTES: tuple[Route, ...] = ()
THINGS: tuple[Thing, ...] = ()

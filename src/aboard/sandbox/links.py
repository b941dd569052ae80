"""Which doors are open? Account links and login links: bearer URLs that work once.

`Link.code` is the secret part of the URL: never log it, print it or put it into an answer other
than the one that creates the link.

Source: Stripe's API reference, "Account Links" and "Login Links".
"""

from msgspec import Struct

LINK_SECONDS = 300
LOGIN_LINK_SECONDS = 300
KEPT_SECONDS = 30 * 24 * 3600
"""So long an old link still knows where to send its visitor; then it was never there."""
PATH_LETTERS = {"express": "e", "full": "s", "none": "c"}


class Link(Struct):
    """An account link: opens the hosted form of one account, once, for 300 seconds."""

    code: str
    account_id: str
    purpose: str
    """`account_onboarding` or `account_update`."""
    created: int
    expires_at: int
    refresh_url: str
    return_url: str
    collect: str = "currently_due"
    includes_future: bool = False
    used_at: int | None = None

    def __repr__(self) -> str:
        """Show whose it is, never the code."""
        return f"{type(self).__name__}(account_id={self.account_id!r})"

    def state(self, now: int) -> str:
        """Return `unused`, `used` or `expired`."""
        if self.used_at is not None:
            return "used"
        return "expired" if now >= self.expires_at else "unused"


class LoginLink(Struct):
    """A login link: opens the Express dashboard of one account, once."""

    code: str
    account_id: str
    created: int
    expires_at: int
    used_at: int | None = None

    def __repr__(self) -> str:
        """Show whose it is, never the code."""
        return f"{type(self).__name__}(account_id={self.account_id!r})"

    def state(self, now: int) -> str:
        """Return `unused`, `used` or `expired`."""
        if self.used_at is not None:
            return "used"
        return "expired" if now >= self.expires_at else "unused"

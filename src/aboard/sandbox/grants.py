"""Who let the platform in by OAuth, and with which keys? Codes, access tokens, redirect URIs.

A seller's consent gives a code; a code is exchanged once, within five minutes, for an access
token; the token is a key that acts as the account until the connection ends.

`Grant.code`, `AccessToken.key` and `AccessToken.refresh_key` are bearer values: never log them,
print them or put them into an answer other than the one that hands them out.

Source: Stripe's documentation, "OAuth reference" for Standard accounts.
"""

from http import HTTPStatus

from msgspec import Struct

from aboard.sandbox.account import Account
from aboard.sandbox.forgetting import forget
from aboard.sandbox.ledger import Ledger
from aboard.sandbox.wire.errors import StripeError
from aboard.sandbox.wire.keys import masked
from aboard.sandbox.world import World

CODE_SECONDS = 300
KEPT_SECONDS = 24 * 3600
READ_ONLY, READ_WRITE = "read_only", "read_write"
SCOPES = (READ_ONLY, READ_WRITE)


class Application(Struct):
    """What the platform registered in its OAuth settings; at first nothing."""

    id: str
    redirect_uris: tuple[str, ...]


class Grant(Struct):
    """A seller's consent, as the code that the platform gets for it."""

    code: str
    account_id: str
    scope: str
    created: int
    is_to_complete: bool = False
    """A new account whose form the seller filled in."""
    used_at: int | None = None

    def __repr__(self) -> str:
        """Show whose it is, never the code."""
        return f"{type(self).__name__}(account_id={self.account_id!r})"

    def state(self, now: int) -> str:
        """Return `unused`, `used` or `expired`."""
        if self.used_at is not None:
            return "used"
        return "expired" if now >= self.created + CODE_SECONDS else "unused"


class AccessToken(Struct):
    """A key that acts as one account; its refresh key makes another of the same grant."""

    key: str
    publishable_key: str
    refresh_key: str
    code: str
    account_id: str
    scope: str
    created: int
    is_replaced: bool = False
    is_revoked: bool = False

    def __repr__(self) -> str:
        """Show whose it is, never the keys."""
        return f"{type(self).__name__}(account_id={self.account_id!r})"


def redirect_uris(world: World) -> tuple[str, ...]:
    """Return the registered redirect URIs; while there are none, any address will do."""
    application = next(iter(world.shelves.find(Application)), None)
    return () if application is None else application.redirect_uris


def register(world: World, uris: tuple[str, ...]) -> None:
    """Register the redirect URIs in place of those before; the first one is the default."""
    shelf = world.shelf(Application)
    application = shelf.get(world.application_id)
    if application is None:
        shelf.add(world.application_id, Application(world.application_id, uris))
    else:
        application.redirect_uris = uris


def give_code(world: World, account: Account, scope: str, *, is_to_complete: bool) -> str:
    """Write down a seller's consent and return the code for it."""
    shelf = world.shelf(Grant)
    forget(shelf, world.now() - KEPT_SECONDS)
    grant = Grant(world.ids.new("ac"), account.id, scope, world.now(), is_to_complete)
    shelf.add(grant.code, grant)
    return grant.code


def give_token(
    world: World, account_id: str, code: str, scope: str, refresh_key: str | None = None
) -> AccessToken:
    """Make an access token; `refresh_key` is that of the token before, if there was one."""
    mode = "live" if world.livemode else "test"
    token = AccessToken(
        key=world.ids.new(f"sk_{mode}"),
        publishable_key=world.ids.new(f"pk_{mode}"),
        refresh_key=refresh_key or world.ids.new("rt"),
        code=code,
        account_id=account_id,
        scope=scope,
        created=world.now(),
    )
    world.shelf(AccessToken).add(token.key, token)
    return token


def find_refreshable(world: World, refresh_key: str) -> AccessToken | None:
    """Return the newest token that a refresh key belongs to, unless it was revoked."""
    found = None
    for token in world.shelf(AccessToken):
        if token.refresh_key == refresh_key and not token.is_revoked:
            found = token
    return found


def replace(world: World, token: AccessToken, scope: str) -> AccessToken:
    """Make a new token in place of one; the old key is worth nothing from now on."""
    shelf = world.shelf(AccessToken)
    shelf.touch(token.key)
    token.is_replaced = True
    return give_token(world, token.account_id, token.code, scope, token.refresh_key)


def revoke(world: World, account_id: str) -> None:
    """Take back every key that was given out for an account."""
    shelf = world.shelf(AccessToken)
    for token in shelf:
        if token.account_id == account_id and not token.is_revoked:
            shelf.touch(token.key)
            token.is_revoked = True


def find_holder(world: World, key: str) -> str | None:
    """Return the account that a key acts as, or nothing when it is no access token of this world.

    Raises:
        StripeError: it was one, and is no longer.
    """
    shelf = world.shelves.find(AccessToken)
    token = shelf.peek(key) if isinstance(shelf, Ledger) else None
    if token is None:
        return None
    if token.is_revoked or token.is_replaced:
        raise StripeError(
            f"Expired API Key provided: {masked(key)}",
            status=HTTPStatus.UNAUTHORIZED,
            code="platform_api_key_expired" if token.is_revoked else "api_key_expired",
            is_early=True,
        )
    return token.account_id


def check_scope(account: Account, method: str) -> None:
    """Refuse a write to an account whose holder let the platform only read.

    Raises:
        StripeError: it is such a write.
    """
    if account.oauth_scope == READ_ONLY and method not in {"GET", "HEAD"}:
        raise StripeError(
            "This application does not have the required permissions for this endpoint on account "
            f"'{account.id}'.",
            status=HTTPStatus.FORBIDDEN,
            is_early=True,
        )

"""OAuth: the platform turns a seller's consent into a connection, and ends one.

Errors have OAuth's shape, `{error, error_description}`. The page where the seller consents is
`hosted/authorize.py`.

Source: Stripe's documentation, "OAuth reference" for Standard accounts.
"""

from collections.abc import Mapping
from typing import Any

from aboard.sandbox import grants, outcomes, transitions
from aboard.sandbox.account import Account
from aboard.sandbox.call import Call, Route, Thing
from aboard.sandbox.emit import emit
from aboard.sandbox.grants import READ_ONLY, READ_WRITE, SCOPES, AccessToken, Grant
from aboard.sandbox.v1.access import require_platform
from aboard.sandbox.views.v1 import application_view
from aboard.sandbox.wire.errors import StripeError, shown
from aboard.sandbox.wire.form import Form
from aboard.sandbox.wire.params import LONGEST, Params, Text
from aboard.sandbox.world import World


class OAuthError(StripeError):
    """A refusal in OAuth's shape. `code` is its `error`."""

    def __init__(self, code: str, description: str, *, is_early: bool = False) -> None:
        """Refuse with this error and description."""
        super().__init__(description, code=code, is_early=is_early)

    def envelope(self) -> dict[str, Any]:
        """Return the body that says so."""
        return {"error": self.code, "error_description": self.message}


class Texts(Params, frozen=True):
    """Parameters as OAuth reads them: single texts; those it does not know are left alone."""

    def read(self, form: Form) -> dict[str, Any]:
        """Return the texts by name; an empty one is none.

        Raises:
            OAuthError: one is a hash, a list, or too long.
        """
        found: dict[str, str] = {}
        for name in self.kinds:
            text = form.get(name)
            if text is None or text == "":
                continue
            if not isinstance(text, str) or len(text) > LONGEST:
                raise OAuthError("invalid_request", f"Invalid {name}", is_early=True)
            found[name] = text
        return found


def _texts(*names: str) -> Texts:
    return Texts(dict.fromkeys(names, Text()))


def _must(params: Mapping[str, str], name: str) -> str:
    text = params.get(name)
    if text is None:
        raise OAuthError("invalid_request", f"No {name} specified", is_early=True)
    return text


def token(call: Call) -> dict[str, Any]:
    """Turn a code into a connection, or a refresh token into a new access token."""
    require_platform(call)
    kind = _must(call.params, "grant_type")
    if kind == "authorization_code":
        return _show(call.world, _take_code(call.world, _must(call.params, "code")))
    if kind == "refresh_token":
        return _show(call.world, _refresh(call.world, call.params))
    raise OAuthError("unsupported_grant_type", f"Unsupported grant type: {shown(kind)}")


def _take_code(world: World, code: str) -> AccessToken:
    grant = world.shelf(Grant).get(code)
    account = None if grant is None else world.accounts.get(grant.account_id)
    if grant is None or account is None:
        raise OAuthError("invalid_grant", f"Authorization code does not exist: {_hidden(code)}")
    state = grant.state(world.now())
    if state == "used":
        _disconnect(world, account)
        raise OAuthError(
            "invalid_grant",
            "This authorization code has already been used. All tokens issued with this code have "
            "been revoked.",
        )
    if state == "expired":
        raise OAuthError("invalid_grant", "Authorization code expired")
    grant.used_at = world.now()
    _connect(world, account, grant)
    return grants.give_token(world, account.id, code, grant.scope)


def _hidden(code: str) -> str:
    """Return what may be said of a code: it may open something in another world."""
    return f"{shown(code)[:3]}{'*' * 8}"


def _connect(world: World, account: Account, grant: Grant) -> None:
    """Let the platform reach an account that its holder connected."""
    is_wider = account.oauth_scope == READ_ONLY and grant.scope == READ_WRITE
    if account.deauthorised_at is None:
        account.oauth_scope = READ_WRITE if is_wider else account.oauth_scope
        return
    account.deauthorised_at = None
    account.oauth_scope = grant.scope
    shown_application = application_view.render(world.application_id)
    emit(world, "account.application.authorized", shown_application, account=account)
    if grant.is_to_complete:
        transitions.begin(world, account)
        outcomes.complete(world, account)


def _disconnect(world: World, account: Account) -> None:
    if account.deauthorised_at is None:
        outcomes.deauthorise(world, account)


def _refresh(world: World, params: Mapping[str, str]) -> AccessToken:
    old = grants.find_refreshable(world, _must(params, "refresh_token"))
    if old is None:
        raise OAuthError("invalid_grant", "Refresh token does not exist or was revoked")
    scope = params.get("scope", old.scope)
    if scope not in SCOPES or (scope == READ_WRITE and old.scope == READ_ONLY):
        raise OAuthError("invalid_scope", f"Invalid scope: {shown(scope)}")
    return grants.replace(world, old, scope)


def _show(world: World, made: AccessToken) -> dict[str, Any]:
    return {
        "access_token": made.key,
        "livemode": world.livemode,
        "refresh_token": made.refresh_key,
        "token_type": "bearer",
        "stripe_publishable_key": made.publishable_key,
        "stripe_user_id": made.account_id,
        "scope": made.scope,
    }


def deauthorize(call: Call) -> dict[str, Any]:
    """End a connection: from now on the account is out of the platform's reach."""
    require_platform(call)
    world = call.world
    client_id = _must(call.params, "client_id")
    account_id = _must(call.params, "stripe_user_id")
    if client_id != world.application_id:
        raise OAuthError(
            "invalid_client", f"No such application, or it is not yours: {shown(client_id)}"
        )
    account = world.account(account_id)
    if account is None:
        raise OAuthError(
            "invalid_client",
            f"This application is not connected to stripe account {shown(account_id)}, or that "
            "account does not exist.",
        )
    if account.controller.dashboard != "full":
        raise OAuthError(
            "no_deauth_on_controlled_account",
            "This account is controlled by your platform and cannot be disconnected. Use the "
            "rejection API instead.",
        )
    _disconnect(world, account)
    return {"stripe_user_id": account.id}


ROUTES = (
    Route(
        "POST",
        "/oauth/token",
        token,
        _texts("client_secret", "code", "grant_type", "refresh_token", "scope"),
        is_oauth=True,
    ),
    Route(
        "POST",
        "/oauth/deauthorize",
        deauthorize,
        _texts("client_id", "client_secret", "stripe_user_id"),
        is_oauth=True,
    ),
)
THINGS: tuple[Thing, ...] = ()

"""What does a platform ask of a seller at `/oauth/authorize`? Reads and checks the query.

Only a refusal by the seller is redirected; whatever is wrong with the request itself is shown as
JSON, because nobody knows yet whether the redirect address may be trusted.

Source: Stripe's documentation, "OAuth reference", the authorize request and its errors.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from aboard.sandbox import grants
from aboard.sandbox.wire.errors import StripeError, shown
from aboard.sandbox.wire.form import Form, decode
from aboard.sandbox.wire.params import LONGEST, is_url
from aboard.sandbox.world import World

EXPRESS_PATH = "/express/oauth/authorize"
_LONGEST_PREFILL = 200


class Refused(Exception):
    """The request itself is wrong: nothing is asked of the seller."""

    def __init__(self, code: str, description: str, state: str | None = None) -> None:
        """Refuse with OAuth's error code and words."""
        super().__init__(description)
        self.code = code
        self.description = description
        self.state = state

    def body(self) -> dict[str, str]:
        """Return what the browser shows."""
        said = {"error": self.code, "error_description": self.description}
        return said if self.state is None else {**said, "state": self.state}


@dataclass(frozen=True, slots=True)
class Ask:
    """A request for consent that holds."""

    world: World = field(repr=False)
    is_express: bool
    redirect_uri: str
    scope: str
    state: str | None = field(repr=False)
    landing: str
    prefill: Mapping[str, str] = field(repr=False)

    def back(self, **answer: str) -> str:
        """Return where the seller goes with the answer; the platform's state comes last."""
        if self.state is not None:
            answer["state"] = self.state
        parts = urlsplit(self.redirect_uri)
        query = "&".join(part for part in (parts.query, urlencode(answer)) if part)
        return parts._replace(query=query).geturl()


def read(worlds: Iterable[World], path: str, query: bytes) -> Ask:
    """Read a request for consent.

    Raises:
        Refused: it is not one, or the platform may not make it.
    """
    try:
        form = decode(query)
    except StripeError as problem:
        raise Refused("invalid_request", problem.message) from None
    state = _text(form, "state")
    if "state" in form and state is None and form["state"] != "":
        raise Refused("invalid_request", "Invalid state")
    client_id = _text(form, "client_id")
    world = next((each for each in worlds if each.application_id == client_id), None)
    if client_id is None:
        raise Refused("invalid_request", "No client_id specified", state)
    if world is None:
        no_such = "No application matches the supplied client identifier"
        raise Refused("invalid_request", no_such, state)
    redirect_uri = _redirect_uri(world, _text(form, "redirect_uri"), state)
    kind = _text(form, "response_type")
    if kind is None:
        raise Refused("invalid_request", "No response_type specified", state)
    if kind != "code":
        raise Refused("unsupported_response_type", f"Invalid response type: {shown(kind)}", state)
    scope = _text(form, "scope") or grants.READ_ONLY
    if scope not in grants.SCOPES:
        raise Refused("invalid_scope", f"Invalid scope: {shown(scope)}", state)
    return Ask(
        world=world,
        is_express=path == EXPRESS_PATH,
        redirect_uri=redirect_uri,
        scope=scope,
        state=state,
        landing=_text(form, "stripe_landing") or "",
        prefill=_prefill(form),
    )


def _text(form: Form, name: str) -> str | None:
    text = form.get(name)
    return text if isinstance(text, str) and 0 < len(text) <= LONGEST else None


def _prefill(form: Form) -> dict[str, str]:
    given = form.get("stripe_user")
    if not isinstance(given, dict):
        return {}
    return {
        name: text.strip()
        for name, text in given.items()
        if isinstance(text, str) and len(text) <= _LONGEST_PREFILL
    }


def _redirect_uri(world: World, asked: str | None, state: str | None) -> str:
    registered = grants.redirect_uris(world)
    uri = asked or (registered[0] if registered else None)
    if uri is None:
        raise Refused("invalid_redirect_uri", "No redirect URI is set for this application.", state)
    if not is_url(uri) or (registered and uri not in registered):
        raise Refused(
            "invalid_redirect_uri",
            f"Invalid redirect URI: '{shown(uri)}'. Ensure this uri exactly matches one of the "
            "uris specified in your application settings",
            state,
        )
    if world.livemode and urlsplit(uri).scheme != "https":
        message = "Livemode requests must always be redirected via HTTPS."
        raise Refused("invalid_redirect_uri", message, state)
    return uri

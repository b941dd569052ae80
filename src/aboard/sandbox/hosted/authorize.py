"""The page where a seller lets a platform in: `/oauth/authorize`.

The seller signs in by choosing one of the world's accounts, or makes a new one, and connects it or
does not. A form counts only from the browser that was shown the page: a cookie holds its secret.
"""

import hmac
import json
import secrets
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Any, Protocol

from aboard.sandbox import grants, transitions
from aboard.sandbox.account import EXPRESS, STANDARD, Account, Value
from aboard.sandbox.catalogue import COUNTRIES
from aboard.sandbox.hosted.authorize_request import Ask, Refused, read
from aboard.sandbox.hosted.exchange import (
    Answer,
    Receive,
    Request,
    Send,
    page,
    read_request,
    redirect,
    send_answer,
    with_cookie,
)
from aboard.sandbox.hosted.pages import render
from aboard.sandbox.views.v1 import application_view
from aboard.sandbox.wire.params import is_url
from aboard.sandbox.world import World

COOKIE = "aboard_sandbox_consent"
NEW = "new"
MOST_SHOWN = 10
_TYPES = {
    "individual": "An individual or sole proprietor",
    "company": "A company",
    "non_profit": "A non-profit",
}
_OLDER_TYPES = {
    "sole_prop": "individual",
    "corporation": "company",
    "llc": "company",
    "partnership": "company",
}
_FACTS = {
    "business_name": "business_profile.name",
    "product_description": "business_profile.product_description",
    "url": "business_profile.url",
}
_FIELDS = (
    ("email", "Email", "email", "email"),
    ("business_name", "Name of the business", "text", "organization"),
    ("url", "Website", "url", "url"),
)
_MAY = {
    grants.READ_ONLY: ("See your account: payments, payouts and balances.",),
    grants.READ_WRITE: (
        "See your account: payments, payouts and balances.",
        "Make payments and refunds, and change your account.",
    ),
}


class Lobby(Protocol):
    """What the page needs of a sandbox: its worlds."""

    def __iter__(self) -> Iterator[World]:
        """Go through the worlds."""


async def handle(sandbox: Lobby, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
    """Answer one request for the page."""
    request = await read_request(scope, receive)
    query: bytes = scope.get("query_string", b"")
    answer = _answer(sandbox, request, query, is_secure=scope["scheme"] == "https")
    await send_answer(send, answer, is_head=request.method == "HEAD")


def _answer(sandbox: Lobby, request: Request, query: bytes, *, is_secure: bool) -> Answer:
    if request.method not in {"GET", "HEAD", "POST"}:
        return _message(405, "This page cannot do that", "Only GET and POST are answered here.")
    try:
        ask = read(sandbox, request.path, query)
    except Refused as refusal:
        headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
        body = json.dumps(refusal.body(), indent=2).encode()
        return Answer(400, headers, body)
    action = f"{request.path}?{query.decode('latin-1')}"
    if request.method == "POST":
        return _take(ask, request, action)
    secret = request.cookies.get(COOKIE) or secrets.token_urlsafe(16)
    shown = _show(ask, action, secret, ask.prefill)
    return with_cookie(shown, COOKIE, secret, path=request.path, is_secure=is_secure)


def _token(secret: str) -> str:
    return blake2b(secret.encode(), digest_size=12, person=b"consent").hexdigest()


def _accounts(ask: Ask) -> list[Account]:
    """Return the newest accounts that could sign in here."""
    dashboard = "express" if ask.is_express else "full"

    def keep(account: Account) -> bool:
        return account.controller.dashboard == dashboard and account.rejected is None

    return ask.world.accounts.page(limit=MOST_SHOWN, keep=keep)[0]


def _show(
    ask: Ask,
    action: str,
    secret: str,
    typed: Mapping[str, str],
    problems: Mapping[str, str] | None = None,
) -> Answer:
    accounts = _accounts(ask)
    is_new = not accounts or ask.landing == "register"
    chosen = typed.get("account") or (NEW if is_new else accounts[0].id)
    country = typed.get("country", "").upper()
    kind = typed.get("business_type", "")
    faults = [
        {"anchor": name, "label": label, "text": text}
        for name, label, *_ in _FIELDS
        if (text := (problems or {}).get(name))
    ]
    html = render(
        "authorize.html",
        title=f"Connect your account to {application_view.NAME}",
        action=action,
        csrf=_token(secret),
        may=_MAY[ask.scope],
        accounts=[(account.id, _words(account)) for account in accounts],
        chosen=chosen,
        new=NEW,
        fields=[
            {"name": name, "label": label, "kind": kind, "autocomplete": autocomplete,
             "value": typed.get(name, ""), "error": (problems or {}).get(name)}
            for name, label, kind, autocomplete in _FIELDS
        ],
        countries=sorted(COUNTRIES),
        country=country if country in COUNTRIES else ask.world.platform.country,
        types=_TYPES,
        business_type=_OLDER_TYPES.get(kind, kind),
        problems=faults,
    )  # fmt: skip
    return page(html, status=422 if faults else 200)


def _words(account: Account) -> str:
    name = account.fact("business_profile.name") or account.email or "Account without a name"
    state = "connected" if account.deauthorised_at is None else "not connected"
    return f"{name} · {account.id} · {account.country} · {state}"


def _take(ask: Ask, request: Request, action: str) -> Answer:
    if request.problem:
        return _message(
            request.problem,
            "This form could not be read",
            "It was too large, or not encoded as browsers encode forms. Go back and try again.",
        )
    secret = request.cookies.get(COOKIE, "")
    sent = request.form.get("csrf", "").encode()
    if not secret or not hmac.compare_digest(sent, _token(secret).encode()):
        return _message(
            403,
            "This form did not come from here",
            "For your safety nothing was connected. Go back, reload the page and try again.",
        )
    typed = {name: text.strip() for name, text in request.form.items()}
    take = _TAKERS.get(typed.get("do", "connect"))
    if take is None:
        return _message(400, "There is no such button", "Go back and try another.")
    return take(ask, typed, action, secret)


def _deny(ask: Ask, _typed: Mapping[str, str], _action: str, _secret: str) -> Answer:
    denied = "The user denied your request"
    return redirect(ask.back(error="access_denied", error_description=denied))


def _skip(ask: Ask, _typed: Mapping[str, str], _action: str, _secret: str) -> Answer:
    return _let_in(ask, _make(ask, {}))


def _connect(ask: Ask, typed: Mapping[str, str], action: str, secret: str) -> Answer:
    chosen = typed.get("account", NEW)
    if chosen == NEW:
        problems = _problems(typed)
        if problems:
            return _show(ask, action, secret, typed, problems)
        return _let_in(ask, _make(ask, typed), is_to_complete=True)
    account = next((each for each in _accounts(ask) if each.id == chosen), None)
    if account is None:
        return _message(400, "There is no such account", "Go back and choose another.")
    return _let_in(ask, account)


def _let_in(ask: Ask, account: Account, *, is_to_complete: bool = False) -> Answer:
    code = grants.give_code(ask.world, account, ask.scope, is_to_complete=is_to_complete)
    return redirect(ask.back(scope=ask.scope, code=code))


_TAKERS = {"connect": _connect, "deny": _deny, "skip": _skip}


def _problems(typed: Mapping[str, str]) -> dict[str, str]:
    found = {}
    if "@" not in typed.get("email", ""):
        found["email"] = "Enter an email address."
    url = typed.get("url", "")
    if url and not is_url(url):
        found["url"] = "Enter an address that begins with https://."
    return found


def _make(ask: Ask, typed: Mapping[str, str]) -> Account:
    """Make an account that no platform can reach yet: its holder has just signed up."""
    world = ask.world
    country = typed.get("country", "")
    if country not in COUNTRIES:
        prefilled = ask.prefill.get("country", "").upper()
        country = prefilled if prefilled in COUNTRIES else world.platform.country
    given: dict[str, Value] = {
        path: typed[name] for name, path in _FACTS.items() if typed.get(name)
    }
    kind = typed.get("business_type")
    account = Account(
        id=world.ids.new("acct"),
        created=world.now(),
        country=country,
        currency=COUNTRIES[country].currency,
        controller=EXPRESS if ask.is_express else STANDARD,
        email=typed.get("email") or ask.prefill.get("email") or None,
        business_type=kind if kind in _TYPES else None,
        given=given,
        requested=dict.fromkeys(transitions.DEFAULT_CAPABILITIES, world.now()),
        deauthorised_at=world.now(),
    )
    world.accounts.add(account.id, account)
    return account


def _message(status: int, title: str, *paragraphs: str) -> Answer:
    return page(render("message.html", title=title, paragraphs=paragraphs), status=status)

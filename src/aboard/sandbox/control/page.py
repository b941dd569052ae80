"""What does a browser see at `/_sandbox/`? Everything there is, with buttons for what can be done.

The buttons are plain forms that post to the controls themselves; afterwards the browser is sent
back to where it was. Nothing here needs JavaScript.
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from aboard.sandbox import outcomes, requirements
from aboard.sandbox.control import accounts, clock, looking, mail, scenes, trouble
from aboard.sandbox.control.desk import Answer, Visitor, find_account, show_account
from aboard.sandbox.faults import KINDS
from aboard.sandbox.hosted.pages import stylesheet
from aboard.sandbox.routes import all_routes
from aboard.sandbox.wire.errors import StripeError
from aboard.sandbox.wire.http import Headers, Send
from aboard.sandbox.worlds import Worlds

if TYPE_CHECKING:
    from jinja2 import Environment

    from aboard.sandbox.delivery import Postman

_FOLDER = Path(__file__).parent / "templates"
_HOME = "/_sandbox/"
_ACCOUNT = "/_sandbox/accounts/"
_SCENARIOS = "/_sandbox/scenarios"
_ROWS = {"limit": 12}
_POLICY = (
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_ALWAYS = [
    (b"cache-control", b"no-store"),
    (b"content-security-policy", _POLICY.encode()),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-robots-tag", b"noindex"),
]
_PLACES = ("clock", "worlds", "accounts", "links", "events", "deliveries", "requests", "faults")
_COUNTRIES = ("US", "GB", "DE", "FR", "PT", "ES", "IT", "NL", "IE", "AU", "CA", "JP")
_KIND_WORDS = {
    "bad_gateway": "502 without JSON",
    "error": "500",
    "lock_timeout": "429 lock timeout",
    "rate_limit": "429 rate limit",
    "reset": "connection cut",
    "slow": "slow (seconds)",
    "timeout": "no answer at all",
    "unavailable": "503 without JSON",
}
_STEPS = ((86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader  # noqa: PLC0415 (only pages need templates)

    environment = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, auto_reload=False, trim_blocks=True
    )
    environment.filters["moment"] = moment
    environment.filters["ago"] = ago
    environment.filters["plain"] = lambda number: f"{number:g}"
    return environment


def moment(at: int) -> str:
    """Return a point in time (unix seconds) as people write it, in UTC."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S")


def ago(at: int, now: int) -> str:
    """Return how long ago something was, or how soon it will be."""
    away = abs(at - now)
    for size, name in _STEPS:
        if away >= size:
            count = away // size
            words = f"{count} {name}{'' if count == 1 else 's'}"
            return f"{words} ago" if at < now else f"in {words}"
    return "now"


@cache
def _stylesheet() -> bytes:
    return stylesheet() + b"\n" + (_FOLDER / "control.css").read_bytes()


@cache
def _stylesheet_path() -> str:
    return f"/_sandbox/style-{hashlib.sha256(_stylesheet()).hexdigest()[:10]}.css"


def _render(name: str, **values: object) -> bytes:
    values.setdefault("places", ())
    page = _environment().get_template(name).render(values, stylesheet=_stylesheet_path())
    return page.encode()


def _nobody() -> "Postman":
    raise StripeError("Nothing is delivered while a page is shown.")


def _rows(
    worlds: Worlds, handler: Callable[[Visitor], Answer], **params: object
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = handler(Visitor(worlds, _nobody, (), {**_ROWS, **params}))["data"]
    return rows


async def write_page(send: Send, worlds: Worlds, path: str, *, is_head: bool) -> bool:
    """Answer a browser's GET with a page, if there is one at this path."""
    if path == _stylesheet_path():
        forever = (b"cache-control", b"public, max-age=31536000, immutable")
        await _write(send, 200, _stylesheet(), b"text/css", [forever], is_head=is_head)
        return True
    if path.rstrip("/") == _HOME.rstrip("/"):
        html = _overview(worlds)
    elif path.startswith(_ACCOUNT) and "/" not in path.removeprefix(_ACCOUNT):
        html = _account(worlds, path.removeprefix(_ACCOUNT))
    else:
        return False
    await _write(send, 200, html, b"text/html", _ALWAYS, is_head=is_head)
    return True


def _overview(worlds: Worlds) -> bytes:
    shown = accounts.show_accounts(Visitor(worlds, _nobody, (), _ROWS))
    return _render(
        "overview.html",
        title="Sandbox",
        places=[(place, place.capitalize()) for place in (*_PLACES, "chaos")],
        clock=clock.show_clock(Visitor(worlds, _nobody, (), {})),
        now=worlds.clock.unix(),
        worlds=_rows(worlds, looking.show_worlds),
        accounts=shown["data"],
        has_more_accounts=shown["has_more"],
        links=_rows(worlds, looking.show_links),
        events=_rows(worlds, mail.show_events),
        deliveries=_rows(worlds, mail.show_deliveries),
        endpoints=_rows(worlds, mail.show_endpoints),
        requests=_rows(worlds, looking.show_requests),
        faults=_rows(worlds, trouble.show_faults),
        chaos=mail.show_chaos(Visitor(worlds, _nobody, (), {})),
        scenarios=_rows(worlds, scenes.show_scenarios),
        fault_kinds=[(kind, _KIND_WORDS[kind]) for kind in KINDS],
        operations=[f"{route.method} {route.template}" for route in all_routes()],
        countries=_COUNTRIES,
    )


def _account(worlds: Worlds, account_id: str) -> bytes:
    world, account = find_account(Visitor(worlds, _nobody, (), {}), account_id)
    owed = requirements.owed(account, world.now())
    seen = msgspec.json.encode(show_account(world, account))
    capabilities = msgspec.json.decode(seen).get("capabilities") or {}
    row = accounts.summarize(world, account)
    return _render(
        "account.html",
        title=f"{row['name']} ({account.id})" if row["name"] else account.id,
        places=[(place, place.capitalize()) for place in ("owed", "do", *_PLACES[3:7])],
        base=f"{_ACCOUNT}{account.id}",
        now=world.now(),
        row=row,
        owed=[
            ("Past due", owed.past_due),
            ("Due now", [key for key in owed.currently_due if key not in owed.past_due]),
            ("Due later", [key for key in owed.eventually_due if key not in owed.currently_due]),
            ("Being checked", owed.pending),
        ],
        deadline=owed.deadline,
        errors=owed.errors,
        capabilities=sorted(capabilities.items()),
        rejections=sorted(outcomes.REJECTIONS),
        scenarios=_rows(worlds, scenes.show_scenarios),
        links=_rows(worlds, looking.show_links, account=account.id),
        events=_rows(worlds, mail.show_events, account=account.id),
        deliveries=_rows(worlds, mail.show_deliveries, account=account.id),
        requests=_rows(worlds, looking.show_requests, account=account.id),
        json=msgspec.json.format(seen, indent=2).decode(),
    )


async def write_outcome(
    send: Send, path: str, headers: Headers, status: int, answer: Answer
) -> None:
    """Send a browser back to where its button was, or say why nothing was done."""
    back = _way_back(headers)
    if status < HTTPStatus.BAD_REQUEST:
        if path.startswith(_SCENARIOS):
            back = f"{_ACCOUNT}{answer['id']}"
        location = [(b"location", back.encode("latin-1", "replace")), *_ALWAYS]
        await _write(send, HTTPStatus.SEE_OTHER, b"", b"text/html", location, is_head=False)
        return
    text = answer["error"]["message"]
    html = _render("message.html", title="That was not done", text=text, back=back)
    await _write(send, status, html, b"text/html", _ALWAYS, is_head=False)


async def write_refusal(send: Send, status: int, answer: Answer, *, is_head: bool) -> None:
    """Say to a browser why a page is not shown."""
    text = answer["error"]["message"]
    html = _render("message.html", title="There is nothing to see", text=text, back=_HOME)
    await _write(send, status, html, b"text/html", _ALWAYS, is_head=is_head)


def _way_back(headers: Headers) -> str:
    """Return the page of ours that a form was on."""
    came_from = urlsplit(headers.get("referer", ""))
    is_ours = came_from.netloc == headers.get("host") and came_from.path.startswith(_HOME)
    return came_from.path if is_ours else _HOME


async def _write(
    send: Send,
    status: int,
    body: bytes,
    kind: bytes,
    headers: list[tuple[bytes, bytes]],
    *,
    is_head: bool,
) -> None:
    length = (b"content-length", b"%d" % len(body))
    given = [(b"content-type", kind + b"; charset=utf-8"), length, *headers]
    await send({"type": "http.response.start", "status": int(status), "headers": given})
    await send({"type": "http.response.body", "body": b"" if is_head else body})

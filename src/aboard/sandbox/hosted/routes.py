"""Which page answers which address.

- `/setup/<letter>/<acct>/<code>`: an account link. Its first visit shows the first page right
  there, so that a reload, as at Stripe, is a second visit and goes to the refresh URL.
- `/express/<acct>/<code>`: a login link.
- `/hosted/<folder>/<page>`: the pages of one visit, which its cookie alone opens.
"""

from collections.abc import Callable, Mapping
from typing import Any

from aboard.sandbox import visits
from aboard.sandbox.hosted import dashboard, form, people, review, shortcuts, sign_in
from aboard.sandbox.hosted.desk import COOKIE, FOLDER, SIGNED_OUT, Desk
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
from aboard.sandbox.hosted.pages import render, stylesheet, stylesheet_path
from aboard.sandbox.visits import Lobby, TurnedAway, Visit

_LINK_PARTS = 4
_LOGIN_PARTS = 3
_READS = frozenset({"GET", "HEAD"})


async def handle(sandbox: Lobby, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
    """Answer one request for a hosted page."""
    request = await read_request(scope, receive)
    answer = _route(sandbox, request, is_secure=scope["scheme"] == "https")
    await send_answer(send, answer, is_head=request.method == "HEAD")


def _route(sandbox: Lobby, request: Request, *, is_secure: bool) -> Answer:
    if request.method not in {*_READS, "POST"}:
        return _message(405, "This page cannot do that", "Only GET and POST are answered here.")
    if request.path.startswith(FOLDER):
        return _in_folder(sandbox, request)
    if request.method not in _READS:
        return _message(405, "This page cannot do that", "A link is opened, never sent to.")
    parts = request.path.strip("/").split("/")
    if parts[0] == "setup" and len(parts) == _LINK_PARTS:
        return _open_link(sandbox, parts[2], parts[3], is_secure=is_secure)
    if parts[0] == "express" and len(parts) == _LOGIN_PARTS:
        return _open_login_link(sandbox, parts[1], parts[2], is_secure=is_secure)
    return _unknown_link()


def _open_link(sandbox: Lobby, account_id: str, code: str, *, is_secure: bool) -> Answer:
    visit = visits.open_link(sandbox, account_id, code)
    if visit is None:
        return _unknown_link()
    if isinstance(visit, TurnedAway):
        return redirect(visit.url)
    desk = Desk(visit)
    first = _show(desk, _first_slug(desk))
    return with_cookie(first, COOKIE, visit.id, path=desk.base, is_secure=is_secure)


def _open_login_link(sandbox: Lobby, account_id: str, code: str, *, is_secure: bool) -> Answer:
    visit = visits.open_login_link(sandbox, account_id, code)
    if visit is None:
        return _message(
            404,
            "This link does not open anything",
            "A login link opens the dashboard once, soon after it was made. This one was used, "
            "has expired, or never existed.",
            _ASK_AGAIN,
        )
    desk = Desk(visit)
    first = _show(desk, _first_slug(desk))
    return with_cookie(first, COOKIE, visit.id, path=desk.base, is_secure=is_secure)


def _in_folder(sandbox: Lobby, request: Request) -> Answer:
    """Answer what lies under `/hosted/`: the style sheet, and the pages of one visit."""
    if request.path == stylesheet_path():
        return Answer(200, [(b"content-type", b"text/css; charset=utf-8"), _FOREVER], stylesheet())
    if request.path == SIGNED_OUT:
        return _message(200, "You are signed out", "Close this page, or go back to the platform.")
    folder, _, slug = request.path.removeprefix(FOLDER).partition("/")
    visit_id = request.cookies.get(COOKIE, "")
    known = sandbox.visits.get(visit_id)
    desk = None if known is None else Desk(known)
    if desk is None or desk.base != FOLDER + folder:
        return _message(404, "Nothing is open here", _OTHER_BROWSER, _ASK_AGAIN)
    if visits.find_visit(sandbox, visit_id) or visits.find_dashboard_visit(sandbox, visit_id):
        return _show(desk, slug) if request.method in _READS else _take(desk, slug, request)
    if isinstance(desk.visit, Visit):
        return redirect(desk.visit.link.refresh_url)
    return _message(404, "You are signed out", "This dashboard is closed.", _ASK_AGAIN)


def _first_slug(desk: Desk) -> str:
    if desk.is_dashboard:
        return "code" if desk.needs_sign_in else dashboard.SLUG
    if desk.needs_sign_in:
        return "sign-in"
    return "review" if desk.is_full else desk.outline().next_after("")


def _show(desk: Desk, slug: str) -> Answer:
    if slug in {"sign-in", "code"} or desk.needs_sign_in:
        is_code = slug == "code" or desk.is_dashboard
        return sign_in.show_code(desk) if is_code else sign_in.show_sign_in(desk)
    if slug == dashboard.SLUG and desk.is_dashboard:
        return dashboard.show_dashboard(desk)
    plan = desk.outline()
    if slug == "review":
        return review.show_review(desk, plan)
    if slug in plan.asked:
        return form.show_step(desk, slug, plan)
    person = people.person_on(desk.account, slug)
    if person is not None:
        return people.show_person(desk, person, plan)
    return redirect(desk.url(_first_slug(desk)))


def _take(desk: Desk, slug: str, request: Request) -> Answer:
    if request.problem:
        return _message(request.problem, "This form could not be read", _UNREADABLE)
    if not desk.is_form_token(request.form.get("csrf", "")):
        return _message(403, "This form did not come from here", _FOREIGN)
    take = _TAKERS.get(slug)
    if take is None:
        take = _take_step
    if desk.needs_sign_in and slug not in _BEFORE_SIGN_IN:
        return redirect(desk.url(_first_slug(desk)))
    return take(desk, slug, request)


def _take_step(desk: Desk, slug: str, request: Request) -> Answer:
    plan = desk.outline()
    if slug in plan.asked:
        return form.take_step(desk, slug, plan, request)
    person = people.person_on(desk.account, slug)
    if person is not None:
        return people.take_person(desk, person, plan, request)
    return redirect(desk.url(_first_slug(desk)))


def _take_shortcut(desk: Desk, _: str, request: Request) -> Answer:
    outcome = shortcuts.take_shortcut(desk, request.form.get("do", ""))
    return outcome or _message(400, "There is no such shortcut", "Go back and try another.")


def _take_dashboard(desk: Desk, slug: str, request: Request) -> Answer:
    if not desk.is_dashboard:
        return _take_step(desk, slug, request)
    return dashboard.take_dashboard(desk)


_TAKERS: dict[str, Callable[[Desk, str, Request], Answer]] = {
    "shortcut": _take_shortcut,
    "sign-in": lambda desk, _, request: sign_in.take_sign_in(desk, request.form),
    "code": lambda desk, _, request: sign_in.take_code(desk, request.form),
    people.REMOVAL: lambda desk, _, request: people.take_removal(desk, request.form),
    "review": lambda desk, _, request: review.take_review(desk, request),
    dashboard.SLUG: _take_dashboard,
}
_BEFORE_SIGN_IN = frozenset({"shortcut", "sign-in", "code"})
_FOREVER = (b"cache-control", b"public, max-age=31536000, immutable")
_UNREADABLE = "It was too large, or not encoded as browsers encode forms. Go back and try again."
_OTHER_BROWSER = "These pages open only in the browser that opened the link."
_ASK_AGAIN = "Go back to the platform and ask for a new link."
_FOREIGN = "For your safety nothing was saved. Go back, reload the page and try again."


def _unknown_link() -> Answer:
    return _message(
        404,
        "This link does not open anything",
        "No account link with this address was ever made in this sandbox, or the sandbox was "
        "started anew since.",
        "Go back to the platform and ask for a new link. (What Stripe shows for a link that never "
        "existed is not documented.)",
    )


def _message(status: int, title: str, *paragraphs: str) -> Answer:
    return page(render("message.html", title=title, paragraphs=paragraphs), status=status)

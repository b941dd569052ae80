"""Who looks at a page, in which language, and may they do what they ask for?

A form counts only if it was pressed on our own pages. Beside that, session cookies do not travel
with other sites' forms.

Source: docs/owner-pages.md, what the pages promise.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import parse_qs

from litestar import Request
from litestar.types import Scope

from aboard.core.caller import Caller, Role
from aboard.core.errors import InputRefused, OwnerUnknown, Unauthenticated
from aboard.core.languages import LANGUAGES
from aboard.core.organization import is_organization_id
from aboard.core.owner import Mode, Owner
from aboard.dashboard.pages import Reader
from aboard.flows.creators import get_creator
from aboard.flows.members import get_organization_record
from aboard.flows.organizations import get_organization
from aboard.flows.platform import Platform
from aboard.web.answer import Header
from aboard.web.auth import SESSION_COOKIE
from aboard.web.bodies import read_body, require_type
from aboard.web.door import LANGUAGE_COOKIE, find_cookie, language_of, page_cookie
from aboard.web.exchange import exchange_of, find_header_text
from aboard.web.forms import is_own_form

_YEAR_SECONDS: Final = 31_536_000
_MOST_FIELDS: Final = 8
_MOST_BYTES: Final = 4096
_WINDOW: Final = "document"

Call = Request[Any, Any, Any]
FindSession = Callable[[Scope], Awaitable[Caller | None]]
"""Who is visiting, by whichever session they have, or nobody."""


class StrangeForm(Exception):
    """A form that was not pressed on our own pages."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody at one owner's pages, with their role; creators own themselves.

    `name` is the organization's, where it has one here.
    """

    caller: Caller
    owner: Owner
    role: Role
    reader: Reader
    name: str = ""

    @property
    def may_act(self) -> bool:
        """Say whether this visitor may do more than read."""
        return self.role.may_onboard

    @property
    def sees_compliance(self) -> bool:
        """Say whether this visitor may read what Stripe asks for and why."""
        return self.role.sees_compliance


async def get_visitor(
    platform: Platform, find_session: FindSession, request: Call, *, acting: bool = False
) -> Visitor:
    """Return who is at the pages that the address names.

    Raises:
        Unauthenticated: nobody is signed in.
        NotYours: not a member, or the role is too weak; audited.
        OwnerUnknown: the visitor is no creator, or the address names no mode or no id.
    """
    caller = await find_session(request.scope)
    if caller is None:
        raise Unauthenticated("missing")
    organization_id = request.path_params.get("organization_id")
    if organization_id is None:
        owner = await get_creator(platform, caller, _creators_mode(request))
        return Visitor(caller, owner, Role.OWNER, read_reader(request, platform.public_url))
    word = request.path_params.get("mode")
    # What can be no id is neither looked up nor written down.
    if word not in set(Mode) or not is_organization_id(organization_id):
        raise OwnerUnknown
    owner = await get_organization(
        platform,
        caller,
        organization_id,
        Mode(word),
        acting=acting,
        request_id=exchange_of(request.scope).request_id,
    )
    reader = read_reader(request, platform.public_url)
    try:
        member = await get_organization_record(platform, caller, owner.id)
    except OwnerUnknown:  # an operator, at the pages of one that only tokens know
        return Visitor(caller, owner, Role.OWNER, reader)
    if member.organization is None:
        return Visitor(caller, owner, member.role, reader)
    reader = replace(reader, zone=member.organization.time_zone)
    return Visitor(caller, owner, member.role, reader, member.organization.name)


def _creators_mode(request: Call) -> Mode | None:
    """Return the mode that the address of a creator's page names; the old ones name none."""
    word = request.path_params.get("mode")
    parts = request.scope["path"].split("/")
    if word is None and "creator" in parts:
        word = next(iter(parts[parts.index("creator") + 1 :]), None)
    return Mode(word) if word in set(Mode) else None


def read_reader(request: Call, public_url: str) -> Reader:
    """Return the reader of a page: language by choice, by earlier choice, or by browser.

    They may sign out where it is our session that lets them in: a platform's is not ours to end.
    """
    chosen = _chosen_language(request)
    return Reader(
        chosen if chosen in LANGUAGES else language_of(request.scope),
        may_choose_language=request.method == "GET",
        may_leave=find_cookie(request.scope, page_cookie(public_url)) is not None
        and find_cookie(request.scope, SESSION_COOKIE) is None,
    )


def language_headers(request: Call) -> tuple[Header, ...]:
    """Return the cookie that remembers a language just chosen, if one was.

    It goes to the whole host, because the pages of the way back from Stripe are read by it too.
    """
    chosen = _chosen_language(request)
    if chosen not in LANGUAGES:
        return ()
    words = f"Path=/; Max-Age={_YEAR_SECONDS}; HttpOnly; SameSite=Lax"
    return ((b"set-cookie", f"{LANGUAGE_COOKIE}={chosen}; {words}".encode()),)


def require_own_form(request: Call, public_url: str) -> None:
    """Let a form pass that was pressed on our own pages.

    Raises:
        StrangeForm: it was not, or nothing says so.
    """
    if not is_own_form(request.scope, public_url):
        raise StrangeForm


def require_opened(request: Call) -> None:
    """Let a link pass that is opened in a window: not fetched ahead, by a script, or as a picture.

    Else a neighbour of our host could swap somebody's session behind their back, and a browser
    that looks ahead would use their ticket up. Browsers before 2023 say nothing and pass.

    Raises:
        InputRefused: nobody is looking.
    """
    scope = request.scope
    dest = find_header_text(scope, b"sec-fetch-dest") or _WINDOW
    ahead = (find_header_text(scope, name) or "" for name in (b"sec-purpose", b"purpose"))
    if dest != _WINDOW or any(word.startswith("prefetch") for word in ahead):
        raise InputRefused([("ticket", "is only for a window that somebody opened")])


async def read_form(request: Call, *, most_bytes: int = _MOST_BYTES) -> dict[str, str]:
    """Return the fields of a form, each once; what was left empty is not among them.

    Raises:
        InputRefused: too large, of another type, broken off, or not one of our forms.
    """
    body = await read_body(request.scope, request.receive, most_bytes)
    if not body:
        return {}
    require_type(request.scope, "application/x-www-form-urlencoded")
    try:
        fields = parse_qs(body.decode("ascii"), max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise InputRefused([("form", "is not one of ours")]) from None
    return {name: values[0] for name, values in fields.items()}


def query_word(request: Call, name: str) -> str:
    """Return a word of the address, or an empty one."""
    query = request.scope["query_string"].decode("latin-1")
    try:
        fields = parse_qs(query, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return ""
    return fields.get(name, [""])[0]


def _chosen_language(request: Call) -> str:
    return query_word(request, "language")

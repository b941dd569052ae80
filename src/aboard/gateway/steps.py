"""What does a call pass on its way? The chain, one function a step, in the order they are run.

Each step learns one thing or refuses. Nothing goes up before the last of them.

Source: ADR-0029, the gateway; docs/gateway/index.md, the way of a call.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from aboard.core.lending.callers import Borrower
from aboard.core.lending.catalogue import Match, match_path
from aboard.core.lending.operations import BodyKind, Generation, Operation, Place
from aboard.core.lending.refusals import CallRefused, RefusalCode
from aboard.flows.lending.borrowing import find_borrower, permit, require_owned, take_turn
from aboard.flows.lending.calls import open_call
from aboard.flows.lending.credentials import lend_key
from aboard.flows.platform import Platform
from aboard.gateway import accounts, heads, target
from aboard.gateway.bodies import FORM, JSON, MULTIPART, Body
from aboard.gateway.bounds import Bounds
from aboard.gateway.conversation import Conversation
from aboard.gateway.wire import FAULT, TARGET, mounted_path

_UTF8: Final = frozenset({"", "utf-8", "utf8"})
_BODILESS: Final = "GET"
_MERGED: Final = frozenset({Place.QUERY, Place.BODY})
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Ground:
    """What the steps stand on. `prefix` is where the gateway is mounted, such as `/gateway`."""

    platform: Platform
    bounds: Bounds
    prefix: bytes = b""


Step = Callable[[Ground, Conversation], Awaitable[None]]


async def read_target(ground: Ground, talk: Conversation) -> None:
    """Take the path and the query, or refuse what is none.

    Raises:
        CallRefused: the parser refused the request, or its target is no plain path.
    """
    if (fault := talk.scope.get(FAULT)) is not None:
        raise CallRefused(fault)
    raw: bytes | None = talk.scope.get(TARGET)
    if raw is None:
        query: bytes = talk.scope.get("query_string", b"")
        raw = mounted_path(talk.scope) + (b"?" + query if query else b"")
    talk.target = target.read_target(raw.removeprefix(ground.prefix))


async def read_heads(_: Ground, talk: Conversation) -> None:
    """Take the headers.

    Raises:
        CallRefused: they say one thing in two ways.
    """
    version = str(talk.scope.get("http_version", "1.1"))
    talk.heads = heads.read_heads(talk.scope["headers"], version=version)


async def identify(ground: Ground, talk: Conversation) -> None:
    """Find out who calls.

    Raises:
        CallRefused: nobody whom the gateway knows, or not any more.
    """
    talk.borrower = await find_borrower(ground.platform, heads.read_token(talk.scope["headers"]))


async def match_operation(_: Ground, talk: Conversation) -> None:
    """Find out what is called.

    Raises:
        CallRefused: no operation of the catalogue has this path, or this method.
    """
    asked = there(talk.target)
    talk.match = match_path(talk.method, asked.path)


async def require_permission(ground: Ground, talk: Conversation) -> None:
    """Let pass what the caller's allow-list names.

    Raises:
        CallRefused: it does not, or an operator has switched it off.
    """
    permit(ground.platform, there(talk.borrower), there(talk.match).operation)


async def take_body(ground: Ground, talk: Conversation) -> None:
    """Make ready for the body; nothing of it is read yet.

    Raises:
        CallRefused: one is announced that this operation does not take, or a larger one.
    """
    asked, operation = there(talk.heads), there(talk.match).operation
    bounds = ground.bounds
    is_file = operation.body is BodyKind.MULTIPART
    limit = bounds.file_bytes if is_file else bounds.body_bytes
    if talk.method == _BODILESS:
        limit = 0
    elif asked.has_body:
        wanted = _type_of(operation)
        if asked.media_type != wanted or (wanted != MULTIPART and asked.charset not in _UTF8):
            raise CallRefused(
                RefusalCode.MEDIA_TYPE_REFUSED,
                parameter="content-type",
                detail=f"This operation takes {wanted}.",
            )
    talk.body = Body(talk.scope, talk.receive, asked, limit, bounds.patience)


async def require_own_accounts(ground: Ground, talk: Conversation) -> None:
    """Let pass what is about accounts of the caller's owners; read the body if it names them.

    Raises:
        CallRefused: it is about others', about none, or could be read in two ways.
    """
    borrower, match = there(talk.borrower), there(talk.match)
    if borrower.caller.owners is None:
        return
    named = [account async for account in _named_accounts(talk, match)]
    await require_owned(ground.platform, borrower, match.operation, named)


async def take_a_turn(ground: Ground, talk: Conversation) -> None:
    """Use one call of the caller's second.

    Raises:
        CallRefused: there is none left.
    """
    talk.allowance = await take_turn(ground.platform, there(talk.borrower))


async def borrow_key(ground: Ground, talk: Conversation) -> None:
    """Take the key that is lent to this caller.

    Raises:
        CallRefused: there is none for the mode, or it cannot be opened.
    """
    talk.key = await lend_key(ground.platform, there(talk.borrower))


async def open_row(ground: Ground, talk: Conversation) -> None:
    """Write the call down before it goes up.

    Raises:
        CallRefused: the budget of the day is spent, or nothing can be written down.
    """
    borrower: Borrower = there(talk.borrower)
    talk.is_open = True  # also for whoever is cancelled meanwhile: the row may be there by then
    try:
        await open_call(ground.platform, talk.opened(borrower, there(talk.match).operation))
    except CallRefused:
        talk.is_open = False
        raise


GREETING: Final[tuple[Step, ...]] = (read_target, read_heads, identify)
"""What whoever asks passes, whatever they ask for."""
CHAIN: Final[tuple[Step, ...]] = (
    *GREETING,
    match_operation,
    require_permission,
    take_body,
    require_own_accounts,
    take_a_turn,
    borrow_key,
    open_row,
)
"""What a call passes before it goes up."""


async def _named_accounts(talk: Conversation, match: Match) -> AsyncIterator[str]:
    asked, operation = there(talk.heads), match.operation
    for value in (asked.stripe_account, asked.stripe_context):
        if value is not None:
            yield value
    for place in operation.accounts:
        if place.place is Place.PATH:
            yield match.arguments[place.name]
    names = {tuple(place.name.split(".")) for place in operation.accounts if place.place in _MERGED}
    if not names:
        return
    found = list(accounts.in_form(there(talk.target).query, names))
    body = await there(talk.body).read_all()
    if body:
        read = accounts.in_form if operation.generation is Generation.V1 else accounts.in_json
        found += read(body, names)
    for account in accounts.require_once(found):
        yield account


def _type_of(operation: Operation) -> str:
    if operation.body is BodyKind.MULTIPART:
        return MULTIPART
    return FORM if operation.generation is Generation.V1 else JSON


def there(learned: _T | None) -> _T:
    """Return what an earlier step has learned."""
    if learned is None:
        raise LookupError("a step was left out")
    return learned

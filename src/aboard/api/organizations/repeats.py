"""How does an operation answer a request that came before? In one of the two ways of the flows.

`answer_once` and `finish_once` are for what changes something: the answer is kept and told again,
with the header `Idempotent-Replayed`. `answer_anew` is for what reveals a bearer URL or a secret.

Source: docs/api/organizations.md, idempotency.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple, TypeVar

import msgspec

from aboard.flows import idempotency
from aboard.flows.idempotency import KeyedRequest
from aboard.flows.platform import Platform
from aboard.web.answer import Answer, EmptyAnswer, Header
from aboard.web.bodies import StrictRequest
from aboard.web.door import OPERATION
from aboard.web.exchange import find_header_text

REPLAYED: Final[Header] = (b"idempotent-replayed", b"true")
T = TypeVar("T")
Asked = msgspec.Struct | tuple[object, ...]
"""Everything that was asked, with its defaults filled in: what makes two requests the same."""


class Said(NamedTuple):
    """An answer that may be kept: it holds no bearer URL and no secret."""

    body: msgspec.Struct | None
    headers: tuple[tuple[str, str], ...] = ()
    status: int = 200


class _Kept(msgspec.Struct, frozen=True):
    body: msgspec.Raw
    headers: tuple[tuple[str, str], ...]
    status: int


async def answer_once(
    platform: Platform,
    request: StrictRequest,
    organization_id: str,
    asked: Asked,
    work: Callable[[], Awaitable[Said]],
    recheck: Callable[[msgspec.Raw], Awaitable[None]] | None = None,
) -> Answer[Any]:
    """Do the work and answer; a repeat is given the same status and body without an effect.

    Call it after the caller's right to act was checked, because that may change within a day.
    Where only the kept body says what it is about, `recheck` looks at it before it is told again.

    Raises:
        InputRefused: the key is not 1 to 255 visible ASCII characters.
        IdempotencyConflict: the key came before with another body.
        IdempotencyBusy: the first request is at work.
    """
    kept, headers = await _once(platform, request, organization_id, asked, work)
    if recheck is not None and REPLAYED in headers:
        await recheck(kept.body)
    return Answer(kept.body, status=kept.status, headers=headers)


async def finish_once(
    platform: Platform,
    request: StrictRequest,
    organization_id: str,
    asked: Asked,
    work: Callable[[], Awaitable[Said]],
) -> EmptyAnswer:
    """Do the work and answer 204 with its headers alone; a repeat is given the same.

    Raises:
        InputRefused: the key is not 1 to 255 visible ASCII characters.
        IdempotencyConflict: the key came before with another body.
        IdempotencyBusy: the first request is at work.
    """
    _, headers = await _once(platform, request, organization_id, asked, work)
    return EmptyAnswer(headers=headers)


async def answer_anew(
    platform: Platform,
    request: StrictRequest,
    organization_id: str,
    asked: Asked,
    work: Callable[[bool], Awaitable[T]],
) -> T:
    """Do the work each time; `work` is told whether the same request was answered before.

    Raises:
        InputRefused: the key is not 1 to 255 visible ASCII characters.
        IdempotencyConflict: the key came before with another body.
    """
    return await idempotency.answer_anew(platform, _keyed(request, organization_id, asked), work)


async def _once(
    platform: Platform,
    request: StrictRequest,
    organization_id: str,
    asked: Asked,
    work: Callable[[], Awaitable[Said]],
) -> tuple[_Kept, list[Header]]:
    async def say() -> str:
        said = await work()
        return msgspec.json.encode(said._asdict()).decode()

    once = await idempotency.answer_once(platform, _keyed(request, organization_id, asked), say)
    kept = msgspec.json.decode(once.answer, type=_Kept)
    headers = [(name.encode(), value.encode()) for name, value in kept.headers]
    return kept, [*headers, REPLAYED] if once.is_repeat else headers


def _keyed(request: StrictRequest, organization_id: str, asked: Asked) -> KeyedRequest:
    operation: str = request.route_handler.opt[OPERATION]
    return KeyedRequest(
        caller_id=request.user.user_id,
        operation=operation,
        organization_id=organization_id,
        key=find_header_text(request.scope, b"idempotency-key"),
        body=msgspec.json.encode(asked),
    )

"""When is a call tried again? One rule for both clients, without a network and without a clock.

A conversation is a generator: it asks its driver for a token, for an answer to a request, or to
wait, and returns what the call returns.

Source: ADR-0021, the Python client; docs/clients.md, retries.
"""

import secrets
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeAlias, TypeVar

from aboard.client.answers import Answer
from aboard.client.errors import (
    AnswerUnreadable,
    ApiError,
    CallFailed,
    ConnectionFailed,
    Trouble,
    Unavailable,
)
from aboard.client.operation import Operation, Request, build_request, with_token
from aboard.client.reading import Lost, Received, read_answer
from aboard.core.secret import Secret

T = TypeVar("T", bound=Answer)

LONGEST_WAIT_SECONDS: Final = 20
_FIRST_WAIT_SECONDS: Final = 0.2
_GATEWAY_TROUBLE: Final = frozenset({502, 503, 504})
_AT_WORK: Final = "idempotency_in_progress"


class NeedToken:
    """The driver is asked for the token of the next request, or for nothing if there is none."""


@dataclass(frozen=True, slots=True)
class Wait:
    """The driver is asked to wait."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Returned(Generic[T]):
    """The conversation is over, and this is what the call returns."""

    answer: T


Step: TypeAlias = NeedToken | Wait | Request
Reply: TypeAlias = Received | Lost | Secret | None
Conversation: TypeAlias = Generator[Step, Reply, T]


def converse(
    operation: Operation[T], given: Mapping[str, object], *, language: str | None, retries: int
) -> Conversation[T]:
    """Ask until there is an answer, or until asking again makes no sense.

    Every try carries the same idempotency key. A request that may not be repeated is tried again
    only if the service cannot have seen it.

    Raises:
        ValueError: an argument or a token that cannot be sent.
        ConnectionFailed: no answer came.
        AnswerUnreadable: it was not Aboard that answered.
        ApiError: Aboard said no.
    """
    plain = build_request(operation, given, language=language)
    tried = 0
    while True:
        request = plain
        if not operation.is_public:
            token = yield NeedToken()
            request = with_token(plain, token) if isinstance(token, Secret) else plain
        outcome = _outcome(operation, (yield request), request)
        if not isinstance(outcome, CallFailed):
            return outcome
        wait = _wait_before_again(operation, outcome, tried)
        if wait is None or tried >= retries:
            raise outcome
        yield Wait(wait)
        tried += 1


def _outcome(operation: Operation[T], reply: Reply, request: Request) -> T | CallFailed:
    """Return what a reply means, errors too: raised later, they drag no other one along."""
    if isinstance(reply, Lost):
        return ConnectionFailed(reply.trouble, was_sent=reply.was_sent)
    if not isinstance(reply, Received):
        raise TypeError("a driver answers a request with what came of it")
    try:
        return read_answer(operation, reply, request.hidden)
    except (ApiError, AnswerUnreadable) as refused:
        return refused


def advance(talk: Conversation[T], reply: Reply) -> Step | Returned[T]:
    """Tell a conversation what came of its last step, or begin it, and return its next.

    Raises:
        ValueError: an argument or a token that cannot be sent.
        ConnectionFailed: no answer came.
        AnswerUnreadable: it was not Aboard that answered.
        ApiError: Aboard said no.
    """
    try:
        return talk.send(reply)
    except StopIteration as over:
        answer: T = over.value
        return Returned(answer)


def _wait_before_again(operation: Operation[Any], failure: CallFailed, tried: int) -> float | None:
    """Return how many seconds to wait before another try, or nothing if there is no sense in it."""
    chance = 0.5 + secrets.randbelow(500) / 1000
    pause = _FIRST_WAIT_SECONDS * 2**tried * chance
    if isinstance(failure, ConnectionFailed):
        is_worth_it = failure.trouble is not Trouble.TLS_REFUSED
        return pause if is_worth_it and (operation.may_repeat or not failure.was_sent) else None
    if not operation.may_repeat:
        return None
    if isinstance(failure, AnswerUnreadable):
        return pause if failure.status in _GATEWAY_TROUBLE else None
    if isinstance(failure, Unavailable):
        asked = failure.retry_after_seconds or 0
        return asked + pause if asked <= LONGEST_WAIT_SECONDS else None
    is_ours_at_work = isinstance(failure, ApiError) and failure.code == _AT_WORK
    return pause if is_ours_at_work else None

"""What does an answer mean? Bytes in; a typed answer out, or one of the errors.

An answer is somebody else's text: it is bounded before it comes here, decoded strictly, and what
it says of itself is masked before it can reach a log.

Source: docs/errors.md; ADR-0021, the Python client.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, Generic, TypeVar

import msgspec

from aboard.client.answers import Answer, Done, Meta, read_meta, with_meta
from aboard.client.errors import BY_STATUS, AnswerUnreadable, ApiError, Trouble
from aboard.client.operation import Operation
from aboard.core.secret import Secret

T = TypeVar("T", bound=Answer)

MAX_ANSWER_BYTES: Final = 2 << 20
_MAX_MESSAGE_CHARS: Final = 2000
_SHORTEST_MASKED_CHARS: Final = 4
_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,20}://\S+")
_NO_CONTENT: Final = 204
_FALSE_SUCCESS: Final = "a failure that calls itself a success"


@dataclass(frozen=True, slots=True)
class Received:
    """An answer as it came. `is_cut` means that it was longer than is read."""

    status: int
    headers: Sequence[tuple[str, str]] = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Lost:
    """No answer came, and why."""

    trouble: Trouble
    was_sent: bool


class _Envelope(msgspec.Struct, Generic[T], frozen=True):
    success: bool
    data: T


class _Bare(msgspec.Struct, frozen=True):
    success: bool


def read_answer(operation: Operation[T], received: Received, hidden: Sequence[Secret]) -> T:
    """Return what the operation answered, with its meta.

    Raises:
        AnswerUnreadable: it is not what Aboard answers to this operation.
        ApiError: Aboard said no; a subclass by the kind of trouble.
    """
    meta = read_meta(received.status, received.headers)
    problem = _problem(received)
    if problem is None:
        if received.status >= 400:  # noqa: PLR2004 - by definition
            refusal = _refusal(received.body, meta, hidden)
            if refusal is not None:
                raise refusal
            problem = "no refusal of Aboard's"
        else:
            answer = _decoded(operation, received)
            if not isinstance(answer, str):
                with_meta(answer, meta)
                return answer
            problem = answer
    raise AnswerUnreadable(problem, status=meta.status, request_id=meta.request_id)


def _problem(received: Received) -> str | None:
    encodings = [value for name, value in received.headers if name.lower() == "content-encoding"]
    if received.is_cut:
        return f"longer than {MAX_ANSWER_BYTES} bytes"
    if not (200 <= received.status < 300 or 400 <= received.status < 600):  # noqa: PLR2004 - by definition
        return "a redirect, or a status that Aboard does not use"
    if any(value.strip().lower() not in {"", "identity"} for value in encodings):
        return "in an encoding that was not asked for"
    return None


def _decoded(operation: Operation[T], received: Received) -> T | str:
    """Return the typed answer, or what is wrong with it: an exception would carry its words."""
    try:
        if issubclass(operation.shape, Done):
            has_body = received.body and received.status != _NO_CONTENT
            is_done = not has_body or msgspec.json.decode(received.body, type=_Bare).success
            done: T = operation.shape()
            return done if is_done else _FALSE_SUCCESS
        if not operation.is_enveloped:
            plain: T = _decoder(operation.shape).decode(received.body)
            return plain
        envelope: _Envelope[T] = _enveloped(operation.shape).decode(received.body)
    except msgspec.ValidationError:
        return "not of the described shape"
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return "not JSON"
    data: T = envelope.data
    return data if envelope.success else _FALSE_SUCCESS


@cache
def _decoder(shape: type[T]) -> msgspec.json.Decoder[T]:
    return msgspec.json.Decoder(shape, dec_hook=_closed)


@cache
def _enveloped(shape: type[T]) -> msgspec.json.Decoder[_Envelope[T]]:
    return msgspec.json.Decoder(_Envelope[shape], dec_hook=_closed)  # type: ignore[valid-type] # a type made at run time


def _closed(kind: type[Any], value: object) -> object:
    if issubclass(kind, Secret) and isinstance(value, str):
        return kind(value)
    raise TypeError(f"expected {kind.__name__}")


def _refusal(body: bytes, meta: Meta, hidden: Sequence[Secret]) -> ApiError | None:
    try:
        told = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    inner = told.get("error", told) if isinstance(told, dict) else None
    if not isinstance(inner, dict) or not isinstance(inner.get("code"), str):
        return None
    masked: dict[str, Any] = _masked(inner, hidden)
    kind = BY_STATUS.get(meta.status, ApiError)
    key, variables = masked.get("i18nKey"), masked.get("i18nVars")
    return kind(
        masked["code"],
        str(masked.get("message", ""))[:_MAX_MESSAGE_CHARS],
        meta,
        i18n_key=key if isinstance(key, str) else None,
        i18n_vars=variables if isinstance(variables, dict) else None,
        details=masked.get("details"),
    )


def _masked(value: Any, hidden: Sequence[Secret]) -> Any:  # noqa: ANN401 - JSON, as it came
    """Return JSON without addresses and without the secrets that the request was sent with."""
    if isinstance(value, str):
        for secret in hidden:
            if len(secret.reveal()) >= _SHORTEST_MASKED_CHARS:
                value = value.replace(secret.reveal(), "***")
        return _ADDRESS.sub("[address]", value)
    if isinstance(value, list):
        return [_masked(each, hidden) for each in value]
    if isinstance(value, dict):
        return {_masked(name, hidden): _masked(each, hidden) for name, each in value.items()}
    return value

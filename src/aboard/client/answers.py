"""What does a call return? Typed answers, each with the facts that its head told.

The shapes themselves are in `described`, written from the service's own description. Here is what
they have in common: words that may grow, and `meta`. The client shares no code with the service
beside `Secret` and `BearerUrl`: it would agree with its mistakes.

Source: ADR-0021, the Python client.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Self

import msgspec

_COUNT: Final = re.compile(r"[0-9]{1,9}\Z")


class Word(StrEnum):
    """A word from a list that may grow: one that this client does not know yet is kept as it came.

    Every word compares with plain text, also an unknown one, which equals no member.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        word = str.__new__(cls, value)
        word._name_ = "UNKNOWN"
        word._value_ = value
        return word

    @property
    def is_known(self) -> bool:
        """Say whether this client was written with this word."""
        return self.value in type(self)._value2member_map_


@dataclass(frozen=True, slots=True)
class RateLimit:
    """How many calls of this kind are left, and when the window is new."""

    limit: int
    remaining: int
    reset_seconds: int


@dataclass(frozen=True, slots=True)
class Meta:
    """What the head of an answer told; nothing in it opens anything.

    `request_id` is the name to give when you ask the platform's people about a call.
    """

    status: int
    request_id: str | None = None
    rate_limit: RateLimit | None = None
    retry_after_seconds: int | None = None
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def is_replayed(self) -> bool:
        """Say whether the service told again what it had answered to the same idempotency key."""
        return self.facts.get("idempotent-replayed") == "true"


_KEPT: Final = frozenset(
    {"x-status-source", "aboard-disconnection", "idempotent-replayed", "content-language"}
)


def read_meta(status: int, headers: Iterable[tuple[str, str]]) -> Meta:
    """Return what a head tells. Numbers that are none, and other headers, are left out."""
    given = {name.lower(): value for name, value in headers}
    counts = [_count(given.get(f"ratelimit-{name}")) for name in ("limit", "remaining", "reset")]
    limit, remaining, reset = counts
    is_limited = limit is not None and remaining is not None and reset is not None
    return Meta(
        status=status,
        request_id=_short(given.get("x-request-id")),
        rate_limit=RateLimit(limit or 0, remaining or 0, reset or 0) if is_limited else None,
        retry_after_seconds=_count(given.get("retry-after")),
        facts={name: value[:128] for name, value in given.items() if name in _KEPT},
    )


class Answer(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """What a call returned. Fields that this client does not know are left out."""

    @property
    def meta(self) -> Meta:
        """Return the request id, the rate limit and the rest of the answer's head.

        Raises:
            AttributeError: this object came inside of another answer, which has it.
        """
        meta: Meta | None = self.__dict__.get("_meta")
        if meta is None:
            raise AttributeError("only the whole answer of a call has a meta")
        return meta


class Done(Answer, frozen=True, kw_only=True):
    """The answer of a call that has nothing to tell but that it was done."""

    @property
    def disconnection(self) -> str | None:
        """Return how an account was parted with, where the call was a disconnection."""
        return self.meta.facts.get("aboard-disconnection")


def with_meta(answer: Answer, meta: Meta) -> None:
    """Give an answer its meta, once, before anybody else sees it."""
    answer.__dict__["_meta"] = meta


def _count(text: str | None) -> int | None:
    return int(text) if text is not None and _COUNT.match(text) else None


def _short(text: str | None) -> str | None:
    is_plain = text is not None and len(text) <= 128 and text.isascii() and text.isprintable()  # noqa: PLR2004 - as the service bounds it
    return text if is_plain else None

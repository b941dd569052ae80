"""What stands around everything that is said under `/api/v1`, where it went well and where not?

Source: docs/api/creators.md, the envelope.
"""

from typing import Generic, Literal, TypeVar

import msgspec

T = TypeVar("T")


class Success(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """The envelope of everything that went well."""

    success: Literal[True] = True
    data: T


class Detail(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """One thing that is wrong, with the field it is about where there is one."""

    message: str
    field: str | None = None
    code: str | None = None
    request_id: str | None = None


class Failure(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What went wrong: `i18nKey` is the stable name, `message` is in the reader's language."""

    code: str
    message: str
    i18n_key: str = msgspec.field(name="i18nKey")
    i18n_vars: dict[str, str | int] = msgspec.field(name="i18nVars")
    details: list[Detail]
    correlation_id: str


class Failed(msgspec.Struct, frozen=True, kw_only=True):
    """The envelope of everything that did not go well."""

    success: Literal[False] = False
    error: Failure

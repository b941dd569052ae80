"""Tokens as anybody might mint them, also those that nobody should believe."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import Key, OctKey

from aboard.core.errors import Unauthenticated
from aboard.core.secret import Secret
from aboard.web.auth import Tokens

SECRET = Secret("shared-words-shared-words-shared-words")
OTHER = Secret("other-words-other-words-other-words")
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


class Watch:
    """A clock that is wound by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        return self.now.timestamp()


def signed(
    claims: dict[str, Any], *, key: Key | None = None, header: dict[str, Any] | None = None
) -> str:
    given = header or {"alg": "HS256"}
    return jwt.encode(given, claims, key or OctKey.import_key(SECRET.reveal()), [given["alg"]])


def claims(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any claim
    whole = {"sub": "ada", "exp": int(NOW.timestamp()) + 60, **changes}
    return {name: value for name, value in whole.items() if value is not None}


def segment(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


async def refused(tokens: Tokens, token: str) -> str:
    with pytest.raises(Unauthenticated) as caught:
        await tokens.verify(token)
    return caught.value.check

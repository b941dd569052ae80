"""Who asks in a benchmark? Thousands of distinct creators, each with a token of its own.

Tokens are new in every sample, so that no side answers from what it verified a round ago.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice

from benchmarks.load import Request

JWT_SECRET = "benchmark-token-secret-of-no-value-0001"
JWT_ISSUER = "https://issuer.example"
JWT_AUDIENCE = "aboard-benchmark"
_LIFETIME_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Caller:
    """A creator and the connected account that every answer to it must be about."""

    user_id: str
    stripe_account_id: str


def user_ids(count: int) -> list[str]:
    """Return the names of `count` creators."""
    return [f"usr_bench{number:06d}" for number in range(count)]


def mint(user_id: str, serial: int, **more: object) -> str:
    """Return a bearer token of this user, with more claims; another serial makes another token."""
    now = int(time.time())
    claims = {
        "sub": user_id,
        "iss": JWT_ISSUER,
        "aud": JWT_AUDIENCE,
        "iat": now,
        "exp": now + _LIFETIME_SECONDS,
        "jti": str(serial),
        **more,
    }
    signed = f"{_HEADER}.{_encoded(claims)}"
    mark = hmac.digest(JWT_SECRET.encode(), signed.encode(), hashlib.sha256)
    return f"{signed}.{_unpadded(mark)}"


def _unpadded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _encoded(part: dict[str, object]) -> str:
    return _unpadded(json.dumps(part, separators=(",", ":")).encode())


_HEADER = _encoded({"alg": "HS256", "typ": "JWT"})


class Crowd:
    """The callers of one side, taking turns over all samples."""

    def __init__(self, users: Sequence[str]) -> None:
        """Begin with the first of them."""
        self.users = users
        self._next = 0
        self._serial = 0

    def requests(self, path: str) -> Iterator[Request]:
        """Return endless POSTs, first those whose turn it is, each with a fresh token."""
        self._serial += 1
        turns = islice(cycle(range(len(self.users))), self._next, self._next + len(self.users))
        return cycle([self._request(place, path) for place in turns])

    def once(self, path: str) -> Iterator[Request]:
        """Return one POST of each caller."""
        self._serial += 1
        return iter([self._request(place, path) for place in range(len(self.users))])

    def move_on(self, answered: int) -> None:
        """Let the next sample begin after the callers that were answered."""
        self._next = (self._next + answered) % len(self.users)

    def _request(self, place: int, path: str) -> Request:
        token = mint(self.users[place], self._serial)
        raw = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
            "Content-Length: 0\r\n\r\n"
        )
        return Request(place, raw.encode())

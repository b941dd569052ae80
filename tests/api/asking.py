"""Someone at the counter: asks over HTTP, in process, as whoever the test says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2

from aboard.core.caller import Role
from aboard.core.secret import Secret
from aboard.web.auth import issue_token
from tests.scene import Scene

SECRET = Secret("token-words-token-words-token-words")
ORIGIN = "http://aboard.test"
CREATORS = "/api/v1/creators"
CONNECT = f"{CREATORS}/stripe-connect"
ACCOUNTS = "/v1/connect/accounts"


@dataclass
class Desk:
    """A client of one application, with a pen for bearer tokens."""

    scene: Scene
    client: httpx2.AsyncClient

    def token(
        self,
        user: str = "ada",
        organizations: Mapping[str, Role] | None = None,
        *,
        is_operator: bool = False,
        lifetime: timedelta = timedelta(hours=1),
    ) -> str:
        return issue_token(
            SECRET,
            user_id=user,
            organizations=organizations,
            now=self.scene.clock(),
            lifetime=lifetime,
            is_operator=is_operator,
        ).reveal()

    async def ask(
        self,
        method: str,
        path: str,
        *,
        user: str | None = "ada",
        organizations: Mapping[str, Role] | None = None,
        is_operator: bool = False,
        headers: Mapping[str, str] | None = None,
        **rest: Any,  # noqa: ANN401 - the client's own words
    ) -> httpx2.Response:
        """Send one request as this user; as nobody when `user` is None."""
        given = dict(headers or {})
        if user is not None:
            token = self.token(user, organizations, is_operator=is_operator)
            given.setdefault("authorization", f"Bearer {token}")
        return await self.client.request(method, path, headers=given, **rest)


def query_of(address: str) -> dict[str, str]:
    """Return the query of an address, each word once."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}

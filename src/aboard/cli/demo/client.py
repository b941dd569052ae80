"""How does a platform's backend call Aboard? With its user's bearer token and plain JSON.

This is what Harbour Market does in the place of your own backend.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import msgspec

from aboard.core.secret import Secret


@dataclass(frozen=True, slots=True)
class ApiAnswer:
    """What Aboard answered. The body may hold a link and is not printed."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: Mapping[str, Any] = field(repr=False)

    @property
    def data(self) -> Mapping[str, Any]:
        """Return what is inside the creators API's envelope."""
        inner: Mapping[str, Any] = self.body.get("data") or {}
        return inner

    @property
    def refusal(self) -> str:
        """Return the stable code of an error, of either API, or an empty text."""
        error = self.body.get("error")
        code = error.get("i18nKey") if isinstance(error, dict) else self.body.get("code")
        return str(code or "")


class PlatformBackend:
    """Calls to Aboard's two APIs on behalf of signed-in users."""

    def __init__(self, service_url: str) -> None:
        """Call the service at this address; nothing is opened yet."""
        self._service_url = service_url
        self._session: aiohttp.ClientSession | None = None

    async def ask_onboarding_link(
        self,
        token: Secret,
        organization_id: str,
        *,
        return_url: str,
        refresh_url: str,
        idempotency_key: str,
    ) -> ApiAnswer:
        """Start or resume the onboarding of an organization."""
        return await self._call(
            "POST",
            "/v1/connect/accounts/onboarding-links",
            token,
            body={
                "organizationId": organization_id,
                "mode": "test",
                "returnUrl": return_url,
                "refreshUrl": refresh_url,
            },
            headers={"Idempotency-Key": idempotency_key},
        )

    async def read_connection(self, token: Secret, organization_id: str) -> ApiAnswer:
        """Read what Aboard knows of an organization's account, from memory."""
        return await self._call("GET", f"/v1/connect/accounts/{organization_id}?mode=test", token)

    async def upgrade_creator(self, token: Secret) -> ApiAnswer:
        """Make the user a creator."""
        return await self._call("POST", "/api/v1/creators/upgrade", token)

    async def ask_creator(self, token: Secret, operation: str) -> ApiAnswer:
        """Call one of the creators' operations: initiate, refresh-link, dashboard-link, status."""
        method = "GET" if operation == "status" else "POST"
        return await self._call(method, f"/api/v1/creators/stripe-connect/{operation}", token)

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _call(
        self,
        method: str,
        path: str,
        token: Secret,
        *,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> ApiAnswer:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30))
        async with self._session.request(
            method,
            self._service_url + path,
            json=body,
            headers={"Authorization": f"Bearer {token.reveal()}", **(headers or {})},
            allow_redirects=False,
        ) as answer:
            return ApiAnswer(answer.status, answer.headers, _object(await answer.read()))


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        content = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return {}
    return content if isinstance(content, dict) else {}

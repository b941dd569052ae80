"""How does a platform's backend call Aboard? With its user's bearer token and plain JSON.

This is what Harbour Market does in the place of your own backend.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import msgspec

from aboard.core.secret import Secret

# A gate that opens in test mode too, so that going live can be rehearsed.
REHEARSAL = {"capabilities": ["card_payments", "transfers"], "conditions": ["payouts"]}


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

    @property
    def blockers(self) -> Sequence[str]:
        """Return what stands before going live, of a state or of a refusal."""
        details = self.body.get("details")
        return tuple((details if isinstance(details, dict) else self.body).get("blockers") or ())


class PlatformBackend:
    """Calls to Aboard's two APIs on behalf of signed-in users, and in the platform's own name."""

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

    async def create_organization(
        self, token: Secret, organization_id: str, name: str, time_zone: str
    ) -> ApiAnswer:
        """Write an organization into Aboard's directory; the user is its first owner."""
        body = {"organizationId": organization_id, "name": name, "timeZone": time_zone}
        return await self._change("POST", "/v1/organizations", token, body)

    async def read_checklist(self, token: Secret, organization_id: str) -> ApiAnswer:
        """Read what Stripe wants of an organization, in English."""
        path = f"/v1/connect/accounts/{organization_id}/requirements?mode=test&language=en"
        return await self._call("GET", path, token)

    async def ask_page_link(self, token: Secret, organization_id: str) -> ApiAnswer:
        """Ask for a link to the organization's page at Aboard."""
        path = f"/v1/connect/accounts/{organization_id}/page-links"
        return await self._change("POST", path, token, {"mode": "test"})

    async def read_setup_state(self, token: Secret, organization_id: str) -> ApiAnswer:
        """Read how far an organization has come, and what stands before going live."""
        path = f"/v1/connect/accounts/{organization_id}/setup-state?mode=test"
        return await self._call("GET", path, token)

    async def go_live(self, token: Secret, organization_id: str) -> ApiAnswer:
        """Open the gate of an organization."""
        path = f"/v1/connect/accounts/{organization_id}/go-live"
        return await self._change("POST", path, token, {"mode": "test"})

    async def allow_rehearsal(self, token: Secret, organization_id: str) -> ApiAnswer:
        """Let an organization's gate open in test mode; the token must be an operator's."""
        path = f"/v1/organizations/{organization_id}/go-live-policy?mode=test"
        return await self._change("PUT", path, token, REHEARSAL)

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

    async def _change(
        self, method: str, path: str, token: Secret, body: Mapping[str, Any]
    ) -> ApiAnswer:
        headers = {"Idempotency-Key": secrets.token_hex(16)}
        return await self._call(method, path, token, body=body, headers=headers)

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

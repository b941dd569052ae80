"""How do we ask Stripe one thing? One request through the SDK's request layer, faults as our facts.

The same client speaks to Stripe, to the gateway and to the sandbox: only addresses differ.

Source: ADR-0004, the SDK's request layer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import stripe

from aboard.core.errors import StripeUnavailable
from aboard.core.owner import Mode
from aboard.core.secret import Secret
from aboard.stripe_api.errors import fault, request_id_of
from aboard.stripe_api.requestor import QuietRequestor
from aboard.stripe_api.transport import AiohttpTransport, NoAnswer
from aboard.stripe_api.watching import Unwatched, Watch, route_of

API_BASE: Final = "https://api.stripe.com"
CONNECT_BASE: Final = "https://connect.stripe.com"

Method = Literal["get", "post", "delete"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What Stripe answered with a success. The body may hold a bearer URL and is not printed."""

    status: int
    body: bytes = field(repr=False)
    request_id: str | None
    is_replayed: bool


class Stripe:
    """One platform's access to Stripe in one mode."""

    def __init__(  # noqa: PLR0913 - each is a bound or a road of its own
        self,
        secret_key: Secret,
        *,
        mode: Mode,
        api_base: str = API_BASE,
        connect_base: str = CONNECT_BASE,
        http_client: stripe.HTTPClient | None = None,
        timeout_seconds: float = 30.0,
        max_retries: int = 2,
        max_connections: int = 100,
        watch: Watch | None = None,
    ) -> None:
        """Prepare; nothing is opened before the first request.

        `timeout_seconds` bounds one try; with retries and their pauses a request may take
        `(max_retries + 1)` times as long. A given `http_client` keeps its own limits and is
        closed by whoever made it. `watch` sees each request, never what is in it.
        """
        self.mode = mode
        self.api_base = api_base.rstrip("/")
        self.own_account_id: str | None = None
        self._watch = watch or Unwatched()
        self._own_transport: AiohttpTransport | None = None
        if http_client is None:
            http_client = self._own_transport = AiohttpTransport(
                timeout_seconds=timeout_seconds, max_connections=max_connections
            )
        self._requestor = QuietRequestor(
            secret_key,
            api_base=self.api_base,
            connect_base=connect_base.rstrip("/"),
            http_client=http_client,
            max_retries=max_retries,
        )

    def __repr__(self) -> str:
        """Return mode and address, never the key."""
        return f"Stripe(mode={self.mode}, api_base={self.api_base})"

    async def request(
        self,
        method: Method,
        path: str,
        params: Mapping[str, Any] | None = None,
        *,
        idempotency_key: str | None = None,
        stripe_account: str | None = None,
    ) -> Answer:
        """Send one request and return Stripe's success.

        A write without an `idempotency_key` gets a random one, so that the retries within this
        call cannot write twice. Network errors, 409 and 5xx are tried again by Stripe's rules;
        429 is not. Redirects are never followed.

        Raises:
            StripeRefused: Stripe said no.
            StripeUnavailable: no answer, garbage, or "not now"; safe to try again.
            AccountGone: the account is not there, or not for us.
        """
        with self._watch.asking(method, route_of(path)) as asked:
            try:
                body, status, headers = await self._requestor.send(
                    method,
                    path,
                    params,
                    {"idempotency_key": idempotency_key, "stripe_account": stripe_account},
                )
            except stripe.APIConnectionError as no_answer:
                cause = no_answer.cause if isinstance(no_answer, NoAnswer) else "connection"
                asked.unanswered(cause)
            else:
                request_id = request_id_of(headers)
                asked.answered(status, request_id)
                if not 200 <= status < 300:  # noqa: PLR2004 - HTTP's class of successes
                    raise fault(status, headers, body)
                return Answer(
                    status=status,
                    body=body,
                    request_id=request_id,
                    is_replayed=headers.get("idempotent-replayed") == "true",
                )
        # Raised outside the handler, so that nothing of the transport hangs on the fact.
        raise StripeUnavailable(cause)

    async def close(self) -> None:
        """Close the connections that this client opened."""
        if self._own_transport is not None:
            await self._own_transport.close_async()

"""How do we stand on the SDK's request layer without its object layer, its log and its telemetry?

The SDK encodes parameters, builds the address, keys retries and decides them: all of that is used
as it is. Two of its habits are not, and neither has a switch for one client alone:

- It logs and may print the form it sends and the body it gets, in which a link is a password.
  `send` enters one step below the lines that log, so no log setting can reach a body.
- It names the machine and keeps a telemetry id in the user's home, unless the whole process says
  no. `request_headers` is ours, so neither is looked up.

This is the only file that touches the SDK's private names; a test compares what it sends with
what the SDK's public client sends.

Source: ADR-0004, the SDK's request layer.
"""

import platform
import secrets
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any, Final, Literal

import stripe
from msgspec import json
from stripe._api_requestor import _APIRequestor
from stripe._requestor_options import RequestorOptions
from stripe._util import validate_path

from aboard.core.secret import Secret
from aboard.stripe_api.form import encode_form

API_VERSION: Final = "2026-10-28.endive"
"""The version our read models were written for; sent with every request."""


class QuietRequestor(_APIRequestor):
    """The SDK's requestor, silent and without the object layer."""

    def __init__(
        self,
        secret_key: Secret,
        *,
        api_base: str,
        connect_base: str,
        http_client: stripe.HTTPClient,
        max_retries: int,
    ) -> None:
        """Bind the key to its addresses for good."""
        super().__init__(
            RequestorOptions(
                api_key=secret_key.reveal(),
                stripe_version=API_VERSION,
                base_addresses={"api": api_base, "connect": connect_base},
                max_network_retries=max_retries,
            ),
            client=http_client,
        )
        self._http_client = http_client
        self._bases = {"api": api_base, "connect": connect_base}
        self._max_retries = max_retries
        who = {
            "bindings_version": stripe.VERSION,
            "lang": "python",
            "lang_version": platform.python_version(),
            "httplib": http_client.name,
            "application": {"name": "Aboard", "version": version("aboard")},
        }
        self._standing_headers = {
            "X-Stripe-Client-User-Agent": json.encode(who).decode(),
            "User-Agent": f"Stripe/v1 PythonBindings/{stripe.VERSION} Aboard/{version('aboard')}",
            "Authorization": f"Bearer {secret_key.reveal()}",
            "Stripe-Version": API_VERSION,
        }

    async def send(
        self,
        method: str,
        path: str,
        params: Mapping[str, Any] | None,
        options: stripe.RequestOptions,
        *,
        max_retries: int | None = None,
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """Send one request, with the SDK's retries, and return body, status and headers.

        `max_retries` overrides how often this client tries again.

        Raises:
            APIConnectionError: no answer, after the last retry.
        """
        base_address: Literal["api", "connect"] = "connect" if path.startswith("/oauth/") else "api"
        is_v1 = not path.startswith("/v2/")
        form: str | bytes | None
        if method == "post" and is_v1:
            # The busiest road: the same as below, without the standard library's slow quoting.
            validate_path(path)
            url = f"{self._bases[base_address]}{path}"
            headers = self.request_headers(method, "V1", options)
            form = encode_form(params or {})
        else:
            method, url, headers, form, *_ = self._args_for_request_with_retries(
                method,
                path,
                params,
                options,
                base_address=base_address,
                api_mode="V1" if is_v1 else "V2",
            )
        return await self._http_client.request_with_retries_async(
            method,
            url,
            headers,
            form,
            max_network_retries=self._max_retries if max_retries is None else max_retries,
        )

    def request_headers(
        self, method: str, api_mode: str, options: stripe.RequestOptions
    ) -> dict[str, str]:
        """Return the headers of one request: the standing ones and what this one adds.

        Every write carries an idempotency key, for the retries that may follow.
        """
        headers = self._standing_headers.copy()
        stripe_account = options.get("stripe_account")
        if stripe_account:
            headers["Stripe-Account"] = stripe_account
        if method == "post":
            is_v1 = api_mode == "V1"
            headers["Content-Type"] = (
                "application/x-www-form-urlencoded" if is_v1 else "application/json"
            )
        if method == "post" or (api_mode == "V2" and method == "delete"):
            headers["Idempotency-Key"] = options.get("idempotency_key") or secrets.token_hex(16)
        return headers

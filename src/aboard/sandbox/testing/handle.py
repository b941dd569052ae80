"""What may a test do with its sandbox? A world of its own, its clock, its sellers, its events.

Everything goes over HTTP, through Stripe's API and `/_sandbox/`, so it works from any thread and
from tests that are asynchronous or not.
"""

import json
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any, Self
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

Json = dict[str, Any]
_TIMEOUT_SECONDS = 30.0
_STEP_SECONDS = 0.02
_POINTED = ("api_key", "api_base", "connect_api_base", "upload_api_base")


class SandboxRefused(AssertionError):
    """The sandbox said no to a test: the message is its own."""

    def __init__(self, status: int, error: Mapping[str, Any]) -> None:
        """Tell the status and Stripe's error."""
        super().__init__(f"{status}: {error.get('message')}")
        self.status = status
        self.error = dict(error)


def _flat(form: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, value in form.items():
        key = f"{prefix}[{name}]" if prefix else name
        if isinstance(value, Mapping):
            pairs += _flat(value, key)
        elif isinstance(value, list | tuple):
            pairs += _flat({str(place): each for place, each in enumerate(value)}, key)
        elif value is not None:
            pairs.append((key, str(value).lower() if isinstance(value, bool) else str(value)))
    return pairs


class StripeSandbox:
    """One test's own world in a running sandbox.

    `url` is where every base address of an SDK must point, `key` the secret key that opens this
    test's world and no other, `base_addresses` the same for `stripe.StripeClient`.
    """

    def __init__(self, url: str, key: str) -> None:
        """Open no connection yet; the world comes into being with the first request."""
        self.url = url
        self.key = key
        self._pointed: list[tuple[Any, dict[str, Any]]] = []
        self.base_addresses = dict.fromkeys(("api", "connect", "files", "meter_events"), url)

    def __repr__(self) -> str:
        """Show where it is."""
        return f"StripeSandbox(url={self.url!r})"

    def point(self, stripe: Any) -> None:  # noqa: ANN401 - the SDK's module, which is not ours to import
        """Let the module `stripe` itself talk to this world: key and all base addresses.

        The fixture puts them back after the test; without it, use the sandbox as a context manager.
        """
        self._pointed.append((stripe, {name: getattr(stripe, name) for name in _POINTED}))
        for name in _POINTED:
            setattr(stripe, name, self.key if name == "api_key" else self.url)

    def __enter__(self) -> Self:
        """Use the world for the length of a block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let every module that was pointed here talk to whom it talked before."""
        while self._pointed:
            stripe, before = self._pointed.pop()
            for name, value in before.items():
                setattr(stripe, name, value)

    def request(
        self, method: str, path: str, form: Mapping[str, Any] | None = None, **headers: str
    ) -> Json:
        """Send one request to Stripe's API or to `/_sandbox/` and return the JSON.

        Raises:
            SandboxRefused: the answer is an error.
        """
        encoded = urlencode(_flat(form or {}))
        body = encoded.encode() if method == "POST" else None
        address = f"{self.url}{path}"
        if method != "POST" and encoded:
            address += f"?{encoded}"
        request = Request(address, data=body, method=method)  # noqa: S310 - always this sandbox
        token = b64encode(f"{self.key}:".encode()).decode()
        request.add_header("Authorization", f"Basic {token}")
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        try:
            with urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310 - as above
                found: Json = json.load(answer)
        except HTTPError as refusal:
            with refusal:
                error = json.load(refusal).get("error", {})
            raise SandboxRefused(refusal.code, error) from None
        return found

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Json:
        """Read from the sandbox."""
        return self.request("GET", path, params)

    def post(self, path: str, form: Mapping[str, Any] | None = None) -> Json:
        """Change something in the sandbox."""
        return self.request("POST", path, form)

    def account(self, account_id: str) -> "ConnectedAccount":
        """Return a handle for an account that exists already."""
        return ConnectedAccount(self, account_id)

    def connected_account(self, state: str = "complete", **choices: Any) -> "ConnectedAccount":  # noqa: ANN401 - form values
        """Make a connected account in a state: `fresh`, `half_done`, `in_review`, `complete`...

        `choices` are those of `POST /_sandbox/scenarios/{name}`: `country`, `type`,
        `business_type`. The states stand in docs/sandbox/sellers.md.

        Raises:
            SandboxRefused: there is no such state, country or type.
        """
        made = self.post(f"/_sandbox/scenarios/{state}", {"key": self.key, **choices})
        return ConnectedAccount(self, made["id"])

    def webhook(
        self,
        url: str,
        *events: str,
        connect: bool = True,
        **choices: Any,  # noqa: ANN401 - form values
    ) -> str:
        """Register a webhook endpoint and return its signing secret."""
        form = {"url": url, "enabled_events": events or ("*",), "connect": connect, **choices}
        return str(self.post("/v1/webhook_endpoints", form)["secret"])

    def events(self, account: str | None = None, **filters: Any) -> list[Json]:  # noqa: ANN401 - query values
        """Return up to 100 events, newest first: the platform's, or one account's."""
        headers = {} if account is None else {"Stripe_Account": account}
        found = self.request("GET", "/v1/events", {"limit": 100, **filters}, **headers)
        return list(found["data"])

    def advance(self, seconds: float) -> int:
        """Move the sandbox's clock forward and return the time (unix seconds)."""
        return int(self.post("/_sandbox/clock", {"advance": int(seconds)})["now"])

    def freeze(self) -> int:
        """Stop the sandbox's clock and return the time (unix seconds)."""
        return int(self.post("/_sandbox/clock", {"freeze": True})["now"])

    def fail_next(self, operation: str, kind: str, **choices: Any) -> None:  # noqa: ANN401 - form values
        """Let the next calls of an operation fail: `fail_next("POST /v1/account_links", "error")`.

        The kinds and choices stand in docs/sandbox/time-and-trouble.md.
        """
        self.post("/_sandbox/faults", {"operation": operation, "kind": kind, **choices})

    def wait_for(self, condition: Callable[[], Any], seconds: float = 10.0) -> Any:  # noqa: ANN401 - what it returns
        """Ask again and again until the condition is true; return what it returned.

        For webhooks, which arrive on their own time.

        Raises:
            AssertionError: it never was, within `seconds` of real time.
        """
        until = time.monotonic() + seconds
        while True:
            found = condition()
            if found:
                return found
            if time.monotonic() > until:
                raise AssertionError(f"still waiting after {seconds:g} seconds")
            time.sleep(_STEP_SECONDS)


class ConnectedAccount:
    """A seller's account, and what a test can make Stripe do with it."""

    def __init__(self, sandbox: StripeSandbox, account_id: str) -> None:
        """Stand for the account with this id."""
        self.sandbox = sandbox
        self.id = account_id

    def __repr__(self) -> str:
        """Show which it is."""
        return f"ConnectedAccount(id={self.id!r})"

    def __str__(self) -> str:
        """Return the id, so that the handle can stand where an id is wanted."""
        return self.id

    def read(self) -> Json:
        """Return the account as the platform sees it now."""
        return self.sandbox.get(f"/v1/accounts/{self.id}")

    def link(self, return_url: str, refresh_url: str, **choices: Any) -> str:  # noqa: ANN401 - form values
        """Make an account link and return its URL, which works once."""
        form = {
            "account": self.id,
            "type": "account_onboarding",
            "return_url": return_url,
            "refresh_url": refresh_url,
            **choices,
        }
        return str(self.sandbox.post("/v1/account_links", form)["url"])

    def _do(self, verb: str, **params: Any) -> Json:  # noqa: ANN401 - form values
        return self.sandbox.post(f"/_sandbox/accounts/{self.id}/{verb}", params)

    def complete(self) -> Json:
        """Give everything due with test data that pass."""
        return self._do("complete")

    def verify(self) -> Json:
        """End what is being reviewed, well."""
        return self._do("verify")

    def review(self, reason: str = "under_review") -> Json:
        """Hold the account until `verify`: `under_review`, `listed`, `platform_paused`, `other`."""
        return self._do("review", reason=reason)

    def reject(self, reason: str = "rejected.other") -> Json:
        """Reject the account."""
        return self._do("reject", reason=reason)

    def require(self, requirement: str, **choices: Any) -> Json:  # noqa: ANN401 - form values
        """Ask for something more: at once, `in` so many seconds, or `eventually`.

        `from` makes it a future requirement, `capability` one of a single capability.
        """
        return self._do("require", requirement=requirement, **choices)

    def lose(self, capability: str, reason: str = "rejected.other") -> Json:
        """Take a capability away; `reason` is what its `disabled_reason` says."""
        return self._do("lose", capability=capability, reason=reason)

    def deauthorize(self) -> Json:
        """Let the holder disconnect the platform."""
        return self._do("deauthorize")

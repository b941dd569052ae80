"""Harbour Market: an imagined platform that pays its stallholders through Stripe Connect.

One WSGI application and nothing but the `stripe` package. It knows four things about onboarding:
a link is made when it is asked for and never kept; coming back proves nothing; webhooks say when
to look, not what to believe; and nobody sells before Stripe says yes.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from http import HTTPStatus
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import stripe

CAPABILITIES: Any = {"card_payments": {"requested": True}, "transfers": {"requested": True}}
Answer = tuple[HTTPStatus, dict[str, str], str]


@dataclass
class Stall:
    """A seller's stall. `standing` is what Stripe said last."""

    name: str
    account_id: str
    standing: str = "incomplete"


def standing_of(account: stripe.Account) -> str:
    """Say in one word where a seller stands: what the gate and the pages go by."""
    requirements: Any = account.requirements
    reason = requirements.disabled_reason or ""
    if reason.startswith("rejected."):
        return "rejected"
    if not account.details_submitted:
        return "incomplete"
    if requirements.past_due:
        return "blocked"
    if not (account.charges_enabled and account.payouts_enabled):
        return "in_review"
    return "due_soon" if requirements.currently_due else "open"


class Market:
    """The platform: a WSGI application over a Stripe client."""

    def __init__(self, sdk: stripe.StripeClient, webhook_secret: str) -> None:
        """Begin without stalls. `address` is set by whoever serves the market."""
        self.sdk = sdk
        self.webhook_secret = webhook_secret
        self.address = ""
        self.stalls: dict[str, Stall] = {}

    def open_stall(self, name: str, country: str = "US") -> Stall:
        """Make a seller's account, once."""
        account = self.sdk.v1.accounts.create(
            {"type": "express", "country": country, "capabilities": CAPABILITIES}
        )
        stall = self.stalls[name] = Stall(name, account.id)
        return stall

    def fresh_link(self, stall: Stall) -> str:
        """Make a link that opens onboarding once. It is never stored and never logged."""
        link = self.sdk.v1.account_links.create(
            {
                "account": stall.account_id,
                "type": "account_onboarding",
                "refresh_url": f"{self.address}/stalls/{stall.name}/onboard",
                "return_url": f"{self.address}/stalls/{stall.name}",
            }
        )
        return link.url

    def look_again(self, stall: Stall) -> str:
        """Ask Stripe where the seller stands, and remember it."""
        stall.standing = standing_of(self.sdk.v1.accounts.retrieve(stall.account_id))
        return stall.standing

    def hear(self, payload: bytes, signature: str) -> None:
        """Take a webhook: whatever it tells of an account, look at the account itself.

        Raises:
            stripe.SignatureVerificationError: Stripe did not send it.
        """
        event = self.sdk.construct_event(payload, signature, self.webhook_secret)
        for stall in self.stalls.values():
            if event.account == stall.account_id:
                self.look_again(stall)

    def may_sell(self, stall: Stall) -> bool:
        """Say whether the gate is open."""
        return stall.standing in {"open", "due_soon"}

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        status, headers, text = self._answer(environ)
        body = f"<!doctype html><html lang=en><title>{text}</title><h1>{text}</h1>".encode()
        headers |= {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))}
        start(f"{status.value} {status.phrase}", list(headers.items()))
        return [body]

    def _answer(self, environ: WSGIEnvironment) -> Answer:
        parts = environ["PATH_INFO"].strip("/").split("/")
        try:
            if parts == ["webhooks"]:
                return self._take_webhook(environ)
            stall = self.stalls.get(parts[1]) if parts[0] == "stalls" and len(parts) > 1 else None
            if stall is None:
                return HTTPStatus.NOT_FOUND, {}, "No such stall"
            pages: dict[str, Callable[[Stall], Answer]] = {"onboard": self._onboard}
            return pages.get("/".join(parts[2:]), self._show)(stall)
        except stripe.APIError:
            return HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "5"}, "Try again in a moment"

    def _take_webhook(self, environ: WSGIEnvironment) -> Answer:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        payload = environ["wsgi.input"].read(length)
        try:
            self.hear(payload, environ.get("HTTP_STRIPE_SIGNATURE", ""))
        except stripe.SignatureVerificationError:
            return HTTPStatus.BAD_REQUEST, {}, "Not from Stripe"
        return HTTPStatus.OK, {}, "Thank you"

    def _onboard(self, stall: Stall) -> Answer:
        return HTTPStatus.SEE_OTHER, {"Location": self.fresh_link(stall)}, "Off to Stripe"

    def _show(self, stall: Stall) -> Answer:
        words = {
            "open": "is open for business",
            "due_soon": "is open, and Stripe will soon need more",
            "in_review": "is being checked by Stripe",
            "incomplete": "is not finished yet",
            "blocked": "needs your attention",
            "rejected": "cannot be opened",
        }
        return HTTPStatus.OK, {}, f"{escape(stall.name)} {words[self.look_again(stall)]}"

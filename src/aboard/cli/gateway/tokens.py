"""What does each command about caller tokens do? Asks its flow, and says what came of it.

Source: docs/gateway/callers.md.
"""

from datetime import timedelta

from aboard.cli.asking import OPERATOR
from aboard.cli.exits import Exit
from aboard.cli.gateway.asking import Asking, told_token
from aboard.cli.terminal import Mark
from aboard.core.clock import utc_now
from aboard.core.lending.callers import TokenRecord
from aboard.core.owner import Mode
from aboard.flows.lending.showing import show_token
from aboard.flows.lending.tokens import (
    IssuedToken,
    add_token,
    list_tokens,
    revoke_token,
    rotate_token,
)


class Acts(Asking):
    """The acts that hand out tokens and end them."""

    def add(self, caller: str, mode: str, *, days: int) -> Exit:
        """Make a token and print it."""
        lifetime = timedelta(days=days) if days else None
        return self._reveal(
            self._ask(lambda one: add_token(one, OPERATOR, caller, Mode(mode), lifetime=lifetime))
        )

    def list_all(self, caller: str) -> Exit:
        """List what is kept of a caller's tokens."""
        found = self._ask(lambda one: list_tokens(one, caller))
        for token in found:
            self._row(token)
        if not found:
            self._terminal.say("No token yet. `aboard gateway tokens add CALLER` makes one.")
        self._terminal.document({"tokens": [show_token(each) for each in found]})
        return Exit.OK

    def rotate(self, token_id: str, *, grace_hours: int, days: int | None) -> Exit:
        """Make a token in the place of one and print it."""
        grace, lifetime = timedelta(hours=grace_hours), None if days is None else timedelta(days)
        return self._reveal(
            self._ask(
                lambda one: rotate_token(one, OPERATOR, token_id, grace=grace, lifetime=lifetime)
            )
        )

    def revoke(self, token_id: str) -> Exit:
        """Refuse a token for good."""
        token = self._ask(lambda one: revoke_token(one, OPERATOR, token_id))
        self._row(token)
        self._terminal.document(show_token(token))
        return Exit.OK

    def _reveal(self, issued: IssuedToken) -> Exit:
        word = issued.token.reveal()
        self._row(issued.record)
        self._terminal.say(word)
        self._terminal.aside("Shown this once; what is kept leads nowhere.")
        self._terminal.document({**show_token(issued.record), "token": word})
        return Exit.OK

    def _row(self, token: TokenRecord) -> None:
        now = utc_now()
        is_over = token.revoked_at is not None or (
            token.expires_at is not None and token.expires_at <= now
        )
        self._terminal.row(Mark.NOTE if is_over else Mark.GOOD, token.id, told_token(token, now))

"""What was said once, to be used once? Tokens, and whoever uses one up.

A token keeps what its maker said, as parameters say it: an account's or a person's details, a bank
account, a card, a number. Numbers stay inside.

Source: Stripe's API reference, "Tokens"; error code `token_already_used`.
"""

from typing import Any

import msgspec
from msgspec import Struct

from aboard.sandbox.account import BankAccount, DebitCard
from aboard.sandbox.wire.errors import bad, no_such
from aboard.sandbox.world import World

PREFIXES = {"account": "ct", "person": "cpt", "bank_account": "btok", "card": "tok", "pii": "pii"}


class Token(Struct):
    """One token. `kind` is `account`, `bank_account`, `card`, `person` or `pii`."""

    id: str
    created: int
    kind: str
    said: bytes = b"{}"
    """What an account's or a person's token states: parameters, in JSON."""
    bank: BankAccount | None = None
    card: DebitCard | None = None
    is_used: bool = False

    def __repr__(self) -> str:
        """Show which it is, never what it states."""
        return f"Token(id={self.id!r})"

    def details(self) -> dict[str, Any]:
        """Return what an account's or a person's token states, as parameters that were read."""
        found: dict[str, Any] = msgspec.json.decode(self.said)
        return found


def find_token(world: World, token_id: str, param: str, *kinds: str) -> Token:
    """Return a token that can still be used for one of these kinds of things.

    Raises:
        StripeError: there is no such token, it is of another kind, or it was used.
    """
    token = world.shelf(Token).get(token_id)
    if token is None:
        raise no_such("token", token_id, param, is_in_path=False)
    if token.kind not in kinds:
        raise bad(
            f"You cannot use a {token.kind} token here: a token of type {' or '.join(kinds)} is "
            "needed.",
            param,
        )
    if token.is_used:
        raise bad(
            f"You cannot use a Stripe token more than once: {token_id}.",
            param,
            "token_already_used",
        )
    return token

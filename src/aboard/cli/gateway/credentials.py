"""What does each command about credentials do? Asks its flow, and says what came of it.

Source: docs/gateway/credentials.md.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from aboard.cli.asking import OPERATOR
from aboard.cli.exits import Exit
from aboard.cli.gateway.asking import Asking
from aboard.cli.secret_input import ask_secret
from aboard.cli.terminal import Mark
from aboard.core.lending.credentials import Credential
from aboard.core.owner import Mode
from aboard.flows.lending.credentials import (
    find_closed,
    list_credentials,
    remove_credential,
    rewrap_credentials,
    set_credential,
)
from aboard.flows.platform import Platform

_CAUSES = {
    "key_missing": "its master key is not in ABOARD_GATEWAY_KEYS",
    "forged": "it was changed, moved, or its master key is another one",
    "form": "it is no envelope",
}


class Acts(Asking):
    """The acts that keep keys and forget them."""

    def set_one(self, mode: str, name: str, *, is_piped: bool) -> Exit:
        """Keep a key."""
        key = ask_secret("key", "--key-stdin", is_piped=is_piped)
        credential = self._ask(
            lambda one: set_credential(one, OPERATOR, Mode(mode), key, name=name)
        )
        self._row(credential)
        if not credential.is_restricted:
            self._terminal.aside(
                "A secret key may do anything: a restricted one is better to lend."
            )
        self._terminal.document(_shown(credential))
        return Exit.OK

    def list_all(self) -> Exit:
        """List what is kept, and what does not open."""

        async def ask(platform: Platform) -> tuple[Sequence[Credential], Mapping[str, str]]:
            closed = {each.credential.id: each.cause or "" for each in await find_closed(platform)}
            return await list_credentials(platform), closed

        found, closed = self._ask(ask)
        for credential in found:
            self._row(credential, closed.get(credential.id))
        if not found:
            self._terminal.say(
                "None yet: the settings' keys are lent. `aboard gateway credentials set` keeps one."
            )
        rows = [{**_shown(each), "closed": closed.get(each.id)} for each in found]
        self._terminal.document({"credentials": rows})
        return Exit.CHECK_FAILED if closed else Exit.OK

    def rewrap(self) -> Exit:
        """Bring every envelope under the current master key."""
        moved = self._ask(lambda one: rewrap_credentials(one, OPERATOR))
        for each in moved:
            self._row(each.credential, each.cause)
        if not moved:
            self._terminal.say("Every envelope lies under the current master key already.")
        rows = [{**_shown(each.credential), "closed": each.cause} for each in moved]
        self._terminal.document({"rewrapped": rows})
        return Exit.CHECK_FAILED if any(each.cause for each in moved) else Exit.OK

    def remove(self, mode: str, name: str) -> Exit:
        """Forget a key."""
        self._ask(lambda one: remove_credential(one, OPERATOR, Mode(mode), name=name))
        self._terminal.row(Mark.GOOD, f"{mode} {name}", "is removed")
        self._terminal.document({"mode": mode, "name": name, "removed": True})
        return Exit.OK

    def _row(self, credential: Credential, cause: str | None = None) -> None:
        name = f"{credential.mode} {credential.name}"
        if cause is not None:
            told = _CAUSES.get(cause, cause)
            self._terminal.row(Mark.BAD, name, f"does not open: {told}")
            return
        kind = "restricted" if credential.is_restricted else "secret"
        end = f" ...{credential.hint}" if credential.hint else ""
        told = f"{kind} key{end}, generation {credential.generation}"
        self._terminal.row(Mark.GOOD, name, f"{told}, under {credential.master_key_id}")


def _shown(credential: Credential) -> dict[str, Any]:
    return {
        "id": credential.id,
        "mode": credential.mode.value,
        "name": credential.name,
        "generation": credential.generation,
        "hint": credential.hint,
        "restricted": credential.is_restricted,
        "masterKey": credential.master_key_id,
        "createdAt": credential.created_at.isoformat(),
        "createdBy": credential.created_by,
    }

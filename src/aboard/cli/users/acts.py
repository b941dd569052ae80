"""What does each command about users do? Asks its flow, and says what came of it.

Source: docs/self-hosting.md, people who sign in here.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from aboard.cli.asking import Asking
from aboard.cli.exits import Exit, Refusal
from aboard.cli.secret_input import ask_secret
from aboard.cli.terminal import Mark
from aboard.core.errors import InputRefused
from aboard.core.identity import User, UserSession
from aboard.flows.users import (
    UserTaken,
    UserUnknown,
    add_user,
    change_password,
    disable_user,
    end_sessions_of,
    list_sessions_of,
    list_users,
    make_operator,
)


class Acts(Asking):
    """The acts of one call, over the database that the settings name."""

    def __init__(self, environ: Mapping[str, str], *, is_json: bool) -> None:
        """Take the settings' source, and whether to answer in JSON."""
        super().__init__(environ, is_json=is_json, name_width=32)

    def add(self, email: str, *, is_operator: bool, is_piped: bool) -> Exit:
        """Add a user with a password that is asked for, or comes on standard input."""
        password = ask_secret("password", "--password-stdin", is_piped=is_piped, is_new=True)
        user = self._ask(lambda one: add_user(one, email, password, is_operator=is_operator))
        return self._tell(user, "may sign in now")

    def list_all(self) -> Exit:
        """List all users."""
        found = self._ask(list_users)
        for user in found:
            self._row(user, _standing(user))
        if not found:
            self._terminal.say("Nobody signs in here yet. `aboard users add EMAIL` adds somebody.")
        self._terminal.document({"users": [_document(user) for user in found]})
        return Exit.OK

    def set_operator(self, email: str, *, is_operator: bool) -> Exit:
        """Make a user an operator, or not."""
        user = self._ask(lambda one: make_operator(one, email, is_operator=is_operator))
        told = "is an operator now" if is_operator else "is no operator any more"
        return self._tell(user, f"{told}; their sessions ended")

    def set_password(self, email: str, *, is_piped: bool) -> Exit:
        """Give a user a new password."""
        password = ask_secret("password", "--password-stdin", is_piped=is_piped, is_new=True)
        user = self._ask(lambda one: change_password(one, email, password))
        return self._tell(user, "has a new password; their sessions ended")

    def set_disabled(self, email: str, *, is_disabled: bool) -> Exit:
        """Shut a user out, or let them in again."""
        user = self._ask(lambda one: disable_user(one, email, is_disabled=is_disabled))
        told = "is shut out; their sessions ended" if is_disabled else "may sign in again"
        return self._tell(user, told)

    def sessions(self, email: str, *, do_end: bool) -> Exit:
        """List a user's sessions, or end all of them."""
        if do_end:
            count = self._ask(lambda one: end_sessions_of(one, email))
            self._terminal.row(Mark.GOOD, email, f"{count} sessions ended")
            self._terminal.document({"email": email, "ended": count})
            return Exit.OK
        found: Sequence[UserSession] = self._ask(lambda one: list_sessions_of(one, email))
        for session in found:
            told = f"{session.masked_address}, last used {session.last_used_at:%Y-%m-%d %H:%M} UTC"
            self._terminal.row(Mark.GOOD, session.device, told)
        if not found:
            self._terminal.say("Signed in nowhere.")
        rows = [
            {
                "id": session.id,
                "device": session.device,
                "address": session.masked_address,
                "createdAt": session.created_at.isoformat(),
                "lastUsedAt": session.last_used_at.isoformat(),
                "expiresAt": session.expires_at.isoformat(),
            }
            for session in found
        ]
        self._terminal.document({"email": email, "sessions": rows})
        return Exit.OK

    def _told(self, refusal: Exception) -> Refusal | None:
        if isinstance(refusal, UserUnknown):
            return Refusal(
                "There is no user with this e-mail.",
                "`aboard users list` says who there is.",
                Exit.CHECK_FAILED,
            )
        if isinstance(refusal, UserTaken):
            return Refusal(
                "There is a user with this e-mail already.",
                "`aboard users password EMAIL` gives them a new password.",
                Exit.CHECK_FAILED,
            )
        if isinstance(refusal, InputRefused):
            wrong = "; ".join(f"the {field} {problem}" for field, problem in refusal.problems)
            told = f"{wrong[:1].upper()}{wrong[1:]}."
            return Refusal(told, "Choose another, and try again.", Exit.USAGE)
        return None

    def _tell(self, user: User, told: str) -> Exit:
        self._row(user, told)
        self._terminal.document(_document(user))
        return Exit.OK

    def _row(self, user: User, told: str) -> None:
        mark = Mark.NOTE if user.disabled_at is not None else Mark.GOOD
        self._terminal.row(mark, user.email, told)


def _standing(user: User) -> str:
    words = [f"since {user.created_at:%Y-%m-%d}"]
    words += ["operator"] if user.is_operator else []
    words += [f"shut out {user.disabled_at:%Y-%m-%d}"] if user.disabled_at else []
    return ", ".join(words)


def _document(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "email": user.email,
        "operator": user.is_operator,
        "createdAt": user.created_at.isoformat(),
        "disabledAt": user.disabled_at.isoformat() if user.disabled_at else None,
    }

"""`aboard users`: who signs in here? Declared here; each body is loaded when it is called.

Source: docs/self-hosting.md, people who sign in here.
"""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from aboard.cli.exits import EXIT_CODES, Exit, reported

if TYPE_CHECKING:
    from aboard.cli.users.acts import Acts

users = typer.Typer(
    name="users",
    help="Add, list and change the people who sign in here.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
)
Email = Annotated[str, typer.Argument(help="The user's e-mail.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")]
PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]


@users.command(epilog=EXIT_CODES)
def add(
    email: Email,
    *,
    operator: Annotated[
        bool, typer.Option("--operator", help="May act for every organization.")
    ] = False,
    password_stdin: PasswordStdin = False,
    as_json: AsJson = False,
) -> None:
    """Add a user. The password is asked for, unless it comes on standard input."""
    _run(
        as_json,
        lambda acts: acts.add(email, is_operator=operator, is_piped=password_stdin),
    )


@users.command("list", epilog=EXIT_CODES)
def list_all(*, as_json: AsJson = False) -> None:
    """List all users in the order of their e-mails."""
    _run(as_json, lambda acts: acts.list_all())


@users.command(epilog=EXIT_CODES)
def operator(
    email: Email,
    *,
    off: Annotated[bool, typer.Option("--off", help="No longer.")] = False,
    as_json: AsJson = False,
) -> None:
    """Let a user act for every organization, or no longer. Their sessions end."""
    _run(as_json, lambda acts: acts.set_operator(email, is_operator=not off))


@users.command(epilog=EXIT_CODES)
def password(
    email: Email, *, password_stdin: PasswordStdin = False, as_json: AsJson = False
) -> None:
    """Give a user a new password. Their sessions end."""
    _run(as_json, lambda acts: acts.set_password(email, is_piped=password_stdin))


@users.command(epilog=EXIT_CODES)
def disable(email: Email, *, as_json: AsJson = False) -> None:
    """Shut a user out, and end their sessions at once."""
    _run(as_json, lambda acts: acts.set_disabled(email, is_disabled=True))


@users.command(epilog=EXIT_CODES)
def enable(email: Email, *, as_json: AsJson = False) -> None:
    """Let a user in again who was shut out."""
    _run(as_json, lambda acts: acts.set_disabled(email, is_disabled=False))


@users.command(epilog=EXIT_CODES)
def sessions(
    email: Email,
    *,
    end: Annotated[bool, typer.Option("--end", help="End all of them.")] = False,
    as_json: AsJson = False,
) -> None:
    """List where a user is signed in, or sign them out everywhere."""
    _run(as_json, lambda acts: acts.sessions(email, do_end=end))


def _run(as_json: bool, act: Callable[["Acts"], Exit]) -> None:  # noqa: FBT001 - the option's value
    from aboard.cli.users.acts import Acts  # noqa: PLC0415 - loaded with its command

    raise typer.Exit(reported(lambda: act(Acts(os.environ, is_json=as_json))))

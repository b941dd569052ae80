"""`aboard gateway tokens` and `credentials`: what callers hold, and what is lent. Declared here.

Source: docs/gateway/callers.md, docs/gateway/credentials.md.
"""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from aboard.cli.exits import EXIT_CODES, Exit, reported

if TYPE_CHECKING:
    from aboard.cli.gateway.credentials import Acts as CredentialActs
    from aboard.cli.gateway.tokens import Acts as TokenActs

tokens = typer.Typer(
    name="tokens",
    help="Hand out caller tokens, rotate them and end them.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
)
credentials = typer.Typer(
    name="credentials",
    help="Keep Stripe's keys in the database, in envelopes under ABOARD_GATEWAY_KEYS.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
)
Caller = Annotated[str, typer.Argument(help="The caller's name, or its id.", metavar="CALLER")]
Token = Annotated[str, typer.Argument(help="The token's id, gwt_...", metavar="ID")]
ModeOption = Annotated[Literal["test", "live"], typer.Option("--mode", help="Of which mode.")]
Name = Annotated[str, typer.Option(help="Which one; callers are lent `default` unless they say.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")]


@tokens.command(epilog=EXIT_CODES)
def add(
    caller: Caller,
    *,
    mode: ModeOption = "test",
    days: Annotated[int, typer.Option(min=0, max=3660, help="Good so long; 0: no end.")] = 90,
    as_json: AsJson = False,
) -> None:
    """Make a token and print it, this once."""
    _hand_out(as_json, lambda acts: acts.add(caller, mode, days=days))


@tokens.command("list", epilog=EXIT_CODES)
def list_tokens(caller: Caller, *, as_json: AsJson = False) -> None:
    """List a caller's tokens by what is kept of them: id, mode, last characters, times."""
    _hand_out(as_json, lambda acts: acts.list_all(caller))


@tokens.command(epilog=EXIT_CODES)
def rotate(
    token: Token,
    *,
    grace: Annotated[
        int, typer.Option(min=0, max=720, help="For how many hours the one before is good too.")
    ] = 24,
    days: Annotated[
        int | None, typer.Option(min=1, max=3660, help="Good so long; else as long as the other.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a token in the place of one and print it. For a while both are good."""
    _hand_out(as_json, lambda acts: acts.rotate(token, grace_hours=grace, days=days))


@tokens.command(epilog=EXIT_CODES)
def revoke(token: Token, *, as_json: AsJson = False) -> None:
    """Refuse a token for good, in every process within a second."""
    _hand_out(as_json, lambda acts: acts.revoke(token))


@credentials.command("set", epilog=EXIT_CODES)
def set_one(
    *,
    mode: ModeOption = "test",
    name: Name = "default",
    key_stdin: Annotated[
        bool, typer.Option("--key-stdin", help="Read the key from standard input.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Keep a key of Stripe's, best a restricted one. It is asked for, or piped; never an argument.

    What was kept under the name is replaced while calls run.
    """
    _keep(as_json, lambda acts: acts.set_one(mode, name, is_piped=key_stdin))


@credentials.command("list", epilog=EXIT_CODES)
def list_credentials(*, as_json: AsJson = False) -> None:
    """List what is kept, and whether it opens. No key is shown."""
    _keep(as_json, lambda acts: acts.list_all())


@credentials.command(epilog=EXIT_CODES)
def rewrap(*, as_json: AsJson = False) -> None:
    """Bring every envelope under the first of ABOARD_GATEWAY_KEYS. Harmless when repeated."""
    _keep(as_json, lambda acts: acts.rewrap())


@credentials.command(epilog=EXIT_CODES)
def remove(*, mode: ModeOption = "test", name: Name = "default", as_json: AsJson = False) -> None:
    """Forget a key for good. Callers are lent the settings' key from then on, or none."""
    _keep(as_json, lambda acts: acts.remove(mode, name))


def _hand_out(as_json: bool, act: Callable[["TokenActs"], Exit]) -> None:  # noqa: FBT001 - the option's value
    from aboard.cli.gateway.tokens import Acts  # noqa: PLC0415 - loaded with its command

    raise typer.Exit(reported(lambda: act(Acts(os.environ, is_json=as_json))))


def _keep(as_json: bool, act: Callable[["CredentialActs"], Exit]) -> None:  # noqa: FBT001 - as above
    from aboard.cli.gateway.credentials import Acts  # noqa: PLC0415 - loaded with its command

    raise typer.Exit(reported(lambda: act(Acts(os.environ, is_json=as_json))))

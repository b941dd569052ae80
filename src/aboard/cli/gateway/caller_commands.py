"""`aboard gateway callers`: who may borrow the key? Declared here; bodies load when called.

Source: docs/gateway/callers.md.
"""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from aboard.cli.exits import EXIT_CODES, Exit, reported
from aboard.cli.gateway.wishes import TermsWish

if TYPE_CHECKING:
    from aboard.cli.gateway.callers import Acts

callers = typer.Typer(
    name="callers",
    help="Add, list and change who may call Stripe through the gateway.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
)
Name = Annotated[str, typer.Argument(help="The caller's name, or its id.", metavar="CALLER")]
Policy = Annotated[str | None, typer.Option(help="A policy of the settings' file.")]
TestWords = Annotated[
    list[str] | None,
    typer.Option("--test", metavar="WORD", help="May call in test mode, as accounts:read; repeat."),
]
LiveWords = Annotated[
    list[str] | None,
    typer.Option("--live", metavar="WORD", help="May call in live mode; repeat."),
]
Owners = Annotated[
    list[str] | None,
    typer.Option("--owner", help="Acts for this one alone, as creator:ada; repeat."),
]
PerSecond = Annotated[str | None, typer.Option(metavar="N", help="Calls a second, or unlimited.")]
PerDay = Annotated[str | None, typer.Option(metavar="N", help="Calls a day (UTC), or unlimited.")]
Credential = Annotated[str | None, typer.Option(help="The name of the key that is lent.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")]


@callers.command(epilog=EXIT_CODES)
def add(  # noqa: PLR0913 - one parameter for each option
    name: Annotated[str, typer.Argument(help="A new name, for people and for the record.")],
    *,
    policy: Policy = None,
    test: TestWords = None,
    live: LiveWords = None,
    owner: Owners = None,
    per_second: PerSecond = None,
    per_day: PerDay = None,
    credential: Credential = None,
    as_json: AsJson = False,
) -> None:
    """Add a caller. Without words and policy it reads, and in test mode makes links."""
    wish = TermsWish(policy, test, live, owner, per_second, per_day, credential)
    _run(as_json, lambda acts: acts.add(name, wish))


@callers.command("list", epilog=EXIT_CODES)
def list_all(*, as_json: AsJson = False) -> None:
    """List all callers."""
    _run(as_json, lambda acts: acts.list_all())


@callers.command(epilog=EXIT_CODES)
def show(caller: Name, *, as_json: AsJson = False) -> None:
    """Show one caller: what it may call, for whom, how often, and its tokens."""
    _run(as_json, lambda acts: acts.show(caller))


@callers.command(epilog=EXIT_CODES)
def change(  # noqa: PLR0913 - one parameter for each option
    caller: Name,
    *,
    policy: Policy = None,
    test: TestWords = None,
    live: LiveWords = None,
    owner: Owners = None,
    per_second: PerSecond = None,
    per_day: PerDay = None,
    credential: Credential = None,
    default: Annotated[
        list[str] | None,
        typer.Option(help="Back to the default: words, owners, limits or credential; repeat."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Change what is given and leave the rest; words of a mode are replaced as a whole."""
    wish = TermsWish(policy, test, live, owner, per_second, per_day, credential, default)
    _run(as_json, lambda acts: acts.change(caller, wish))


@callers.command(epilog=EXIT_CODES)
def disable(caller: Name, *, as_json: AsJson = False) -> None:
    """Refuse all tokens of a caller, until it is enabled."""
    _run(as_json, lambda acts: acts.disable(caller))


@callers.command(epilog=EXIT_CODES)
def enable(caller: Name, *, as_json: AsJson = False) -> None:
    """Take the good tokens of a caller again."""
    _run(as_json, lambda acts: acts.enable(caller))


@callers.command(epilog=EXIT_CODES)
def remove(caller: Name, *, as_json: AsJson = False) -> None:
    """Forget a caller and its tokens for good. What it called stays on record."""
    _run(as_json, lambda acts: acts.remove(caller))


def _run(as_json: bool, act: Callable[["Acts"], Exit]) -> None:  # noqa: FBT001 - the option's value
    from aboard.cli.gateway.callers import Acts  # noqa: PLC0415 - loaded with its command

    raise typer.Exit(reported(lambda: act(Acts(os.environ, is_json=as_json))))

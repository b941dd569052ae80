"""`aboard gateway calls`: what was called, and how did it end? Declared here, loaded when called.

Source: docs/gateway/callers.md, the record of calls.
"""

import os
from typing import Annotated

import typer

from aboard.cli.exits import EXIT_CODES, reported
from aboard.cli.export.options import AsJson, Format, InMode, Output, Since, Until
from aboard.cli.gateway.wishes import CallsWish

calls = typer.Typer(
    name="calls",
    help="List and export the record of calls through the gateway.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
)
Caller = Annotated[str | None, typer.Option(help="Of this caller alone, by name or id.")]
Outcome = Annotated[
    str | None, typer.Option(help="answered, open, or the code of a refusal, as rate_limited.")
]
Account = Annotated[str | None, typer.Option(help="About this connected account alone.")]


@calls.command("list", epilog=EXIT_CODES)
def list_all(
    *,
    caller: Caller = None,
    mode: InMode = None,
    outcome: Outcome = None,
    account: Account = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")] = False,
) -> None:
    """List calls, the newest first."""
    from aboard.cli.gateway.record import Record  # noqa: PLC0415 - loaded with its command

    wish = CallsWish(caller, mode, outcome, account, since, until)
    raise typer.Exit(
        reported(lambda: Record(os.environ, is_json=as_json).list_all(wish, limit=limit))
    )


@calls.command(epilog=EXIT_CODES)
def export(  # noqa: PLR0913 - one parameter for each option
    *,
    caller: Caller = None,
    mode: InMode = None,
    outcome: Outcome = None,
    account: Account = None,
    since: Since = None,
    until: Until = None,
    output_format: Format = "jsonl",
    output: Output = None,
    as_json: AsJson = False,
) -> None:
    """Export calls in the order of time: as `aboard export gateway-calls`, with more filters."""
    from aboard.cli.export.writing import Wish, write_rows  # noqa: PLC0415 - loaded with its command

    wish = Wish(
        kind="gateway-calls",
        since=since,
        until=until,
        mode=mode,
        format=output_format,
        output=output,
        caller=caller,
        outcome=outcome,
        account=account,
    )
    raise typer.Exit(reported(lambda: write_rows(os.environ, wish, is_json=as_json)))

"""`aboard export`: all rows of a kind, for other programs. Declared here, loaded when called.

Source: docs/exports.md.
"""

import os
from typing import Annotated, Literal

import typer

from aboard.cli.exits import reported

Kind = Annotated[
    Literal["events", "announcements", "audit", "accounts", "gateway-calls"],
    typer.Argument(help="What to export.", show_default=False),
]
InMode = Annotated[
    Literal["test", "live"] | None, typer.Option("--mode", help="Of this mode alone.")
]


def export(
    kind: Kind,
    *,
    since: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Of then or later: 2026-11-21T09:00:00Z, or 36h ago."),
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="TIME", help="Of before then.")] = None,
    mode: InMode = None,
    output_format: Annotated[
        Literal["jsonl", "csv"], typer.Option("--format", help="One JSON object a line, or CSV.")
    ] = "jsonl",
    output: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Into this file instead of standard output."),
    ] = None,
    raw: Annotated[
        bool, typer.Option("--raw", help="With accounts: Stripe's own last answer too.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="With --output: say what was done as one JSON document.")
    ] = False,
) -> None:
    """Export events, announcements, the audit, accounts or calls: never a key, token or link."""
    from aboard.cli.export.writing import Wish, write_rows  # noqa: PLC0415 - loaded with its command

    wish = Wish(kind, since, until, mode, output_format, output, raw)
    raise typer.Exit(reported(lambda: write_rows(os.environ, wish, is_json=as_json)))

"""`aboard export`: all rows of a kind, for other programs. Declared here, loaded when called.

Source: docs/exports.md.
"""

import os
from typing import Annotated, Literal

import typer

from aboard.cli.exits import reported
from aboard.cli.export.options import AsJson, Format, InMode, Output, Since, Until

Kind = Annotated[
    Literal["events", "announcements", "audit", "accounts", "gateway-calls"],
    typer.Argument(help="What to export.", show_default=False),
]


def export(
    kind: Kind,
    *,
    since: Since = None,
    until: Until = None,
    mode: InMode = None,
    output_format: Format = "jsonl",
    output: Output = None,
    raw: Annotated[
        bool, typer.Option("--raw", help="With accounts: Stripe's own last answer too.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Export events, announcements, the audit, accounts or calls: never a key, token or link."""
    from aboard.cli.export.writing import Wish, write_rows  # noqa: PLC0415 - loaded with its command

    wish = Wish(kind, since, until, mode, output_format, output, raw)
    raise typer.Exit(reported(lambda: write_rows(os.environ, wish, is_json=as_json)))

"""Which options do the commands share that write rows for other programs?

Source: docs/exports.md.
"""

from typing import Annotated, Literal

import typer

InMode = Annotated[
    Literal["test", "live"] | None, typer.Option("--mode", help="Of this mode alone.")
]
Since = Annotated[
    str | None,
    typer.Option(metavar="TIME", help="Of then or later: 2026-11-21T09:00:00Z, or 36h ago."),
]
Until = Annotated[str | None, typer.Option(metavar="TIME", help="Of before then.")]
Format = Annotated[
    Literal["jsonl", "csv"], typer.Option("--format", help="One JSON object a line, or CSV.")
]
Output = Annotated[
    str | None, typer.Option(metavar="FILE", help="Into this file instead of standard output.")
]
AsJson = Annotated[
    bool, typer.Option("--json", help="With --output: say what was done as one JSON document.")
]

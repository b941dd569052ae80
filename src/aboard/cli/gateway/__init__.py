"""`aboard gateway`: lend Stripe's key without showing it. Declared here, loaded when called.

Source: docs/gateway/index.md.
"""

import os
from pathlib import Path
from typing import Annotated

import typer

from aboard.cli.exits import EXIT_CODES, reported

gateway = typer.Typer(
    name="gateway",
    help="Lend Stripe's key to callers who never see it, and see what they call.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
)


@gateway.command(epilog=EXIT_CODES)
def serve(
    *,
    host: Annotated[str | None, typer.Option(help="Instead of ABOARD_GATEWAY_HOST.")] = None,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65_535, help="Instead of ABOARD_GATEWAY_PORT; 0 takes a free one."),
    ] = None,
) -> None:
    """Serve the gateway alone, with Stripe's paths at the root, for any of Stripe's SDKs.

    The service serves it below /gateway/, too. SIGTERM or Ctrl-C ends it as `aboard serve` ends.
    """
    from aboard.cli.gateway.serving import serve_gateway  # noqa: PLC0415 - loaded with its command

    raise typer.Exit(reported(lambda: serve_gateway(os.environ, host=host, port=port)))


@gateway.command(epilog=EXIT_CODES)
def pages(
    *,
    name: Annotated[
        str, typer.Option("--as", metavar="NAME", help="Who comes, as the audit names them.")
    ] = "operator",
    as_json: Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")] = False,
) -> None:
    """Print a link that opens the operator's pages and the explorer once, within five minutes."""
    from aboard.cli.gateway.pages import print_pages_link  # noqa: PLC0415 - loaded with its command

    raise typer.Exit(reported(lambda: print_pages_link(os.environ, name=name, is_json=as_json)))


@gateway.command(epilog=EXIT_CODES)
def mcp(
    *,
    address: Annotated[
        str | None,
        typer.Option(
            "--gateway", metavar="URL", help="Ask the gateway there, instead of the own database."
        ),
    ] = None,
    token_file: Annotated[
        Path | None,
        typer.Option(help="The file with the caller token; else the variable CALLER_TOKEN."),
    ] = None,
) -> None:
    """Offer the tools of one caller over standard input and output, for agents that speak MCP.

    Needs the extra `mcp`. Ends when standard input ends.
    """
    from aboard.cli.gateway.speaking import serve_mcp  # noqa: PLC0415 - loaded with its command

    raise typer.Exit(
        reported(lambda: serve_mcp(os.environ, address=address, token_file=token_file))
    )

"""`aboard gateway`: lend Stripe's key without showing it. Declared here, loaded when called.

Source: docs/gateway/callers.md, docs/gateway/credentials.md, docs/gateway/policies.md.
"""

import os
from pathlib import Path
from typing import Annotated, Literal

import typer

from aboard.cli.exits import EXIT_CODES, reported
from aboard.cli.gateway.caller_commands import callers
from aboard.cli.gateway.record_commands import calls
from aboard.cli.gateway.secret_commands import credentials, tokens

gateway = typer.Typer(
    name="gateway",
    help="Lend Stripe's key to callers who never see it, and see what they call.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
)
gateway.add_typer(callers)
gateway.add_typer(tokens)
gateway.add_typer(credentials)
gateway.add_typer(calls)
AsJson = Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")]


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


@gateway.command(epilog=EXIT_CODES)
def check(
    file: Annotated[str, typer.Argument(help="The TOML file of policies.", metavar="FILE")],
    *,
    as_json: AsJson = False,
) -> None:
    """Hold a policy file against what Stripe has; name each mistake with its line and word."""
    from aboard.cli.gateway.checking import check_file  # noqa: PLC0415 - loaded with its command

    raise typer.Exit(reported(lambda: check_file(file, is_json=as_json)))


@gateway.command(epilog=EXIT_CODES)
def explain(
    caller: Annotated[str, typer.Argument(help="The caller's name or id.", metavar="CALLER")],
    method: Annotated[str, typer.Argument(help="Such as POST.", metavar="METHOD")],
    path: Annotated[str, typer.Argument(help="Such as /v1/account_links.", metavar="PATH")],
    *,
    mode: Annotated[Literal["test", "live"], typer.Option(help="Of which mode.")] = "test",
    account: Annotated[
        list[str] | None,
        typer.Option(help="A connected account that header or body would name; repeatable."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say step by step what would become of a call, without making it. Exits with 1 if refused."""
    from aboard.cli.gateway.explaining import Explaining  # noqa: PLC0415 - loaded with its command

    raise typer.Exit(
        reported(
            lambda: Explaining(os.environ, is_json=as_json).explain(
                caller, method, path, mode=mode, accounts=account or ()
            )
        )
    )

"""`aboard gateway mcp`: tools over standard input and output, for agents that start a command.

Standard output belongs to the protocol; whatever else is to be said goes to standard error.

Source: docs/gateway/tools.md; ADR-0031, MCP.
"""

import asyncio
import stat
from collections.abc import Mapping
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Final

from aboard.app import open_platform
from aboard.cli.exits import Exit, Refusal
from aboard.cli.logs import write_log
from aboard.core.lending.callers import CallerToken
from aboard.core.lending.refusals import CallRefused
from aboard.flows.lending.borrowing import find_borrower
from aboard.gateway import Gateway
from aboard.gateway.toolbox.speaking import Toolbox, load_protocol
from aboard.settings import load_settings

TOKEN_VARIABLE: Final = "CALLER_TOKEN"  # noqa: S105 - the name of a variable
_ASK: Final = "Ask an operator for a caller token: `aboard gateway tokens add`."


def serve_mcp(environ: Mapping[str, str], *, address: str | None, token_file: Path | None) -> Exit:
    """Serve until standard input ends, from a gateway elsewhere or from the platform's own store.

    Raises:
        SettingsRefused: the settings make no sense; not where a gateway is named.
        DatabaseNotMigrated: `aboard migrate` has not been run; likewise.
        DatabaseTooNew: a newer Aboard has migrated it; likewise.
        StoreUnavailable: the database cannot be opened; likewise.
        Refusal: there is no token, nobody knows it, no gateway answers, or the extra is missing.
    """
    token = _read_token(environ, token_file)
    try:
        protocol = load_protocol()
    except CallRefused:
        raise Refusal(
            "MCP needs a library that is not installed.",
            'Install it: pip install "aboard[mcp]".',
            Exit.USAGE,
        ) from None
    if address is not None:
        return _bridge(address.rstrip("/"), token)
    settings = load_settings(environ)
    write_log(settings.watching)

    async def serve() -> None:
        async with open_platform(settings) as platform:
            gateway = Gateway(platform)
            try:
                await find_borrower(platform, token)
                box = Toolbox(gateway.tools, token)
                server = protocol.build_server(
                    partial(box.listed, protocol), partial(box.call, protocol)
                )
                await protocol.serve_stdio(server)
            finally:
                gateway.close()

    try:
        asyncio.run(serve())
    except CallRefused as refused:
        raise Refusal(refused.ruling.message, _ASK, Exit.CHECK_FAILED) from None
    return Exit.OK


def _bridge(address: str, token: CallerToken) -> Exit:
    bridging = import_module("aboard.gateway.toolbox.bridging")
    try:
        asyncio.run(bridging.serve_bridge(address, token))
    except bridging.BridgeRefused as refused:
        raise Refusal(
            f"The gateway at {address} lends nothing: {refused}.",
            f"Look at --gateway and at the token. {_ASK}",
        ) from None
    return Exit.OK


def _read_token(environ: Mapping[str, str], token_file: Path | None) -> CallerToken:
    if token_file is None:
        given = environ.get(TOKEN_VARIABLE, "")
    else:
        try:
            is_shared = token_file.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH)
            given = token_file.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise Refusal(
                f"The file with the token cannot be read ({type(error).__name__}).",
                "Look at --token-file.",
            ) from None
        if is_shared:
            raise Refusal(
                "Everybody on this machine can read the file with the token.",
                f"Shut it: chmod o-rwx {token_file}",
                Exit.USAGE,
            )
    token = CallerToken(given.strip())
    if not token.is_well_formed:
        raise Refusal(
            "There is no caller token." if not given.strip() else "This is no caller token.",
            f"Name its file by --token-file, or set {TOKEN_VARIABLE}. {_ASK}",
            Exit.USAGE,
        )
    return token

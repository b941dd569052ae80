"""`aboard gateway pages`: a link that opens the operator's pages once.

Whoever can read the settings runs the service already; the link says who of them comes.

Source: docs/gateway/explorer.md, entering.
"""

from collections.abc import Mapping

from aboard.app import open_platform
from aboard.cli.exits import Exit, Refusal
from aboard.cli.servers import run
from aboard.cli.terminal import Terminal
from aboard.core.caller import Caller
from aboard.core.links import BearerUrl
from aboard.core.operator_tickets import OPERATOR_TICKET_LIFETIME
from aboard.flows.operator_entry import issue_operator_link
from aboard.settings import load_settings

MOST_NAME_CHARS = 128


def print_pages_link(environ: Mapping[str, str], *, name: str, is_json: bool) -> Exit:
    """Print a link for an operator of this name, and nothing else.

    Raises:
        SettingsRefused: the settings make no sense.
        DatabaseNotMigrated: `aboard migrate` has not been run.
        StoreUnavailable: the link cannot be written into the audit.
        Refusal: nobody can have this name.
    """
    if not 0 < len(name) <= MOST_NAME_CHARS or not name.isprintable():
        raise Refusal(
            "No operator can have this name.",
            f"Give 1 to {MOST_NAME_CHARS} printable characters.",
            Exit.USAGE,
        )
    settings = load_settings(environ)

    async def issue() -> BearerUrl:
        async with open_platform(settings) as platform:
            return await issue_operator_link(platform, Caller(name, is_operator=True))

    url = run(issue()).reveal()
    terminal = Terminal(is_json=is_json)
    terminal.say(url)
    seconds = int(OPERATOR_TICKET_LIFETIME.total_seconds())
    terminal.document({"url": url, "name": name, "expiresIn": seconds})
    return Exit.OK

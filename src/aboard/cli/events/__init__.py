"""`aboard events`: what came from Stripe, what was missed? Declared here, loaded when called.

Source: docs/webhooks.md, when something was missed.
"""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from aboard.cli.exits import EXIT_CODES, Exit, reported

if TYPE_CHECKING:
    from aboard.cli.events.wishes import Selection

events = typer.Typer(
    name="events",
    help="See what came from Stripe, look at it again, and ask Stripe for what was missed.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
)
WhichMode = Literal["test", "live"]
AsJson = Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")]
InMode = Annotated[WhichMode | None, typer.Option("--mode", help="Of this mode alone.")]
AtEndpoint = Annotated[
    Literal["platform", "connect"] | None,
    typer.Option("--endpoint", help="Of this webhook endpoint alone."),
]
OfStatus = Annotated[
    Literal["pending", "processed", "unmatched", "dead"] | None,
    typer.Option("--status", help="Only those that this became of."),
]
OfAccount = Annotated[
    str | None, typer.Option("--account", metavar="ACCT", help="Of this connected account alone.")
]
OfType = Annotated[str | None, typer.Option("--type", metavar="TYPE", help="Of this type alone.")]
Since = Annotated[
    str | None,
    typer.Option(
        "--since", metavar="TIME", help="Received then or later: 2026-11-21T09:00:00Z, or 36h ago."
    ),
]
Until = Annotated[str | None, typer.Option("--until", metavar="TIME", help="Received before then.")]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="So many at most.")]
After = Annotated[
    str | None,
    typer.Option("--after", metavar="EVENT", help="Go on behind this event of the list before."),
]
ById = Annotated[str, typer.Argument(metavar="EVENT", help="The event's id.", show_default=False)]


@events.command("list", epilog=EXIT_CODES)
def list_events(  # noqa: PLR0913 - one parameter for each option
    *,
    mode: InMode = None,
    endpoint: AtEndpoint = None,
    status: OfStatus = None,
    account: OfAccount = None,
    event_type: OfType = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = 50,
    after: After = None,
    as_json: AsJson = False,
) -> None:
    """List received events, last received first."""
    _list(
        _selection(mode, endpoint, status, account, event_type, since, until),
        limit,
        after,
        is_json=as_json,
    )


@events.command(epilog=EXIT_CODES)
def dead(
    *,
    mode: InMode = None,
    account: OfAccount = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = 50,
    after: After = None,
    as_json: AsJson = False,
) -> None:
    """List dead letters: events whose account could not be read, and is tried no more."""
    which = _selection(mode, None, "dead", account, None, since, until)
    _list(which, limit, after, is_json=as_json)


@events.command(epilog=EXIT_CODES)
def show(event: ById, *, mode: InMode = None, as_json: AsJson = False) -> None:
    """Show what is remembered of one event; its content never is."""
    from aboard.cli.events.listing import show_event  # noqa: PLC0415 - loaded with its command

    _run(lambda: show_event(os.environ, event, mode, is_json=as_json))


@events.command(epilog=EXIT_CODES)
def replay(  # noqa: PLR0913 - one parameter for each option
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[EVENT]...", help="Exactly these.", show_default=False),
    ] = None,
    *,
    mode: InMode = None,
    endpoint: AtEndpoint = None,
    status: OfStatus = None,
    account: OfAccount = None,
    event_type: OfType = None,
    since: Since = None,
    until: Until = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen; change nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Look again: make events pending once more, and their accounts due.

    Exactly those that are named, or all that match the options.
    """
    from aboard.cli.events.replaying import replay_events  # noqa: PLC0415 - loaded with its command

    which = _selection(mode, endpoint, status, account, event_type, since, until)
    _run(lambda: replay_events(os.environ, ids or (), which, is_dry=dry_run, is_json=as_json))


@events.command("catch-up", epilog=EXIT_CODES)
def catch_up(  # noqa: PLR0913 - one parameter for each option
    *,
    mode: InMode = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="Created then or later. Without it three days back, further if it was silent.",
        ),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="TIME", help="Created then or before; without it now.")
    ] = None,
    account: OfAccount = None,
    event_type: Annotated[
        list[str] | None,
        typer.Option("--type", metavar="TYPE", help="Ask for this type; repeatable."),
    ] = None,
    all_types: Annotated[
        bool, typer.Option("--all-types", help="Ask for every type, payments too.")
    ] = False,
    event: Annotated[
        str | None, typer.Option(metavar="EVENT", help="Ask for this one event alone.")
    ] = None,
    accounts_only: Annotated[
        bool,
        typer.Option(
            "--accounts-only", help="Ask for no events; let the worker read every account."
        ),
    ] = False,
    per_second: Annotated[
        int | None,
        typer.Option(min=1, max=100, help="Requests a second; without it 20 live, 5 test."),
    ] = None,
    after: Annotated[
        str | None,
        typer.Option(metavar="ACCT", help="Go on behind this account, where it broke off."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Ask Stripe for the events that did not come, and write them down as if they had."""
    from aboard.cli.events.catching_up import ask_stripe  # noqa: PLC0415 - loaded with its command
    from aboard.cli.events.wishes import Missed  # noqa: PLC0415 - loaded with its command

    missed = Missed(
        mode=mode,
        since=since,
        until=until,
        account=account,
        types=tuple(event_type or ()),
        has_all_types=all_types,
        event=event,
        is_accounts_only=accounts_only,
        per_second=per_second,
        after=after,
    )
    _run(lambda: ask_stripe(os.environ, missed, is_json=as_json))


def _selection(
    mode: str | None,
    endpoint: Literal["platform", "connect"] | None,
    status: str | None,
    account: str | None,
    event_type: str | None,
    since: str | None,
    until: str | None,
) -> "Selection":
    from aboard.cli.events.wishes import Selection  # noqa: PLC0415 - loaded with its command

    return Selection(mode, endpoint, status, account, event_type, since, until)


def _list(which: "Selection", limit: int, after: str | None, *, is_json: bool) -> None:
    from aboard.cli.events.listing import list_received  # noqa: PLC0415 - loaded with its command

    _run(lambda: list_received(os.environ, which, limit=limit, after=after, is_json=is_json))


def _run(body: Callable[[], Exit]) -> None:
    raise typer.Exit(reported(body))

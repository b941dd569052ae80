"""`aboard subscribers`: who is told what happens? Declared here; each body loads when called.

Source: docs/webhooks.md, what Aboard tells you.
"""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from aboard.cli.exits import EXIT_CODES, Exit, reported

if TYPE_CHECKING:
    from aboard.cli.subscribers.acts import Acts
    from aboard.cli.subscribers.sending import Sending

subscribers = typer.Typer(
    name="subscribers",
    help="Add, list and change the addresses that are told what happens.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
)
Id = Annotated[str, typer.Argument(help="The subscriber's id.", metavar="ID")]
Url = Annotated[str, typer.Argument(help="Where it is told: https, or http on this machine.")]
Description = Annotated[str | None, typer.Option(help="What it is, for those who list it.")]
Types = Annotated[
    list[str] | None,
    typer.Option("--type", help="Tell it this type alone; repeatable. Else it is told all."),
]
Since = Annotated[str | None, typer.Option(help="From this time on: a date, a time, or 36h ago.")]
Until = Annotated[str | None, typer.Option(help="Up to this time; else up to now.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")]


@subscribers.command(epilog=EXIT_CODES)
def add(
    url: Url,
    *,
    mode: Annotated[str, typer.Option(help="Of which mode it is told: test or live.")] = "test",
    types: Types = None,
    description: Description = None,
    as_json: AsJson = False,
) -> None:
    """Add an address that is told what is announced from now on, and print its signing secret."""
    _run(
        as_json, lambda acts: acts.add(url, mode, types=types or (), description=description or "")
    )


@subscribers.command("list", epilog=EXIT_CODES)
def list_all(*, as_json: AsJson = False) -> None:
    """List all subscribers, with how many deliveries are open and dead."""
    _run(as_json, lambda acts: acts.list_all())


@subscribers.command(epilog=EXIT_CODES)
def show(subscriber: Id, *, as_json: AsJson = False) -> None:
    """Show one subscriber, without its secret."""
    _run(as_json, lambda acts: acts.show(subscriber))


@subscribers.command(epilog=EXIT_CODES)
def change(
    subscriber: Id,
    *,
    url: Annotated[str | None, typer.Option(help="The new address.")] = None,
    types: Types = None,
    all_types: Annotated[bool, typer.Option("--all-types", help="Tell it every type.")] = False,
    description: Description = None,
    as_json: AsJson = False,
) -> None:
    """Change what is given and leave the rest. What is on its way goes to the new address."""
    if types and all_types:
        raise typer.BadParameter("goes without --type", param_hint="--all-types")
    wanted = [] if all_types else types or None
    _run(
        as_json,
        lambda acts: acts.change(subscriber, url=url, types=wanted, description=description),
    )


@subscribers.command(epilog=EXIT_CODES)
def rotate(
    subscriber: Id,
    *,
    grace_hours: Annotated[
        int, typer.Option(min=0, max=720, help="How long the secret before signs too.")
    ] = 24,
    as_json: AsJson = False,
) -> None:
    """Make a new signing secret, and print it. For a while both sign."""
    _run(as_json, lambda acts: acts.rotate(subscriber, grace_hours=grace_hours))


@subscribers.command(epilog=EXIT_CODES)
def secret(subscriber: Id, *, as_json: AsJson = False) -> None:
    """Print the signing secret once more. It is audited that somebody saw it."""
    _run(as_json, lambda acts: acts.show_secret(subscriber))


@subscribers.command(epilog=EXIT_CODES)
def disable(subscriber: Id, *, as_json: AsJson = False) -> None:
    """Tell it nothing any more. What is on its way becomes dead, and can be replayed."""
    _run(as_json, lambda acts: acts.disable(subscriber))


@subscribers.command(epilog=EXIT_CODES)
def enable(subscriber: Id, *, as_json: AsJson = False) -> None:
    """Tell it again what is announced from now on."""
    _run(as_json, lambda acts: acts.enable(subscriber))


@subscribers.command(epilog=EXIT_CODES)
def remove(subscriber: Id, *, as_json: AsJson = False) -> None:
    """Forget a subscriber's address for good."""
    _run(as_json, lambda acts: acts.remove(subscriber))


@subscribers.command("test", epilog=EXIT_CODES)
def send_test(subscriber: Id, *, as_json: AsJson = False) -> None:
    """Send a signed `connect.test.ping` now, and say how it was answered."""
    _send(as_json, lambda sending: sending.test(subscriber))


@subscribers.command(epilog=EXIT_CODES)
def deliveries(
    subscriber: Id,
    *,
    status: Annotated[
        str | None, typer.Option(help="Only these: pending, delivered or dead.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List what was sent to a subscriber and how it was answered, the newest first."""
    _send(as_json, lambda sending: sending.deliveries(subscriber, status, limit=limit))


@subscribers.command(epilog=EXIT_CODES)
def replay(
    subscriber: Annotated[
        str | None, typer.Argument(help="The subscriber's id.", metavar="ID")
    ] = None,
    *,
    announcement: Annotated[
        str | None, typer.Option(help="This announcement; without ID to all who want it.")
    ] = None,
    dead: Annotated[bool, typer.Option("--dead", help="All that is dead.")] = False,
    since: Since = None,
    until: Until = None,
    as_json: AsJson = False,
) -> None:
    """Tell again: one announcement, all that is dead, or a window with what was never sent."""
    chosen = [announcement is not None, dead, since is not None]
    if chosen.count(True) != 1 or (until is not None and since is None):
        raise typer.BadParameter("give one of --announcement, --dead and --since")
    if subscriber is None and announcement is None:
        raise typer.BadParameter("only --announcement goes without a subscriber's ID")

    def run(sending: "Sending") -> Exit:
        if announcement is not None:
            return sending.replay_announcement(announcement, subscriber)
        if dead:
            return sending.replay_dead(subscriber or "")
        return sending.replay_window(subscriber or "", since or "", until)

    _send(as_json, run)


def _run(as_json: bool, act: Callable[["Acts"], Exit]) -> None:  # noqa: FBT001 - the option's value
    from aboard.cli.subscribers.acts import Acts  # noqa: PLC0415 - loaded with its command

    raise typer.Exit(reported(lambda: act(Acts(os.environ, is_json=as_json))))


def _send(as_json: bool, act: Callable[["Sending"], Exit]) -> None:  # noqa: FBT001 - as above
    from aboard.cli.subscribers.sending import Sending  # noqa: PLC0415 - loaded with its command

    raise typer.Exit(reported(lambda: act(Sending(os.environ, is_json=as_json))))

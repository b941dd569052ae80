"""`aboard demo`: everything on this machine, one journey walked, then yours to click.

Source: docs/index.md, the five-minute tour.
"""

import asyncio
import logging
import time
from dataclasses import asdict, dataclass

from aboard.cli import servers
from aboard.cli.demo.journey import Journey
from aboard.cli.demo.stage import Stage, open_stage
from aboard.cli.demo.steps import StepDiffers, Story
from aboard.cli.exits import Exit
from aboard.cli.terminal import Terminal


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person may ask of the demo: where rows are kept, a token, and who may call it.

    `token_for` names the user whose token is printed when the journey is over.
    """

    database: str | None = None
    token_for: str | None = None
    origins: tuple[str, ...] = ()


def show(wishes: Wishes, *, once: bool, is_json: bool) -> Exit:
    """Start everything, walk the journey and tell it; then stay until Ctrl-C, unless `once`.

    Raises:
        Refusal: a part could not be started.
        StoreUnavailable: the given database cannot be opened.
        DatabaseTooNew: the given database is a newer Aboard's.
    """
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    return servers.run(_show(Terminal(is_json=is_json), wishes, once=once))


async def _show(terminal: Terminal, wishes: Wishes, *, once: bool) -> Exit:
    began = time.perf_counter()
    story = Story(terminal)
    with servers.stop_signals() as stopped:
        async with open_stage(wishes.database, origins=wishes.origins) as stage:
            _greet(terminal, stage)
            walk = asyncio.create_task(Journey(stage, story).walk())
            stop = asyncio.create_task(stopped.wait())
            await asyncio.wait({walk, stop}, return_when=asyncio.FIRST_COMPLETED)
            if not walk.done():
                walk.cancel()
                await asyncio.gather(walk, return_exceptions=True)
                terminal.say("Stopped on the way.")
                return Exit.CHECK_FAILED
            code = _conclude(terminal, story, walk, time.perf_counter() - began)
            terminal.document({**story.as_json(), "addresses": asdict(stage.addresses)})
            if once or stopped.is_set():
                stop.cancel()
                return code
            _invite(terminal, stage, wishes)
            await stop
    terminal.say("Stopped. Nothing is left behind." if wishes.database is None else "Stopped.")
    return code


def _greet(terminal: Terminal, stage: Stage) -> None:
    terminal.say("Aboard, and all it needs, on this machine", style="bold")
    for name, address, what in (
        ("sandbox", stage.addresses.sandbox, "in Stripe's place"),
        ("service", stage.addresses.service, "Aboard: APIs, callbacks, webhooks, worker"),
        ("platform", stage.addresses.platform, "Harbour Market, in your platform's place"),
        ("gateway", stage.addresses.gateway, "Stripe's API for callers without its key"),
    ):
        terminal.say(f"  {name:<8}  {address:<22}  {what}")


def _conclude(terminal: Terminal, story: Story, walk: "asyncio.Task[None]", seconds: float) -> Exit:
    terminal.say()
    try:
        walk.result()
    except StepDiffers as differs:
        terminal.say(f"The journey differs at: {story.steps[-1].name}", style="bold red")
        terminal.say(f"  {differs.what}")
        terminal.say(f"  expected  {differs.expected}")
        terminal.say(f"  actual    {differs.actual}")
        return Exit.CHECK_FAILED
    terminal.say(
        f"{len(story.steps)} steps, all as they should be, in {seconds:.1f} s.",
        style="bold",
    )
    return Exit.OK


def _invite(terminal: Terminal, stage: Stage, wishes: Wishes) -> None:
    terminal.say()
    terminal.say("Now click it yourself:", style="bold")
    terminal.say(
        f"  {stage.addresses.platform}   begin as a new seller, walk the same way, go live"
    )
    terminal.say(f"  {stage.addresses.sandbox}/_sandbox/   play Stripe: take something away again")
    terminal.say(f"  {stage.addresses.service}/reference   try each operation, with a token")
    terminal.say(f"  {stage.addresses.platform}/staff   the gateway's pages and its explorer")
    terminal.say()
    terminal.say("Or call Stripe without its key, with a caller token:", style="bold")
    terminal.say(f"CALLER_TOKEN={stage.caller_token.reveal()}")
    terminal.say(f'curl -u "$CALLER_TOKEN:" {stage.addresses.gateway}/v1/accounts')
    if wishes.token_for is not None:
        terminal.say()
        terminal.say(f"A token of {wishes.token_for}, good for twelve hours:", style="bold")
        terminal.say(f"TOKEN={stage.token_of(wishes.token_for).reveal()}")
        terminal.say()
    terminal.say("Any test data goes: 000-000-0000 as phone, 000000 as code. Ctrl-C ends it.")

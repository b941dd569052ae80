"""Which commands and options are there? Declared here; each body is loaded when it is called."""

import os
from typing import Annotated

import typer

from aboard.cli.events import events
from aboard.cli.exits import EXIT_CODES, Exit, reported
from aboard.cli.export import export
from aboard.cli.gateway import gateway
from aboard.cli.sandbox import (
    AT_ONCE,
    DEFAULT_HOST,
    DEFAULT_PORT,
    SandboxOptions,
    read_chaos,
    read_review,
    run_sandbox,
)
from aboard.cli.subscribers import subscribers
from aboard.cli.users import users

# Bodies are imported inside the commands, because each command pays only for its own room.
app = typer.Typer(
    name="aboard",
    help="Stripe Connect onboarding for platforms, and a Stripe Connect sandbox to try it in.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(users)
app.add_typer(events)
app.command(epilog=EXIT_CODES)(export)
app.add_typer(subscribers)
app.add_typer(gateway)

AsJson = Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")]
Port = Annotated[
    int | None, typer.Option(min=0, max=65_535, help="Instead of ABOARD_PORT; 0 takes a free one.")
]


def run_commands() -> int:
    """Run the command of this process; return the exit code."""
    try:
        app(standalone_mode=True)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else Exit.CHECK_FAILED
    return Exit.OK


@app.command(epilog=EXIT_CODES)
def demo(
    *,
    once: Annotated[bool, typer.Option("--once", help="End after the journey.")] = False,
    database: Annotated[
        str | None, typer.Option(help="Keep the rows in this file instead of a temporary one.")
    ] = None,
    token: Annotated[
        str | None,
        typer.Option(metavar="USER", help="Print a bearer token of this user, to try things with."),
    ] = None,
    origin: Annotated[
        list[str] | None,
        typer.Option(
            help="Let pages of this origin call the APIs from a browser. "
            "http://localhost:3000 and http://localhost:5173 always may."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Start everything on this machine, walk one whole journey, and stay for you to click it.

    No key and no network are needed. Exits with 1 if any step of the journey differs from what
    it should be, and says which.
    """
    from aboard.cli.demo import Wishes, show  # noqa: PLC0415 - loaded with its command

    wishes = Wishes(database=database, token_for=token, origins=tuple(origin or ()))
    raise typer.Exit(reported(lambda: show(wishes, once=once, is_json=as_json)))


@app.command(epilog=EXIT_CODES)
def serve(
    *,
    host: Annotated[str | None, typer.Option(help="Instead of ABOARD_HOST.")] = None,
    port: Port = None,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="Leave syncing accounts to `aboard work`.")
    ] = False,
    processes: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=64,
            help="Serve by so many processes on one port; SIGHUP replaces them one by one.",
        ),
    ] = None,
    fd: Annotated[
        int | None, typer.Option(min=0, help="Serve on an open socket, by its descriptor.")
    ] = None,
    led: Annotated[bool, typer.Option("--led", hidden=True)] = False,
) -> None:
    """Serve the APIs, the callbacks and the webhooks, with a worker in the same process.

    SIGTERM or Ctrl-C ends it: for ABOARD_DRAIN_SECONDS it serves on while its health says that it
    is leaving, then finishes what is under way. Asked a second time, it leaves at once.
    """
    from aboard.cli.place import Place  # noqa: PLC0415 - loaded with its command
    from aboard.cli.serve import lead_processes, serve_platform  # noqa: PLC0415 - loaded with it

    place = Place(host, port, fd)

    def run() -> Exit:
        if processes is None:
            return serve_platform(os.environ, place, has_worker=not no_worker, is_led=led)
        return lead_processes(os.environ, place, processes=processes, has_worker=not no_worker)

    raise typer.Exit(reported(run))


@app.command(epilog=EXIT_CODES)
def work() -> None:
    """Sync the accounts that are due, until stopped; SIGTERM lets it finish what it holds."""
    from aboard.cli.serve import work_alone  # noqa: PLC0415 - loaded with its command

    raise typer.Exit(reported(lambda: work_alone(os.environ)))


@app.command(epilog=EXIT_CODES)
def sandbox(  # noqa: PLR0913 - one parameter for each option
    *,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = DEFAULT_HOST,
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="Port to listen on; 0 takes a free one.")
    ] = DEFAULT_PORT,
    seed: Annotated[
        int | None, typer.Option(min=0, help="The same seed makes the same ids and links.")
    ] = None,
    review: Annotated[
        str, typer.Option(help="How long a verification takes: at-once, or so many seconds.")
    ] = AT_ONCE,
    review_reads: Annotated[
        int | None,
        typer.Option(min=0, help="A verification ends after so many reads of the account."),
    ] = None,
    latency: Annotated[
        float, typer.Option(min=0, max=60, help="Let every answer wait so many seconds.")
    ] = 0.0,
    chaos: Annotated[
        str,
        typer.Option(
            help="What goes wrong with webhooks: duplicate=0.2,drop=0.1,delay=60,slow=2,reverse."
        ),
    ] = "",
    hosted_url: Annotated[
        str | None,
        typer.Option(help="Where links point; by default to where the request came."),
    ] = None,
    save: Annotated[
        str | None, typer.Option(help="Keep the worlds in this file, from run to run.")
    ] = None,
    lenient: Annotated[
        bool,
        typer.Option("--lenient", help="Let unknown ids come into being, as stripe-mock does."),
    ] = False,
    country: Annotated[
        str, typer.Option(help="Where the platforms are: two letters. France must use tokens.")
    ] = "US",
    expose: Annotated[
        bool, typer.Option("--expose", help="Listen beyond this machine. The sandbox has no door.")
    ] = False,
) -> None:
    """Serve a Stripe Connect sandbox: local, stateful, for any Stripe SDK."""
    seconds = read_review(review)
    if isinstance(seconds, str):
        raise typer.BadParameter(seconds, param_hint="--review")
    wrong = read_chaos(chaos)
    if isinstance(wrong, str):
        raise typer.BadParameter(wrong, param_hint="--chaos")
    if hosted_url is not None and not hosted_url.startswith(("http://", "https://")):
        raise typer.BadParameter("must begin with http:// or https://", param_hint="--hosted-url")
    options = SandboxOptions(
        host=host,
        port=port,
        seed=seed,
        review_seconds=seconds,
        is_exposed=expose,
        review_reads=review_reads,
        latency_seconds=latency,
        chaos=chaos,
        hosted_url=hosted_url,
        save=save,
        is_lenient=lenient,
        country=country,
    )
    raise typer.Exit(run_sandbox(options))


@app.command(epilog=EXIT_CODES)
def migrate(
    *,
    database: Annotated[
        str | None, typer.Option(help="This file, whatever the settings say.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Bring the database up to date, making it if need be. Harmless when repeated."""
    from aboard.cli.migrate import migrate_database  # noqa: PLC0415 - loaded with its command

    raise typer.Exit(
        reported(lambda: migrate_database(os.environ, database=database, is_json=as_json))
    )


@app.command(epilog=EXIT_CODES)
def move(
    file: Annotated[str, typer.Argument(help="The SQLite file to copy from.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Copy everything from a SQLite file into the empty PostgreSQL database of the settings."""
    from aboard.cli.move import move_database  # noqa: PLC0415 - loaded with its command

    raise typer.Exit(reported(lambda: move_database(os.environ, file, is_json=as_json)))


@app.command(epilog=EXIT_CODES)
def doctor(*, as_json: AsJson = False) -> None:
    """Look at settings, database, keys, clock, addresses and webhooks; say what to do next."""
    from aboard.cli.doctor import examine  # noqa: PLC0415 - loaded with its command

    raise typer.Exit(reported(lambda: examine(os.environ, is_json=as_json)))


kyc = typer.Typer(
    name="kyc",
    help="See which creators wait for somebody to say who they are, and decide.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
)
app.add_typer(kyc)
Named = Annotated[str, typer.Argument(help="The creator's id.", metavar="CREATOR")]
Because = Annotated[str | None, typer.Option(help="Why; kept in the audit.")]


@kyc.command(name="list", epilog=EXIT_CODES)
def list_kyc(*, as_json: AsJson = False) -> None:
    """List the checks that wait for a decision."""
    from aboard.cli.kyc import list_waiting  # noqa: PLC0415 - loaded with its command

    raise typer.Exit(reported(lambda: list_waiting(os.environ, is_json=as_json)))


@kyc.command(epilog=EXIT_CODES)
def approve(creator: Named, *, reason: Because = None, as_json: AsJson = False) -> None:
    """Say that a creator is who they say they are. Harmless when repeated."""
    _decide(creator, "APPROVED", reason, is_json=as_json)


@kyc.command(epilog=EXIT_CODES)
def reject(creator: Named, *, reason: Because = None, as_json: AsJson = False) -> None:
    """Say that a creator is not who they say they are. They may begin a new check."""
    _decide(creator, "REJECTED", reason, is_json=as_json)


@kyc.command(epilog=EXIT_CODES)
def expire(creator: Named, *, reason: Because = None, as_json: AsJson = False) -> None:
    """Let a check or an approval end. The creator may begin a new one."""
    _decide(creator, "EXPIRED", reason, is_json=as_json)


def _decide(creator: str, word: str, reason: str | None, *, is_json: bool) -> None:
    from aboard.cli.kyc import decide  # noqa: PLC0415 - loaded with its command
    from aboard.core.kyc import KycStatus  # noqa: PLC0415 - loaded with its command

    def run() -> Exit:
        return decide(os.environ, creator, KycStatus(word), reason=reason, is_json=is_json)

    raise typer.Exit(reported(run))


@app.command(epilog=EXIT_CODES)
def token(
    user: Annotated[str, typer.Argument(help="Whose token: the user's id.", show_default=False)],
    *,
    organization: Annotated[
        list[str] | None, typer.Option(help="An organization that this user owns; repeatable.")
    ] = None,
    minutes: Annotated[int, typer.Option(min=1, max=720, help="How long it is good.")] = 60,
    as_json: AsJson = False,
) -> None:
    """Print a bearer token to try things with: test mode, loopback and shared secrets only."""
    from aboard.cli.token import print_token  # noqa: PLC0415 - loaded with its command

    raise typer.Exit(
        reported(
            lambda: print_token(
                os.environ,
                user_id=user,
                organizations=organization or (),
                minutes=minutes,
                is_json=as_json,
            )
        )
    )


@app.command(epilog=EXIT_CODES)
def accept(
    *,
    mode: Annotated[str, typer.Option(help="Whose platform changed on purpose: test or live.")],
    as_json: AsJson = False,
) -> None:
    """Accept that a mode's key belongs to another platform account than before."""
    from aboard.cli.accept import accept_platform  # noqa: PLC0415 - loaded with its command
    from aboard.core.owner import Mode  # noqa: PLC0415 - loaded with its command

    if mode not in list(Mode):
        raise typer.BadParameter("must be test or live", param_hint="--mode")
    raise typer.Exit(reported(lambda: accept_platform(os.environ, Mode(mode), is_json=as_json)))

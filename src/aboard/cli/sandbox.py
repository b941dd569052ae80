"""`aboard sandbox`: Stripe Connect on this machine, listening as fast as it can.

The way from the shell to the first answer is short on purpose: `read_plain` understands a plain
command line by itself, and whatever it does not understand goes to the full parser, which knows
every option by the same table and explains mistakes.

Source: docs/sandbox.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from aboard.cli.exits import Exit, Refusal, reported

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 12111
AT_ONCE = "at-once"
_HIGHEST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """What can be chosen. `review_seconds` is None where a review ends at once."""

    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    seed: int | None = None
    review_seconds: int | None = None
    is_exposed: bool = False


def read_plain(arguments: Sequence[str]) -> SandboxOptions | None:
    """Read `--name value` pairs; None for anything that needs a real parser."""
    given: dict[str, str] = {}
    rest = iter(arguments)
    for word in rest:
        name, has_value, value = word.partition("=")
        text = value if has_value else next(rest, None)
        if name not in {"--host", "--port", "--seed", "--review"} or not text:
            return None
        given[name] = text
    port, seed = given.get("--port", str(DEFAULT_PORT)), given.get("--seed", "0")
    review = read_review(given.get("--review", AT_ONCE))
    is_plain = all(text.isascii() and text.isdigit() for text in (port, seed))
    if not is_plain or int(port) > _HIGHEST_PORT or isinstance(review, str):
        return None
    return SandboxOptions(
        host=given.get("--host", DEFAULT_HOST),
        port=int(port),
        seed=int(seed) if "--seed" in given else None,
        review_seconds=review,
    )


def read_review(text: str) -> int | str | None:
    """Return the seconds a review takes, None for at once, or a sentence that says what is wrong.

    >>> read_review("at-once"), read_review("30"), read_review("soon")
    (None, 30, 'must be at-once or a whole number of seconds')
    """
    if text == AT_ONCE:
        return None
    if text.isascii() and text.isdigit():
        return int(text)
    return "must be at-once or a whole number of seconds"


def run_sandbox(options: SandboxOptions) -> int:
    """Serve until Ctrl-C or SIGTERM; return the exit code."""
    return reported(lambda: _run(options))


def _run(options: SandboxOptions) -> Exit:
    from aboard.cli import servers  # noqa: PLC0415 - the other commands' options need no server
    from aboard.sandbox import Sandbox  # noqa: PLC0415 - as above

    if options.host not in servers.LOOPBACK and not options.is_exposed:
        raise Refusal(
            f"{options.host} is reachable from other machines, and the sandbox asks nobody who"
            " they are.",
            "Stay on 127.0.0.1, or add --expose where the network is yours alone.",
            Exit.USAGE,
        )

    async def serve() -> Exit:
        taken = servers.bind(options.host, options.port)
        sandbox = Sandbox(seed=options.seed, review_seconds=options.review_seconds)
        with taken as listener, servers.stop_signals() as stopped:
            async with servers.listening(sandbox.app, listener):
                _greet(servers.address_of(options.host, listener))
                await stopped.wait()
        await sandbox.close()
        return Exit.OK

    return servers.run(serve())


def _greet(address: str) -> None:
    lines = (
        f"Stripe Connect sandbox on {address}",
        "Any key sk_test_... opens a world of its own. Ctrl-C ends it, and its worlds with it.",
    )
    print("\n".join(lines), flush=True)  # noqa: T201 - a command line speaks by printing

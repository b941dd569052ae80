"""`aboard sandbox`: Stripe Connect on this machine, listening as fast as it can.

The way from the shell to the first answer is short on purpose: `read_plain` understands a plain
command line by itself, and whatever it does not understand goes to the full parser, which knows
every option by the same table and explains mistakes.

Source: docs/sandbox.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aboard.cli.exits import Exit, Refusal, reported
from aboard.core.links import LOOPBACK

if TYPE_CHECKING:
    from aboard.sandbox import Sandbox

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 12111
AT_ONCE = "at-once"
_HIGHEST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """What can be chosen. `review_seconds` is None where a review ends at once.

    `chaos` is as `read_chaos` takes it.
    """

    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    seed: int | None = None
    review_seconds: int | None = None
    is_exposed: bool = False
    review_reads: int | None = None
    latency_seconds: float = 0.0
    chaos: str = ""
    hosted_url: str | None = None
    save: str | None = None
    is_lenient: bool = False
    country: str = "US"


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


def read_chaos(text: str) -> dict[str, Any] | str:
    """Return what goes wrong on the way of webhooks, or a sentence that says what is wrong.

    >>> read_chaos("duplicate=0.2, delay=60, reverse")
    {'duplicate': 0.2, 'delay_seconds': 60, 'is_reversed': True}
    >>> read_chaos("drop=often")
    'says drop=often, but knows duplicate=0..1, drop=0..1, delay=SECONDS, slow=SECONDS and reverse'
    """
    found: dict[str, Any] = {}
    for word in text.replace(" ", "").split(","):
        name, _, value = word.partition("=")
        number = value.replace(".", "", 1)
        is_number = number.isascii() and number.isdigit()
        if word == "reverse":
            found["is_reversed"] = True
        elif name in {"duplicate", "drop"} and is_number and float(value) <= 1:
            found[name] = float(value)
        elif name == "delay" and is_number and value == number:
            found["delay_seconds"] = int(value)
        elif name == "slow" and is_number:
            found["slow_seconds"] = float(value)
        elif word:
            return (
                f"says {word}, but knows duplicate=0..1, drop=0..1, delay=SECONDS, slow=SECONDS"
                " and reverse"
            )
    return found


def run_sandbox(options: SandboxOptions) -> int:
    """Serve until Ctrl-C or SIGTERM; return the exit code."""
    return reported(lambda: _run(options))


def _run(options: SandboxOptions) -> Exit:
    from aboard.cli import servers  # noqa: PLC0415 - the other commands' options need no server

    if options.host not in LOOPBACK and not options.is_exposed:
        raise Refusal(
            f"{options.host} is reachable from other machines, and the sandbox asks nobody who"
            " they are.",
            "Stay on 127.0.0.1, or add --expose where the network is yours alone.",
            Exit.USAGE,
        )

    async def serve() -> Exit:
        _check_country(options.country)
        with (
            servers.bind(options.host, options.port) as listener,
            servers.stop_signals() as stopped,
        ):
            sandbox = _build(options)
            async with servers.listening(sandbox.app, listener):
                _greet(servers.address_of(options.host, listener), options)
                await stopped.wait()
        await sandbox.close()
        return Exit.OK

    return servers.run(serve())


def _check_country(country: str) -> None:
    from aboard.sandbox.catalogue import COUNTRIES  # noqa: PLC0415 - the others need none

    if country.upper() not in COUNTRIES:
        raise Refusal(
            f"--country {country} is no country that Stripe is in.",
            f"Give one of {', '.join(sorted(COUNTRIES))}.",
            Exit.USAGE,
        )


def _build(options: SandboxOptions) -> "Sandbox":
    from aboard.sandbox import Chaos, Sandbox  # noqa: PLC0415 - the other commands need none

    chaos = read_chaos(options.chaos)
    if isinstance(chaos, str):
        raise Refusal(f"--chaos {chaos}.", "See aboard sandbox --help.", Exit.USAGE)
    try:
        return Sandbox(
            seed=options.seed,
            review_seconds=options.review_seconds,
            review_reads=options.review_reads,
            latency_seconds=options.latency_seconds,
            chaos=Chaos(**chaos),
            hosted_url=options.hosted_url,
            save=options.save,
            is_lenient=options.is_lenient,
            platform_country=options.country.upper(),
        )
    except (ValueError, OSError) as problem:
        raise Refusal(
            f"The worlds cannot be kept in {options.save}: {problem}.",
            "Choose another file for --save, or stop the sandbox that uses it.",
        ) from problem


def _greet(address: str, options: SandboxOptions) -> None:
    where = f"its worlds stay in {options.save}" if options.save else "its worlds with it"
    lines = (
        f"Stripe Connect sandbox on {address}",
        f"Any key sk_test_... opens a world of its own. Ctrl-C ends it, and {where}.",
        f"Look inside at {address}/_sandbox/",
    )
    print("\n".join(lines), flush=True)  # noqa: T201 - a command line speaks by printing

"""`aboard doctor`: what is wrong here, and what to do about it?

It reads, and changes nothing. Each finding stands alone: where one thing is broken, the others
are still looked at.

Source: docs/self-hosting.md, doctor.
"""

from collections.abc import Mapping

from aboard.cli.doctor.addresses import look_at_addresses
from aboard.cli.doctor.database import known_platforms, open_database
from aboard.cli.doctor.findings import Finding, bad, good
from aboard.cli.doctor.gateway import look_at_gateway
from aboard.cli.doctor.issuer import look_at_issuer
from aboard.cli.doctor.redis import look_at_redis
from aboard.cli.doctor.stripe import look_at_stripe
from aboard.cli.doctor.webhooks import look_at_webhooks
from aboard.cli.doctor.work import look_at_work
from aboard.cli.exits import Exit
from aboard.cli.servers import run
from aboard.cli.terminal import Mark, Terminal
from aboard.core.clock import utc_now
from aboard.core.errors import SettingsRefused
from aboard.settings import Settings, load_settings
from aboard.store import StoreUnavailable

_NAME_WIDTH = 22


def examine(environ: Mapping[str, str], *, is_json: bool) -> Exit:
    """Look at everything and say how it stands."""
    terminal = Terminal(is_json=is_json, name_width=_NAME_WIDTH)
    try:
        settings = load_settings(environ)
    except SettingsRefused as refused:
        if not is_json:
            raise
        findings = [_of_problem(problem) for problem in refused.problems]
        _conclude(terminal, findings)
        return Exit.USAGE
    with terminal.working("Looking around"):
        findings = run(_look_around(settings))
    for finding in findings:
        finding.show(terminal)
    return _conclude(terminal, findings)


async def _look_around(settings: Settings) -> list[Finding]:
    modes = " and ".join(settings.stripe)
    findings = [good("settings", f"complete; {modes} mode")]
    store, found = open_database(settings)
    findings.append(found)
    findings += await look_at_stripe(settings, await known_platforms(settings, store))
    findings += await look_at_issuer(settings)
    findings += await look_at_redis(settings)
    findings += look_at_addresses(settings)
    if store is not None:
        try:
            findings += await look_at_webhooks(settings, store, utc_now())
            findings += await look_at_work(settings, store, utc_now())
            findings += await look_at_gateway(settings, store)
        except StoreUnavailable as error:
            findings.append(
                bad("database", f"gave no answer ({error.cause})", "Is the disk in order?")
            )
        finally:
            await store.close()
    return findings


def _of_problem(problem: str) -> Finding:
    name, _, what = problem.partition(": ")
    return bad(name, what, "docs/settings.md explains each setting.")


def _conclude(terminal: Terminal, findings: list[Finding]) -> Exit:
    broken = sum(finding.mark is Mark.BAD for finding in findings)
    terminal.say()
    terminal.say("All is well." if not broken else f"{broken} to repair.", style="bold")
    terminal.document({"ok": not broken, "findings": [finding.as_json() for finding in findings]})
    return Exit.CHECK_FAILED if broken else Exit.OK

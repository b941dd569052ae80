"""`aboard accept`: let a mode belong to the platform account that its key opens now.

Source: docs/self-hosting.md, keys of another platform.
"""

from collections.abc import Mapping

from aboard.app import open_platform
from aboard.cli.exits import Exit, Refusal
from aboard.cli.servers import run
from aboard.cli.terminal import Mark, Terminal
from aboard.core.errors import StripeRefused, StripeUnavailable
from aboard.core.owner import Mode
from aboard.flows.own_account import Adoption, adopt_own_account
from aboard.settings import Settings, load_settings


def accept_platform(environ: Mapping[str, str], mode: Mode, *, is_json: bool) -> Exit:
    """Remember whose key the mode has now, and say whose it had before.

    Raises:
        SettingsRefused: the settings make no sense.
        DatabaseNotMigrated: `migrate` has not been run.
        DatabaseTooNew: a newer Aboard has migrated it.
        StoreUnavailable: the database cannot be opened.
        Refusal: the mode has no key, or Stripe does not say whose it is.
    """
    settings = load_settings(environ)
    if mode not in settings.stripe:
        raise Refusal(
            f"There is no {mode}-mode key.",
            f"Set ABOARD_{mode.name}_SECRET_KEY, or accept the other mode.",
            Exit.USAGE,
        )
    terminal = Terminal(is_json=is_json, name_width=0)
    with terminal.working("Asking Stripe whose key this is"):
        adoption = run(_adopt(settings, mode))
    _tell(terminal, mode, adoption)
    return Exit.OK


async def _adopt(settings: Settings, mode: Mode) -> Adoption:
    async with open_platform(settings) as platform:
        try:
            return await adopt_own_account(platform, mode)
        except StripeUnavailable as away:
            raise Refusal(
                f"Stripe gave no usable answer ({away.cause}); nothing was changed.",
                "Try again in a moment; `aboard doctor` says whether Stripe can be reached.",
            ) from away
        except StripeRefused as refusal:
            raise Refusal(
                f"Stripe does not say whose key this is ({refusal.status}); nothing was changed.",
                "Let a restricted key read the platform's own account; `aboard doctor` says more.",
                Exit.CHECK_FAILED,
            ) from refusal


def _tell(terminal: Terminal, mode: Mode, adoption: Adoption) -> None:
    if adoption.before == adoption.now:
        terminal.row(Mark.GOOD, adoption.now, f"is the platform of {mode} mode already")
    else:
        replaced = f", after {adoption.before}" if adoption.before else ""
        terminal.row(Mark.GOOD, adoption.now, f"is the platform of {mode} mode now{replaced}")
    if adoption.before not in {None, adoption.now}:
        terminal.aside("Accounts of the former platform are found gone as they are read.")
    terminal.document(
        {
            "mode": mode.value,
            "before": adoption.before,
            "now": adoption.now,
            "changed": adoption.before != adoption.now,
        }
    )

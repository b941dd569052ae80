"""How does a secret come in? From standard input, or asked for on a terminal; never an argument."""

import sys
from getpass import getpass

from aboard.cli.exits import Exit, Refusal
from aboard.core.secret import Secret

_MOST_BYTES = 4096


def ask_secret(what: str, option: str, *, is_piped: bool, is_new: bool = False) -> Secret:
    """Return what was given, without the end of its line; something new is asked for twice.

    `what` names it within a sentence, `option` is the one that says that it is piped.

    Raises:
        Refusal: it is no UTF-8, there is nobody to ask, or the two differ.
    """
    if is_piped:
        raw = sys.stdin.buffer.read(_MOST_BYTES)
        try:
            return Secret(raw.decode("utf-8").removesuffix("\n").removesuffix("\r"))
        except UnicodeDecodeError:
            raise Refusal(f"The {what} is not UTF-8.", "Send it as UTF-8.", Exit.USAGE) from None
    if not sys.stdin.isatty():
        raise Refusal(
            f"There is no terminal to ask for the {what}.",
            f"Send it on standard input, with {option}.",
            Exit.USAGE,
        )
    given = getpass(f"{what.capitalize()}: ")
    if is_new and getpass("Once more: ") != given:
        raise Refusal("The two differ; nothing was changed.", "Try again.", Exit.USAGE)
    return Secret(given)

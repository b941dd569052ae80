"""What can be typed? One command for each thing a person does with Aboard.

Everything is loaded late, so that a command costs only what it uses: `aboard sandbox` reaches its
first answer without a command-line framework.
"""

import sys

__all__ = ["main"]


def main() -> int:
    """Run the command line of this process; return the exit code."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["sandbox"]:
        from aboard.cli.sandbox import read_plain, run_sandbox  # noqa: PLC0415 - loaded late

        options = read_plain(arguments[1:])
        if options is not None:
            return run_sandbox(options)
    from aboard.cli.commands import run_commands  # noqa: PLC0415 - loaded late

    return run_commands()

"""What does `aboard gateway check` do? Reads a policy file and says what is wrong with it.

It needs no settings and no database.

Source: docs/gateway/policies.md, look before you load.
"""

from pathlib import Path

from aboard.cli.exits import Exit, Refusal
from aboard.cli.gateway.permissions import show_needed, told_needed
from aboard.cli.terminal import Mark, Terminal
from aboard.core.lending.catalogue import all_operations
from aboard.core.lending.checking import check_policies
from aboard.core.lending.permissions import needed_permissions
from aboard.core.lending.policies import PolicyFile, Problem, read_policies
from aboard.core.owner import Mode


def check_file(path: str, *, is_json: bool) -> Exit:
    """Say what is wrong with a policy file, and what each policy lets pass; 1 for a mistake.

    Raises:
        Refusal: the file cannot be read.
    """
    try:
        text = Path(path).read_text("utf-8")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "not UTF-8"
        raise Refusal(f"{path} cannot be read ({why}).", "Name a TOML file.", Exit.USAGE) from None
    file = read_policies(text)
    problems = check_policies(file, all_operations())
    needed = {
        name: {mode: needed_permissions(policy.allow_list, mode, all_operations()) for mode in Mode}
        for name, policy in file.policies.items()
    }
    terminal = Terminal(is_json=is_json, name_width=20)
    for problem in problems:
        terminal.row(Mark.NOTE if problem.mild else Mark.BAD, _where(problem), _told(problem))
    for name in file.policies:
        terminal.row(Mark.GOOD, name, _passes(file, name))
        for mode in Mode:
            terminal.aside(f"{mode}: a restricted key needs {told_needed(needed[name][mode])}")
    broken = sum(not problem.mild for problem in problems)
    terminal.say()
    terminal.say("It makes sense." if not broken else f"{broken} to repair.", style="bold")
    terminal.document(
        {
            "ok": not broken,
            "policies": {
                name: {mode.value: policy.allow_list.words(mode) for mode in Mode}
                for name, policy in file.policies.items()
            },
            "permissions": {
                name: {mode.value: show_needed(told) for mode, told in by_mode.items()}
                for name, by_mode in needed.items()
            },
            "problems": [
                {
                    "line": each.line,
                    "place": each.place,
                    "word": each.word,
                    "told": each.told,
                    "mild": each.mild,
                }
                for each in problems
            ],
        }
    )
    return Exit.CHECK_FAILED if broken else Exit.OK


def _where(problem: Problem) -> str:
    return problem.place if problem.line is None else f"line {problem.line}"


def _told(problem: Problem) -> str:
    place = "" if problem.line is None else f"{problem.place} "
    word = f"{problem.word!r}: " if problem.word else ""
    return f"{place}{word}{problem.told}"


def _passes(file: PolicyFile, name: str) -> str:
    policy = file.policies[name]
    counts = [
        f"{sum(policy.allow_list.find_grant(each, mode) is not None for each in all_operations())}"
        f" operations in {mode} mode"
        for mode in Mode
    ]
    return f"lets {' and '.join(counts)} pass"

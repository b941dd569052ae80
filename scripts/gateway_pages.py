"""Write the generated parts of the gateway's pages; `write_docs` puts them where they belong."""

import re
from collections.abc import Iterator

from aboard.core.lending.catalogue import all_operations
from aboard.core.lending.grants import DEFAULT, AllowList
from aboard.core.lending.permissions import needed_permissions
from aboard.core.owner import Mode

# Who, and what they are given; where that names no words, it is the default.
_COOKBOOK = (
    ("whoever is told nothing else", "the default"),
    ("a dashboard that shows sellers", "`accounts:read`, `persons:read`, `capabilities:read`"),
    ("an onboarding frontend", "`account_links:create`, `account_sessions:create`, with owners"),
    ("a support tool that opens Express dashboards", "`accounts:read`, `login_links:create`"),
    (
        "a script that prefills new sellers",
        "`accounts:create`, `persons:create`, `tokens:create`, `files:create`",
    ),
    (
        "a nightly report",
        "`balance:read`, `payouts:read`, `application_fees:read`, `per_second = 5`",
    ),
    ("an agent that should do no harm", "`*:read` in test mode, and nothing in live mode"),
)
_WORD = re.compile(r"`([a-z*][a-z0-9_.]*:[a-z]+)`")


def operations_table() -> Iterator[str]:
    """Yield one row for each operation that the gateway knows."""
    yield "| operation | does | grant | request | permission of a restricted key |"
    yield "|---|---|---|---|---|"
    for each in all_operations():
        permission = "unknown" if each.permission == "unknown" else f"`{each.permission}`"
        yield (
            f"| `{each.id}` | {each.summary} | `{each.grant}` | `{each.method} {each.path}` "
            f"| {permission} |"
        )


def cookbook_table() -> Iterator[str]:
    """Yield one row for each of those who often borrow, with what a restricted key needs."""
    yield "| who | words | a restricted key needs |"
    yield "|---|---|---|"
    for who, told in _COOKBOOK:
        words = _WORD.findall(told)
        allow_list = AllowList.parse({Mode.TEST: words}) if words else DEFAULT
        needed = needed_permissions(allow_list, Mode.TEST, all_operations())
        permissions = ", ".join(f"`{name}`" for name in needed.names)
        if needed.unknown:
            silent = ", ".join(f"`{name}`" for name in needed.unknown)
            permissions += f"{'; ' if permissions else ''}silent on {silent}"
        yield f"| {who} | {told} | {permissions} |"

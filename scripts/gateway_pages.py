"""Write the generated parts of the gateway's pages; `write_docs` puts them where they belong."""

from collections.abc import Iterator

from aboard.core.lending.catalogue import all_operations


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

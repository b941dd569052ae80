"""Everything that can go wrong, by walking the tree."""

from aboard.core.errors import AboardError


def facts() -> list[type[AboardError]]:
    """Return every fact of the tree, also those whose parent is not its root."""
    found: list[type[AboardError]] = [AboardError]
    for fact in found:
        found += fact.__subclasses__()
    return found[1:]

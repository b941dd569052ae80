"""Which of our words describe a parameter? The longest way that fits, of those in the word files.

A key such as `collection_options/fields` fits a parameter whose own name is `fields` and which
stands in one of the name `collection_options`. Before a colon a key may name the namespace
(`accounts:email`) or, more exactly, the operation (`accounts.create:type`).
"""

import tomllib
from pathlib import Path

FOLDER = Path(__file__).parent / "operation_words"
OPERATIONS = "operations.toml"


class WordMissing(LookupError):
    """A parameter that no words fit."""


class Wording:
    """All words, and which of them were ever used."""

    def __init__(self) -> None:
        """Read the word files."""
        self._texts: dict[tuple[str, ...], str] = {}
        self._used: set[tuple[str, ...]] = set()
        for path in sorted(FOLDER.glob("*.toml")):
            if path.name == OPERATIONS:
                continue
            for key, text in tomllib.loads(path.read_text(encoding="utf-8")).items():
                way = _way_of(key)
                if way in self._texts:
                    raise ValueError(f"{path.name}: {key} is worded twice")
                self._texts[way] = text

    def describe(self, operation: tuple[str, str], way: tuple[str, ...]) -> str:
        """Return the words for one parameter of an operation (namespace, name).

        Raises:
            WordMissing: none fit.
        """
        namespace, name = operation
        fitting = [
            key
            for start in (f"{namespace}.{name}:", f"{namespace}:")
            for key in _endings((start, *way))
            if key in self._texts
        ]
        if not fitting:
            raise WordMissing(f"{namespace}.{name}: {'/'.join(way)}")
        best = max(fitting, key=lambda key: (len(key), "*" not in key, "." in key[0]))
        self._used.add(best)
        return self._texts[best].replace("{name}", way[-1])

    def unused(self) -> list[str]:
        """Return the keys that describe nothing."""
        return sorted("/".join(key).replace(":/", ":") for key in self._texts.keys() - self._used)


def _way_of(key: str) -> tuple[str, ...]:
    start, colon, rest = key.rpartition(":")
    return (start + colon, *rest.split("/")) if colon else tuple(rest.split("/"))


def _endings(way: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return every ending of a way that holds its last name, with and without a wildcard there."""
    endings = [way[start:] for start in range(len(way))]
    return [*endings, *((*ending[:-1], "*") for ending in endings if len(ending) > 1)]

"""Which operations does somebody mean who knows no name? Words against names, paths and texts."""

import re
from collections.abc import Iterable, Sequence

from aboard.core.lending.operations import Operation

_WORD = re.compile(r"[a-z0-9]+")
_MOST_WORDS = 8
_SHORT = 3
_NAME, _PATH, _SUMMARY, _DESCRIPTION, _PARAMETER = 8, 5, 4, 2, 1


def search(operations: Sequence[Operation], query: str, limit: int) -> list[Operation]:
    """Return the operations in which every word of the query occurs, the nearest first."""
    wanted = _words(query)[:_MOST_WORDS]
    if not wanted:
        return []
    scored = [(_score(each, wanted), index) for index, each in enumerate(operations)]
    found = sorted((-score, index) for score, index in scored if score)
    return [operations[index] for _, index in found[:limit]]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _score(operation: Operation, wanted: Iterable[str]) -> int:
    """Return how near it is; 0: a word is nowhere in it."""
    places = (
        (_NAME, _words(operation.id)),
        (_PATH, _words(operation.path)),
        (_SUMMARY, _words(operation.summary)),
        (_DESCRIPTION, _words(operation.description)),
        (_PARAMETER, [word for each in operation.parameters for word in _words(each.name)]),
    )
    total = 0
    for word in wanted:
        best = max((_nearness(word, words) * weight for weight, words in places), default=0)
        if not best:
            return 0
        total += best
    return total


def _nearness(word: str, words: Iterable[str]) -> int:
    """Return 3 for the word itself, 2 for its beginning or its plural, 0 for nothing alike."""
    stem = word.removesuffix("s") if len(word) > _SHORT else word
    return max(
        (3 if each == word else 2 for each in words if each == word or each.startswith(stem)),
        default=0,
    )

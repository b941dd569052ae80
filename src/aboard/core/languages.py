"""Which of our five languages does a reader prefer?

Source: RFC 9110, section 12.5.4.
"""

from typing import Final

LANGUAGES: Final = ("en", "pt", "es", "de", "fr")
_MOST_WISHES: Final = 20


def preferred_language(accept_language: str | None) -> str:
    """Return the best of our languages for an `Accept-Language` header; English if none fits.

    >>> preferred_language("pt-BR,pt;q=0.9,en;q=0.8"), preferred_language("it")
    ('pt', 'en')
    """
    best, best_weight = LANGUAGES[0], 0.0
    for wish in (accept_language or "").split(",")[:_MOST_WISHES]:
        name, _, parameter = wish.strip().partition(";")
        language = name.partition("-")[0].strip().lower()
        weight = _weight(parameter)
        if language in LANGUAGES and weight > best_weight:
            best, best_weight = language, weight
    return best


def _weight(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0

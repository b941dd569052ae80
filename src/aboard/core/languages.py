"""Which of our five languages does a reader prefer?

Source: RFC 9110, section 12.5.4.
"""

import re
from typing import Final

LANGUAGES: Final = ("en", "pt", "es", "de", "fr")
_MOST_WISHES: Final = 20
_WEIGHT: Final = re.compile(r"[01](?:\.[0-9]{0,9})?")


def preferred_language(accept_language: str | None) -> str:
    """Return the best of our languages for an `Accept-Language` header; English if none fits.

    A region counts as its language, and `*` stands for every language that is not named. Beyond
    twenty wishes nothing is read.

    >>> preferred_language("pt-BR,pt;q=0.9,en;q=0.8"), preferred_language("it")
    ('pt', 'en')
    >>> preferred_language("en;q=0, *;q=0.5"), preferred_language("de;q=0.2, *")
    ('pt', 'en')
    """
    named: dict[str, float] = {}
    for wish in (accept_language or "").split(",", _MOST_WISHES)[:_MOST_WISHES]:
        name, _, parameters = wish.partition(";")
        language = name.partition("-")[0].strip().lower()
        if language in LANGUAGES or language == "*":
            named[language] = max(_weight(parameters), named.get(language, 0.0))
    others = named.pop("*", 0.0)
    # Those that are named come in the order of the wishes, the others in ours.
    weighed = named | {name: others for name in LANGUAGES if name not in named}
    best = max(weighed, key=weighed.__getitem__)
    return best if weighed[best] > 0 else LANGUAGES[0]


def _weight(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            text = value.strip()
            weight = float(text) if _WEIGHT.fullmatch(text) else 0.0
            return weight if weight <= 1.0 else 0.0
    return 1.0

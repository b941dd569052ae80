"""How do a caller's terms stand in a form, and how are they read from one?"""

from collections.abc import Mapping
from typing import Final

from aboard.core.errors import InputRefused
from aboard.core.lending.callers import CallLimits
from aboard.core.owner import Mode
from aboard.flows.lending.caller_terms import CallerTerms

_WORDS = {"test": Mode.TEST, "live": Mode.LIVE}
_LIMITS = ("per_second", "per_day")
BLANK: Final[Mapping[str, str]] = dict.fromkeys(
    ("name", "policy", "test", "live", "owners", "credential", *_LIMITS), ""
)


def form_of_terms(terms: CallerTerms) -> Mapping[str, str]:
    """Return the fields of the form, as text; what is not said is empty."""
    limits = terms.limits or CallLimits()
    fields = {
        **BLANK,
        "policy": terms.policy or "",
        "owners": "\n".join(terms.owners or ()),
        "credential": terms.credential or "",
        "per_second": "" if limits.per_second is None else str(limits.per_second),
        "per_day": "" if limits.per_day is None else str(limits.per_day),
    }
    if terms.words is not None:
        fields |= {name: " ".join(terms.words.get(mode, ())) for name, mode in _WORDS.items()}
    return fields


def terms_in(form: Mapping[str, str]) -> CallerTerms:
    """Return the terms that a form says.

    Raises:
        InputRefused: a limit is no number.
    """
    words = {mode: form.get(name, "").split() for name, mode in _WORDS.items()}
    owners = [line.strip() for line in form.get("owners", "").splitlines() if line.strip()]
    per_second, per_day = (_number(form, name) for name in _LIMITS)
    return CallerTerms(
        policy=form.get("policy") or None,
        words=words if any(words.values()) else None,
        owners=owners or None,
        limits=CallLimits(per_second, per_day),
        credential=form.get("credential") or None,
    )


def _number(form: Mapping[str, str], name: str) -> int | None:
    text = form.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= len("999999999")):
        raise InputRefused([(name, "must be a number")])
    return int(text)

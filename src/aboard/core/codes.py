"""Which code was somebody mailed? Eight digits, stored only as what our key makes of them.

A code is bound to its e-mail. Eight digits could be tried out against a plain digest; against one
under our key they cannot.

Source: ADR-0017, built-in sign-in.
"""

import secrets
from hmac import compare_digest, digest
from typing import Final

from aboard.core.secret import Secret
from aboard.core.state import KeyRing

CODE_DIGITS: Final = 8


def new_code() -> Secret:
    """Return a random code."""
    return Secret(f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}")


def digest_of_code(email: str, code: Secret, keys: KeyRing) -> str:
    """Return what is stored of a code."""
    key = keys.keys[keys.current].reveal().encode()
    return digest(key, f"code\n{email}\n{code.reveal()}".encode(), "sha256").hex()


def is_code(email: str, code: Secret, stored: str | None, keys: KeyRing) -> bool:
    """Say whether this is the code that was mailed; the same work where none was."""
    given = digest_of_code(email, code, keys)
    return compare_digest(given, stored if stored is not None else "-" * len(given))

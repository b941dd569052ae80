"""How are things called? Ids like Stripe's, the same for the same seed; codes nobody can guess.

Source: Stripe's API reference, "Object IDs"; account link URLs end in 12 letters and digits.
"""

import os
from hashlib import blake2b

_ALPHABET = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_TABLE = bytes(_ALPHABET[byte % len(_ALPHABET)] for byte in range(256))
CODE_LENGTH = 16
_LENGTHS = {"acct": 16, "req": 14}


class Ids:
    """A maker of ids and codes for one world.

    With a seed both repeat from run to run, which tests want. Without one both come from the
    operating system's randomness, so that a link's code cannot be guessed.
    """

    __slots__ = ("_key", "_wish", "count", "seed")

    def __init__(self, seed: str | None, *, count: int = 0) -> None:
        """Repeat with the same `seed`, from the `count`-th on; never repeat with `None`."""
        self.seed = seed
        self._wish: tuple[str, str] | None = None
        self.count = count
        """How many were made with the seed: where the next one starts."""
        self._key = b"" if seed is None else blake2b(seed.encode(), digest_size=32).digest()

    def _letters(self, length: int) -> str:
        if self.seed is None:
            return os.urandom(length).translate(_TABLE).decode()
        self.count += 1
        found = blake2b(b"%d" % self.count, digest_size=length, key=self._key).digest()
        return found.translate(_TABLE).decode()

    def new(self, prefix: str) -> str:
        """Return a new id such as `acct_1Nv0FGQ9RKHgCVdK`."""
        if self._wish is not None and self._wish[0] == prefix:
            wished, self._wish = self._wish[1], None
            return wished
        return f"{prefix}_{self._letters(_LENGTHS.get(prefix, 24))}"

    def wish(self, prefix: str, name: str) -> None:
        """Let the next new id with this prefix be one that somebody made up."""
        self._wish = prefix, name

    def stop_wishing(self) -> bool:
        """Make ids as always from now on; say whether the wish came true."""
        came_true, self._wish = self._wish is None, None
        return came_true

    def of(self, prefix: str, key: str) -> str:
        """Return the id that belongs to a text: with or without a seed, the same each time.

        It can stand in a platform's configuration, and tells nothing of the text.
        """
        if self.seed is not None:
            return self.new(prefix)
        found = blake2b(key.encode(), digest_size=24, person=prefix.encode()).digest()
        return f"{prefix}_{found.translate(_TABLE).decode()}"

    def code(self) -> str:
        """Return the last part of a bearer URL: letters and digits, case-sensitive."""
        return self._letters(CODE_LENGTH)

    def secret(self) -> str:
        """Return a signing secret."""
        return f"whsec_{self._letters(32)}"

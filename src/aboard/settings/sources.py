"""Where do the raw values come from? Environment, secret files and one TOML file.

Every name starts with `ABOARD_`. A TOML file named by `ABOARD_CONFIG` may hold the same names in
lower case without the prefix; the environment wins. Each secret may come from a file instead, by
the same name with `_FILE` behind it.
"""

import stat
import tomllib
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from aboard.core.errors import AddressRefused
from aboard.core.secret import Secret
from aboard.settings.names import NAMES
from aboard.settings.naming import PREFIX

_WORDS = {"1": True, "true": True, "yes": True, "on": True} | {
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}
_T = TypeVar("_T")


class Sources:
    """Raw values by name, with the problems found so far; a problem never stops the reading."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        """Read the TOML file if one is named, then the environment over it."""
        self.problems: list[str] = []
        self._known = {row.name: row for row in NAMES}
        self._values: dict[str, str] = {}
        path = environ.get(PREFIX + "CONFIG")
        if path:
            self._take_toml(path)
        for key, value in environ.items():
            if key.startswith(PREFIX):
                self._take(key.removeprefix(PREFIX), value, key)

    def _take_toml(self, path: str) -> None:
        try:
            rows = tomllib.loads(Path(path).read_text("utf-8"))
        except (OSError, ValueError) as error:
            self.problems.append(f"ABOARD_CONFIG: cannot be read ({type(error).__name__})")
            return
        for key, value in rows.items():
            text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
            self._take(key.upper(), text, f"{key} in the configuration file")

    def _take(self, name: str, value: str, shown: str) -> None:
        plain = name.removesuffix("_FILE")
        if name in self._known:
            self._values[name] = value
        elif name != plain and plain in self._known and self._known[plain].secret:
            self._values[plain] = self._secret_file(value, shown)
        else:
            self.problems.append(f"{shown}: there is no such setting; see docs/settings.md")

    def _secret_file(self, path: str, shown: str) -> str:
        try:
            file = Path(path)
            if file.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH):
                self.problems.append(f"{shown}: everybody can read this file; chmod it to 600")
            return file.read_text("utf-8").strip()
        except (OSError, ValueError) as error:
            self.problems.append(f"{shown}: cannot be read ({type(error).__name__})")
            return ""

    def problem(self, name: str, text: str) -> None:
        """Note what is wrong with one setting and what to do about it."""
        self.problems.append(f"{PREFIX}{name}: {text}")

    def has_problem(self, name: str, text: str) -> bool:
        """Say whether exactly this was noted before."""
        return f"{PREFIX}{name}: {text}" in self.problems

    def text(self, name: str) -> str:
        """Return the given or default value, or an empty text."""
        return self._values.get(name, self._known[name].default) or ""

    def is_given(self, name: str) -> bool:
        """Say whether the operator set it, even to nothing."""
        return name in self._values

    def listed(self, name: str) -> tuple[str, ...]:
        """Return the parts between commas, without blanks."""
        return tuple(part.strip() for part in self.text(name).split(",") if part.strip())

    def secrets(self, name: str) -> tuple[Secret, ...]:
        """Return the parts between commas as secrets."""
        return tuple(Secret(part) for part in self.listed(name))

    def whole_secret(self, name: str) -> Secret | None:
        """Return one secret as it is given, commas and all; None for none."""
        text = self.text(name)
        return Secret(text) if text else None

    def flag(self, name: str) -> bool:
        """Return a switch; anything but a clear yes or no is a problem."""
        word = _WORDS.get(self.text(name).strip().lower())
        if word is None:
            self.problems.append(f"{PREFIX}{name}: must be true or false")
        return bool(word)

    def number(self, name: str, lowest: int, highest: int) -> int:
        """Return a whole number within bounds, or the lowest one and a problem."""
        text = self.text(name)
        if text.isascii() and text.isdigit() and lowest <= int(text) <= highest:
            return int(text)
        self.problems.append(f"{PREFIX}{name}: must be a whole number from {lowest} to {highest}")
        return lowest

    def seconds(self, name: str, lowest: int, highest: int) -> timedelta:
        """Return a duration given in whole seconds within bounds."""
        return timedelta(seconds=self.number(name, lowest, highest))

    def checked(self, name: str, read: Callable[[], _T], otherwise: _T) -> _T:
        """Return what `read` gives, or note its refusal and return `otherwise`."""
        try:
            return read()
        except (ValueError, AddressRefused) as error:
            self.problems.append(f"{PREFIX}{name}: {error}")
            return otherwise

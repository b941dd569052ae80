"""Keys that make signing secrets are read as a ring, and never shown when they will not do."""

from pathlib import Path

import pytest

from aboard.core.errors import SettingsRefused
from aboard.core.secret import Secret
from tests.settings.test_settings import load

KEYS = "k2:outgoing-words-outgoing-words-words,k1:older-words-older-words-older-words"


def test_the_first_makes_new_secrets_and_all_are_good() -> None:
    keys = load(OUTGOING_KEYS=KEYS).outgoing_keys
    assert keys is not None
    assert keys.current == "k2"
    assert keys.keys["k1"] == Secret("older-words-older-words-older-words")


def test_without_them_there_are_none() -> None:
    assert load().outgoing_keys is None


def test_they_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(KEYS)
    file.chmod(0o600)
    keys = load(OUTGOING_KEYS_FILE=str(file)).outgoing_keys
    assert keys is not None


@pytest.mark.parametrize(
    "given",
    [
        "words-without-a-name-words-without-a-name",
        "k1:too-short-words",
        "k1:outgoing-words-outgoing-words-words,k1:other-words-other-words-other-words",
        "k 1:outgoing-words-outgoing-words-words",
        f"{KEYS},words-without-a-name-words-without-a-name",
    ],
)
def test_what_will_not_do_is_refused_without_showing_it(given: str) -> None:
    with pytest.raises(SettingsRefused) as refused:
        load(OUTGOING_KEYS=given)
    [problem] = refused.value.problems
    assert problem.startswith("ABOARD_OUTGOING_KEYS: ")
    assert "words" not in problem


def test_the_demos_are_refused_where_others_come() -> None:
    with pytest.raises(SettingsRefused, match="OUTGOING_KEYS"):
        load(
            PUBLIC_URL="https://aboard.example",
            OUTGOING_KEYS="demo:demo-outgoing-words-demo-outgoing-words",
        )

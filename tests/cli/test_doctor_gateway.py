"""`aboard doctor` says what is wrong with what the gateway lends, if anybody borrows."""

from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aboard.cli.commands import app
from tests.cli.commands import COMPLETE_SETTINGS

K1, K2 = (b64encode(letter * 32).decode() for letter in (b"1", b"2"))
MASTERS = {"GATEWAY_KEYS": f"k1:{K1}"}
Ask = Callable[..., str]


@pytest.fixture
def aboard(database: str) -> Ask:
    """Offer to run a command with settings; its output with those of its findings that matter."""

    def run(*words: str, given: str | None = None, **settings: str) -> str:
        environ = {f"ABOARD_{name}": value for name, value in settings.items()}
        done = CliRunner().invoke(
            app,
            list(words),
            env={
                **COMPLETE_SETTINGS,
                "ABOARD_DATABASE": database,
                "COLUMNS": "220",
                **environ,
            },
            input=given,
        )
        return done.output

    return run


def of_gateway(output: str) -> list[str]:
    return [line.strip() for line in output.splitlines() if "gateway" in line.lower()]


def test_nothing_is_said_where_nobody_borrows(aboard: Ask) -> None:
    assert of_gateway(aboard("doctor")) == []


def test_a_secret_key_is_worth_a_word_and_a_restricted_one_is_fine(aboard: Ask) -> None:
    aboard("gateway", "callers", "add", "shop")
    told = "\n".join(of_gateway(aboard("doctor")))
    assert "a secret key, of the settings: it may do anything at Stripe" in told
    told = "\n".join(of_gateway(aboard("doctor", GATEWAY_TEST_KEY="rk_test_words_of_gateway")))
    assert "a restricted key, of the settings" in told
    key = "rk_test_wordsofthisdoctorsgateway"
    aboard("gateway", "credentials", "set", "--key-stdin", given=key, **MASTERS)
    told = "\n".join(of_gateway(aboard("doctor", **MASTERS)))
    assert "a restricted key, generation 1" in told
    told = aboard("doctor")
    assert "the key that is kept does not open (key_missing)" in told
    assert "Put master key 'k1' back into ABOARD_GATEWAY_KEYS" in told
    told = aboard("doctor", GATEWAY_KEYS=f"k2:{K2},k1:{K1}")
    assert "still lies under master key 'k1'" in told


def test_policies_and_names_that_are_not_there_are_told(aboard: Ask, tmp_path: Path) -> None:
    file = tmp_path / "policies.toml"
    file.write_text('[policies.reader]\ntest = ["*:read"]\n')
    policy = {"GATEWAY_POLICY": str(file)}
    assert "1 in " in "\n".join(of_gateway(aboard("doctor", **policy)))
    aboard("gateway", "callers", "add", "shop", "--policy", "reader", **policy)
    aboard("gateway", "callers", "add", "till", "--credential", "payouts")
    told = aboard("doctor")
    assert "shop: the policy they name is not there, so they may call nothing" in told
    assert "till: the credential they name is not there" in told
    file.write_text('[policies.reader]\n\ntest = ["acounts:read"]\n')
    told = aboard("doctor", **policy)
    assert "line 3: policies.reader.test 'acounts:read': there is no resource acounts" in told

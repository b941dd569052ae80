"""`aboard doctor` and the issuer of tokens: does it answer, with usable keys and the right time?"""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from typer.testing import CliRunner

from aboard.cli.commands import app
from tests.cli.commands import COMPLETE_SETTINGS
from tests.issuer import DISCOVERY, KEY_SET, LocalIssuer, open_issuer

Look = Callable[..., dict[str, Any]]


@pytest.fixture
def issuer() -> Iterator[LocalIssuer]:
    with open_issuer() as local:
        yield local


@pytest.fixture
def look(database: str, sandbox: str, issuer: LocalIssuer) -> Look:
    """Run the doctor, and return what it found of the issuer, by name."""

    def run(**settings: str) -> dict[str, Any]:
        given = {
            "ABOARD_TOKEN_SECRETS": "",
            "ABOARD_TOKEN_ISSUER": issuer.address,
            "ABOARD_TOKEN_AUDIENCE": "aboard",
            **{f"ABOARD_{name}": value for name, value in settings.items()},
        }
        ended = CliRunner().invoke(
            app,
            ["doctor", "--json"],
            env={
                **COMPLETE_SETTINGS,
                "ABOARD_DATABASE": database,
                "ABOARD_TEST_API_BASE": sandbox,
                **given,
            },
        )
        findings = json.loads(ended.stdout)["findings"]
        found = {row["name"]: row for row in findings if "issuer" in row["name"]}
        assert ended.exit_code == (1 if any(row["mark"] == "bad" for row in found.values()) else 0)
        return found

    return run


def test_a_healthy_issuer(look: Look) -> None:
    found = look()
    assert found["token issuer"]["mark"] == "good"
    assert "1 for ES256" in found["token issuer"]["found"]
    assert "1 for PS256/PS384/PS512/RS256/RS384/RS512" in found["token issuer"]["found"]
    assert found["issuer clock"]["mark"] == "good"


def test_shared_secrets_have_no_issuer_to_look_at(look: Look, issuer: LocalIssuer) -> None:
    assert look(TOKEN_SECRETS=COMPLETE_SETTINGS["ABOARD_TOKEN_SECRETS"]) == {}
    assert issuer.asked == []


def test_an_address_of_the_key_set_goes_before_discovery(look: Look, issuer: LocalIssuer) -> None:
    assert look(TOKEN_JWKS_URL=f"{issuer.address}{KEY_SET}")["token issuer"]["mark"] == "good"
    assert DISCOVERY not in issuer.asked


@pytest.mark.parametrize(
    ("trouble", "at", "told", "step"),
    [
        ("another_issuer", DISCOVERY, "names another issuer (discovery)", "to the letter"),
        ("plain_http", DISCOVERY, "no https address of a key set", "to the letter"),
        ("garbage", DISCOVERY, "no JSON object", "to the letter"),
        ("500", DISCOVERY, "status 500 (discovery)", "to the letter"),
        ("redirect", DISCOVERY, "status 302 (discovery)", "to the letter"),
        ("huge", KEY_SET, "more than 1 MiB (key set)", "Is the address of the key set right"),
        ("garbage", KEY_SET, "its key set is none", "Is the address of the key set right"),
    ],
)
def test_an_issuer_in_trouble(
    look: Look, issuer: LocalIssuer, trouble: str, at: str, told: str, step: str
) -> None:
    issuer.trouble, issuer.at = trouble, at
    found = look()["token issuer"]
    assert found["mark"] == "bad"
    assert told in found["found"]
    assert step in found["next_step"]


def test_an_issuer_without_usable_keys(look: Look, issuer: LocalIssuer) -> None:
    issuer.keys = []
    assert "no key that can be used" in look()["token issuer"]["found"]


def test_an_issuer_that_is_away(look: Look) -> None:
    found = look(TOKEN_ISSUER="http://127.0.0.1:1")["token issuer"]
    assert found["mark"] == "bad"
    assert "gives no usable answer (discovery, " in found["found"]


@pytest.mark.parametrize(
    ("skew", "mark"), [(timedelta(seconds=20), "note"), (timedelta(minutes=-2), "bad")]
)
def test_clocks_that_are_apart(look: Look, issuer: LocalIssuer, skew: timedelta, mark: str) -> None:
    issuer.skew = skew
    found = look()
    assert found["token issuer"]["mark"] == "good"
    assert found["issuer clock"]["mark"] == mark

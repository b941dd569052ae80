"""`aboard gateway` on the command line: who borrows, what is lent, what a call would become."""

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from aboard.cli.commands import app
from tests.cli.commands import COMPLETE_SETTINGS, Ended

K1, K2 = (b64encode(letter * 32).decode() for letter in (b"1", b"2"))
KEY = "rk_test_wordsofthecommandlineofthegateway"


class Shell:
    """A shell with these settings."""

    def __init__(self, settings: dict[str, str]) -> None:
        self.settings = settings

    def __call__(self, *words: str, given: str | None = None, **changes: str) -> Ended:
        done = CliRunner().invoke(
            app, ["gateway", *words], env={**self.settings, **changes}, input=given
        )
        return Ended(done.exit_code, done.stdout, done.stderr)

    def json(self, *words: str, code: int = 0, given: str | None = None) -> Any:  # noqa: ANN401 - a document
        ended = self(*words, "--json", given=given)
        assert ended.code == code, ended
        return json.loads(ended.out)


@pytest.fixture
def shell(database: str) -> Shell:
    return Shell(
        {
            **COMPLETE_SETTINGS,
            "ABOARD_DATABASE": database,
            "ABOARD_GATEWAY_KEYS": f"k1:{K1}",
            "COLUMNS": "200",
        }
    )


def test_a_caller_from_its_first_word_to_its_last(shell: Shell) -> None:
    added = shell.json(
        *("callers", "add", "shop", "--test", "*:read", "--test", "account_links:create"),
        *("--owner", "creator:ada", "--per-day", "9"),
    )
    assert added["allow"] == {"test": ["*:read", "account_links:create"], "live": []}
    assert (added["owners"], added["limits"]) == (["creator:ada"], {"perSecond": 10, "perDay": 9})
    token = shell.json("tokens", "add", "shop", "--days", "30")
    assert token["token"].startswith("aboard_test_")
    assert token["hint"] == f"test...{token['token'][-4:]}"
    shown = shell.json("callers", "show", "shop")
    assert shown["holds"]["allow"]["test"] == ["*:read", "account_links:create"]
    assert "account_link_write" in shown["holds"]["permissions"]["test"]["needed"]
    assert [each["id"] for each in shown["tokens"]] == [token["id"]]
    assert token["token"] not in json.dumps(shown)
    changed = shell.json(
        *("callers", "change", "shop", "--live", "accounts:read", "--per-second", "unlimited"),
        *("--default", "owners"),
    )
    assert changed["allow"] == {
        "test": ["*:read", "account_links:create"],
        "live": ["accounts:read"],
    }
    assert changed["limits"] == {"perSecond": None, "perDay": 9}
    assert changed["owners"] is None
    fresh = shell.json("tokens", "rotate", token["id"], "--grace", "1")
    assert fresh["token"] != token["token"]
    revoked = shell.json("tokens", "revoke", fresh["id"])
    assert revoked["revokedAt"] is not None
    assert shell.json("callers", "disable", "shop")["disabledAt"] is not None
    assert shell.json("callers", "enable", "shop")["disabledAt"] is None
    assert len(shell.json("tokens", "list", "shop")["tokens"]) == 2
    assert shell.json("callers", "remove", "shop")["removed"]
    assert shell.json("callers", "list") == {"callers": []}


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("callers", "show", "nobody"), 1, "There is no such caller."),
        (("tokens", "revoke", "gwt_nobody"), 1, "There is no such token."),
        (("callers", "add", "shop", "--test", "acounts:read"), 2, "did you mean accounts?"),
        (("callers", "add", "shop", "--test", "accounts"), 2, "is no `resource:verb`"),
        (("callers", "add", "shop", "--policy", "x"), 2, "is no policy of the settings' file"),
        (("callers", "add", "shop", "--per-day", "many"), 2, "--per-day is no number."),
        (("callers", "add", "shop", "--per-day", "0"), 2, "per_day: must be 1 to"),
        (("callers", "add", ""), 2, "name: must have 1 to 64"),
        (("credentials", "remove", "--mode", "live"), 1, "There is no credential"),
        (("credentials", "set"), 2, "There is no terminal to ask for the key."),
        (("check", "nowhere.toml"), 2, "nowhere.toml cannot be read"),
        (("calls", "list", "--since", "yesterday"), 2, "--since is no point in time."),
        (("explain", "nobody", "GET", "/v1/accounts"), 1, "There is no such caller."),
    ],
)
def test_what_will_not_do_is_said_with_the_next_step(
    shell: Shell, words: tuple[str, ...], code: int, told: str
) -> None:
    ended = shell(*words)
    assert ended.code == code
    assert told in ended.err
    assert "Next: " in ended.err


def test_a_credential_is_piped_in_and_never_comes_out(shell: Shell) -> None:
    ended = shell("credentials", "set", "--key-stdin", given=f"{KEY}\n")
    assert ended.code == 0
    assert "restricted key ...eway, generation 1, under k1" in ended.out
    assert KEY not in ended.out + ended.err
    again = shell.json("credentials", "set", "--key-stdin", given="sk_test_anotherwordentirely")
    assert (again["generation"], again["restricted"]) == (2, False)
    [row] = shell.json("credentials", "list")["credentials"]
    assert (row["name"], row["closed"], row["masterKey"]) == ("default", None, "k1")
    both = {"ABOARD_GATEWAY_KEYS": f"k2:{K2},k1:{K1}"}
    assert "under k2" in shell("credentials", "rewrap", **both).out
    closed = shell("credentials", "list")
    assert closed.code == 1
    assert "its master key is not in ABOARD_GATEWAY_KEYS" in closed.out
    assert shell("credentials", "list", ABOARD_GATEWAY_KEYS=f"k2:{K2}").code == 0


@pytest.mark.parametrize("key", ["sk_live_wordsofthecommandline", "words", ""])
def test_a_wrong_key_is_refused_without_showing_it(shell: Shell, key: str) -> None:
    ended = shell("credentials", "set", "--key-stdin", given=key)
    assert ended.code == 2
    assert "key: is " in ended.err
    assert not key or key not in ended.err


def test_without_master_keys_it_is_said_how_to_make_one(shell: Shell) -> None:
    ended = shell("credentials", "set", "--key-stdin", given=KEY, ABOARD_GATEWAY_KEYS="")
    assert ended.code == 2
    assert "openssl rand -base64 32" in ended.err


def test_explaining_ends_with_one_where_a_call_would_be_refused(shell: Shell) -> None:
    shell.json("callers", "add", "shop")
    shell.json("tokens", "add", "shop")
    passed = shell("explain", "shop", "POST", "/v1/account_links")
    assert passed.code == 0
    assert "It would go up to Stripe." in passed.out
    refused = shell.json("explain", "shop", "DELETE", "/v1/accounts/acct_1", code=1)
    assert (refused["allowed"], refused["code"]) == (False, "operation_not_allowed")
    assert shell.json("calls", "list") == {"calls": []}


def test_a_policy_file_is_checked_without_settings(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "policies.toml"
    file.write_text('[policies.reader]\ntest = ["*:read"]\nlive = ["acounts:read"]\n')
    ended = Shell({"COLUMNS": "200"})("check", str(file))
    assert ended.code == 1
    assert "line 3" in ended.out
    assert "'acounts:read': there is no resource acounts; did you mean accounts?" in ended.out
    file.write_text('[policies.reader]\ntest = ["*:read", "accounts:read"]\n')
    found = shell.json("check", str(file))
    assert found["ok"]
    assert "transfer_read" in found["permissions"]["reader"]["test"]["needed"]
    assert "country_specs" in found["permissions"]["reader"]["test"]["unknown"]
    assert found["permissions"]["reader"]["live"] == {"needed": [], "unknown": []}
    assert "live: a restricted key needs nothing" in ended.out
    assert [each["word"] for each in found["problems"]] == ["accounts:read"]
    added = Shell({**shell.settings, "ABOARD_GATEWAY_POLICY": str(file)}).json(
        "callers", "add", "shop", "--policy", "reader", "--per-day", "7"
    )
    assert (added["policy"], added["limits"]) == ("reader", {"perSecond": 10, "perDay": 7})


def test_an_empty_record_is_exported_as_one(shell: Shell) -> None:
    ended = shell("calls", "export", "--format", "csv")
    assert ended.code == 0
    assert ended.out.startswith("id,at,via,method,outcome,caller_id,")
    assert shell("calls", "export", "--caller", "gwc_gone").out == ""

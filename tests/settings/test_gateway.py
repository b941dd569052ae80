"""What the gateway lends is read whole or refused, and no problem shows a key."""

from base64 import b64encode
from datetime import timedelta
from pathlib import Path

import pytest

from aboard.core.errors import SettingsRefused
from aboard.core.owner import Mode
from aboard.core.secret import Secret
from tests.settings.test_settings import load

K1, K2 = (b64encode(letter * 32).decode() for letter in (b"1", b"2"))


def problems(**changes: str) -> str:
    with pytest.raises(SettingsRefused) as refused:
        load(**changes)
    return "\n".join(refused.value.problems)


def test_what_holds_without_a_word() -> None:
    terms = load().gateway
    assert terms.master_keys is None
    assert terms.own_keys == {Mode.TEST: Secret("sk_test_aboard_words")}
    assert terms.upstreams == dict.fromkeys(Mode, "https://api.stripe.com")
    assert terms.files == dict.fromkeys(Mode, "https://files.stripe.com")
    assert (terms.policy_file, terms.policies.policies) == (None, {})
    assert (terms.writes, terms.host, terms.port) == (True, "127.0.0.1", 8003)
    assert terms.upstream_timeout == timedelta(seconds=80)
    assert load().kept.gateway_calls == timedelta(days=90)
    assert load(KEEP_GATEWAY_CALLS_DAYS="0").kept.gateway_calls is None


def test_keys_of_its_own_come_before_the_platforms() -> None:
    terms = load(
        GATEWAY_TEST_KEY="rk_test_gateway_words", GATEWAY_LIVE_KEY="rk_live_gateway_words"
    ).gateway
    assert terms.own_keys[Mode.TEST].reveal() == "rk_test_gateway_words"
    assert terms.own_keys[Mode.LIVE].reveal() == "rk_live_gateway_words"


def test_a_key_may_come_from_a_file(tmp_path: Path) -> None:
    for name, text in (("key", "rk_test_gateway_words"), ("masters", f"k1:{K1}")):
        (tmp_path / name).write_text(f"{text}\n")
        (tmp_path / name).chmod(0o600)
    terms = load(
        GATEWAY_TEST_KEY_FILE=str(tmp_path / "key"), GATEWAY_KEYS_FILE=str(tmp_path / "masters")
    ).gateway
    assert terms.own_keys[Mode.TEST].reveal() == "rk_test_gateway_words"
    assert terms.master_keys is not None
    assert terms.master_keys.current == "k1"


def test_the_first_master_key_is_for_new_envelopes() -> None:
    keys = load(GATEWAY_KEYS=f"k2:{K2}, k1:{K1}").gateway.master_keys
    assert keys is not None
    assert (keys.current, list(keys.keys)) == ("k2", ["k2", "k1"])
    assert keys.keys["k1"].raw == b"1" * 32


@pytest.mark.parametrize(
    "given",
    [
        K1,
        f"k1:{K1},{K2}",
        f"k1:{K1},k1:{K2}",
        f"k 1:{K1}",
        f":{K1}",
        "k1:",
        "k1:" + b64encode(b"1" * 31).decode(),
        "k1:" + b64encode(b"1" * 33).decode(),
        f"k1:{K1[:-1]}",
        f"k1:{K1[:-2]}!=",
        "k1:words-words-words-words-words-words",
        f"{'k' * 33}:{K1}",
    ],
)
def test_master_keys_that_will_not_do_are_refused_without_showing_them(given: str) -> None:
    told = problems(GATEWAY_KEYS=given)
    assert told.startswith("ABOARD_GATEWAY_KEYS: ")
    assert K1[:12] not in told
    assert "words" not in told


@pytest.mark.parametrize("key", ["sk_live_gateway_words", "pk_test_gateway_words", "gateway_words"])
def test_a_key_of_another_kind_is_refused_without_showing_it(key: str) -> None:
    told = problems(GATEWAY_TEST_KEY=key)
    assert told.startswith("ABOARD_GATEWAY_TEST_KEY: ")
    assert "gateway_words" not in told


def test_files_go_where_the_api_is_when_that_is_not_stripes() -> None:
    terms = load(TEST_API_BASE="http://127.0.0.1:12111/").gateway
    assert terms.upstreams[Mode.TEST] == terms.files[Mode.TEST] == "http://127.0.0.1:12111"
    terms = load(TEST_FILES_BASE="http://localhost:9/").gateway
    assert terms.files[Mode.TEST] == "http://localhost:9"


@pytest.mark.parametrize("name", ["TEST_FILES_BASE", "LIVE_API_BASE"])
@pytest.mark.parametrize("base", ["http://files.example", "ftp://localhost", "nowhere"])
def test_an_address_that_a_key_may_not_go_to_is_refused(name: str, base: str) -> None:
    assert problems(**{name: base}).startswith(f"ABOARD_{name}: ")


def test_policies_are_read_from_their_file(tmp_path: Path) -> None:
    file = tmp_path / "policies.toml"
    file.write_text('[policies.reader]\ntest = ["accounts:read"]\n')
    terms = load(GATEWAY_POLICY=str(file)).gateway
    assert terms.policy_file == str(file)
    assert terms.policies.policies["reader"].allow_list.words(Mode.TEST) == ("accounts:read",)


def test_a_policy_file_with_a_mistake_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "policies.toml"
    file.write_text('[policies.reader]\n\ntest = ["accounts"]\n')
    told = problems(GATEWAY_POLICY=str(file))
    assert "ABOARD_GATEWAY_POLICY: line 3: policies.reader.test 'accounts'" in told
    assert "cannot be read" in problems(GATEWAY_POLICY=str(tmp_path / "nowhere"))


def test_callers_are_told_an_address_that_a_token_may_go_to() -> None:
    assert load().gateway.address == ""
    told = load(GATEWAY_URL="https://gateway.market.example/").gateway.address
    assert told == "https://gateway.market.example"
    assert load(GATEWAY_URL="http://127.0.0.1:8003").gateway.address == "http://127.0.0.1:8003"
    for wrong in ("gateway.market.example", "ftp://gateway", "http://gateway.market.example"):
        assert "ABOARD_GATEWAY_URL" in problems(GATEWAY_URL=wrong)

"""Which e-mails and passwords are taken, and which tokens and codes are ours?"""

import pytest

from aboard.api.auth.schemas import AccessToken, Confirmation, Login, NewUser
from aboard.core.codes import digest_of_code, is_code, new_code
from aboard.core.errors import StateForged
from aboard.core.identity import User, read_email, read_password, weakness_of
from aboard.core.secret import Secret
from aboard.core.session_tokens import issue_refresh_token, read_refresh_token
from aboard.core.state import KeyRing, sign_payload
from tests.store.rows import NOW

ANA = "ana@shop.example"
OLD = KeyRing("k1", {"k1": Secret("old-words-old-words-old-words-old-words")})
RING = KeyRing("k2", {"k2": Secret("new-words-new-words-new-words-new-words"), **OLD.keys})


@pytest.mark.parametrize(
    ("text", "email"),
    [
        (ANA, ANA),
        ("  Ana@SHOP.Example\t", ANA),
        ("a.b+tag@mail.shop.example", "a.b+tag@mail.shop.example"),
        ("o'hara@shop.example", "o'hara@shop.example"),
        ("ana@xn--bcher-kva.example", "ana@xn--bcher-kva.example"),
    ],
)
def test_e_mails_that_hold(text: str, email: str) -> None:
    assert read_email(text) == email


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ana",
        "ana@",
        "@shop.example",
        "ana@localhost",
        "ana@shop..example",
        "ana@-shop.example",
        "ana@shop-.example",
        "a..b@shop.example",
        ".ana@shop.example",
        "ana@shop.example.",
        "ana@b@shop.example",
        "ana@shop.example, bob@shop.example",
        "Ana <ana@shop.example>",
        "ana@shop.example\r\nBcc: bob@shop.example",
        "ana@shop.example\n",
        "ana@shop.example\x00",
        "an\u00e4@shop.example",
        "ana@sh\u00f6p.example",
        "\u212ana@shop.example",  # a Kelvin sign, which lower case turns into k
        "ana@shop.ex\u0430mple",  # a Cyrillic a
        "ana@\uff53hop.example",
        "\u00a0ana@shop.example",
        f"{'a' * 65}@shop.example",
        f"ana@{'a' * 64}.example",
        f"ana@{'a.' * 130}example",
        '"ana"@shop.example',
        "ana@[127.0.0.1]",
        "ana shop@shop.example",
    ],
)
def test_e_mails_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match="not one plain e-mail"):
        read_email(text)


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short",
        "seven77",
        "x" * 64 + "y" * 65,
        "aaaaaaaaaa",
        "password",
        "PASSWORD1",
        "12345678",
        ANA,
        ANA.upper(),
        "e\u0301" * 4,  # eight code points before they are composed, four letters
        "\u212b" * 12,
    ],
)
def test_passwords_that_will_not_do(password: str) -> None:
    assert weakness_of(read_password(Secret(password)), ANA)


def test_the_part_before_the_at_will_not_do_either() -> None:
    assert weakness_of(Secret("anastacia"), "anastacia@shop.example")


@pytest.mark.parametrize(
    "password",
    [
        "eight888",
        "x" * 64 + "y" * 64,
        "\U0001f511" * 64 + "\U0001f512" * 64,
        "ein Passwort mit \u00dcmlauten",
        "nul \x00 inside",
        "  blanks around  ",
        "\u05e1\u05d9\u05e1\u05de\u05d4 \u05d7\u05d6\u05e7\u05d4",
        "alllowercase",
    ],
)
def test_passwords_of_any_kind_do(password: str) -> None:
    assert weakness_of(read_password(Secret(password)), ANA) is None


def test_what_holds_a_password_is_printed_without_it() -> None:
    for holder in (
        NewUser(ANA, "quiet words"),
        Confirmation(ANA, "01234567", "quiet words"),
        Login(ANA, "quiet words"),
        AccessToken("quiet words", 900),
    ):
        assert "quiet" not in f"{holder} {holder!r}"


def test_a_user_is_printed_without_the_hash() -> None:
    user = User("usr_1", ANA, NOW, "$argon2id$words")
    assert "argon2" not in repr(user)


class TestRefreshTokens:
    def test_an_own_one_is_read_also_under_an_older_key(self) -> None:
        token, digest = issue_refresh_token("ses_1", "nonce", OLD)
        read = read_refresh_token(token.reveal(), RING)
        assert (read.session_id, read.digest) == ("ses_1", digest)
        assert digest not in token.reveal()

    def test_each_nonce_has_its_digest(self) -> None:
        digests = {issue_refresh_token("ses_1", nonce, RING)[1] for nonce in "abc"}
        assert len(digests) == 3

    @pytest.mark.parametrize(
        ("kind", "payload"),
        [
            ("v1", {"s": "ses_1", "n": "nonce"}),
            ("s1", {"s": "ses_1", "n": "nonce"}),
            ("r1", {"s": "ses_1"}),
            ("r1", {"s": "ses_1", "n": 1}),
            ("r1", {"s": None, "n": "nonce"}),
            ("r1", {"s": "ses_1", "n": "nonce", "x": 1}),
        ],
    )
    def test_signed_by_us_and_yet_none(self, kind: str, payload: dict[str, object]) -> None:
        with pytest.raises(StateForged):
            read_refresh_token(sign_payload(kind, payload, RING), RING)

    def test_one_of_another_house_is_forged(self) -> None:
        token, _ = issue_refresh_token("ses_1", "nonce", RING)
        with pytest.raises(StateForged):
            read_refresh_token(token.reveal(), OLD)


class TestCodes:
    def test_a_code_fits_its_e_mail_alone(self) -> None:
        code = new_code()
        stored = digest_of_code(ANA, code, RING)
        assert code.reveal() not in stored
        assert is_code(ANA, code, stored, RING)
        assert not is_code("bob@shop.example", code, stored, RING)
        assert not is_code(ANA, code, stored, OLD)
        assert not is_code(ANA, code, None, RING)

    def test_eight_digits_also_when_they_begin_with_zeros(self) -> None:
        assert {len(new_code().reveal()) for _ in range(300)} == {8}

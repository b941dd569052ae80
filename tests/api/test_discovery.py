"""Where may an issuer say that its keys are? Nowhere that only this machine would reach."""

import json

import pytest

from aboard.web.discovery import key_set_in
from aboard.web.keys import KeySetRefused

FAR, NEAR = "https://issuer.example", "http://127.0.0.1:9000"


def document(issuer: str, address: object) -> bytes:
    return json.dumps({"issuer": issuer, "jwks_uri": address}).encode()


@pytest.mark.parametrize(
    ("issuer", "address"),
    [
        (FAR, "https://keys.example/keys"),
        (NEAR, "http://localhost:9000/keys"),
        (NEAR, "https://127.0.0.1/keys"),
        (NEAR, "https://keys.example/keys"),
    ],
)
def test_where_keys_may_be(issuer: str, address: str) -> None:
    assert key_set_in(document(issuer, address), issuer) == address


@pytest.mark.parametrize(
    ("issuer", "address"),
    [
        (FAR, "http://keys.example/keys"),
        (FAR, "http://127.0.0.1:6379/"),
        (FAR, "https://localhost/keys"),
        (FAR, "http://[::1]/keys"),
        (NEAR, "http://keys.example/keys"),
        (FAR, "ftp://keys.example/keys"),
        (FAR, "https://"),
        (FAR, "https://[keys"),
        (FAR, None),
        (FAR, 7),
    ],
)
def test_where_they_may_not(issuer: str, address: object) -> None:
    with pytest.raises(KeySetRefused, match="untrustworthy_jwks_uri"):
        key_set_in(document(issuer, address), issuer)


@pytest.mark.parametrize("said", [b"", b"[]", b"<html>", b"{}", document("https://evil", "x")])
def test_what_is_no_document_of_this_issuer(said: bytes) -> None:
    with pytest.raises(KeySetRefused):
        key_set_in(said, FAR)

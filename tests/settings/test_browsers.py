"""Which origins' pages may call the APIs from a browser: those that are named, exactly."""

import pytest

from tests.settings.test_settings import GOOD, load, refusal


def test_nobody_without_a_word() -> None:
    assert load().browser_origins == frozenset()


def test_origins_as_a_browser_says_them() -> None:
    origins = load(
        BROWSER_ORIGINS="https://app.example.com, https://APP.example.com:8443,"
        "http://localhost:5173,http://127.0.0.1,http://[::1]:3000"
    ).browser_origins
    assert origins == {
        "https://app.example.com",
        "https://app.example.com:8443",
        "http://localhost:5173",
        "http://127.0.0.1",
        "http://[::1]:3000",
    }


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "null",
        "https://*.example.com",
        "http://app.example.com",
        "https://app.example.com/",
        "https://app.example.com/page",
        "https://app.example.com?query",
        "https://app.example.com#fragment",
        "https://ada@app.example.com",
        "https://app.example.com:443",
        "http://localhost:80",
        "https://app.example.com:port",
        "https://app.example.com:99999",
        "https://app.example.com:",
        "https://",
        "https://-app.example.com",
        "https://app.example.com\\@evil.example",
        "https://bücher.example",
        "app.example.com",
        "ftp://app.example.com",
        "javascript:alert(1)",
        "https://[::1",
    ],
)
def test_what_is_no_single_origin_stops_the_start(origin: str) -> None:
    problems = refusal({**GOOD, "ABOARD_BROWSER_ORIGINS": f"https://fine.example,{origin}"})
    assert len(problems) == 1
    assert problems[0].startswith("ABOARD_BROWSER_ORIGINS: must ")

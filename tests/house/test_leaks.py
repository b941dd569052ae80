"""Can the leak test itself fail? Each way out is used once, on purpose, in a suite of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOM = """
import logging, sqlite3, sys
import pytest

LINK = "https://connect.stripe.com/setup/e/acct_1/" + "AbCdEf123456"
log = logging.getLogger("aboard.flows.resume")
"""


RunSuite = Callable[[str], pytest.RunResult]


@pytest.fixture
def run_suite(
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> RunSuite:
    """Offer to run a suite in a process of its own that has only the plugins under test."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("CI", raising=False)

    def run(code: str) -> pytest.RunResult:
        pytester.makepyfile(ROOM + code)
        result = pytester.runpytest_subprocess("-p", "tests.conftest", "-p", "no:cacheprovider")
        capsys.readouterr()  # what leaked in there is not a leak of ours
        return result

    return run


def test_a_link_in_a_log_line_fails_the_test(run_suite: RunSuite) -> None:
    result = run_suite(
        """
def test_in_the_message(): log.info(f"issued {LINK}")
def test_in_an_argument(): log.debug("issued %s", LINK)
def test_in_an_extra_field(): log.info("link.issued", extra={"address": LINK})
def test_in_a_logger_that_keeps_to_itself():
    own = logging.getLogger("own")
    own.propagate = False
    own.warning(LINK)
def test_in_an_exception_that_was_logged():
    try:
        try:
            raise ValueError(LINK)
        except ValueError as cause:
            raise RuntimeError("no link here") from cause
    except RuntimeError:
        log.exception("link.failed")
def test_clean(): log.info("link.issued", extra={"origin": "https://connect.stripe.com"})
""",
    )
    result.assert_outcomes(failed=5, passed=1)
    result.stdout.fnmatch_lines(["*a hosted link in log aboard.flows.resume*"])
    result.stdout.no_fnmatch_line("LEAK*AbCdEf123456*")


def test_a_secret_in_an_exception_fails_the_test(run_suite: RunSuite) -> None:
    result = run_suite(
        """
def test_in_the_text():
    with pytest.raises(ValueError):
        raise ValueError("key sk_test_" + "words")
def test_in_a_note():
    with pytest.raises(ValueError):
        error = ValueError("refused")
        error.add_note("whsec_" + "words")
        raise error
def test_in_the_cause():
    with pytest.raises(RuntimeError):
        try:
            raise ValueError("accs_secret_" + "_words_and_more")
        except ValueError as cause:
            raise RuntimeError("refused") from cause
def test_in_a_group():
    with pytest.raises(ExceptionGroup):
        raise ExceptionGroup("all", [ValueError("rk_live_" + "words")])
def test_clean():
    with pytest.raises(ValueError):
        raise ValueError("Invalid API Key provided: sk_test_***rds")
""",
    )
    result.assert_outcomes(failed=4, passed=1)


def test_a_secret_in_output_or_a_stored_row_fails_the_test(run_suite: RunSuite) -> None:
    result = run_suite(
        """
def test_on_standard_output(): print("whsec_" + "words")
def test_on_standard_error():
    print("eyJhbGciOiJF.eyJzdWIiOiJj".replace("J", "Jabcdef") + ".x", file=sys.stderr)
def store(tmp_path, value):
    database = sqlite3.connect(tmp_path / "rows.db")
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("CREATE TABLE links (id INTEGER PRIMARY KEY, body BLOB)")
    database.execute("INSERT INTO links (body) VALUES (?)", (value,))
    database.commit()
    return database
def test_in_a_row(tmp_path): store(tmp_path, LINK).close()
def test_in_a_long_row(tmp_path): store(tmp_path, b"x" * 4000 + LINK.encode()).close()
def test_in_a_database_left_open(tmp_path): globals()["kept"] = store(tmp_path, LINK)
def test_in_a_row_deleted_again(tmp_path):
    store(tmp_path, LINK).close()
    database = sqlite3.connect(tmp_path / "rows.db")
    database.execute("PRAGMA secure_delete = OFF")
    database.execute("DELETE FROM links")
    database.commit()
    database.close()
def test_clean(tmp_path): store(tmp_path, "https://platform.example/return").close()
""",
    )
    result.assert_outcomes(failed=2, passed=5, errors=4)


def test_a_registered_secret_has_no_telling_look(run_suite: RunSuite) -> None:
    result = run_suite(
        """
def test_registered(secrets_in_play):
    secrets_in_play.add("quite ordinary words")
    log.info("%s", {"note": "some quite ordinary words"})
def test_forgotten_after_its_test():
    log.info("quite ordinary words")
""",
    )
    result.assert_outcomes(failed=1, passed=1)


def test_a_stray_host_fails_the_test_even_when_swallowed(run_suite: RunSuite) -> None:
    result = run_suite(
        """
import contextlib, socket
def test_lookup():
    with contextlib.suppress(OSError):
        socket.create_connection(("stripe.example", 443), timeout=1)
def test_address():
    with contextlib.suppress(OSError):
        socket.create_connection(("192.0.2.1", 443), timeout=1)
def test_loopback():
    server = socket.create_server(("127.0.0.1", 0))
    socket.create_connection(("localhost", server.getsockname()[1])).close()
    server.close()
""",
    )
    result.assert_outcomes(failed=2, passed=1)
    result.stdout.fnmatch_lines(["*STRAY HOST*"])


def test_a_skip_counts_as_failed_where_everything_can_run(
    run_suite: RunSuite, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = """
def test_skips(): pytest.skip("no browser here")
@pytest.mark.xfail(reason="known")
def test_known(): assert False
"""
    run_suite(code).assert_outcomes(skipped=1, xfailed=1)
    monkeypatch.setenv("CI", "true")
    result = run_suite(code)
    result.assert_outcomes(failed=1, xfailed=1)
    result.stdout.fnmatch_lines(["*no browser here*"])

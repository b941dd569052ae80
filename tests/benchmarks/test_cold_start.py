"""Does B9 start the real sandbox and get a real account out of it?"""

from benchmarks.cold_start import first_answer


def test_the_sandbox_answers_with_an_account_and_is_ended() -> None:
    sample = first_answer("aboard")
    assert 0 < sample.value < 30_000
    assert sample.cpu_ms > 0

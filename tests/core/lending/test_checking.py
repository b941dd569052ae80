"""Each word of an allow-list is held against what Stripe has, and what it really lets pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aboard.core.lending.catalogue import all_operations
from aboard.core.lending.checking import check_policies, doubt_words
from aboard.core.lending.grants import DEFAULT, Grant
from aboard.core.lending.operations import Verb
from aboard.core.lending.policies import read_policies
from aboard.core.owner import Mode

OPERATIONS = all_operations()
REAL = sorted({each.grant for each in OPERATIONS})


def doubts(mode: Mode, *words: str) -> list[tuple[str, str, bool]]:
    found = doubt_words([Grant.parse(word) for word in words], mode, OPERATIONS)
    return [(str(doubt.grant), doubt.told, doubt.mild) for doubt in found]


@pytest.mark.parametrize("mode", list(Mode))
def test_every_word_that_an_operation_asks_for_is_fine_alone(mode: Mode) -> None:
    assert [word for word in REAL if doubts(mode, word)] == []


@pytest.mark.parametrize("mode", list(Mode))
def test_the_default_is_fine(mode: Mode) -> None:
    assert doubts(mode, *DEFAULT.words(mode)) == []


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("acounts:read", "there is no resource acounts; did you mean accounts?"),
        ("zebras:read", "there is no resource zebras"),
        ("charges:create", "there is no resource charges"),
        ("accounts.external:read", "there is no resource accounts.external"),
        ("balance:create", "balance has no operation that creates; it has read"),
        ("login_links:read", "login_links has no operation that reads; it has create"),
    ],
)
def test_what_stripe_has_not_is_a_mistake(word: str, told: str) -> None:
    [(found, said, mild)] = doubts(Mode.TEST, word)
    assert (found, mild) == (word, False)
    assert said.startswith(told)


@pytest.mark.parametrize("word", ["*:create", "account_links:*", "login_links:*", "*:delete"])
def test_a_wildcard_that_lets_nothing_pass_in_live_mode_is_told(word: str) -> None:
    [(_, said, mild)] = doubts(Mode.LIVE, word)
    assert mild
    assert said.startswith("lets nothing pass: in live mode")
    assert doubts(Mode.TEST, word) == []


@pytest.mark.parametrize("word", ["*:*", "accounts:*"])
def test_a_wildcard_that_reads_alone_in_live_mode_is_told(word: str) -> None:
    [(_, said, mild)] = doubts(Mode.LIVE, word)
    assert mild
    assert said.startswith("lets reading alone pass")
    assert doubts(Mode.LIVE, "balance:*") == []


def test_words_that_change_nothing_are_told() -> None:
    found = doubts(Mode.TEST, "*:read", "accounts:read", "accounts:read", "accounts:create")
    assert found == [
        ("accounts:read", "changes nothing: *:read lets all of it pass", True),
        ("accounts:read", "stands here twice", True),
    ]
    assert doubts(Mode.LIVE, "*:read", "accounts:create") == []


@given(st.lists(st.sampled_from([*REAL, "*:*", "*:read", "accounts:*"]), unique=True, max_size=6))
def test_a_word_that_changes_nothing_really_changes_nothing(words: list[str]) -> None:
    for mode in Mode:
        for word, told, _ in doubts(mode, *words):
            if told.startswith("changes nothing"):
                rest = [Grant.parse(other) for other in words if other != word]
                gone = Grant.parse(word)
                assert not [
                    each.id
                    for each in OPERATIONS
                    if gone.lets(each, mode) and not any(one.lets(each, mode) for one in rest)
                ]


@given(
    st.builds(
        lambda resource, verb: f"{resource}:{verb}",
        st.from_regex(r"[a-z][a-z0-9_.]{0,12}", fullmatch=True),
        st.sampled_from([*Verb, "*"]),
    )
)
def test_a_word_is_a_mistake_if_and_only_if_it_lets_nothing_pass_in_test_mode(word: str) -> None:
    lets = [each for each in OPERATIONS if Grant.parse(word).lets(each, Mode.TEST)]
    assert bool(lets) == (not [mild for _, _, mild in doubts(Mode.TEST, word) if not mild])


def test_a_file_is_checked_in_the_order_of_its_lines() -> None:
    file = read_policies(
        '[policies.reader]\ntest = ["*:read"]\n[policies.shop]\nextends = "reader"\n'
        'test = ["*:read",\n  "acounts:read"]\nlive = ["*:create"]\nper_day = 0\n'
        "[policies.empty]\n"
    )
    found = [(each.line, each.word, each.mild) for each in check_policies(file, OPERATIONS)]
    assert found == [
        (5, "*:read", True),
        (6, "acounts:read", False),
        (7, "*:create", True),
        (8, "per_day", False),
        (9, "empty", True),
    ]


def test_a_file_that_makes_sense_has_no_problem() -> None:
    file = read_policies('[policies.reader]\ntest = ["*:read"]\nlive = ["accounts:read"]\n')
    assert check_policies(file, OPERATIONS) == ()

"""A secret does not show itself, whatever one does to it."""

import copy
import json
import logging
import pickle

import pytest

from aboard.core.links import BearerUrl
from aboard.core.secret import Secret

WORDS = "words-that-nobody-may-see"


@pytest.mark.parametrize("kind", [Secret, BearerUrl])
def test_every_way_of_printing_shows_a_mark(kind: type[Secret]) -> None:
    secret = kind(WORDS)
    record = logging.LogRecord("x", logging.INFO, "", 0, "%s %r", (secret, secret), None)
    shown = [
        str(secret),
        repr(secret),
        f"{secret}",
        f"{secret!s:>40}",
        f"{secret!r}",
        "%s" % secret,  # noqa: UP031 -- the old way must be safe too
        str([secret]),
        str({"url": secret}),
        record.getMessage(),
        str(vars(type(secret))),
    ]
    assert not any(WORDS in text for text in shown)
    assert secret.reveal() == WORDS


def test_it_cannot_be_pickled_or_put_into_json() -> None:
    secret = Secret(WORDS)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError):
            pickle.dumps(secret, protocol)
    with pytest.raises(TypeError):
        json.dumps({"secret": secret})


def test_a_copy_is_the_same_secret() -> None:
    secret = Secret(WORDS)
    assert copy.copy(secret) is secret
    assert copy.deepcopy([secret])[0] is secret


def test_equality_and_truth() -> None:
    assert Secret(WORDS) == Secret(WORDS)
    assert Secret(WORDS) != Secret("other")
    assert Secret(WORDS) != WORDS
    assert BearerUrl(WORDS) != Secret(WORDS)
    assert len({Secret(WORDS), Secret(WORDS)}) == 1
    assert not Secret("")


def test_there_is_no_attribute_to_stumble_over() -> None:
    secret = Secret(WORDS)
    with pytest.raises(TypeError):
        vars(secret)
    assert not hasattr(secret, "value")

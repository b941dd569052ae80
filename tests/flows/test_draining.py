"""A process that drains says so from then on."""

from aboard.flows.draining import Draining


def test_draining_is_begun_once_and_stays() -> None:
    draining = Draining()
    assert not draining.is_on
    draining.begin()
    draining.begin()
    assert draining.is_on

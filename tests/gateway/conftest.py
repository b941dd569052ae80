"""A gateway before a recorder, watched for what must not pass."""

import re
from collections.abc import AsyncIterator

import pytest

from tests.gateway.gate import LIVE_MARKER, MARKER, Gate, open_gate
from tests.leaks import SecretsInPlay

TOKEN = re.compile(rb"aboard_(?:test|live)_[A-Za-z0-9_-]{43}")


@pytest.fixture
async def gate(database: str, secrets_in_play: SecretsInPlay) -> AsyncIterator[Gate]:
    """Open a gateway; after the test no caller's token may have reached the upstream."""
    secrets_in_play.add(MARKER)
    secrets_in_play.add(LIVE_MARKER)
    async with open_gate(database) as opened:
        yield opened
        for token in opened.tokens:
            secrets_in_play.add(token)
            assert token.encode() not in opened.recorder.everything
        assert not any(TOKEN.search(text) for text in opened.recorder.texts())

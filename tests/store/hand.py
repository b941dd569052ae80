"""A hand behind the store's back, on whichever database the test runs."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

from tests.databases import Desk

Hand = Callable[[str], list[tuple[Any, ...]]]
"""Runs one statement, and returns its rows."""


def hand_on_file(path: str) -> Hand:
    def run(sql: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(path)) as connection:
            rows = connection.execute(sql).fetchall()
            connection.commit()
            return rows

    return run


def hand_on_server(desk: Desk) -> Hand:
    return desk.run

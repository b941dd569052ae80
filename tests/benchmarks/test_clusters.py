"""Is a benchmark's PostgreSQL its own, as durable as it is installed, and gone afterwards?"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.clusters import Cluster, cluster_running, copy_in, query
from benchmarks.contest import LeftOut
from benchmarks.databases import PostgresDatabase
from benchmarks.processes import cores


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    try:
        with cluster_running(core=cores()[1]) as found:
            yield found
    except LeftOut as reason:
        pytest.skip(str(reason))


def test_every_commit_is_flushed_before_it_is_answered(cluster: Cluster) -> None:
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        assert query(cluster.address("postgres"), f"SHOW {name}") == [("on",)]


def test_a_database_is_made_filled_and_read_on_the_core_of_the_load(cluster: Cluster) -> None:
    database = PostgresDatabase(cluster.create("one"))
    database.rows("CREATE TABLE things (id TEXT PRIMARY KEY, number BIGINT)")
    copy_in(database.address, "things", ("id", "number"), ((str(n), n) for n in range(1000)))
    assert database.rows("SELECT count(*), sum(number) FROM things") == [(1000, 499_500)]
    assert cluster.has("one")
    assert not cluster.has("two")
    assert cluster.server.is_on(cores()[1])
    assert cluster.server.cpu_seconds() > 0


def test_a_cluster_is_kept_where_that_is_wished(tmp_path: Path) -> None:
    for path in (tmp_path, *tmp_path.parents[:3]):
        path.chmod(0o711)  # PostgreSQL's own user must come through
    kept = tmp_path / "kept"
    try:
        with cluster_running(core=cores()[1], kept=kept) as first:
            first.create("one")
    except LeftOut as reason:
        pytest.skip(str(reason))
    with cluster_running(core=cores()[1], kept=kept) as second:
        assert second.has("one")
        pid = second.server.pid
    assert not Path(f"/proc/{pid}").exists()

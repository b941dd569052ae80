"""The examples in the client run."""

import doctest
import importlib
import pkgutil

import aboard
import aboard.client


def test_every_example_in_the_client_is_true() -> None:
    names = [module.name for module in pkgutil.iter_modules(aboard.client.__path__)]
    modules = [importlib.import_module(f"aboard.client.{name}") for name in names]
    results = [doctest.testmod(module) for module in (aboard, aboard.client, *modules)]
    assert sum(result.failed for result in results) == 0
    assert sum(result.attempted for result in results) >= 4

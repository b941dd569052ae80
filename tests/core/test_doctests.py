"""The examples in core run."""

import doctest
import importlib
import pkgutil

import aboard.core


def test_every_example_in_core_is_true() -> None:
    tried = 0
    for module in pkgutil.iter_modules(aboard.core.__path__, "aboard.core."):
        result = doctest.testmod(importlib.import_module(module.name))
        assert result.failed == 0, module.name
        tried += result.attempted
    assert tried >= 10

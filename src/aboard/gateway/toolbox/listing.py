"""Which tools are there for this caller, and how is each told?

Source: docs/gateway/tools.md; ADR-0029, the gateway.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from aboard.core.lending.callers import Borrower
from aboard.core.lending.catalogue import all_operations
from aboard.core.lending.operations import BodyKind, Operation
from aboard.core.lending.refusals import CallRefused
from aboard.core.lending.schemas import describe_arguments
from aboard.flows.lending.borrowing import permit
from aboard.flows.platform import Platform

UNDONE: Final = frozenset({"archive", "close", "delete", "disable", "reject", "reverse"})
"""What takes something away, besides what a verb says."""


def is_tool(operation: Operation) -> bool:
    """Say whether it can be called as a tool at all; files go by the proxy."""
    return operation.body is not BodyKind.MULTIPART


def may_use(platform: Platform, borrower: Borrower, operation: Operation) -> bool:
    """Say whether a caller could call this tool at this moment."""
    try:
        permit(platform, borrower, operation)
    except CallRefused:
        return False
    return is_tool(operation)


def usable_tools(platform: Platform, borrower: Borrower) -> Sequence[Operation]:
    """Return the tools that a caller could call at this moment."""
    return [each for each in all_operations() if may_use(platform, borrower, each)]


def summarize(operation: Operation, *, is_allowed: bool) -> dict[str, object]:
    """Return a tool as lists show it."""
    return {
        "namespace": operation.namespace,
        "operation": operation.name,
        "summary": operation.summary,
        "method": operation.method,
        "path": operation.path,
        "generation": operation.generation,
        "grant": operation.grant,
        "isWrite": operation.is_write,
        "isAllowed": is_allowed,
    }


def describe(operation: Operation, *, is_allowed: bool) -> dict[str, object]:
    """Return a tool with everything that it takes."""
    return {
        **summarize(operation, is_allowed=is_allowed),
        "description": operation.description,
        "answers": operation.answers,
        "permission": operation.permission,
        "inputSchema": describe_arguments(operation),
    }


def namespaces(operations: Sequence[Operation]) -> Iterator[dict[str, object]]:
    """Yield each namespace with its resource and its tools' names."""
    names: dict[str, list[Operation]] = {}
    for each in operations:
        names.setdefault(each.namespace, []).append(each)
    for namespace, found in names.items():
        yield {
            "namespace": namespace,
            "resource": found[0].resource,
            "operations": [each.name for each in found],
        }

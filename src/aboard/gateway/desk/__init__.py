"""Where an operator's own programs say who may borrow the key: an API over the flows of lending."""

from aboard.gateway.desk.answering import build_desk

__all__ = ["build_desk"]

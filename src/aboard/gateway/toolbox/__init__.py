"""Typed tools: every operation by its name and its arguments, over HTTP and over MCP.

A tool call goes through the same chain as any other call, so it is allowed, limited and written
down alike: one row.
"""

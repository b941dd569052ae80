"""The rules: pure, synchronous, on the standard library alone.

Nothing here waits, reads a clock, opens a file or knows a web framework. Source: ADR-0001, rooms.
"""

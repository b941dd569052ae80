"""Operations: whether a process is alive, ready and well, and its figures. Bare ASGI.

Source: ADR-0026, operations.
"""

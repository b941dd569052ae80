"""Lend Stripe's key to callers who never see it: who borrows, what is lent, what was called.

Source: ADR-0029, the gateway; ADR-0030, lent credentials.
"""

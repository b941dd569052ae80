"""Stripe's wire: how we ask, what it answers, what its refusals mean. Knows nothing of our product.

Source: ADR-0001, rooms; ADR-0004, the SDK's request layer.
"""

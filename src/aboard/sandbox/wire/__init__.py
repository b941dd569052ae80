"""Stripe's wire: keys, forms, errors, lists, idempotency. Knows nothing of accounts."""

"""Aboard: self-hosted Stripe Connect onboarding for platforms."""

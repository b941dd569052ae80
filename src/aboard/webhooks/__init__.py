"""What Stripe rings: the intake that writes events down, and the worker that looks."""

from aboard.webhooks.intake import build_webhooks
from aboard.webhooks.worker import run_worker

__all__ = ["build_webhooks", "run_worker"]

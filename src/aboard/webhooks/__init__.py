"""What Stripe rings: the intake that writes events down, and the worker that looks."""

from typing import Final

from aboard.webhooks.intake import ENDPOINTS, build_webhooks
from aboard.webhooks.kyc import KYC_PATH
from aboard.webhooks.worker import run_worker

WEBHOOK_PATHS: Final = frozenset({*ENDPOINTS, KYC_PATH})
"""Every path at which something may ring."""

__all__ = ["WEBHOOK_PATHS", "build_webhooks", "run_worker"]

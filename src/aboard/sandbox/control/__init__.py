"""Looking inside and moving things: everything under `/_sandbox/`.

Needs no key and belongs to the sandbox alone: Stripe has nothing like it. Parameters come as a
form, like Stripe's. Errors come in Stripe's envelope. No answer holds a key, a secret or a code.
"""

from aboard.sandbox.control.door import handle
from aboard.sandbox.control.table import CONTROLS

__all__ = ["CONTROLS", "handle"]

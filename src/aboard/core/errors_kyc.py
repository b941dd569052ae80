"""What can go wrong about knowing a creator, as facts: a branch of the tree in `core/errors.py`.

AboardError
├─ OwnerUnknown
│  └─ CreatorUnknown   whoever a check is about is no creator
├─ KycRequired         the platform does not know yet who the creator is (+ status)
├─ KycApproved         there is nothing to check
├─ KycRunning          a check is under way
└─ KycNotDecidable     there is no check to decide (+ status)
"""

from aboard.core.errors import AboardError, OwnerUnknown


class CreatorUnknown(OwnerUnknown):
    """Whoever a check of who they are is about is no creator."""

    code = "creator.unknown"


class KycRequired(AboardError):
    """The platform must know who the creator is before there is an account."""

    code = "kyc.required"

    def __init__(self, status: str) -> None:
        """Carry how the check stands."""
        super().__init__(f"the check of who this is stands at {status}")
        self.status = status


class KycApproved(AboardError):
    """The platform knows who the creator is; there is nothing to check."""

    code = "kyc.already_approved"


class KycRunning(AboardError):
    """A check of who the creator is, is under way."""

    code = "kyc.already_running"


class KycNotDecidable(AboardError):
    """There is no check that could be decided: none was begun, or none is asked for."""

    code = "kyc.not_decidable"

    def __init__(self, status: str) -> None:
        """Carry how the check stands."""
        super().__init__(f"no check to decide: {status}")
        self.status = status

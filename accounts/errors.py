"""What can go wrong with people; mapped to answers once, in ``rehab.api.errors`` and ``rehab.web.errors``."""


class InvitationUnusable(Exception):
    """The invitation does not exist, is used, withdrawn or expired; ``reason`` says which."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class AuditBroken(Exception):
    """The audit trail does not verify: a row was altered, removed or added outside the service."""

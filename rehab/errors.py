"""What can go wrong in the domain. Each kind is mapped to an answer once: ``rehab.api.errors`` and ``rehab.web``."""

from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one field; ``pointer`` is a JSON pointer (RFC 6901) into the document that was sent."""

    pointer: str
    code: str
    message: str | Promise

    def as_dict(self) -> dict[str, str]:
        return {**asdict(self), "message": str(self.message)}


class DomainError(Exception):
    """Base of every error that a user can bring about."""


@dataclass
class Invalid(DomainError):
    """The document cannot be true or cannot be understood."""

    problems: list[Problem] = field(default_factory=list)


@dataclass
class NeedsConfirmation(DomainError):
    """Possible but odd: send it again with ``confirm: true`` if it is right."""

    problems: list[Problem] = field(default_factory=list)


class NotFound(DomainError):
    """Not there, or not visible to this person; the answer is the same."""


class NotPermitted(DomainError):
    """Visible, but this person may not do that."""


class IdInUse(DomainError):
    """The id that the client chose already stands for other content."""


@dataclass
class VersionConflict(DomainError):
    """Somebody changed the record since it was read."""

    current: int


@dataclass
class NotCleared(DomainError):
    """A screening list that is not answered, or that an answer stands against; ``problems`` names each item."""

    problems: list[Problem] = field(default_factory=list)


class EnteredInError(DomainError):
    """A record that was marked entered in error is not changed any more."""


class AlreadyClosed(DomainError):
    """What was closed is not changed any more."""


def pointer_to(*parts: Any) -> str:
    """Return the JSON pointer of a path.

    >>> pointer_to("details", "channels", 0)
    '/details/channels/0'
    """
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)

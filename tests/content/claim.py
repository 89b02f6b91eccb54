"""A claim that a text must not make: its pattern, and how a text is searched for several."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_DENIAL = re.compile(
    r"\b(?:not|never|no|none|cannot|neither|nor|without|isn't|doesn't|don't|can't|won't|rather than|instead of)\b|"
    r"不|没|无法|未|并非|而非|绝非|否",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Claim:
    """``wrong``: a text that makes the claim; ``right``: a text on the same matter that does not."""

    name: str
    pattern: str
    wrong: str
    right: str
    can_be_denied: bool = True

    def made_in(self, text: str) -> Iterator[str]:
        """Yield the words of a text that make the claim; a sentence that denies it is not the claim."""
        plain = " ".join(text.split())
        for match in re.finditer(self.pattern, plain, re.IGNORECASE):
            before = re.split(r"[.!?。！？，]", plain[: match.start()])[-1][-25:]
            if not (self.can_be_denied and _DENIAL.search(before + match.group())):
                yield match.group()


def claims_in(text: str, claims: Iterable[Claim]) -> list[tuple[str, str]]:
    """Return the name of each claim that a text makes, with the words."""
    return [(claim.name, words) for claim in claims for words in claim.made_in(text)]

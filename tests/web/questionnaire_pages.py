"""Reading and filling the pages of questionnaires."""

import re
from typing import Any

from tests.conftest import Cast
from tests.questionnaires import answers

CRISIS = "You told us about thoughts of being better off dead"


def address(cast: Cast, instrument: str = "") -> str:
    return f"/patients/{cast.patient.pk}/questionnaires/" + (f"{instrument}/" if instrument else "")


def main_of(reply: Any) -> str:
    """Return what stands in the page's main part, in words."""
    text = reply.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def shown(reply: Any) -> dict[str, str]:
    """Return the hidden fields of a form."""
    names = "id|follows|version|emergency_number|crisis_line|page_language"
    return dict(re.findall(rf'<input type="hidden" name="({names})" value="([^"]*)"', reply.content.decode()))


def typed(instrument: str, *values: int | None) -> dict[str, str]:
    return {code: str(value) for code, value in answers(instrument, *values).items() if value is not None}


def crisis_is_shown(reply: Any) -> bool:
    """Whether the message stands outside of what the style sheet hides."""
    html = re.sub(r'<div class="crisis".*?</div>\s*</div>', "", reply.content.decode(), flags=re.DOTALL)
    return CRISIS in html

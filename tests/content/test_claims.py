"""No article claims what the brief calls wrong, or prescribes; the patterns themselves are tested with examples."""

import pytest

from content.documents import Article, OriginalFront, Text, TranslationFront, load_all
from content.rendering import plain, segments
from tests.content.claim import Claim, claims_in
from tests.content.claims import CLAIMS
from tests.content.prescriptions import PRESCRIPTIONS

ALL = (*CLAIMS, *PRESCRIPTIONS)

TEXTS = {f"{one.slug} {text.language}": (one, text) for one in load_all() for text in (one.original, one.translation)}


@pytest.mark.parametrize("claim", ALL, ids=lambda claim: claim.name)
def test_a_pattern_finds_the_claim_and_not_what_is_right(claim: Claim) -> None:
    assert claim.name in {name for name, _words in claims_in(claim.wrong, ALL)}
    assert claims_in(claim.right, ALL) == []


def test_a_claim_is_found_wherever_it_stands() -> None:
    for claim in ALL:
        around = f"Rest helps. {claim.wrong} 请看下一页。"
        assert claim.name in {name for name, _words in claims_in(around, ALL)}


@pytest.mark.parametrize(("one", "text"), TEXTS.values(), ids=TEXTS)
def test_no_article_makes_a_wrong_claim_or_prescribes(
    one: Article, text: Text[OriginalFront] | Text[TranslationFront]
) -> None:
    """Wrong options of the check are left out: they are there to be wrong, and the explanation says so."""
    front = text.front
    asked = [line for each in front.check for line in (each.options[each.correct], each.because)]
    words = [plain(piece.html) for piece in segments(text.markdown, slug=one.slug)]
    found = [
        claim for line in (front.title, front.answer, *front.keywords, *asked, *words) for claim in claims_in(line, ALL)
    ]
    assert found == []

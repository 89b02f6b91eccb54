"""A hundred hostile texts in a real browser: wherever they are typed, they are words and nothing else."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from urllib.parse import urlencode, urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Dialog, Page

from content.models import Article, ArticleText, SearchTerm
from content.rendering import segments
from rehab.models import ArticleQuestion
from rehab.selectors.library_reviews import version_of
from rehab.services import library, library_reviews
from tests.conftest import Cast
from tests.content.hostile import HOSTILE
from tests.content.test_inert import AROUND

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("library")]
PageAs = Callable[..., Page]
SLUG = "strength-training"
#: NUL is refused wherever something is typed, and PostgreSQL stores none.
TEXTS = [text.replace("\0", "") for text in HOSTILE]

_LOOK = """
(document) => {
  const found = [];
  const allowed = ["http:", "https:"];
  for (const each of document.querySelectorAll("main *")) {
    if (/^(script|iframe|object|embed|base|meta|link|style|math|template|video|audio)$/i.test(each.localName)) {
      found.push(each.outerHTML.slice(0, 200));
    }
    for (const {name, value} of each.attributes) {
      const leads = /^(href|src|action|formaction|xlink:href)$/.test(name) && !value.startsWith("#");
      if (/^on|^srcdoc$/.test(name) || (leads && !allowed.includes(new URL(value, document.baseURI).protocol))) {
        found.push(`${name}=${value}`);
      }
    }
  }
  return found;
}
"""
_OPEN = f"""
async (pages) => {{
  const look = {_LOOK};
  const found = [];
  for (const [path, html] of pages) {{
    const frame = document.createElement("iframe");
    frame.srcdoc = html ?? await (await fetch(path)).text();
    const loaded = new Promise((done) => frame.addEventListener("load", done));
    document.body.append(frame);
    await loaded;
    if (!frame.contentDocument.querySelector("main h1")) found.push(`${{path}}: no page`);
    found.push(...look(frame.contentDocument).map((fault) => `${{path}}: ${{fault}}`));
    frame.remove();
  }}
  return found;
}}
"""


class _Watched:
    """A page of somebody on which nothing may run or be fetched from elsewhere, whatever stands in it.

    Its policy for content, which would stop it too, is switched off.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.ran: list[str] = []
        page.on("dialog", self._note)
        page.on("request", lambda request: self._went(request.url))
        page.on("framenavigated", lambda frame: self._went(frame.url))

    def _note(self, dialog: Dialog) -> None:
        self.ran.append(dialog.message)
        dialog.dismiss()

    def _went(self, url: str) -> None:
        at = urlsplit(url)
        if at.scheme != "about" and at.hostname not in ("localhost", "127.0.0.1"):
            self.ran.append(url)

    def faults_on(self, path: str) -> list[str]:
        """Open a page by its address and return what is wrong on it."""
        self.page.goto(path)
        assert self.page.url.endswith(path)
        return [f"{path}: {fault}" for fault in self.page.evaluate(f"({_LOOK})(document)")]

    def faults_in(self, pages: list[tuple[str, str | None]]) -> list[str]:
        """Open many pages, by address or as HTML, in frames of the page that is open, and return what is wrong."""
        found: list[str] = self.page.evaluate(_OPEN, pages)
        return found


def _hostile_articles() -> list[str]:
    """Store an article for each hostile text: in its Markdown, title, answer, check, changes, sources and keywords."""
    today = timezone.now().date()
    slugs = [f"hostile-{number}" for number in range(len(TEXTS))]
    Article.objects.bulk_create(
        Article(
            slug=slug, category="mind-and-people", kind="guide", covers=["mind-and-people/work-society"], position=1,
            sources=[{"text": text, "url": None}],
        )
        for slug, text in zip(slugs, TEXTS, strict=True)
    )  # fmt: skip
    texts = ArticleText.objects.bulk_create(
        ArticleText(
            article_id=slug, language="en", title=f"Zq {text}"[:90], answer=text, keywords=[text],
            check_questions=[{"ask": text, "options": [text, text], "correct": 0, "because": text}] * 3,
            segments=[asdict(piece) for around in AROUND
                      for piece in segments(around.replace("{}", text), slug=slug)],
            version=1, updated_on=today, review_due_on=today, changes=[text], digest=slug,
        )
        for slug, text in zip(slugs, TEXTS, strict=True)
    )  # fmt: skip
    SearchTerm.objects.bulk_create(SearchTerm(text=text, term="zq", weight=1.0) for text in texts)
    return slugs


def _written(cast: Cast, now: datetime) -> str:
    """Write every hostile text as question, answer, note to the patient and note of a review; return what waits."""
    about = {"patient": str(cast.patient.pk), "article": SLUG}
    for i, text in enumerate(TEXTS):
        asked = library.ask({**about, "text": text}, language="en", by=cast.patient_user, now=now)
        if i:
            library.answer(asked.pk, {"text": text}, expected_version=1, by=cast.therapist, now=now)
    others = [slug for slug in _slugs() if slug != SLUG]
    notes = [" ".join(TEXTS[start : start + 4]) for start in range(0, len(TEXTS), 4)]
    for note, slug in zip(notes, [SLUG, *others], strict=False):
        given = {"patient": str(cast.patient.pk), "article": slug, "note": note}
        library.assign(given, language="en", by=cast.therapist, now=now)
        version = version_of(SLUG, language="en")
        step = {"article": SLUG, "language": "en", "text_version": version, "state": "in_review", "note": note}
        library_reviews.review(step, clinic_id=cast.clinic.pk, by=cast.admin, now=now)
    return str(ArticleQuestion.objects.get(answered_at__isnull=True).pk)


def _slugs() -> list[str]:
    listed = Article.objects.filter(is_listed=True, not_for=[]).exclude(slug__startswith="hostile")
    return list(listed.order_by("slug").values_list("slug", flat=True))


def test_the_watch_sees_what_runs(cast: Cast, page_as: PageAs) -> None:
    """Else the next test could not fail."""
    watched = _Watched(page_as(cast.patient_user))
    assert watched.faults_on("/learn/") == []
    assert watched.ran == []
    raw = "<script>alert('ran')</script><img src=x onerror=alert('loaded')><a href=javascript:x>x</a>"
    found = watched.faults_in([("raw", f"<main><h1>x</h1>{raw}</main>")])
    assert len(found) == 3
    assert set(watched.ran) == {"ran", "loaded"}
    watched.faults_in([("raw", "<main><h1>x</h1><img src='https://evil.example/x.svg'></main>")])
    assert "https://evil.example/x.svg" in watched.ran


def test_a_hundred_hostile_texts_are_words(cast: Cast, now: datetime, page_as: PageAs) -> None:
    """In Markdown, titles, search, questions, answers and notes: nothing runs or is fetched, nobody is led away."""
    slugs, waiting = _hostile_articles(), _written(cast, now)
    overview = f"/patients/{cast.patient.pk}/reading/"
    pages = {
        "patient_user": [f"/learn/{SLUG}/", overview, "/portal/", "/learn/topics/mind-and-people/", "/learn/?q=zq"],
        "therapist": [overview, "/dashboard/questions/", f"/questions/{waiting}/", f"{overview}give/"],
        "admin": [f"/clinic/{cast.clinic.pk}/library/{SLUG}/en/", f"/clinic/{cast.clinic.pk}/library/"],
    }
    for role, paths in pages.items():
        watched = _Watched(page_as(cast.user(role)))
        assert [fault for path in paths for fault in watched.faults_on(path)] == []
        assert watched.ran == [], role
        if role == "patient_user":
            framed = [f"/learn/{slug}/" for slug in slugs]
            framed += [f"/learn/?{urlencode({'q': text})}" for text in HOSTILE]
            assert watched.faults_in([(path, None) for path in framed]) == []
            assert watched.ran == []

"""The files of the library into the database: what changed is written, what is gone is no longer listed.

Running it again changes nothing and costs one statement. Everything is written in one transaction, so that readers
see the library as it was or as it is; of several processes that start at once one writes and the others find it done.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path

from django.db import IntegrityError, connection, transaction
from django.db.models import ForeignObjectRel

from content import rendering, search
from content.documents import ARTICLES, LANGUAGES, load_all
from content.documents import Article as Files
from content.models import Article, ArticleReview, ArticleText, SearchTerm
from content.renamed import RENAMED
from content.topics import CATEGORIES, TOPICS

#: Part of every digest: a change of how texts are rendered or found loads them all again.
RENDERING = "3"
_ORDER = {code: number for number, code in enumerate(TOPICS)}


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many texts were written, left as they were, and withdrawn."""

    written: int
    unchanged: int
    withdrawn: int


def load_library(root: Path = ARTICLES) -> Loaded:
    """Load every article under ``root``. ``ArticleError`` (nothing is changed) if any file is wrong."""
    files = load_all(root)
    digests = {
        (one.slug, text.language): _digest(one, text) for one in files for text in (one.original, one.translation)
    }
    if not any(_differences(digests)):
        return Loaded(0, len(digests), 0)
    with transaction.atomic():
        _wait_for_others()
        changed, withdrawn = _differences(digests)
        if changed or withdrawn:
            _write(files, digests=digests, withdrawn=withdrawn)
    return Loaded(len(changed), len(digests) - len(changed), len(withdrawn))


def _differences(digests: Mapping[tuple[str, str], str]) -> tuple[set[tuple[str, str]], set[str]]:
    """Return the texts that are not as in the database, and the slugs that are listed there and gone from the files."""
    listed = ArticleText.objects.filter(article__is_listed=True).order_by("article_id", "language")
    known = {
        (slug, language): digest for slug, language, digest in listed.values_list("article_id", "language", "digest")
    }
    changed = {key for key, digest in digests.items() if known.get(key) != digest}
    return changed, {slug for slug, _language in known} - {slug for slug, _language in digests}


def _wait_for_others() -> None:
    """Let one process load at a time, until the end of the transaction. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [SearchTerm._meta.db_table])


def _digest(files: Files, text: object) -> str:
    # Both languages stand on the shared front matter of the original, and on what is drawn.
    topics = [_names(code, language) for code in files.original.front.covers for language in LANGUAGES]
    return hashlib.sha256(repr((RENDERING, files.original.front, text, files.drawings, topics)).encode()).hexdigest()


def _names(topic: str, language: str) -> str:
    """Return what a topic is called, and its shelf: who asks why finds the shelf that says why."""
    return f"{CATEGORIES[topic.partition('/')[0]].name(language)}\n{TOPICS[topic].name(language)}"


def _write(files: Sequence[Files], *, digests: dict[tuple[str, str], str], withdrawn: set[str]) -> None:
    stood = set(Article.objects.order_by("slug").values_list("slug", flat=True))
    Article.objects.filter(slug__in=withdrawn).update(is_listed=False)
    articles, texts, searched = [], [], {}
    for one in files:
        front = one.original.front
        articles.append(
            Article(
                slug=one.slug,
                category=front.category,
                kind=front.kind,
                covers=list(front.covers),
                conditions=list(front.conditions),
                not_for=list(front.not_for),
                muscles=list(front.muscles),
                session_types=list(front.session_types),
                places=list(front.places),
                sources=[source.model_dump() for source in front.sources],
                drawings=list(one.drawings),
                position=min(_ORDER[topic] for topic in front.covers),
                is_listed=True,
            )
        )
        for text in (one.original, one.translation):
            written = text.front
            pieces = rendering.segments(text.markdown, slug=one.slug)
            row = ArticleText(
                article_id=one.slug,
                language=text.language,
                title=written.title,
                answer=written.answer,
                keywords=list(written.keywords),
                check_questions=[question.model_dump() for question in written.check],
                segments=[asdict(piece) for piece in pieces],
                version=written.version,
                of_version=getattr(written, "of_version", None),
                updated_on=written.updated,
                reviewed_by=written.review.by or "",
                reviewed_on=written.review.on,
                review_due_on=written.review.due,
                changes=list(written.changes),
                digest=digests[one.slug, text.language],
            )
            texts.append(row)
            searched[one.slug, text.language] = {
                "title": written.title,
                "keywords": "\n".join(written.keywords),
                "answer": written.answer,
                "topics": "\n".join(_names(code, text.language) for code in front.covers),
                "body": "\n".join(rendering.plain(piece.html) for piece in pieces if not piece.not_for),
            }
    Article.objects.bulk_create(
        articles, update_conflicts=True, unique_fields=["slug"], update_fields=_fields(Article, but={"slug"})
    )
    ArticleText.objects.bulk_create(
        texts,
        update_conflicts=True,
        unique_fields=["article", "language"],
        update_fields=_fields(ArticleText, but={"id", "article_id", "language"}),
    )
    _write_terms(searched)
    renamed = {old: new for old, new in RENAMED.items() if new in {one.slug for one in files}}
    _take_along(renamed, joined=stood & set(renamed.values()))


def _take_along(renamed: Mapping[str, str], *, joined: Collection[str]) -> None:
    """Give a renamed article what people did with it, and its reviews.

    Of two that were joined (``joined``: those that stood before) both keep what one person did with both; and no
    review is taken along, since it was of another text.
    """
    relations = Article._meta.get_fields(include_hidden=True)
    pointing = [each.field for each in relations if isinstance(each, ForeignObjectRel)]
    for (old, new), field in product(renamed.items(), pointing):
        if field.model is ArticleText or (field.model is ArticleReview and new in joined):
            continue
        rows = field.model._base_manager.filter(**{field.attname: old})
        try:
            with transaction.atomic():
                rows.update(**{field.attname: new})
        except IntegrityError:  # somebody did it with both: one by one, so that all the others are taken along
            for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
                with suppress(IntegrityError), transaction.atomic():
                    field.model._base_manager.filter(pk=pk).update(**{field.attname: new})


def _fields(model: type[Article] | type[ArticleText], *, but: set[str]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if field.attname not in but]


def _write_terms(searched: dict[tuple[str, str], dict[str, str]]) -> None:
    """Write all terms anew: how rare a word is depends on every text."""
    ids = {
        (slug, language): pk for pk, slug, language in ArticleText.objects.values_list("pk", "article_id", "language")
    }
    SearchTerm.objects.all().delete()
    for language in {language for _slug, language in searched}:
        texts = {key: fields for key, fields in searched.items() if key[1] == language}
        SearchTerm.objects.bulk_create(
            [
                SearchTerm(text_id=ids[key], term=term, weight=weight)
                for key, terms in search.weights(texts).items()
                for term, weight in terms.items()
                if len(term) <= 64
            ],
            batch_size=2000,
        )

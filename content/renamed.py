"""Addresses that articles had before: they stand on paper, in messages and in other systems, and go on working.

Whoever renames the folder of an article adds a line here. The loader takes along what people did with the article.
"""

#: Earlier slug: the slug that the article has now.
RENAMED: dict[str, str] = {}


def current(slug: str) -> str:
    """Return the slug under which an article stands now.

    >>> current("strength-training")
    'strength-training'
    """
    return RENAMED.get(slug, slug)

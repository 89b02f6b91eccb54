"""The description of the API: what the library makes of it, put together once."""

from typing import Any

import pytest
from django.test import Client, RequestFactory
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView

from rehab.api import description

YAML, JSON = "application/vnd.oai.openapi", "application/vnd.oai.openapi+json"


@pytest.mark.parametrize("accept", [YAML, JSON])
def test_it_is_what_the_library_answers(db: None, client: Client, accept: str) -> None:
    plain: Any = SpectacularAPIView.as_view(authentication_classes=[], permission_classes=[])
    expected = plain(RequestFactory().get("/api/openapi.yaml", headers={"accept": accept})).render()
    for _ in range(2):
        answer = client.get("/api/openapi.yaml", headers={"accept": accept})
        assert answer.status_code == 200
        assert answer.content == expected.content
        for name in ("Content-Type", "Content-Disposition"):
            assert answer[name] == expected[name]


def test_it_is_put_together_once_for_each_language(db: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    description.written.cache_clear()
    made = []
    parse = SchemaGenerator.parse

    def counted(generator: SchemaGenerator, *given: Any) -> Any:
        made.append(generator)
        return parse(generator, *given)

    monkeypatch.setattr(SchemaGenerator, "parse", counted)
    found = {
        language: {client.get("/api/openapi.yaml", headers={"accept-language": language}).content for _ in range(3)}
        for language in ("en", "zh-hans")
    }
    assert [len(each) for each in found.values()] == [1, 1]
    assert len(made) == 2

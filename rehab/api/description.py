"""The description of the API, as it is served."""

from functools import lru_cache
from typing import Any

from django.http import HttpResponse
from django.utils.encoding import force_bytes
from django.utils.translation import get_language
from drf_spectacular.views import SpectacularAPIView
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


@lru_cache(maxsize=16)
def written(media_type: str, version: str | None, language: str | None) -> bytes:
    """Return the description in a format; it takes a second of computing, and stays the same while the service runs."""
    described = SpectacularAPIView.generator_class(api_version=version).get_schema(request=None, public=True)
    renderer: Any = next(each for each in SpectacularAPIView.renderer_classes if each.media_type == media_type)
    content: Any = renderer().render(described)
    return force_bytes(content)


class Description(SpectacularAPIView):
    def _get_schema_response(self, request: Request) -> HttpResponse:
        version = self.api_version or request.version or self._get_version_parameter(request)
        renderer: BaseRenderer = request.accepted_renderer
        charset = f"; charset={renderer.charset}" if renderer.charset else ""
        return HttpResponse(
            written(renderer.media_type, version, get_language()),
            content_type=f"{renderer.media_type}{charset}",
            headers={"Content-Disposition": f'inline; filename="{self._get_filename(request, version)}"'},
        )

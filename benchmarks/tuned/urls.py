"""Readings of one series of one patient: whether the token may see the patient is checked, the rows are sent."""

import hashlib
from functools import lru_cache

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.urls import path
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from rehab.api.renderers import OrjsonRenderer

_READINGS = """
SELECT s.id, s.performed_on, s.performed_at, s.series_value, s.recorded_by_id
FROM rehab_strengthtest s
JOIN rehab_careteammember c ON c.patient_id = s.patient_id AND c.user_id = %s AND c.ended_at IS NULL
WHERE s.patient_id = %s AND s.series_key = %s AND s.series_value IS NOT NULL AND s.status <> 'entered_in_error'
ORDER BY s.performed_at, s.id
"""
_NAMES = ("id", "on", "at", "value", "rater")


@lru_cache(maxsize=1024)
def _user_of(token: str) -> User | None:
    digest = hashlib.sha512(token.encode()).hexdigest()
    return User.objects.raw(
        "SELECT u.* FROM accounts_user u JOIN knox_authtoken t ON t.user_id = u.id WHERE t.digest = %s", [digest]
    )[0]


class CachedToken(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User | AnonymousUser, None]:
        token = request.headers.get("Authorization", "").removeprefix("Token ")
        return _user_of(token) or AnonymousUser(), None


class Readings(APIView):
    authentication_classes = [CachedToken]
    permission_classes = [IsAuthenticated]
    renderer_classes = [OrjsonRenderer]

    def get(self, request: Request) -> Response:
        bound = [request.user.pk, request.query_params["patient"], request.query_params["key"]]
        with connection.cursor() as cursor:
            cursor.execute(_READINGS, bound)
            rows = cursor.fetchall()
        return Response({"results": [dict(zip(_NAMES, row, strict=True)) for row in rows]})


urlpatterns = [path("readings/", Readings.as_view())]

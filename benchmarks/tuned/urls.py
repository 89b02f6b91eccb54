"""Readings of one series of one patient: whether the token may see the patient is checked, the rows are sent."""

import hashlib
from functools import lru_cache

import orjson
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

_READINGS = """
SELECT s.id, s.performed_on, s.performed_at, s.series_value, s.recorded_by_id
FROM rehab_strengthtest s
JOIN rehab_careteammember c ON c.patient_id = s.patient_id AND c.user_id = %s AND c.ended_at IS NULL
WHERE s.patient_id = %s AND s.series_key = %s AND s.series_value IS NOT NULL AND s.status <> 'entered_in_error'
ORDER BY s.performed_at, s.id
"""


@lru_cache(maxsize=1024)
def _user_of(token: str) -> str | None:
    digest = hashlib.sha512(token.encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT user_id FROM knox_authtoken WHERE digest = %s", [digest])
        row = cursor.fetchone()
    return str(row[0]) if row else None


def readings(request: HttpRequest) -> HttpResponse:
    user = _user_of(request.headers.get("Authorization", "").removeprefix("Token "))
    if user is None:
        return HttpResponse(status=401)
    with connection.cursor() as cursor:
        cursor.execute(_READINGS, [user, request.GET["patient"], request.GET["key"]])
        rows = cursor.fetchall()
    found = [{"id": row[0], "on": row[1], "at": row[2], "value": row[3], "rater": row[4]} for row in rows]
    return HttpResponse(orjson.dumps({"results": found}), content_type="application/json")


urlpatterns = [path("readings/", readings)]

"""Reading the pages of the library, and acting on them."""

from typing import Any
from typing import cast as cast_to

from django.http import HttpResponse
from django.test import Client

from rehab.models import Patient

SLUG = "strength-training"
PAGE = f"/learn/{SLUG}/"


def html(answer: Any) -> str:
    content: bytes = answer.content
    return content.decode()


def post(client: Client, path: str, **data: str) -> HttpResponse:
    answer: Any = client.post(path, data)
    return cast_to(HttpResponse, answer)


def condition(patient: Patient, *codes: str) -> None:
    Patient.objects.filter(pk=patient.pk).update(conditions=list(codes))

"""One ModelViewSet over strength tests: token, patient check by the serializer, insert. No version, no audit."""

from typing import Any

from django.db.models import QuerySet
from django.urls import include, path
from rest_framework import routers, serializers, viewsets
from rest_framework.serializers import BaseSerializer

from rehab.models import StrengthTest


class StrengthSerializer(serializers.ModelSerializer[StrengthTest]):
    class Meta:
        model = StrengthTest
        fields = [
            "id", "patient", "performed_at", "performed_on", "source", "status", "version", "note", "details",
            "derived", "confirmed", "side", "series_key", "series_value", "muscle", "method", "test_status",
            "force_newtons", "torque_newton_metres", "created_at", "updated_at", "recorded_by",
        ]  # fmt: skip
        read_only_fields = ["recorded_by"]


class StrengthViewSet(viewsets.ModelViewSet[StrengthTest]):
    serializer_class = StrengthSerializer

    def get_queryset(self) -> QuerySet[StrengthTest]:
        found = StrengthTest.objects.order_by("-performed_at", "-id")
        if patient := self.request.query_params.get("patient"):
            found = found.filter(patient_id=patient)
        return found

    def perform_create(self, serializer: BaseSerializer[Any]) -> None:
        serializer.save(recorded_by=self.request.user, created_digest="")


router = routers.DefaultRouter()
router.register("strength", StrengthViewSet, basename="stock-strength")
urlpatterns = [path("", include(router.urls))]

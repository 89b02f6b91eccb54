"""The address of the texts and rules that a clinic signs off."""

from django.urls import path

from rehab.web.wording import views

urlpatterns = [path("clinic/<uuid:clinic_id>/wording/", views.wording, name="clinic-wording")]

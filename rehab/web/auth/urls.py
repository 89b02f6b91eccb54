"""Addresses of coming in and of preferences."""

from django.urls import path

from rehab.web.auth import invitations, preferences, summaries, views

urlpatterns = [
    path("clinics/new/", views.clinic_new, name="clinic-new"),
    path("language/", views.set_language, name="set_language_preference"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("preferences/summaries/", summaries.choose, name="preferences-summaries"),
    path("unsubscribe/<uuid:key>/<str:choice>/", summaries.unsubscribe, name="unsubscribe"),
    path("preferences/tokens/", preferences.token_create, name="token-create"),
    path("preferences/tokens/<str:token_key>/revoke/", preferences.token_revoke, name="token-revoke"),
]

"""The addresses of goals."""

from django.urls import path

from rehab.web.goals import views

urlpatterns = [
    path("patients/<uuid:patient_id>/goals/", views.goals, name="goals"),
    path("patients/<uuid:patient_id>/goals/new/", views.goal_new, name="goal-new"),
    path("goals/<uuid:goal_id>/edit/", views.goal_edit, name="goal-edit"),
    path("goals/<uuid:goal_id>/review/", views.goal_review, name="goal-review"),
    path("goals/<uuid:goal_id>/close/", views.goal_close, name="goal-close"),
]

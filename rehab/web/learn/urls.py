"""The addresses of the learning library. Articles keep theirs: they stand on paper and in other systems."""

from django.urls import path

from rehab.web.learn import acting, clinic, reading, views

urlpatterns = [
    path("learn/", views.index, name="learn"),
    path("learn/topics/<slug:category>/", views.category, name="learn-category"),
    path("learn/topics/<slug:category>/<slug:topic>/", views.topic, name="learn-topic"),
    path("learn/<slug:slug>/", views.article, name="learn-article"),
    path("learn/<slug:slug>/<slug:name>.svg", views.drawing, name="learn-drawing"),
    path("learn/<slug:slug>/read/", acting.read, name="learn-read"),
    path("learn/<slug:slug>/helped/", acting.helped, name="learn-helped"),
    path("learn/<slug:slug>/check/", acting.check, name="learn-check"),
    path("learn/<slug:slug>/ask/", acting.ask, name="learn-ask"),
    path("learn/<slug:slug>/give/", reading.give_article, name="learn-give"),
    path("patients/<uuid:patient_id>/reading/", reading.overview, name="reading"),
    path("patients/<uuid:patient_id>/reading/give/", reading.give, name="reading-give"),
    path("reading/<uuid:assignment_id>/end/", reading.end, name="assignment-end"),
    path("dashboard/questions/", reading.questions, name="questions"),
    path("questions/<uuid:question_id>/", reading.question, name="question"),
    path("clinic/<uuid:clinic_id>/library/", clinic.shelves, name="clinic-library"),
    path("clinic/<uuid:clinic_id>/library/<slug:slug>/<slug:language>/", clinic.text, name="clinic-article"),
]

"""Evidence: the photos of a case."""

from django.urls import path

from aftersales.views.disputes import evidence

urlpatterns = [
    path("cases/<case:number>/evidence/<int:pk>/", evidence.photo, name="case-photo"),
]

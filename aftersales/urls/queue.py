"""Addresses of the queue of cases."""

from django.urls import path

from aftersales.views import queue

urlpatterns = [
    path("cases/", queue.cases, name="cases"),
    path("cases/claim/", queue.claim, name="case-claim"),
]

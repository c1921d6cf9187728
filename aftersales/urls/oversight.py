"""The supervisor's numbers, what could not be done by itself, and outages."""

from django.urls import path

from aftersales.views.oversight import dashboard, failed_jobs

urlpatterns = [
    path("now/", dashboard.now, name="now"),
    path("trouble/", failed_jobs.desk, name="trouble"),
    path("trouble/outage/", failed_jobs.outage, name="trouble-outage"),
    path("trouble/<slug:kind>/<int:pk>/", failed_jobs.again, name="trouble-again"),
]

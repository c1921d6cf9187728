"""The supervisor's numbers."""

from django.urls import path

from aftersales.views import now

urlpatterns = [path("now/", now.now, name="now")]

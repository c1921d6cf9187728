"""The supervisor's numbers."""

from django.urls import path

from aftersales.views.oversight import dashboard

urlpatterns = [path("now/", dashboard.now, name="now")]

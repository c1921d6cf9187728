"""The palette."""

from django.urls import path

from aftersales.views.console import palette

urlpatterns = [path("palette/", palette.show, name="palette")]

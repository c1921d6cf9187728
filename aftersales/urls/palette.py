"""The palette."""

from django.urls import path

from aftersales.views import palette

urlpatterns = [path("palette/", palette.show, name="palette")]

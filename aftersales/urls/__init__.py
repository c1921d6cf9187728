"""Addresses of the console, one module per area."""

from importlib import import_module
from importlib.util import find_spec

from django.urls import include, path

app_name = "aftersales"
AREAS = ("queue", "cases", "orders", "warehouse", "finance", "now", "imports", "rules")

urlpatterns = [
    path("", include(import_module(f"aftersales.urls.{area}"))) for area in AREAS if find_spec(f"aftersales.urls.{area}")
]

"""Imports of orders."""

from django.urls import path

from aftersales.views.imports import order_imports

urlpatterns = [
    path("imports/", order_imports.listing, name="imports"),
    path("imports/<int:pk>/", order_imports.detail, name="import"),
    path("imports/<int:pk>/start/", order_imports.start, name="import-start"),
    path("imports/<int:pk>/rejected.csv", order_imports.rejected, name="import-rejected"),
]

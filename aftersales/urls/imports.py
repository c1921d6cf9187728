"""Imports of orders."""

from django.urls import path

from aftersales.views import imports

urlpatterns = [
    path("imports/", imports.listing, name="imports"),
    path("imports/<int:pk>/", imports.detail, name="import"),
    path("imports/<int:pk>/start/", imports.start, name="import-start"),
    path("imports/<int:pk>/rejected.csv", imports.rejected, name="import-rejected"),
]

"""Addresses of the console, one module per area; those of accounts stand outside, without a namespace."""

from django.urls import include, path

app_name = "aftersales"

urlpatterns = [
    path("", include("aftersales.urls.cases")),  # first: it registers the converter of case numbers
    path("", include("aftersales.urls.console")),
    path("", include("aftersales.urls.orders")),
    path("", include("aftersales.urls.returns")),
    path("", include("aftersales.urls.replacements")),
    path("", include("aftersales.urls.parcels")),
    path("", include("aftersales.urls.refunds")),
    path("", include("aftersales.urls.oversight")),
    path("", include("aftersales.urls.imports")),
    path("", include("aftersales.urls.policies")),
    path("", include("aftersales.urls.conversation")),
]

"""Addresses of the console, one module per area; those of accounts stand outside, without a namespace."""

from django.urls import include, path

app_name = "aftersales"

urlpatterns = [
    path("", include("aftersales.urls.palette")),
    path("", include("aftersales.urls.queue")),
    path("", include("aftersales.urls.cases")),
    path("", include("aftersales.urls.live")),
    path("", include("aftersales.urls.orders")),
    path("", include("aftersales.urls.warehouse")),
    path("", include("aftersales.urls.stock")),
    path("", include("aftersales.urls.parcels")),
    path("", include("aftersales.urls.finance")),
    path("", include("aftersales.urls.now")),
    path("", include("aftersales.urls.imports")),
    path("", include("aftersales.urls.rules")),
    path("", include("aftersales.urls.tools")),
]

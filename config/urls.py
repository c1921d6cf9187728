"""Every address of the site, by app."""

from django.contrib import admin
from django.urls import include, path

from config.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("healthz/", healthz),
    path("admin/", admin.site.urls),
    path("", include("aftersales.urls.account")),
    path("", include("aftersales.urls")),
]

handler403 = "aftersales.views.failures.denied"

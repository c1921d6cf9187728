"""Every address of the site, by app."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from config.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("healthz/", healthz),
    # browsers ask for it on pages whose head is not ours, such as the admin's
    path("favicon.ico", RedirectView.as_view(url=f"{settings.STATIC_URL}icon.svg")),
    # one login for all: that of the admin would not ask for the second factor
    path("admin/login/", RedirectView.as_view(pattern_name="login", query_string=True)),
    path("admin/", admin.site.urls),
    path("carriers/", include("logistics.urls")),
    path("", include("aftersales.urls.people")),
    path("", include("aftersales.urls")),
]

handler403 = "aftersales.views.error_pages.denied"

"""Addresses of the console, one module for each noun; those of accounts stand outside, without a namespace."""

from django.urls import include, path, register_converter

from aftersales.urls.converters import CaseNumber

app_name = "aftersales"

# Before the modules below are loaded: their patterns say `<case:number>`.
register_converter(CaseNumber, "case")

urlpatterns = [
    path("", include("aftersales.urls.console")),
    path("", include("aftersales.urls.cases")),
    path("", include("aftersales.urls.conversation")),
    path("", include("aftersales.urls.orders")),
    path("", include("aftersales.urls.returns")),
    path("", include("aftersales.urls.replacements")),
    # Before the refunds, whose numbers could be any word.
    path("", include("aftersales.urls.disputes")),
    path("", include("aftersales.urls.refunds")),
    path("", include("aftersales.urls.oversight")),
    path("", include("aftersales.urls.imports")),
    path("", include("aftersales.urls.policies")),
]

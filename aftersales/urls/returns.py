"""Goods that come back: found, received, inspected."""

from django.urls import path

from aftersales.views.returns import warehouse

urlpatterns = [
    path("warehouse/", warehouse.desk, name="warehouse"),
    path("warehouse/<case:number>/", warehouse.case, name="warehouse-case"),
    path("warehouse/<case:number>/receive/", warehouse.receive, name="warehouse-receive"),
    path("warehouse/<case:number>/inspect/", warehouse.inspect, name="warehouse-inspect"),
    path("warehouse/<case:number>/preview/", warehouse.preview, name="warehouse-preview"),
]

"""Goods that come back: received, inspected, without a case, or not heard of."""

from django.urls import path

from aftersales.views.returns import (
    goods_owed,
    labels,
    return_freight,
    stuck_parcels,
    unidentified_parcels,
    warehouse,
    warehouse_cases,
)

urlpatterns = [
    path("cases/<case:number>/label/", labels.label, name="case-label"),
    path("cases/<case:number>/return-freight/", return_freight.claim, name="case-return-freight"),
    path("warehouse/", warehouse.desk, name="warehouse"),
    path("warehouse/goods/", goods_owed.lists, name="goods-owed-list"),
    path("warehouse/goods/<int:pk>/", goods_owed.goods, name="goods-owed"),
    path("warehouse/goods/<int:pk>/<slug:act>/", goods_owed.act, name="goods-owed-act"),
    path("warehouse/<case:number>/", warehouse_cases.case, name="warehouse-case"),
    path("warehouse/<case:number>/receive/", warehouse_cases.receive, name="warehouse-receive"),
    path("warehouse/<case:number>/aside/", goods_owed.aside, name="warehouse-aside"),
    path("warehouse/<case:number>/inspect/", warehouse_cases.inspect, name="warehouse-inspect"),
    path("warehouse/<case:number>/preview/", warehouse_cases.preview, name="warehouse-preview"),
    path("warehouse/parcels/", unidentified_parcels.parcels, name="parcels"),
    path("warehouse/parcels/new/", unidentified_parcels.record, name="parcel-record"),
    path("warehouse/parcels/<int:pk>/", unidentified_parcels.parcel, name="parcel"),
    path("warehouse/parcels/<int:pk>/photos/<int:photo_pk>/", unidentified_parcels.photo, name="parcel-photo"),
    path("warehouse/parcels/<int:pk>/<slug:act>/", unidentified_parcels.settle, name="parcel-settle"),
    path("parcels/stuck/", stuck_parcels.parcels, name="stuck"),
]

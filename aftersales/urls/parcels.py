"""Parcels without a case, and those of which nobody hears."""

from django.urls import path

from aftersales.views import stuck, unannounced

urlpatterns = [
    path("parcels/stuck/", stuck.parcels, name="stuck"),
    path("warehouse/parcels/", unannounced.parcels, name="parcels"),
    path("warehouse/parcels/new/", unannounced.record, name="parcel-record"),
    path("warehouse/parcels/<int:pk>/", unannounced.parcel, name="parcel"),
    path("warehouse/parcels/<int:pk>/photos/<int:photo_pk>/", unannounced.photo, name="parcel-photo"),
    path("warehouse/parcels/<int:pk>/<slug:act>/", unannounced.settle, name="parcel-settle"),
]

"""Parcels without a case, and those of which nobody hears."""

from django.urls import path

from aftersales.views.returns import stuck_parcels, unidentified_parcels

urlpatterns = [
    path("parcels/stuck/", stuck_parcels.parcels, name="stuck"),
    path("warehouse/parcels/", unidentified_parcels.parcels, name="parcels"),
    path("warehouse/parcels/new/", unidentified_parcels.record, name="parcel-record"),
    path("warehouse/parcels/<int:pk>/", unidentified_parcels.parcel, name="parcel"),
    path("warehouse/parcels/<int:pk>/photos/<int:photo_pk>/", unidentified_parcels.photo, name="parcel-photo"),
    path("warehouse/parcels/<int:pk>/<slug:act>/", unidentified_parcels.settle, name="parcel-settle"),
]

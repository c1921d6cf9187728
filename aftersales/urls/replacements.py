"""Stock: what came back, what lies on the shelf."""

from django.urls import path

from aftersales.views.replacements import stock

urlpatterns = [
    path("warehouse/stock/", stock.came_back, name="stock"),
    path("warehouse/stock/export/", stock.export, name="stock-export"),
    path("warehouse/stock/shelf/", stock.shelf, name="stock-shelf"),
    path("warehouse/stock/count/", stock.count, name="stock-count"),
    path("warehouse/stock/<int:pk>/", stock.item, name="stock-item"),
]

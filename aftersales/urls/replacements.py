"""Stock: what came back, what lies on the shelf."""

from django.urls import path

from aftersales.views.replacements import stock, stock_items

urlpatterns = [
    path("warehouse/stock/", stock.came_back, name="stock"),
    path("warehouse/stock/export/", stock.export, name="stock-export"),
    path("warehouse/stock/shelf/", stock_items.shelf, name="stock-shelf"),
    path("warehouse/stock/count/", stock_items.count, name="stock-count"),
    path("warehouse/stock/<int:pk>/", stock_items.item, name="stock-item"),
]

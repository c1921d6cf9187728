"""Addresses of orders; the number of an order may hold any sign, a slash too."""

from django.urls import path

from aftersales.views.cases import applications
from aftersales.views.orders import exclusions, goods, invoice_headers, opened_windows, order_pages

urlpatterns = [
    path("orders/", order_pages.orders, name="orders"),
    path("orders/<path:number>/apply/", applications.apply, name="order-apply"),
    path("orders/<path:number>/invoice/", invoice_headers.header, name="order-invoice"),
    path("orders/<path:number>/confirmed/", exclusions.confirmed, name="order-confirmed"),
    path("orders/<path:number>/window/", opened_windows.opened, name="order-window"),
    path("orders/<path:number>/goods/photos/<int:pk>/", goods.photo, name="order-goods-photo"),
    path("orders/<path:number>/goods/", goods.told, name="order-goods"),
    path("orders/<path:number>/", order_pages.order, name="order"),
]

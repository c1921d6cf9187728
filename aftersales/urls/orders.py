"""Addresses of orders; the number of an order may hold any sign, a slash too."""

from django.urls import path

from aftersales.views import applying, orders

urlpatterns = [
    path("orders/", orders.orders, name="orders"),
    path("orders/<path:number>/apply/", applying.apply, name="order-apply"),
    path("orders/<path:number>/", orders.order, name="order"),
]

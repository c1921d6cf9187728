"""The files of Olist's folder, and its words for a status and a tender."""

from typing import Final

from orders.importers.reading.layouts import Layout, optional, required
from orders.models.order import OrderStatus
from orders.models.payment import Method

ORDERS = Layout(
    "orders",
    "olist_orders_dataset",
    (
        required("number", "order_id"),
        required("customer", "customer_id"),
        required("status", "order_status"),
        required("ordered_at", "order_purchase_timestamp"),
        required("paid_at", "order_approved_at"),
        required("shipped_at", "order_delivered_carrier_date"),
        required("signed_at", "order_delivered_customer_date"),
        required("promised_at", "order_estimated_delivery_date"),
    ),
)
ITEMS = Layout(
    "items",
    "olist_order_items_dataset",
    (
        required("number", "order_id"),
        required("item", "order_item_id"),
        required("product", "product_id"),
        required("seller", "seller_id"),
        optional("ship_by", "shipping_limit_date"),
        required("price"),
        required("freight", "freight_value"),
    ),
)
PAYMENTS = Layout(
    "payments",
    "olist_order_payments_dataset",
    (
        required("number", "order_id"),
        required("sequence", "payment_sequential"),
        required("method", "payment_type"),
        optional("installments", "payment_installments"),
        required("value", "payment_value"),
    ),
)
CUSTOMERS = Layout(
    "customers",
    "olist_customers_dataset",
    (
        required("customer", "customer_id"),
        required("person", "customer_unique_id"),
        optional("zip", "customer_zip_code_prefix"),
        optional("city", "customer_city"),
        optional("state", "customer_state"),
    ),
)
PRODUCTS = Layout(
    "products",
    "olist_products_dataset",
    (required("product", "product_id"), required("category", "product_category_name")),
    is_optional=True,
)
SELLERS = Layout(
    "sellers",
    "olist_sellers_dataset",
    (required("seller", "seller_id"), required("city", "seller_city"), required("state", "seller_state")),
    is_optional=True,
)
CATEGORIES = Layout(
    "categories",
    "product_category_name_translation",
    (required("category", "product_category_name"), required("english", "product_category_name_english")),
    is_optional=True,
)

STATUSES: Final = {
    "created": OrderStatus.PLACED,
    "approved": OrderStatus.PAID,
    "processing": OrderStatus.PAID,
    "invoiced": OrderStatus.PAID,
    "shipped": OrderStatus.SHIPPED,
    "delivered": OrderStatus.SIGNED,
    "unavailable": OrderStatus.CANCELLED,
    "canceled": OrderStatus.CANCELLED,
}
METHODS: Final = {
    "credit_card": Method.CARD,
    "debit_card": Method.CARD,
    "boleto": Method.BANK_SLIP,
    "voucher": Method.VOUCHER,
    "not_defined": Method.OTHER,
}

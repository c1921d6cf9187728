"""Orders in the admin: merchants are edited, facts are read."""

from django.contrib import admin
from unfold.admin import ModelAdmin, TabularInline

from orders.models import Buyer, Entry, ImportRun, Merchant, Order, OrderLine, Payment, Posting
from orders.readonly import ReadOnlyAdmin


@admin.register(Merchant)
class MerchantAdmin(ModelAdmin):
    """Shops: their name, their mail, whether they sell."""

    list_display = ("name", "code", "source", "email", "calendar", "is_active")
    list_filter = ("is_active", "source", "calendar")
    list_select_related = ("calendar",)
    search_fields = ("name", "code")


class LineInline(TabularInline):
    """Lines of an order."""

    model = OrderLine
    extra = 0
    can_delete = False
    fields = (
        "title",
        "quantity",
        "paid_amount",
        "units_reserved",
        "units_settled",
        "amount_reserved",
        "amount_settled",
    )
    readonly_fields = fields


class PaymentInline(TabularInline):
    """Payments of an order."""

    model = Payment
    extra = 0
    can_delete = False
    fields = ("method", "captured", "reserved", "settled", "elsewhere", "reference")
    readonly_fields = fields


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    """Orders as their source told them, without the personal data of the receiver."""

    list_display = ("number", "merchant", "status", "currency", "paid_amount", "ordered_at")
    list_filter = ("source", "status")
    list_select_related = ("merchant",)
    search_fields = ("number", "external_number")
    exclude = (
        "receiver_name", "receiver_phone", "receiver_region", "receiver_address", "receiver_postcode", "phone_tail",
        "buyer_note",
    )  # fmt: skip
    inlines = (LineInline, PaymentInline)


@admin.register(Buyer)
class BuyerAdmin(ReadOnlyAdmin):
    """Buyers, without their personal data."""

    list_display = ("external_id", "source", "level")
    list_filter = ("source", "level")
    search_fields = ("external_id",)
    exclude = ("phone", "phone_tail", "email", "name")


class PostingInline(TabularInline):
    """Postings of an entry."""

    model = Posting
    extra = 0
    can_delete = False
    fields = ("account", "merchant", "currency", "amount")
    readonly_fields = fields


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    """Entries of the books."""

    list_display = ("posted_at", "kind", "reference")
    list_filter = ("kind",)
    search_fields = ("reference",)
    inlines = (PostingInline,)


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdmin):
    """What was imported when."""

    list_display = ("pk", "source", "merchant", "status", "read_count", "created_count", "rejected_count", "created_at")
    list_filter = ("source", "status")
    list_select_related = ("merchant",)

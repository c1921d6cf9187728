"""Parcels are read; return addresses are edited."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from unfold.admin import ModelAdmin, TabularInline

from logistics.forms import ReturnAddressForm
from logistics.models import CarrierMessage, Parcel, ParcelEvent, Pickup, ReturnAddress, Subscription
from orders.readonly import ReadOnlyAdmin


@admin.register(ReturnAddress)
class ReturnAddressAdmin(ModelAdmin):
    """Addresses to which goods go back."""

    form = ReturnAddressForm
    list_display = ("label", "merchant", "region", "takes", "is_default", "is_active")
    list_filter = ("is_active", "is_default")
    list_select_related = ("merchant",)
    search_fields = ("label", "merchant__name", "categories")

    @admin.display(description=_("categories"))
    def takes(self, address: ReturnAddress) -> str:
        """The categories as one text."""
        return pgettext("between words", ", ").join(address.categories)


class ParcelEventInline(TabularInline):
    """The scans of a parcel."""

    model = ParcelEvent
    extra = 0
    can_delete = False
    fields = ("happened_at", "status", "is_problem", "text", "place", "recorded_by")
    readonly_fields = fields


@admin.register(Parcel)
class ParcelAdmin(ReadOnlyAdmin):
    """Parcels with their scans."""

    list_display = ("waybill", "carrier", "direction", "status", "merchant", "created_at")
    list_filter = ("direction", "status")
    list_select_related = ("merchant",)
    search_fields = ("waybill",)
    inlines = (ParcelEventInline,)


@admin.register(CarrierMessage)
class CarrierMessageAdmin(ReadOnlyAdmin):
    """Messages of carriers, without their raw bytes, which stay in the database."""

    list_display = ("received_at", "source", "account", "event_id", "status", "tries")
    list_filter = ("source", "status")
    search_fields = ("event_id",)
    exclude = ("raw",)


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnlyAdmin):
    """Subscriptions to parcels."""

    list_display = ("parcel", "source", "account", "status", "tries", "created_at")
    list_filter = ("source", "status")
    list_select_related = ("parcel",)
    search_fields = ("parcel__waybill",)


@admin.register(Pickup)
class PickupAdmin(ReadOnlyAdmin):
    """Pickups at the door, without the contact of the buyer."""

    list_display = ("reference", "carrier", "status", "window_from", "todo", "tries", "billed_amount")
    list_filter = ("status", "todo", "source")
    search_fields = ("reference", "external_id")
    exclude = ("sender_name", "sender_phone", "sender_region", "sender_address")

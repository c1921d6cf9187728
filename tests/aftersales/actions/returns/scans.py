"""Parcels of an order, and scans of them as a carrier reports them."""

from logistics.carriers.base import ReportedScan
from logistics.models import Parcel
from logistics.models.parcel import ParcelStatus
from logistics.parcels import tracking as parcels
from tests.aftersales.stages import HOUR
from tests.factories import NOON


def sent(order, waybill="OUT1", direction="outbound"):
    return Parcel.objects.create(
        merchant=order.merchant, order=order, direction=direction, carrier="SF", waybill=waybill
    )


def reported(parcel, status, at=NOON + HOUR, received_at=None):
    scan = ReportedScan(parcel.waybill, ParcelStatus(status), at)
    parcels.record_reported(parcel.pk, [scan], at=received_at or at, recorded_by="kuaidi100")

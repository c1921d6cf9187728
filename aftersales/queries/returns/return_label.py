"""What a return label needs to know of a case."""

from aftersales.models import Case
from aftersales.queries.visibility import TAKING_IN
from logistics.models import Parcel
from logistics.models.parcel import UNDER_WAY


def is_due(case: Case) -> bool:
    """Whether goods are to come back, and their address is known."""
    return case.return_address_id is not None and case.status in TAKING_IN


def parcel_of(case: Case) -> Parcel | None:
    """The latest parcel on its way back, or None."""
    return Parcel.objects.filter(return_cases__case=case, status__in=UNDER_WAY).order_by("-pk").first()

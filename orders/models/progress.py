"""How far an order has come: the dates that are told, who told those of its goods, and what follows from them."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models import goods
from orders.models.goods import OrderStatus


class Progress(models.Model):
    """Something that is ordered, leaves and arrives; the constraints `goods.names_source` stand with its table."""

    status = models.CharField(_("status"), max_length=20, choices=OrderStatus, default=OrderStatus.PLACED)
    ordered_at = models.DateTimeField(_("ordered at"))
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    promised_ship_at = models.DateTimeField(_("shipment promised by"), null=True, blank=True)
    shipped_at = models.DateTimeField(_("shipped at"), null=True, blank=True)
    shipped_told_by = goods.DatedByField(_("shipment dated by"))
    promised_at = models.DateTimeField(_("delivery promised by"), null=True, blank=True)
    signed_at = models.DateTimeField(_("signed for at"), null=True, blank=True)
    signed_told_by = goods.DatedByField(_("signature dated by"))
    # When a carrier or a person last said where the goods are, whatever they said.
    goods_told_at = models.DateTimeField(_("goods last heard of"), null=True, blank=True)
    completed_at = models.DateTimeField(_("completed at"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)

    # What the source said last: older files and files that say the same change nothing (ADR 11).
    facts_as_of = models.DateTimeField(_("facts as of"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_cancelled(self) -> bool:
        """Whether nothing of it goes out any more."""
        return self.status == OrderStatus.CANCELLED

    @property
    def dispatched(self) -> goods.Told | None:
        """When the goods left and what tells it; a status tells it as well as a date."""
        return goods.dispatched(self._told)

    @property
    def delivered(self) -> goods.Told | None:
        """When the goods arrived and what tells it; a status tells it as well as a date."""
        return goods.delivered(self._told)

    def is_silent(self, at: datetime) -> bool:
        """Whether it is not known where the goods are: they have not arrived, and nobody has said for too long."""
        told = self._told
        return goods.is_unknown(told, max(told.last, self.goods_told_at or told.last), at)

    @property
    def _told(self) -> goods.Moments:
        moments = (self.facts_as_of, self.ordered_at, self.paid_at, self.shipped_at, self.completed_at)
        return goods.Moments(
            self.status,
            self.shipped_at,
            self.signed_at,
            self.completed_at,
            last=max(at for at in moments if at),
            shipped_told_by=self.shipped_told_by,
            signed_told_by=self.signed_told_by,
        )

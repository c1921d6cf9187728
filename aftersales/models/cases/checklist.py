"""Steps of a procedure that somebody has ticked off."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftersales.models.cases.case import Case
from aftersales.models.people.staff import User
from aftersales.models.policies.reason import Reason


class StepDone(models.Model):
    """A step of the procedure of a reason, done for a case; a step is known by its English words."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="steps_done", verbose_name=_("case"))
    reason = models.ForeignKey(Reason, models.PROTECT, related_name="+", verbose_name=_("reason"))
    step = models.TextField(_("step"), max_length=500)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    done_at = models.DateTimeField(_("done at"))

    class Meta:
        verbose_name = _("step done")
        verbose_name_plural = _("steps done")
        constraints = [models.UniqueConstraint(fields=["case", "reason", "step"], name="step_done_once")]

    def __str__(self) -> str:
        return self.step[:60]

"""A finding about fault: what was presumed by the reason is known now, and who pays for what follows it."""

from aftersales.actions.refunds import freight
from aftersales.models import Case
from aftersales.rules.vocabulary import Fault


def replace(case: Case, liable: Fault) -> None:
    """Let a finding stand in place of the reason's fault; the caller saves."""
    case.liable_party = liable
    freight.renew(case)


def forget(case: Case) -> None:
    """A new round begins without what was found in an earlier one: the record keeps that; the caller saves."""
    if case.liable_party or case.ruling:
        case.liable_party = case.ruling = ""
        freight.renew(case)

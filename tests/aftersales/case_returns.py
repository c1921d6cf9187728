"""The part of the case machine in which goods come back: announced or not, received in parts, inspected."""

from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from aftersales.actions.returns import inspections, receipts, shipments
from tests.aftersales.case_model import Bookkeeping, fen
from tests.aftersales.stages import found, refusal


class ReturningGoods(Bookkeeping):
    """A case whose goods are awaited gets some of them, and each is judged."""

    @precondition(lambda self: self.stands("awaiting_return", "return_in_transit"))
    @rule(number=st.integers(0, 9), accepted=st.integers(0, 3), arrived=st.integers(1, 3), announced=st.booleans())
    def bring_back(self, number, accepted, arrived, announced):
        case = self.case(number, "awaiting_return")
        if case and announced:
            case = self.announced(case)
        if case is None:
            return
        line = case.lines.get()
        arrived = min(arrived, line.units)
        case = self.received(case, line, arrived)
        if case:
            good = min(accepted, arrived)
            self.inspected(case, good, found(line, good) + found(line, arrived - good, accepted=False))

    def announced(self, case):
        waybill = f"W{case.pk}-{case.version}"
        return self.moved(
            case,
            "ship_return",
            lambda: shipments.ship(case.pk, by=self.buyer, at=self.at, carrier="SF", waybill=waybill),
        )

    def received(self, case, line, arrived):
        by, waybill = self.people.warehouse, f"U{case.pk}-{case.version}"
        return self.moved(
            case,
            "receive",
            lambda: receipts.receive(case.pk, by=by, at=self.at, units={line.pk: arrived}, waybill=waybill),
        )

    def inspected(self, case, good, seen):
        """What is not accepted at all is rejected; else the share of the accepted units is paid."""
        by = self.people.warehouse
        if not good:
            self.moved(
                case,
                "fail_inspection",
                lambda: inspections.fail_inspection(case.pk, seen, by=by, at=self.at, reason=refusal()),
            )
            return
        model, agreed = self.held[case.pk], case.agreed_amount
        share = model.money if good == model.units else model.money * good // model.units
        now = self.moved(case, "pass_inspection", lambda: inspections.pass_inspection(case.pk, seen, by=by, at=self.at))
        if now is None:
            return
        if agreed is not None:
            exact = Decimal(fen(agreed)) * share / model.money if model.money else Decimal(0)
            share = int(exact.to_integral_value("ROUND_HALF_UP"))
        if now.status == "completed":
            model.given = {"units": good, "money": share}
            model.units = model.money = 0
        else:
            model.units, model.money = good, share

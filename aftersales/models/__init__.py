"""Decisions: cases, money to give back, promises with a date."""

from aftersales.models.cases.case import Case
from aftersales.models.cases.checklist import StepDone
from aftersales.models.cases.deadline import Deadline
from aftersales.models.cases.delivery import DeliveryChange
from aftersales.models.cases.event import Event
from aftersales.models.cases.given import Coupon, MissingGift
from aftersales.models.cases.line import CaseLine, InspectedUnit, ReturnParcel, SentParcel
from aftersales.models.cases.offer import Offer
from aftersales.models.cases.round import Round
from aftersales.models.console.bulk import BulkAct, BulkJob, BulkRow
from aftersales.models.console.saved_view import SavedView, ViewPin
from aftersales.models.console.search_document import SearchDocument
from aftersales.models.console.skip import Skip
from aftersales.models.console.submission import Submission
from aftersales.models.conversation.draft import Draft, Outgoing
from aftersales.models.conversation.message import Evidence, Message
from aftersales.models.conversation.tool import Macro, MacroStep, Reply, Tool
from aftersales.models.disputes.guarantee_movement import GuaranteeMovement
from aftersales.models.disputes.payment_dispute import PaymentDispute
from aftersales.models.orders.goods_record import GoodsRecord
from aftersales.models.oversight.case_counts import BoardCount, BoardDelta
from aftersales.models.parties.notice import Notice
from aftersales.models.people.accounts import AccountTouch, RoleRequest
from aftersales.models.people.staff import Skill, Team, User
from aftersales.models.policies.calendar import CalendarDay, ClockBeat, Outage
from aftersales.models.policies.exclusion import ExclusionRecord
from aftersales.models.policies.opened_window import OpenedWindow
from aftersales.models.policies.policy import Policy
from aftersales.models.policies.reason import Reason, RejectReason
from aftersales.models.refunds.approval import ApprovalRequest
from aftersales.models.refunds.charge import Charge
from aftersales.models.refunds.invoice_header import InvoiceHeader
from aftersales.models.refunds.invoice_task import InvoiceTask
from aftersales.models.refunds.receivable import Receivable
from aftersales.models.refunds.refund import Refund
from aftersales.models.replacements.repair import Repair
from aftersales.models.returns.goods_owed import GoodsOwed, GoodsOwedLine

__all__ = [
    "AccountTouch",
    "ApprovalRequest",
    "BoardCount",
    "BoardDelta",
    "BulkAct",
    "BulkJob",
    "BulkRow",
    "CalendarDay",
    "Case",
    "CaseLine",
    "Charge",
    "ClockBeat",
    "Coupon",
    "Deadline",
    "DeliveryChange",
    "Draft",
    "Event",
    "Evidence",
    "ExclusionRecord",
    "GoodsOwed",
    "GoodsOwedLine",
    "GoodsRecord",
    "GuaranteeMovement",
    "InspectedUnit",
    "InvoiceHeader",
    "InvoiceTask",
    "Macro",
    "MacroStep",
    "Message",
    "MissingGift",
    "Notice",
    "Offer",
    "OpenedWindow",
    "Outage",
    "Outgoing",
    "PaymentDispute",
    "Policy",
    "Reason",
    "Receivable",
    "Refund",
    "RejectReason",
    "Repair",
    "Reply",
    "ReturnParcel",
    "RoleRequest",
    "Round",
    "SavedView",
    "SearchDocument",
    "SentParcel",
    "Skill",
    "Skip",
    "StepDone",
    "Submission",
    "Team",
    "Tool",
    "User",
    "ViewPin",
]

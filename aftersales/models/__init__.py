"""Decisions: cases, money to give back, promises with a date."""

from aftersales.models.approval import ApprovalRequest
from aftersales.models.board import BoardCount, BoardDelta
from aftersales.models.bulk import BulkAct, BulkJob, BulkRow
from aftersales.models.calendar import CalendarDay, ClockBeat, Outage
from aftersales.models.case import Case
from aftersales.models.charge import Charge
from aftersales.models.checklist import StepDone
from aftersales.models.chore import Chore
from aftersales.models.deadline import Deadline
from aftersales.models.delivery import DeliveryChange
from aftersales.models.demand import Demand
from aftersales.models.event import Event
from aftersales.models.given import Coupon, MissingGift
from aftersales.models.line import CaseLine, InspectedUnit, ReturnParcel, SentParcel
from aftersales.models.message import Evidence, Message
from aftersales.models.notice import Notice
from aftersales.models.offer import Offer
from aftersales.models.policy import Policy
from aftersales.models.reason import Reason, RejectReason
from aftersales.models.refund import Refund
from aftersales.models.repair import Repair
from aftersales.models.round import Round
from aftersales.models.saved_view import SavedView, ViewPin
from aftersales.models.staff import Team, User
from aftersales.models.submission import Submission

__all__ = [
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
    "Chore",
    "ClockBeat",
    "Coupon",
    "Deadline",
    "DeliveryChange",
    "Demand",
    "Event",
    "Evidence",
    "InspectedUnit",
    "Message",
    "MissingGift",
    "Notice",
    "Offer",
    "Outage",
    "Policy",
    "Reason",
    "Refund",
    "RejectReason",
    "Repair",
    "ReturnParcel",
    "Round",
    "SavedView",
    "SentParcel",
    "StepDone",
    "Submission",
    "Team",
    "User",
    "ViewPin",
]

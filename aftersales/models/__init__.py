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
from aftersales.models.passage import Passage
from aftersales.models.policy import Policy
from aftersales.models.reason import Reason, RejectReason
from aftersales.models.refund import Refund
from aftersales.models.repair import Repair
from aftersales.models.round import Round
from aftersales.models.saved_view import SavedView, ViewPin
from aftersales.models.skip import Skip
from aftersales.models.staff import Skill, Team, User
from aftersales.models.submission import Submission
from aftersales.models.tool import Macro, MacroStep, Reply, Tool
from aftersales.models.writing import Draft, Outgoing

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
    "Draft",
    "Event",
    "Evidence",
    "InspectedUnit",
    "Macro",
    "MacroStep",
    "Message",
    "MissingGift",
    "Notice",
    "Offer",
    "Outage",
    "Outgoing",
    "Passage",
    "Policy",
    "Reason",
    "Refund",
    "RejectReason",
    "Repair",
    "Reply",
    "ReturnParcel",
    "Round",
    "SavedView",
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

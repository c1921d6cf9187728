"""Canned replies and macros of the demo: everybody's, those of a team, and a few of one's own."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from aftersales.actions.conversation import tools
from aftersales.demo.people import TEAMS, Actors
from aftersales.models import Macro, MacroStep, RejectReason, Reply, Team
from aftersales.rules.conversation.tools import Scope, StepKind, Whom
from aftersales.rules.vocabulary import CaseType, Status

T, S, K = CaseType, Status, StepKind

# shortcut, title zh, title en, text zh, text en, what it is best for
Words = tuple[str, str, str, str, str, dict[str, Any]]
REPLIES: list[Words] = [
    (
        "hi",
        "问候",
        "Greeting",
        "{买家称呼}您好，我是{店铺}的客服{客服}。您关于“{商品}”的申请已收到，我马上为您核实。",
        "Hello {buyer}, this is {agent} of {shop}. I have your request about “{item}” here and am checking it.",
        {},
    ),
    (
        "photos",
        "请补充照片",
        "Ask for photos",
        "{买家称呼}您好，麻烦您补充两张照片：一张商品全貌，一张问题处的近照，直接在本售后单（{售后单号}）里上传即可。",
        "Hello {buyer}, could you add two photos to case {case}: one of the whole item, one close-up of the fault?",
        {"reasons": ["broken", "stain_or_smell", "differs_from_picture", "damaged_in_transit", "material_differs"]},
    ),
    (
        "address",
        "退货地址与期限",
        "Where to send it, and until when",
        "退货地址：{退货地址}。请在 {截止时间} 前寄出，并在售后单里填写运单号。运费承担方：{运费承担方}。",
        "Please send it to: {return_address}. Send it before {deadline} and enter the waybill in the case. "
        "Return freight: {freight_payer}.",
        {"case_types": [T.RETURN_REFUND, T.EXCHANGE, T.REPAIR]},
    ),
    (
        "onway",
        "退货在途",
        "Your return is on its way",
        "您寄回的包裹（{退货快递} {退货单号}）正在途中，仓库签收验货后立即为您处理。",
        "Your parcel ({carrier} {waybill}) is on its way to us. As soon as it is inspected we go on.",
        {"case_types": [T.RETURN_REFUND, T.EXCHANGE, T.REPAIR]},
    ),
    (
        "refunded",
        "退款已发出",
        "Your refund is on its way",
        "{退款金额} 已原路退回，一般 1–3 个工作日到账，请留意支付账户。感谢您的理解。",
        "{refund} is going back the way you paid; it usually takes one to three working days. Thank you for waiting.",
        {},
    ),
    (
        "resent",
        "补发已寄出",
        "The replacement is on its way",
        "新的商品已寄出，运单号 {补发单号}，请注意查收。",
        "The replacement has left us, waybill {sent_waybill}. Please keep an eye on it.",
        {"case_types": [T.EXCHANGE, T.RESHIP, T.REPAIR]},
    ),
    (
        "sorry",
        "致歉",
        "Apology",
        "非常抱歉给您带来不好的体验，“{申请原因}”的情况我们已反馈给{店铺}的质检同事，会尽快给您满意的处理。",
        "I am sorry about this. I have told the people of {shop} about “{reason}”, and we will put it right for you.",
        {},
    ),
]
TEAM_REPLY: Words = (
    "size",
    "尺码建议",
    "Advice on sizes",
    "亲，这款版型偏大，建议按平时尺码小一码选择；需要换码的话我直接帮您改成换货。",
    "This model runs large: take one size smaller. If you want to exchange it, I can change the request for you.",
    {"reasons": ["wrong_size_chosen"], "categories": ["dresses", "tops", "knitwear", "trousers", "coats", "skirts"]},
)
OWN_REPLY: Words = ("night", "明早继续", "", "今天先到这里，明早九点我继续跟进您的售后单 {售后单号}。", "", {})

STEPS_OF_RETURN: list[dict[str, Any]] = [
    {"kind": K.APPROVE},
    {
        "kind": K.TICK,
        "ticks": [
            "Not accepted: agree to the 7-day return.",
            "Not accepted: agree to the return, freight by the merchant.",
            "Not accepted: agree to the return, freight both ways by the merchant.",
            "Not accepted: agree to refund or return.",
        ],
    },
    {
        "kind": K.MESSAGE,
        "text_zh": "{买家称呼}您好，已同意您的申请。请在 {截止时间} 前将“{商品}”寄至：{退货地址}，并填写运单号。"
        "运费承担方：{运费承担方}。",
        "text_en": "Hello {buyer}, we agree. Please send “{item}” to {return_address} before {deadline}, and enter the "
        "waybill. Return freight: {freight_payer}.",
    },
]
# title zh, title en, conditions, steps
MACROS: list[tuple[str, str, dict[str, Any], list[dict[str, Any]]]] = [
    (
        "同意并告知退货方式",
        "Agree and say how to return",
        {"case_types": [T.RETURN_REFUND], "statuses": [S.PENDING_MERCHANT]},
        STEPS_OF_RETURN,
    ),
    (
        "补偿 20%，商品留用",
        "Offer 20 % and keep",
        {"case_types": [T.RETURN_REFUND, T.REFUND_ONLY], "statuses": [S.PENDING_MERCHANT]},
        [
            {
                "kind": K.OFFER,
                "percent": 20,
                "terms": T.REFUND_ONLY,
                "text_zh": "退您 20%，商品您留着用，不用寄回。",
                "text_en": "20 % back, and you keep it: nothing to send.",
            },
            {
                "kind": K.MESSAGE,
                "text_zh": "{买家称呼}您好，为免您来回折腾，我们想直接退您 {协商金额}，商品您留着用。"
                "请在 {截止时间} 前点“接受”。",
                "text_en": "Hello {buyer}, to spare you the trip: we would give you {offer} back and you keep it. "
                "Please accept before {deadline}.",
            },
        ],
    ),
    (
        "请买家补充照片",
        "Ask for photos",
        {"statuses": [S.PENDING_MERCHANT]},
        [
            {
                "kind": K.MESSAGE,
                "text_zh": "{买家称呼}您好，麻烦补充一张商品全貌和一张问题处的近照，我们收到后马上处理。",
                "text_en": "Hello {buyer}, please add a photo of the whole item and a close-up; we go on at once.",
            },
            {"kind": K.NOTE, "text_zh": "已请买家补充照片。", "text_en": "Asked the buyer for photos."},
            {"kind": K.ASSIGN, "whom": Whom.ME},
        ],
    ),
    (
        "同意仅退款",
        "Agree to the refund",
        {"case_types": [T.REFUND_ONLY, T.PRICE_PROTECTION], "statuses": [S.PENDING_MERCHANT]},
        [
            {"kind": K.APPROVE},
            {
                "kind": K.MESSAGE,
                "text_zh": "{买家称呼}您好，已同意退款 {申请金额}，将按原支付方式退回。",
                "text_en": "Hello {buyer}, we agree: {amount} goes back the way you paid.",
            },
        ],
    ),
    (
        "与描述一致，礼貌拒绝",
        "Refuse politely, as described",
        {"case_types": [T.RETURN_REFUND, T.REFUND_ONLY], "statuses": [S.PENDING_MERCHANT]},
        [
            {
                "kind": K.REJECT,
                "reject_reason": "goods_fine",
                "text_zh": "已核对商品与出库照片，与描述一致，本次无法受理。",
                "text_en": "We compared the goods with the photos taken at packing: they are as described.",
            },
            {
                "kind": K.MESSAGE,
                "text_zh": "{买家称呼}您好，很抱歉，经核对订单 {订单号} 的商品与描述一致。如仍有异议，可申请平台介入。",
                "text_en": "Hello {buyer}, I am sorry: the goods of order {order} are as described. You can ask the "
                "platform to decide.",
            },
        ],
    ),
    (
        "给买家多三天寄回",
        "More time to send it back",
        {"statuses": [S.AWAITING_RETURN]},
        [
            {"kind": K.EXTEND, "text_zh": "买家需要更多时间寄回。", "text_en": "The buyer needs more time."},
            {
                "kind": K.MESSAGE,
                "text_zh": "{买家称呼}您好，已为您延长寄回时间，请在 {截止时间} 前寄出。",
                "text_en": "Hello {buyer}, you have more time now: please send it before {deadline}.",
            },
        ],
    ),
]


def fill(actors: Actors, random: Random, now: datetime) -> None:
    """Everybody's by a supervisor, the team's by a senior agent, one's own by an agent."""
    supervisor, style = actors["supervisor"], Team.objects.get(name=TEAMS["style"][0])
    for each in REPLIES:
        _count(_reply(each, {"scope": Scope.EVERYBODY}, supervisor, now), random, now)
    _count(_reply(TEAM_REPLY, {"scope": Scope.TEAM, "team": style}, actors["senior"], now), random, now)
    _reply(OWN_REPLY, {"scope": Scope.PERSONAL, "owner": actors.users["agent"]}, actors["agent"], now)
    for title_zh, title_en, conditions, steps in MACROS:
        macro = Macro(scope=Scope.EVERYBODY, title_zh=title_zh, title_en=title_en, **conditions)
        rows = [MacroStep(**_with_reason(step)) for step in steps]
        _count(tools.store_macro(macro, rows, by=supervisor, at=now - timedelta(days=40)), random, now)


def _with_reason(step: dict[str, Any]) -> dict[str, Any]:
    code = step.get("reject_reason")
    return step | {"reject_reason": RejectReason.objects.get(code=code)} if code else step


def _reply(each: Words, whose: dict[str, Any], by: Any, now: datetime) -> Reply:
    shortcut, title_zh, title_en, body_zh, body_en, best_for = each
    words = {"shortcut": shortcut, "title_zh": title_zh, "title_en": title_en, "body_zh": body_zh, "body_en": body_en}
    return tools.store(Reply(**whose, **words, **best_for), by=by, at=now - timedelta(days=20 + 3 * len(shortcut)))


def _count(kept: Reply | Macro, random: Random, now: datetime) -> None:
    """They have been used for weeks."""
    kept.used_count = random.randint(4, 160)
    kept.last_used_at = now - timedelta(minutes=random.randint(5, 3000))
    kept.save(update_fields=["used_count", "last_used_at"])

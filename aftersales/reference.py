"""What every installation starts with: roles, reasons, reasons to reject, one policy. Admins edit them afterwards."""

from datetime import UTC, datetime

from django.contrib.auth.models import Group

from aftersales.models import Policy, Reason, RejectReason
from aftersales.rules.vocabulary import Role

STAFF = (Role.AGENT, Role.SENIOR, Role.SUPERVISOR, Role.FINANCE, Role.WAREHOUSE, Role.MERCHANT, Role.ADMIN)
ALWAYS = datetime(2016, 1, 1, tzinfo=UTC)

BOTH = ["refund_only", "return_refund"]
MONEY, GOODS = ["refund_only"], ["return_refund"]
BEFORE, UNDER_WAY, AFTER = ["unshipped"], ["shipped"], ["signed"]

# code, class, English, Chinese, types, goods, fault, return freight, photo needed, without reason
REASONS = [
    ("changed_mind", 1, "No longer wanted", "不想要了", BOTH, BEFORE + UNDER_WAY + AFTER, "buyer", "buyer", False, True),
    ("wrong_size_chosen", 1, "Wrong size or style chosen", "尺寸/款式没选对", BOTH, BEFORE + AFTER, "buyer", "buyer", False, True),
    ("price", 1, "Price", "商品价格问题", BOTH, BEFORE + AFTER, "buyer", "buyer", False, True),
    ("stain_or_smell", 2, "Stain, smell or loose thread", "污渍、异味、线头", BOTH, AFTER, "merchant", "merchant", True, False),
    ("differs_from_picture", 2, "Differs a little from the picture", "与图片略有不符", BOTH, AFTER, "merchant", "merchant", True, False),
    ("counterfeit", 3, "Suspected counterfeit", "疑似非正品", GOODS, AFTER, "merchant", "merchant", True, False),
    ("material_differs", 3, "Material differs from the description", "材质与描述不符", GOODS, AFTER, "merchant", "merchant", True, False),
    ("broken", 4, "Broken or does not work", "破损或无法使用", BOTH, AFTER, "merchant", "merchant", True, False),
    ("seam_open", 4, "Seam open, glue off", "开线、开胶", BOTH, AFTER, "merchant", "merchant", True, False),
    ("sent_late", 5, "Sent late or not sent", "未按约定时间发货", MONEY, BEFORE + UNDER_WAY, "merchant", "merchant", False, False),
    ("out_of_stock", 5, "Out of stock", "缺货", MONEY, BEFORE, "merchant", "merchant", False, False),
    ("wrong_item", 5, "Wrong item sent", "商家发错货", GOODS, AFTER, "merchant", "merchant", True, False),
    ("part_missing", 5, "Part or gift missing", "少件/漏发赠品", MONEY, AFTER, "merchant", "merchant", True, False),
    ("not_as_described", 5, "Not as described", "与描述不符", GOODS, AFTER, "merchant", "merchant", True, False),
    ("not_received", 6, "Not received", "快递一直未送到", MONEY, UNDER_WAY + AFTER, "carrier", "merchant", False, False),
    ("no_trace", 6, "No tracking", "物流无轨迹", MONEY, UNDER_WAY, "carrier", "merchant", False, False),
    ("damaged_in_transit", 6, "Damaged on the way", "运输途中破损", BOTH, AFTER, "carrier", "merchant", True, False),
    ("empty_parcel", 6, "Empty parcel", "空包裹", MONEY, AFTER, "carrier", "merchant", True, False),
    ("refused", 6, "Refused at the door", "拒签", MONEY, UNDER_WAY, "carrier", "merchant", False, False),
    ("agreed", 7, "As agreed with the merchant", "与商家协商一致", BOTH, BEFORE + UNDER_WAY + AFTER, "merchant", "merchant", False, False),
]

SOP = {
    1: (
        "Ask what does not fit, and explain.\nOffer a coupon or a small compensation.\nNot accepted: agree to the 7-day return.",
        "了解原因并作说明\n先提供优惠券或小额补偿\n不接受：同意七天无理由退货",
    ),
    2: (
        "Apologise and look at the photo.\nOffer self-help or a compensation by severity.\nNot accepted: agree to the return, freight by the merchant.",
        "致歉并查看照片\n提供自助处理方法或按程度补偿\n不接受：同意退货，运费商家承担",
    ),
    3: (
        "Send the letter of authorisation.\nHand over to the store lead.\nNot settled: the platform decides.",
        "出示授权书\n转店铺负责人处理\n未达成一致：平台介入",
    ),
    4: (
        "Apologise and confirm the photos or the video.\nOffer a repair or a compensation by severity.\nNot accepted: agree to the return, freight both ways by the merchant.",
        "致歉并确认照片或视频\n先提供维修或按程度补偿\n不接受：同意退货，往返运费商家承担",
    ),
    5: (
        "Confirm the photo of item and label.\nOffer to keep it with a compensation.\nNot accepted: agree to refund or return.",
        "确认商品与面单照片\n协商保留商品并补偿\n不接受：同意退款或退货",
    ),
    6: (
        "Trace the parcel, ask the carrier for proof of signature.\nStill under way: have it intercepted.\nLost: refund and claim on the carrier.",
        "查询物流，向快递索取签收凭证\n仍在途：拦截\n丢失：退款并向快递索赔",
    ),
    7: ("Read the deal in the thread and keep to it.", "查看聊天中的约定并照办"),
}

# code, stage, English, Chinese, text needed, proof needed
REJECTIONS = [
    ("goods_fine", "application", "The goods are as described", "商品与描述一致", True, False),
    ("window_over", "application", "The time to ask is over", "已超过售后期限", False, False),
    ("already_shipped", "application", "Already shipped", "商品已发货", False, False),
    ("signed_for", "application", "Signed for, proof of the carrier", "快递已签收", False, True),
    ("used_or_incomplete", "application", "Used, tags cut or incomplete", "已使用、吊牌剪除或配件不全", True, False),
    ("not_in_agreement", "application", "Not what was agreed", "与约定不符", True, False),
    ("other", "application", "Something else", "其他", True, False),
    ("empty_return", "inspection", "The parcel was empty", "退回空包", False, True),
    ("wrong_return", "inspection", "A different item came back", "退回商品不符", False, True),
    ("swapped_serial", "inspection", "The serial number was swapped", "序列号不一致", True, True),
    ("unsaleable", "inspection", "Damaged by use, can not be sold", "影响二次销售", True, True),
    ("fake_waybill", "inspection", "The waybill is false", "虚假运单号", True, True),
]


def install() -> None:
    """Create what is missing; never changes what an admin has edited."""
    for role in STAFF:
        Group.objects.get_or_create(name=role.value)
    for position, (code, group, en, zh, types, goods, fault, payer, photo, free) in enumerate(REASONS):
        sop_en, sop_zh = SOP[group]
        Reason.objects.get_or_create(
            code=code,
            defaults={
                "problem_class": group,
                "name_en": en,
                "name_zh": zh,
                "case_types": types,
                "goods_states": goods,
                "fault": fault,
                "freight_payer": payer,
                "needs_photo": photo,
                "is_no_reason": free,
                "sop_en": sop_en,
                "sop_zh": sop_zh,
                "position": position,
            },
        )
    for position, (code, stage, en, zh, text, proof) in enumerate(REJECTIONS):
        RejectReason.objects.get_or_create(
            code=code,
            defaults={
                "stage": stage,
                "name_en": en,
                "name_zh": zh,
                "needs_text": text,
                "needs_proof": proof,
                "position": position,
            },
        )
    if not Policy.objects.exists():
        Policy.objects.create(name="General", version=1, effective_from=ALWAYS, note="Defaults of the product.")

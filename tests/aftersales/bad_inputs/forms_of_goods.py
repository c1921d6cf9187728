"""Forms of the warehouse: parcels, inspections, stock."""

from logistics.models import StockItem
from tests.aftersales.bad_inputs.form import Form, line_of, reason_of
from tests.aftersales.bad_inputs.world import S


def _inspected(world):
    line = line_of(world, S.INSPECTING)
    data = {"verdict": "pass"}
    for number in (1, 2):
        data |= {
            f"unit-{line.pk}-{number}-{name}": value
            for name, value in (("condition", "as_new"), ("disposition", "restock"), ("is_accepted", "on"))
        }
    return data


GOODS = {
    "receive": Form(
        "warehouse",
        lambda world: f"/warehouse/{world.cases[S.RETURN_IN_TRANSIT].number}/receive/",
        lambda world: {f"units-{line_of(world, S.RETURN_IN_TRANSIT).pk}": "1"},
        S.RETURN_IN_TRANSIT,
        ("carrier", "waybill", "note"),
        lambda world: (f"units-{line_of(world, S.RETURN_IN_TRANSIT).pk}",),
        lambda world: {f"units-{world.foreign.lines.get().pk}": "1"},
    ),
    "inspect": Form(
        "warehouse",
        lambda world: f"/warehouse/{world.cases[S.INSPECTING].number}/inspect/",
        _inspected,
        S.INSPECTING,
        ("reject_note", "verdict"),
        ids=lambda world: {
            "reason": reason_of("already_shipped"),
            f"unit-{world.foreign.lines.get().pk}-1-condition": "as_new",
        },
    ),
    "parcel-record": Form(
        "merchant",
        lambda world: "/warehouse/parcels/new/",
        lambda world: {"merchant": world.shop.pk, "waybill": "X1", "contents": "x"},
        "",
        ("carrier", "waybill", "contents", "note"),
        ids=lambda world: {"merchant": world.foreign.merchant_id},
    ),
    "parcel-match": Form(
        "warehouse",
        lambda world: f"/warehouse/parcels/{world.unidentified.pk}/match/",
        lambda world: {"number": world.order.number},
        "",
        ("number",),
        ids=lambda world: {"number": world.foreign.order.number},
    ),
    "parcel-back": Form(
        "warehouse",
        lambda world: f"/warehouse/parcels/{world.unidentified.pk}/back/",
        lambda world: {"note": "SF 2"},
        "",
        ("note",),
    ),
    "parcel-away": Form(
        "warehouse",
        lambda world: f"/warehouse/parcels/{world.unidentified.pk}/away/",
        lambda world: {"disposition": "restock", f"units-{world.order.lines.get().pk}": "1"},
        "",
        ("note", "disposition"),
        lambda world: (f"units-{world.order.lines.get().pk}",),
        lambda world: {f"units-{world.foreign.order.lines.get().pk}": "1"},
    ),
    "goods-send": Form(
        "warehouse",
        lambda world: f"/warehouse/goods/{world.goods_owed.pk}/send/",
        lambda world: {"carrier": "SF", "waybill": "SF88"},
        "",
        ("carrier", "waybill", "note"),
        lambda world: ("freight",),
    ),
    "goods-leave": Form(
        "agent",
        lambda world: f"/warehouse/goods/{world.goods_owed.pk}/leave/",
        lambda world: {"disposition": "scrap", "note": "By phone."},
        "",
        ("disposition", "note"),
    ),
    "goods-aside": Form(
        "warehouse",
        lambda world: f"/warehouse/{world.cases[S.INSPECTING].number}/aside/",
        lambda world: {"other": "A mug", "other_units": "1"},
        "",
        ("other", "carrier", "waybill", "note"),
        lambda world: ("other_units",),
        lambda world: {f"units-{world.foreign.lines.get().order_line_id}": "1"},
    ),
    "stock-count": Form(
        "merchant",
        lambda world: "/warehouse/stock/count/",
        lambda world: {"merchant": world.shop.pk, "sku": "X-1", "counted": "3", "why": "x"},
        "",
        ("sku", "title", "why"),
        lambda world: ("counted",),
        lambda world: {"merchant": world.foreign.merchant_id},
    ),
    "stock-item": Form(
        "warehouse",
        lambda world: f"/warehouse/stock/{StockItem.objects.order_by('pk').first().pk}/",
        lambda world: {"counted": "3", "why": "x"},
        "",
        ("why",),
        lambda world: ("counted",),
    ),
    "stock-export": Form(
        "warehouse",
        lambda world: "/warehouse/stock/export/",
        lambda world: {"format": "csv"},
        "",
        ("format", "sku", "merchant", "disposition", "since"),
    ),
}

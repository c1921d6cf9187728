"""Supervisors upload an export, look at it, start it, and get the rejected rows back."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from aftersales import sweeps
from aftersales.models import User
from logistics.models import Parcel
from logistics.models.parcel import ParcelStatus
from orders.importers.reading import budget
from orders.models import ImportRun, Order
from tests.factories import NOON

pytestmark = pytest.mark.django_db
HEADER = (
    "主订单编号,子订单编号,选购商品,商品规格,商品数量,商家编码,订单应付金额,运费,收件人,收件人手机号,详细地址,订单提交时间,"
    "商家备注,订单完成时间,订单状态,售后状态,取消原因,发货时间,平台实际承担优惠金额,商家实际承担优惠金额,达人实际承担优惠金额\r\n"
)
ROW = '"\t{number}","\t{number}",辣丝丝,1袋,{units},A,28.90,0.00,a,b,c,2026-03-01 00:54:10,-,-,已发货,-,,-,0,0,0\r\n'
GOOD = ROW.format(number=6900000000000000001, units=1)
BAD = ROW.format(number=6900000000000000002, units="many")


@pytest.fixture
def boss(client, supervisor, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    client.force_login(User.objects.get(pk=supervisor.user_id))
    return client


def export(text=HEADER + GOOD + BAD, name="orders.csv"):
    return SimpleUploadedFile(name, ("\ufeff" + text).encode())


def uploaded(client, shop, file=None, **fields):
    data = {"source": "douyin", "merchant": shop.pk, "tables": [file or export()], **fields}
    return client.post(reverse("aftersales:imports"), data)


def test_a_file_is_previewed_started_and_done(boss, shop):
    answer = uploaded(boss, shop)
    run = ImportRun.objects.get()
    waiting = boss.get(reverse("aftersales:import", args=[run.pk]))
    sweeps.run_imports(NOON)

    seen = boss.get(reverse("aftersales:import", args=[run.pk]))
    before = Order.objects.count()
    boss.post(reverse("aftersales:import-start", args=[run.pk]))
    sweeps.run_imports(NOON)

    run.refresh_from_db()
    assert answer.status_code == 302
    assert "is being read" in waiting.content.decode()
    assert "6900000000000000001" in seen.content.decode()
    assert before == 0
    assert (run.status, run.created_count, run.rejected_count) == ("done", 1, 1)
    assert Order.objects.get().merchant == shop


def test_parcels_that_an_uploaded_file_tells_of_are_recorded(boss, shop):
    head = "商品,订单号,订单状态,商品总价(元),用户实付金额(元),商品数量(件),支付时间,订单成交时间,快递公司,快递单号\r\n"
    row = "杯,260301-1,已发货,10.00,10.00,1,2026-03-01 10:00:00,2026-03-01 09:59:00,圆通,YT1\r\n"
    uploaded(boss, shop, export(head + row), source="pdd")
    sweeps.run_imports(NOON)
    boss.post(reverse("aftersales:import-start", args=[ImportRun.objects.get().pk]))

    sweeps.run_imports(NOON)

    parcel = Parcel.objects.get()
    assert (parcel.order, parcel.carrier, parcel.waybill) == (Order.objects.get(), "圆通", "YT1")
    assert parcel.status == ParcelStatus.IN_TRANSIT


def test_rejected_rows_come_back_as_a_harmless_table(boss, shop):
    uploaded(boss, shop, export(HEADER + BAD.replace("辣丝丝", "=1+1")))
    sweeps.run_imports(NOON)
    run = ImportRun.objects.get()
    boss.post(reverse("aftersales:import-start", args=[run.pk]))
    sweeps.run_imports(NOON)

    table = boss.get(reverse("aftersales:import-rejected", args=[run.pk])).content.decode()

    assert "'=1+1" in table
    assert "orders.csv,2," in table


def test_starting_twice_imports_once(boss, shop):
    uploaded(boss, shop)
    sweeps.run_imports(NOON)
    run = ImportRun.objects.get()
    start = reverse("aftersales:import-start", args=[run.pk])

    boss.post(start)
    boss.post(start)
    done = sweeps.run_imports(NOON)

    assert done == 1
    assert Order.objects.count() == 1


@pytest.mark.parametrize(("name", "content"), [("orders.exe", b"MZ"), ("empty.csv", b"")])
def test_what_is_no_table_is_refused_at_once(boss, shop, name, content):
    answer = uploaded(boss, shop, SimpleUploadedFile(name, content))

    assert answer.status_code == 422
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize(("name", "content"), [("broken.xlsx", b"PK\x03\x04nothing"), ("names.csv", b"a,b\n1,2\n")])
@pytest.mark.parametrize(("language", "said"), [("en", "Choose other files"), ("zh-hans", "选择其他文件")])
def test_a_file_that_can_not_be_read_is_named_in_the_words_of_who_sent_it(boss, shop, name, content, language, said):
    boss.cookies["django_language"] = language
    run = ImportRun.objects.get(pk=int(uploaded(boss, shop, SimpleUploadedFile(name, content)).url.split("/")[-2]))
    sweeps.run_imports(NOON)

    page = boss.get(reverse("aftersales:import", args=[run.pk])).content.decode()

    run.refresh_from_db()
    assert run.status == "failed"
    assert name in run.failure
    assert said in page
    assert ("is no" in run.failure) == (language == "en")


def test_the_page_is_loaded_anew_once_the_file_is_read(boss, shop):
    uploaded(boss, shop)
    address = reverse("aftersales:import", args=[ImportRun.objects.get().pk])
    polled = {"headers": {"hx-request": "true"}, "query_params": {"reading": "1"}}

    before = boss.get(address, **polled)
    sweeps.run_imports(NOON)
    after = boss.get(address, **polled)

    assert "reading=1" in before.content.decode()
    assert after.headers["HX-Refresh"] == "true"


def workbook(rows):
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADER.strip().split(","))
    for _row in range(rows):
        sheet.append(GOOD.strip().split(","))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("limits", [(500, 60.0), (10**9, 0.0)])
def test_more_than_a_worker_may_read_is_refused_with_what_to_do(boss, shop, monkeypatch, limits):
    monkeypatch.setattr(budget, "READING", limits)
    for name, content in (("many.xlsx", workbook(200)), ("many.csv", (HEADER + GOOD * 200).encode())):
        uploaded(boss, shop, SimpleUploadedFile(name, content))
    sweeps.run_imports(NOON)

    assert {run.failure for run in ImportRun.objects.all()} == {
        "That is too much for one import. Export a shorter period, or divide the file."
    }


def test_two_files_of_one_name_are_two_files(boss, shop):
    tables = [export(), export(HEADER + BAD)]
    boss.post(reverse("aftersales:imports"), {"source": "douyin", "merchant": shop.pk, "tables": tables})

    assert ImportRun.objects.get().files == ["orders.csv", "1-orders.csv"]


def test_a_file_that_kills_its_reader_is_given_up(boss, shop):
    uploaded(boss, shop)
    ImportRun.objects.update(hold_until=NOON, tries=3)

    sweeps.run_imports(NOON)

    assert ImportRun.objects.get().status == "failed"


def test_a_shop_export_needs_its_merchant(boss, shop):
    answer = boss.post(reverse("aftersales:imports"), {"source": "douyin", "tables": [export()]})

    assert answer.status_code == 422
    assert answer.context["form"].errors["merchant"]


def test_a_worker_that_died_is_followed_by_another(boss, shop):
    uploaded(boss, shop)
    run = ImportRun.objects.get()
    ImportRun.objects.filter(pk=run.pk).update(status="running", started_at=NOON, hold_until=NOON, tries=1)

    done = sweeps.run_imports(NOON)

    run.refresh_from_db()
    assert done == 1
    assert run.status == "done"


@pytest.mark.parametrize("who", ["agent", "merchant", "warehouse", "finance"])
def test_only_supervisors_import(client, shop, request, who):
    client.force_login(User.objects.get(pk=request.getfixturevalue(who).user_id))

    assert client.get(reverse("aftersales:imports")).status_code == 403

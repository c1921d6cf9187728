"""Return labels: what stands on them can be read, copied and scanned, whatever somebody called their goods."""

import time
from dataclasses import replace
from datetime import timedelta

import pypdfium2
import pytest
import time_machine
import zxingcpp
from django.utils import translation

from logistics.labels import pdf, typeface
from logistics.labels.label import Item, Label
from tests.factories import NOON

LABEL = Label(
    case_number="AS-26-004821",
    order_number="SO-000042",
    merchant="青禾服饰",
    buyer="张**",
    phone="138****6620",
    contact="李雷",
    contact_phone="0571-88886666",
    region="浙江省 杭州市 西湖区",
    address="文一西路 969 号",
    postcode="310000",
    carrier="顺丰速运",
    waybill="SF1234567890123",
    items=(Item("连衣裙 雾蓝", 2), Item("围巾", 1)),
)
HOSTILE = [
    "<script>alert(1)</script>",
    ") Tj ET q (",
    "\\) \\( %PDF-1.7 endobj",
    "{{case.__class__}} %s %(x)s",
    "a\u202eb\u200bc\x00d\x07\r\ne",
    "👗 dress ﷽ עברית",
    "\U0001f469\u200d\U0001f680",
    "𠮷野家 㐂",
    "**bold** __under__ --strike--",
]


def pages(content):
    return list(pypdfium2.PdfDocument(content))


def text_of(content):
    return "\n".join(page.get_textpage().get_text_bounded() for page in pages(content))


def scanned(content):
    return sorted(
        (code.format.name, code.text) for code in zxingcpp.read_barcodes(pages(content)[0].render(scale=3).to_pil())
    )


def with_items(*titles):
    return replace(LABEL, items=[Item(title, 1) for title in titles])


@pytest.mark.parametrize("size", pdf.SIZES)
def test_both_codes_of_a_label_are_the_case_number(size):
    assert scanned(pdf.draw(LABEL, size)) == [("Code128", "AS-26-004821"), ("QRCode", "AS-26-004821")]


@pytest.mark.parametrize("size", pdf.SIZES)
def test_every_fact_stands_on_a_label_and_can_be_copied(size):
    text = text_of(pdf.draw(LABEL, size))

    for part in (
        "AS-26-004821", "SO-000042", "青禾服饰", "张**", "138****6620", "李雷 0571-88886666", "浙江省 杭州市 西湖区",
        "文一西路 969 号", "310000", "顺丰速运 SF1234567890123", "连衣裙 雾蓝", "围巾", "× 2",
    ):  # fmt: skip
        assert part in text.replace("\r\n", " ")


def test_a_waybill_that_nobody_knows_is_left_out():
    assert "Waybill" not in text_of(pdf.draw(replace(LABEL, waybill="", carrier="")))


@pytest.mark.parametrize(("language", "words"), [("en", "Return label"), ("zh-hans", "退货标签")])
def test_a_label_is_in_the_language_of_the_page(language, words):
    with translation.override(language):
        assert words in text_of(pdf.draw(LABEL))


@pytest.mark.parametrize(("size", "millimetres"), [("a6", (105, 148)), ("a4", (210, 297))])
def test_the_sheet_has_its_size(size, millimetres):
    width, height = pages(pdf.draw(LABEL, size))[0].get_size()

    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == millimetres


def test_the_glyphs_are_in_the_file():
    content = pdf.draw(LABEL)

    assert b"/FontFile2" in content
    assert b"+NotoSansSC" in content
    assert b"Helvetica" not in content
    assert len(content) < 40_000


@pytest.mark.parametrize("title", HOSTILE)
@pytest.mark.parametrize("size", pdf.SIZES)
def test_a_hostile_title_is_only_text(title, size):
    content = pdf.draw(with_items(title), size)

    assert ("QRCode", "AS-26-004821") in scanned(content)
    assert len(pages(content)) == 1
    assert not set(text_of(content)) & set("\u202e\u200b\x00\x07")


def test_characters_that_the_font_lacks_are_boxes():
    assert typeface.settable("👗 dress") == "□ dress"
    assert "□ dress" in text_of(pdf.draw(with_items("👗 dress")))


def test_a_title_that_is_too_long_is_cut_with_dots():
    text = text_of(pdf.draw(with_items("很长的标题" * 60)))

    assert "…" in text
    assert "× 1" in text


def test_an_address_that_is_too_long_leaves_room_for_the_goods():
    content = pdf.draw(replace(LABEL, address="很长的地址" * 60, waybill="W" * 64))

    assert "Goods that come back" in text_of(content)
    assert ("Code128", "AS-26-004821") in scanned(content)


def test_a_label_of_thirty_lines_shows_some_on_a6_and_all_on_a4():
    many = with_items(*(f"Dress number {number}." for number in range(30)))

    short, whole = text_of(pdf.draw(many, "a6")), text_of(pdf.draw(many, "a4"))

    assert "more items" in short
    assert "Dress number 29." not in short
    assert all(f"Dress number {number}." in whole for number in range(30))
    assert len(pages(pdf.draw(many, "a6"))) == 1


def test_nothing_is_drawn_beyond_the_edge():
    many = replace(with_items(*["W" * 200] * 30), address="很长的地址" * 60, merchant="店" * 200, waybill="W" * 64)

    for size in pdf.SIZES:
        for page in pages(pdf.draw(many, size)):
            image = page.render(scale=1).to_pil().convert("L")
            width, height = image.size
            edge = [image.getpixel((x, height - 2)) for x in range(width)]
            edge += [image.getpixel((width - 2, y)) for y in range(0, height, 3) if size == "a6"]
            assert min(edge) == 255


def test_the_same_label_is_the_same_file_whenever_it_is_made():
    with time_machine.travel(NOON):
        first = pdf.draw(LABEL)
    with time_machine.travel(NOON + timedelta(days=1)):
        again = pdf.draw(LABEL)

    assert first == again


def test_the_font_is_read_once_for_many_labels():
    pdf.draw(LABEL)
    started = time.process_time()

    for number in range(10):
        pdf.draw(replace(LABEL, case_number=f"AS-26-{number:06d}"))

    assert time.process_time() - started < 2

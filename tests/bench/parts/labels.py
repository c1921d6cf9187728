"""Return labels: PDFs a second on one core, beside fpdf2 that cuts the whole Chinese font for each."""

import time
from collections.abc import Iterator
from statistics import median

import pylopdf_fonts_zh_cn
from fpdf import FPDF

from logistics.labels import pdf as pdf_logistics
from logistics.labels.label import Item, Label
from tests.bench import timing
from tests.bench.report import Figure

LEAST = 20  # a second
GOODS = "连衣裙 雾蓝 M 码"


def measure(rounds: int, count: int) -> Iterator[Figure]:
    """Both sizes; what the process has read once is not counted."""
    for size in pdf_logistics.SIZES:
        pdf_logistics.draw(_label(0), size)
        found = timing.alternate(rounds, {"ours": lambda size=size: _rate(size, count), "whole": lambda: _whole(3)})
        rate = median(found["ours"])
        yield Figure(
            f"return labels as {size.upper()} PDF, one core", rate, "labels/s", median(found["whole"]),
            timing.ratio(found["ours"], found["whole"]), f"≥ {LEAST} /s", rate >= LEAST,
        )  # fmt: skip


def _label(number: int) -> Label:
    own = "".join(chr(0x4E00 + (number * 37 + step * 11) % 3000) for step in range(12))
    goods = [Item(f"{GOODS} {own}", 1), Item("运动鞋 42 码", 2), Item("围巾 米白", 1)]
    return Label(
        f"AS-26-{number:06d}", f"SO-26-{number}", "青禾服饰", "张**", "138****6620", "李雷", "0571-88886666",
        "浙江省 杭州市", "文一西路 969 号", "310000", "顺丰速运", f"SF{number:013d}", goods,
    )  # fmt: skip


def _rate(size: str, count: int) -> float:
    started = time.process_time()
    for number in range(count):
        pdf_logistics.draw(_label(number), size)
    return count / (time.process_time() - started)


def _whole(count: int) -> float:
    """The least that fpdf2 does by itself: one line of text in the font as it came."""
    started = time.process_time()
    for _number in range(count):
        pdf = FPDF(format=pdf_logistics.SIZES["a6"])
        pdf.add_font("Whole", fname=str(pylopdf_fonts_zh_cn.sans_path()))
        pdf.set_font("Whole", size=9)
        pdf.add_page()
        pdf.cell(text=GOODS)
        bytes(pdf.output())
    return count / (time.process_time() - started)

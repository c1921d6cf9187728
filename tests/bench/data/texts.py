"""What people of the bench are called and write: names, and messages in Chinese and English, frequent words and rare ones."""

import random
from itertools import product

from aftersales.rules.console.search_words import folded

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严武戴莫孔向汤"
GIVEN = "伟芳娜敏静丽强磊洋艳勇军杰娟涛明超秀霞平刚桂英华玉兰红梅建国志文海燕雪琳晨宇浩然子轩梓涵欣怡佳俊凯博思远天佑一诺雨桐若曦景行"
FIRST = (
    "Anna",
    "Bruno",
    "Carla",
    "Diego",
    "Elena",
    "Felipe",
    "Greta",
    "Hugo",
    "Ingrid",
    "Jonas",
    "Karina",
    "Lucas",
    "Marta",
    "Nikolai",
    "Olivia",
    "Paulo",
    "Rafael",
    "Sofia",
    "Tomas",
    "Vera",
)
LAST = tuple(a + b for a, b in product(
    ("Ander", "Berg", "Carval", "Domin", "Eriks", "Ferrei", "Gonzal", "Hoff", "Ivan", "Johan", "Koval", "Linde", "Marti", "Novak", "Olivei", "Perei", "Ribei", "Santo", "Torre", "Vogel"),
    ("sen", "strom", "ho", "ez", "ova", "mann", "ra", "ini", "wald", "quist", "berger", "stad", "ton", "ley", "feld"),
))  # fmt: skip
# What is said often, by whom; * stands for the goods.
BUYERS = (
    "您好，收到的*有色差，想申请退款，麻烦看一下照片", "*尺码偏小，穿不下，能换大一码吗", "快递显示签收了，可是我没有收到*", "请问退款什么时候到账，已经三天了",
    "*有破损，包装盒也压坏了，请尽快处理", "我不想要了，七天无理由退货，运费谁出？", "发错颜色了，订的是雾蓝色，来的是灰色", "退货已经寄出，请查收，谢谢",
    "Hello, the * arrived damaged and I would like a refund", "The * is smaller than the size chart says, can I exchange it?",
    "Where is my refund? It has been five days since you received the parcel", "Wrong colour was sent, please tell me how to return it",
)  # fmt: skip
AGENTS = (
    "亲，非常抱歉给您带来不便，这边马上为您核实", "您好，已经为您同意退货，请在七天内寄回*", "运费由我们承担，退款将原路退回您的账户", "麻烦您提供一下*的细节照片，方便我们判断",
    "仓库已经签收，检查无误后二十四小时内退款", "可以补偿您二十元优惠券，*您留下可以吗",
    "Sorry for the trouble, we have agreed to the return of the *", "Your refund was sent today and reaches your account within three working days",
    "Could you send us a photo of the label inside the *?", "The warehouse has inspected the parcel and everything is fine",
)  # fmt: skip
NOTES = (
    "买家情绪激动，注意措辞",
    "已电话沟通，同意部分退款",
    "Second claim this month, check the photos with care",
    "等仓库回复再答复买家",
)
RARE = (
    "衣服上有霉斑，还有一股樟脑味", "拉链卡住了，纽扣掉了两颗", "The zipper is jammed and two buttons fell off", "灯泡一通电就冒烟，差点触电",
    "A musty smell of camphor, my daughter is allergic to it", "鞋底开胶，鞋垫下面全是胶水", "The lamp flickers and hums whenever it rains", "充电口松动，充不进电",
)  # fmt: skip
ONE_IN = 4_000  # messages say something rare
NULL = r"\N"
GOODS = {"Dress, mist blue": "连衣裙", "Linen shirt": "亚麻衬衫", "Canvas shoes": "帆布鞋", "Desk lamp": "台灯"}


def name(n: int) -> str:
    """The name of a buyer: three Chinese signs, or two Latin words for every fourth."""
    dice = random.Random(n)
    if n % 4 == 3:
        return f"{dice.choice(FIRST)} {dice.choice(LAST)}"
    return dice.choice(SURNAMES) + dice.choice(GIVEN) + dice.choice(GIVEN)


def thread(n: int, title: str) -> list[tuple[str, bool, str]]:
    """Role, whether it is a note, and text of the two to four messages of a case."""
    dice = random.Random(-n)
    said = [("buyer", False, _line(dice, BUYERS, title)), ("agent", False, _line(dice, AGENTS, title))]
    if n % 3 == 0:
        said.append(("buyer", False, _line(dice, BUYERS, title)))
    if n % 2 == 0:
        said.append(("agent", True, dice.choice(NOTES)))
    return said


def tell(
    tables: dict[str, list[str]],
    n: int,
    shop_id: int,
    ids: tuple[int, int],
    agent: int | None,
    goods: tuple[str, str],
    at: str,
) -> None:
    """Rows of the messages of a case, and of what search keeps of them and of its subject; `ids`: case, first message."""
    case, first = ids
    tables["aftersales_searchdocument"].append(f"{case}\t{shop_id}\t{NULL}\tf\t{compared(' '.join(goods).strip())}\\n")
    for pk, (role, is_note, text) in enumerate(thread(n, goods[0]), start=first):
        mark, who = "t" if is_note else "f", NULL if role == "buyer" or agent is None else agent
        tables["aftersales_message"].append(f"{pk}\t{case}\t{mark}\t{role}\t{who}\t{text}\t{at}")
        tables["aftersales_searchdocument"].append(f"{case}\t{shop_id}\t{pk}\t{mark}\t{compared(text)}")


def compared(text: str) -> str:
    """As the triggers keep it for search."""
    return _KEPT.get(text) or _KEPT.setdefault(text, folded(text))


_KEPT: dict[str, str] = {}


def _line(dice: random.Random, lines: tuple[str, ...], title: str) -> str:
    if dice.random() * ONE_IN < 1:
        return dice.choice(RARE)
    line = dice.choice(lines)
    return line.replace(
        "*", GOODS[title] if line[0] > "~" or (line[0] == "*" and line[1] > "\u4e00") else title.lower()
    )

"""What the demo sells, to whom, and what people say. Invented; any likeness is chance."""

from dataclasses import dataclass
from decimal import Decimal

D = Decimal


@dataclass(frozen=True)
class Product:
    """Something for sale."""

    sku: str
    title: str
    variants: tuple[str, ...]
    category: str
    price: Decimal
    shape: str


@dataclass(frozen=True)
class Shop:
    """A merchant of the demo, and the way it sells."""

    code: str
    name: str
    currency: str
    source: str
    carriers: tuple[str, ...]
    products: tuple[Product, ...]
    address: tuple[str, str, str, str, str, str]
    is_chinese: bool = True


APPAREL = Shop(
    "qinghe",
    "青禾服饰",
    "CNY",
    "taobao",
    ("顺丰速运", "中通快递", "圆通速递"),
    (
        Product("QH-DR01", "亚麻收腰连衣裙", ("雾蓝 M", "雾蓝 L", "米白 S"), "dresses", D(289), "dress"),
        Product("QH-SH02", "宽松棉麻衬衫", ("白色 M", "浅灰 L"), "tops", D("139.00"), "shirt"),
        Product("QH-KN03", "羊绒混纺针织衫", ("驼色 M", "墨绿 L"), "knitwear", D("459.00"), "shirt"),
        Product("QH-TR04", "高腰直筒西裤", ("黑色 27", "卡其 28"), "trousers", D("219.90"), "trousers"),
        Product("QH-CO05", "双面呢长大衣", ("燕麦 S", "炭灰 M"), "coats", D("1280.00"), "dress"),
        Product("QH-SC06", "真丝方巾", ("海棠红", "烟青"), "accessories", D("99.00"), "square"),
        Product("QH-SK07", "百褶半身裙", ("藏青 M", "酒红 S"), "skirts", D("168.00"), "dress"),
    ),
    ("青禾退货仓", "沈青", "13857120066", "浙江省 杭州市 余杭区", "良渚街道 网周路 18 号 2 号库", "311113"),
)
HOME = Shop(
    "mumian",
    "木棉家居",
    "CNY",
    "jd",
    ("京东物流", "德邦快递", "韵达快递"),
    (
        Product("MM-LA01", "陶瓷台灯", ("暖白", "赤陶"), "lighting", D("199.00"), "lamp"),
        Product("MM-BE02", "长绒棉四件套", ("1.5 米 月白", "1.8 米 灰蓝"), "bedding", D("599.00"), "square"),
        Product("MM-CU03", "手作马克杯", ("豆绿", "釉白"), "tableware", D("49.90"), "cup"),
        Product("MM-CH04", "实木餐椅", ("胡桃色", "原木色"), "furniture", D("860.00"), "chair"),
        Product("MM-PO05", "铸铁炖锅 24 cm", ("奶油白", "森林绿"), "kitchen", D("429.00"), "cup"),
        Product("MM-TO06", "新疆棉浴巾两条装", ("浅灰", "杏色"), "bath", D("88.00"), "square"),
    ),
    ("木棉售后中心", "周棉", "13922114477", "广东省 佛山市 顺德区", "乐从镇 家具大道 9 号", "528315"),
)
DIGITAL = Shop(
    "northshore",
    "Northshore Digital",
    "USD",
    "shopify",
    ("UPS", "DHL", "USPS"),
    (
        Product("NS-HP01", "Drift wireless headphones", ("Graphite", "Sand"), "audio", D("129.00"), "headphones"),
        Product(
            "NS-KB02", "Tern mechanical keyboard", ("ISO, brown", "ANSI, red"), "keyboards", D("99.50"), "keyboard"
        ),
        Product("NS-CH03", "Harbor 65 W charger", ("EU plug", "US plug"), "power", D("39.00"), "square"),
        Product("NS-WA04", "Skerry fitness watch", ("Slate 42 mm", "Coral 38 mm"), "wearables", D("219.00"), "watch"),
        Product("NS-SP05", "Cove portable speaker", ("Navy", "Moss"), "audio", D("69.90"), "lamp"),
        Product("NS-TB06", "Fjord 11″ tablet", ("128 GB", "256 GB LTE"), "tablets", D("649.00"), "keyboard"),
    ),
    ("Returns, Northshore", "Ruth Alder", "+1 415 555 0142", "Oakland, CA", "2100 Embarcadero Cove", "94606"),
    is_chinese=False,
)
SHOPS = (APPAREL, HOME, DIGITAL)

BUYERS = {
    True: [
        "王小雨", "李晨曦", "张若彤", "陈思远", "刘子墨", "杨语嫣", "赵一鸣", "黄欣怡",
        "周浩然", "吴梦洁", "徐嘉树", "孙晓岚", "马骏驰", "朱婉清", "胡天佑", "郭静怡",
        "何雨桐", "高俊杰", "林诗涵", "罗文博", "梁雅琪", "宋知远", "郑沐阳", "谢芷若",
        "韩奕辰", "唐雪晴", "冯子轩", "于悦然", "董青山", "萧可儿",
    ],
    False: [
        "Olivia Hart", "Noah Bennett", "Ava Lindqvist", "Liam O’Connor", "Mia Torres", "Ethan Brooks", "Sofia Marin",
        "Lucas Weber", "Chloe Dubois", "Mason Reid", "Isla Campbell", "Leo Rossi", "Grace Kim", "Henry Novak",
    ],
}  # fmt: skip
REGIONS = {
    True: (
        ("上海市 静安区", "南京西路 1266 号", "200040"),
        ("北京市 朝阳区", "望京街 10 号院", "100102"),
        ("广东省 深圳市 南山区", "科技园科苑路 15 号", "518057"),
        ("四川省 成都市 锦江区", "红星路三段 1 号", "610021"),
        ("江苏省 南京市 玄武区", "珠江路 88 号", "210018"),
        ("湖北省 武汉市 洪山区", "珞喻路 629 号", "430079"),
        ("陕西省 西安市 雁塔区", "长安南路 300 号", "710061"),
    ),
    False: (
        ("Portland, OR", "418 Alder Street", "97204"),
        ("Berlin", "Sonnenallee 61", "12045"),
        ("Lyon", "14 rue Mercière", "69002"),
        ("Manchester", "22 Tib Street", "M4 1LN"),
        ("Toronto, ON", "77 Ossington Avenue", "M6J 2Z2"),
    ),
}

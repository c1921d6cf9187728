"""What buyers and our people write in the demo, in the language of the shop."""

from aftersales.rules.vocabulary import SuspensionCause

# Reason → what the buyer writes: Chinese, English.
WISHES = {
    "changed_mind": (
        "收到后觉得风格不太适合我，想退掉，吊牌都在。",
        "It does not suit me after all. Unused, all tags on.",
    ),
    "wrong_size_chosen": ("尺码买大了，肩膀那里不合适。", "I picked the wrong size, it is too big on me."),
    "price": ("刚买完就降价了，想退。", "The price dropped the day after I ordered."),
    "stain_or_smell": ("袖口有一块污渍，洗不掉，照片里能看到。", "There is a stain near the edge, see the photo."),
    "differs_from_picture": ("颜色和详情页差别挺大的，偏灰。", "The colour is duller than in the pictures."),
    "material_differs": ("写的是羊绒混纺，水洗标上没有羊绒。", "The label names another material than the page."),
    "broken": ("打开包装就发现裂了，没法用。", "It does not switch on, I tried two sockets."),
    "seam_open": ("穿了一次侧缝就开线了。", "The seam opened the first time I used it."),
    "sent_late": ("说好 48 小时发货，一直没发，不想等了。", "It should have shipped days ago. Please refund."),
    "out_of_stock": ("客服说没货了，请退款。", "Your colleague told me it is out of stock."),
    "wrong_item": ("发错颜色了，我拍的是另一个。", "You sent the other variant."),
    "part_missing": ("少了一件，包裹里只有一条。", "One part is missing from the box."),
    "not_as_described": ("尺寸和描述的不一样，差了 5 厘米。", "It is smaller than described, by two inches."),
    "not_received": ("物流显示在派送，三天了还没收到。", "Tracking has not moved for days, nothing arrived."),
    "no_trace": ("发货后一直没有物流信息。", "No tracking since it was shipped."),
    "damaged_in_transit": ("快递盒子压扁了，里面也坏了。", "The box was crushed and so is what is inside."),
    "counterfeit": (
        "专柜对比后怀疑不是正品，做工差很多。",
        "Compared with one from the store I doubt that it is genuine.",
    ),
    "refused": ("包装破损，我当面拒收了。", "The box was open, so I refused it at the door."),
    "price_dropped": (
        "刚下单第二天就降价了，申请价保退差价。",
        "It is cheaper now than when I ordered, please see the picture.",
    ),
    "dispatched_late": ("说好 48 小时内发货，实际第四天才发出。", "It left days after the promised date."),
    "return_freight": (
        "退货运费是我先垫的，12 元，麻烦返还。",
        "I paid the return parcel myself, please give it back.",
    ),
    "wrong_address": ("地址填错了，麻烦改到新家。", "I have moved, please send it to my new address."),
    "agreed": ("和客服说好的，按约定退。", "As agreed in the chat."),
}

GREETING = (
    (
        "您好，我是客服林晓，已经看到您的申请，马上为您核实。",
        "Hello, I have your request in front of me and am checking it now.",
    ),
    (
        "您好，抱歉给您添麻烦了，我先看一下照片和订单。",
        "Hi, sorry for the trouble. Let me look at the order and the photos.",
    ),
    ("亲，收到您的申请啦，大约十分钟给您答复。", "Hi there, give me ten minutes and I will be back with an answer."),
)
THANKS = (
    ("好的，谢谢，麻烦快一点。", "Thank you. I would be glad if it went quickly."),
    ("辛苦了，等你消息。", "Thanks, I will wait."),
    ("可以的，谢谢客服。", "That works for me, thanks."),
)
OFFER = ("您看补偿您一部分，商品您留着用可以吗？", "Would you keep it if we gave you part of the money back?")
WARM = (
    "已经同意退货，请在七天内寄回并填写运单号。",
    "Agreed. Please send it back within seven days and enter the waybill.",
)
SHIPPED = ("已经寄出了，运单号填好了。", "It is on its way, the waybill is in.")
REFUSAL = ("仓库复核过出库照片，商品与描述一致。", "We checked the photos taken at packing: it is as described.")
DISAGREE = (
    "我不同意，照片拍得很清楚，请平台看看。",
    "I disagree, the photos are clear. Please have the platform look.",
)
RULING = (
    "双方照片一致显示商品存在瑕疵，商家未能举证发货时完好，支持买家。",
    "Both sets of photos show the fault and the merchant has no proof of its state at packing: for the buyer.",
)
RULING_FOR_SHOP = (
    "商品已使用且吊牌剪除，不符合退货条件，支持商家。",
    "The goods were used and the tags are cut: the conditions of a return are not met. For the merchant.",
)
SUSPENDED = {
    SuspensionCause.JOINT_REQUEST: (
        "双方同意等待检测机构出具鉴定报告。",
        "Both sides agreed to wait for the report of the testing laboratory.",
    ),
    SuspensionCause.POLICE: (
        "已报警，等待警方调查结果。",
        "It was reported to the police; we wait for what they find.",
    ),
    SuspensionCause.COURT: ("买家已起诉，等待法院判决。", "The buyer went to court; we wait for its decision."),
}
NOTES = (
    ("老客户，近一年只退过一次，可以从宽。", "Long-standing customer with one return in a year: be generous."),
    (
        "仓库说这批货有同样问题，已反馈质检。",
        "The warehouse has seen this fault in the whole batch; quality control knows.",
    ),
    ("已电话沟通，买家情绪比较急，优先处理。", "Spoke on the phone; the buyer is pressed for time, handle first."),
)
ABOVE_LIMIT = (
    "金额超出我的权限，商品确有质量问题，建议同意。",
    "Above my limit; the fault is plain to see, I would agree.",
)
CHASING = (
    ("还没有结果吗？已经等了一天了。", "Any news? I have been waiting for a day."),
    ("退款什么时候能到账？", "When will I get the money?"),
)
MORE_TIME = ("我在出差，周末才能寄。", "I am travelling and can only ship at the weekend.")
REOPENED = ("买家补充了检测报告，重新处理。", "The buyer sent the laboratory’s report: taken up again.")
WILL_BE_SENT = (
    "已经为您同意，后续进度会在这里更新。",
    "Agreed. You will see here how it goes on.",
)
WORN_OUT = ("开关触点磨损，需更换开关组件。", "The contacts of the switch are worn; the switch has to be replaced.")
LOOSE_CONTACT = (
    "更换后仍接触不良，疑似主板焊点虚焊。",
    "Still a unidentified contact after the change, probably a joint on the board.",
)
MENDED = ("已更换开关组件，通电测试 30 分钟正常。", "Switch replaced, ran for 30 minutes without fault.")
BROKE_AGAIN = ("测试 10 分钟后故障复现。", "The fault came back after ten minutes of testing.")
SUPPLIER = ("晨光电器授权维修点", "Harbor Electronics service")
PRICE_OF_REPAIR = ("已过免费更换期，配件费需您承担。", "The part is no longer covered, so its price is yours.")
RATHER = ("买家沟通后改变诉求。", "The buyer would rather have it this way.")
ONE_APART = ("其中一件买家还在考虑，先处理其余两件。", "The buyer is still thinking about one; the others go ahead.")
TOGETHER = ("同一订单两次申请，一起处理。", "Two requests about one order, handled as one.")
NO_SLIP = ("外包装无退货单，寄件人信息不全。", "No return slip, the sender is not readable.")
COUNTED = ("月度盘点", "Monthly count.")

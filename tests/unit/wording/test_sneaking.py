"""Attempts to sneak figures, ends, codes and free things past the lock, and honest copy that must pass."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest

from copilot.domain import CampaignBrief, StrategyDraft, parse
from copilot.wording import Grounds, check_copy

PERCENT = {"type": "percent_off", "value": 15, "code": "A1", "min_spend": 50}
NONE = {"type": "none"}
HAN = re.compile("[\u4e00-\u9fff]")
GROUNDS = Grounds("EUR", ("Glow Cream",), ("Free People", "Tea"))


def broken(offer: dict[str, Any], **copy: str) -> dict[str, str]:
    data = {"draft_id": "d", "channel": "email", "offer": offer, "product_ids": ["p1"]}
    copy = {"subject": "Glow Cream", **copy}
    draft = parse(StrategyDraft, {**data, "plan": {"starts_on": "2026-03-01"}, "copy": copy})
    brief = {"language": "zh" if HAN.search(" ".join(copy.values())) else "en"}
    checks = check_copy(draft, parse(CampaignBrief, brief), GROUNDS)
    return {check.rule: check.message for check in checks if not check.passed}


FIGURES = [
    "Ѕаvе twenty percent", "twеnty percent", "hаlf price", "ｈａｌｆ\u3000ｐｒｉｃｅ",
    "twen\u034fty percent", "twe\u3164nty percent", "twenty\u2800percent", "twen\u00adty percent",
    "twen\ufe0fty percent", "t-w-e-n-t-y percent off", "h a l f price", "h_a_l_f price", "２０ off",
    "٢٠ off", "२० off", "𝟚𝟘 off", "②⓪ off", "⒛ off", "²⁰ off", "2\ufe0f\u20e30\ufe0f\u20e3 off",
    "🔟 off", "💯 points", "XX off", "XX percent off", "XL euros off", "IO percent off", "lO% off",
    "ⅩⅩ off", "㉒ off", "㊿ off", "⚁⚀ off", "⠼⠃⠚ off", "〢〇 off", "𐄣 off", "፳ off",
    "{discount} percent off", "{discount} Prozent", "{discount} pour cent", "{discount} por ciento",
    "{discount} v.H.", "{discount} 百分点", "{min_spend} euros", "EUR {min_spend}", "{min_spend} EUR",
    "Our shop turns ten percent off", "It turns ten euros into joy", "Turn twenty points into more",
    "Our prices turn ten.",
    "a couple of euros off", "a few euros off", "a handful of euros less", "some twenty-odd percent",
    "one fifth off", "a full tenth less", "save a third on creams", "two-thirds off", "a dozen euros",
    "nineteen\nninety-nine", "Now for nineteen euros", "ninety-nine cents", "twenty–five percent",
    "twenty—five percent", "buy 1 get 1", "two for the price of one", "one plus one", "BOGO",
    "every second cream free", "pay for two, take three", "zwanzig Prozent", "zwanzig v.H.",
    "fünfundzwanzig Prozent Rabatt", "fu\u0308nf Euro weniger", "zehn Euro geschenkt", "zum halben Preis",
    "die Hälfte des Preises", "vingt pour cent", "cinq euros de remise", "moitié prix", "à moitié prix",
    "dix euros offerts", "veinte por ciento", "cinco euros menos", "mitad de precio", "a mitad de precio",
    "diez euros", "20 %", "10 €", "1.000,50", "1 000,50 €", "٪٢٠", "20 v. H.", "20 Prozent",
    "20 pour cent", "百分之廿", "贰拾元", "壹佰块", "立减伍拾", "五折起", "打五折", "打八五折",
    "便宜一半", "省一大半", "买二免一", "半卖半送", "九块九", "百元红包", "千元礼包", "第二件零元",
    "一折起", "伍折", "⑤折", "五 折", "五\u200b折", "半\u3000价", "减廿元", "两百块", "叁拾",
    "ends tonight", "Ends Tonight!", "only today", "today only", "TODAY ONLY", "last day",
    "the very last day", "final day", "last few hours", "hours left", "Just hours left", "gone tomorrow",
    "only until midnight", "until tomorrow morning", "ends Sunday night",
    "this is the last day", "today is the last day", "today is your last chance",
    "offer ends when the clock strikes midnight", "one day left", "a day left",
    "before the day is over", "by the end of today",
    "ends this evening", "for today", "valid today", "o\u200bnly today", "оnly today", "only\u00a0today",
    "last\u2011day deal", "nur heute", "Nur noch heute", "heute ist der letzte Tag", "letzte Chance",
    "nur bis Sonntag", "endet morgen", "bis Mitternacht", "seulement aujourd'hui",
    "aujourd’hui seulement", "dernier jour", "derniers jours", "jusqu'à dimanche", "se termine ce soir",
    "solo hoy", "sólo hoy", "último día", "últimas horas", "hasta el domingo", "termina hoy",
    "hasta medianoche", "今天最后一天", "仅此一天", "今晚截止", "明天就没了", "只限今日", "限今天",
    "僅此今日", "最后24小时", "周日截止", "今夜零点结束", "今天就截止", "最後一天", "月底截止",
    "过了今天就没有了", "use SUMMER at checkout", "enter hello in the voucher box",
    "mention “spring” at the till", "quote SPRING when you order", "Gutscheincode: HALLO",
    "Code HALLO eingeben", "mit dem Code HALLO", "code promo BONJOUR", "avec le code BONJOUR",
    "código HOLA", "con el código HOLA", "ｃｏｄｅ\u3000ＨＥＬＬＯ", "cоde HELLO", "c-o-d-e HELLO",
    "暗号是春天来了", "口令：芝麻开门", "报暗号“春天”", "回复“春天”领券", "优惠券码HELLO",
    "輸入優惠碼HELLO", "用券码 HELLO", "promo: HELLO", "Coupon code — HELLO",
    "password SPRING at checkout", "the magic word is spring",
]  # fmt: skip


@pytest.mark.parametrize("body", FIGURES)
def test_no_spelling_gets_a_figure_an_end_or_a_code_past_the_lock(body: str) -> None:
    message = broken(PERCENT, body=f"Hello. {body}")["copy_figures"]

    assert message.startswith("copy.body, character ")
    assert "is no slot and no known fact; " in message


FREE = [
    "FREE!", "Free for you", "It's free", "totally free", "absolutely free", "Free returns",
    "Returns are free", "a free mascara", "your free mascara", "plus free samples", "Yours free",
    "Free trial", "Free of charge", "free of cost", "gratis", "costs nothing", "pay nothing",
    "won't cost a cent", "complimentary gift wrap", "It's on the house", "Get it free", "free product",
    "a FREE bag", "Free engraving", "free gift wrapping", "with a free refill", "without paying",
    "zero cost", "免费", "完全免费", "不要钱", "不花一分钱", "零元购", "白拿", "免单", "免费退货",
    "免费体验", "0元购", "免費領取", "白嫖", "kostenlos", "gratis dazu", "umsonst", "kostenloser Versand",
    "versandkostenfrei", "gratuit", "livraison gratuite", "livraison offerte", "cadeau offert",
    "gratis para ti", "envío gratis", "sin coste", "Frее shipping", "Frее shipping", "ꜰʀᴇᴇ ꜱʜɪᴘᴘɪɴɢ",
    "🅵🆁🅴🅴 shipping", "Ⓕⓡⓔⓔ shipping", "𝐅𝐫𝐞𝐞 shipping", "ｆｒｅｅ shipping",
    "f\u0336r\u0336e\u0336e\u0336 shipping", "f\u200dr\u200dee shipping", "f r e e shipping",
    "f.r.e.e shipping",
]  # fmt: skip


EVADING = [
    ("Delivery costs you nothing.", "copy_promises"), ("A present comes with every cream.", "copy_promises"),
    ("Lipstick included with your order.", "copy_promises"), ("cost-free shipping", "copy_promises"),
    ("送您一份小礼", "copy_promises"), ("赠小样", "copy_promises"), ("不要运费", "copy_promises"),
    ("Save double.", "copy_promises"), ("Everything must go.", "copy_promises"), ("跳楼价", "copy_promises"),
    ("from now to Sunday.", "copy_figures"), ("till month's end", "copy_figures"),
    ("through Labor Day", "copy_figures"), ("Best cream ever.", "copy_claims"),
    ("Nearly out of stock.", "copy_claims"), ("Nobody is cheaper.", "copy_claims"),
    ("Closing-down sale.", "copy_claims"), ("Only two days left", "copy_figures"),
    ("It takes {discount} off for ten minutes", "copy_figures"), ("Ready? Ten minutes to go", "copy_figures"),
    ("The offer is ready in ten minutes", "copy_figures"),
    ("For two days", "copy_figures"),
    ("Seven days a week {discount} off, for two days", "copy_figures"),
    ("See us this weekend only", "copy_figures"),
    ("Come and see us this weekend, {discount}", "copy_figures"),
    ("Get ready for Monday: last chance", "copy_figures"), ("Earn points: your points", "copy_promises"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "rule"), EVADING)
def test_a_way_around_the_usual_words_is_refused_by_the_rule_it_breaks(body: str, rule: str) -> None:
    assert rule in broken(NONE, body=body)


@pytest.mark.parametrize("body", FREE)
def test_nothing_is_called_free_that_the_offer_does_not_give(body: str) -> None:
    assert broken(PERCENT, body=f"Hello. {body}")["copy_promises"].startswith("copy.body, character ")


NOTHING_FREE = [
    "Feel free to ask", "Sugar-free and gluten free", "cruelty free skincare", "Free your mind",
    "Free time, well spent", "Free from parabens", "free of parabens", "a care-free day", "carefree",
    "Free-range eggs", "stress free mornings", "a free spirit", "Set yourself free",
    "the freedom to choose", "hands-free", "hands free", "wrinkle free shirts",
    "Your hands are free for other things", "free and easy", "iron-free cotton", "lead-free crystal",
    "roam free", "break free", "oil free cream", "a plastic free bathroom", "Are you free this summer?",
    "free movement", "a free afternoon", "BPA free bottles", "fragrance free, always",
    "a stress-free trip", "wild and free", "free-flowing dress", "free radicals",
    "keep your skin free of impurities", "a hassle free return", "无糖无添加", "自由自在", "免洗",
    "免打孔", "免熨", "免烫衬衫", "免手洗", "免洗面膜", "免安装",
]  # fmt: skip
HONEST = [
    "Soft, warm and made to last", "Our favourites for slow mornings", "New in the shop this week",
    "This month's favourites", "A serum for a better tomorrow", "Sleep well tonight, wake up rested",
    "One of our favourites", "Two-tone bags and three-piece suits", "Dressed for day and night",
    "First come the flowers, then the tea", "The second skin you always wanted",
    "A hundred ways to wear it", "A picture is worth a thousand words", "Take five: a tea break",
    "Nine times out of ten it is the small things", "On cloud nine",
    "Omega-3 and vitamin B12 for your skin", "CO2-neutral delivery", "CO₂-neutral",
    "With vitamin C and Q10", "Made with H2O and love", "In 3D", "Watch it in 4K", "A4 notebooks",
    "USB-C chargers", "Good for skin type II", "Louis XIV style chairs", "Mix and match",
    "The DIY corner", "Part I of our story", "World War II replicas", "Size XL and XXL",
    "XL off-shoulder dress", "Our XL sizes", "size L off the rack", "An MC off duty",
    "Wear it off the shoulder", "Switch off and relax", "Kick off the season", "Better off together",
    "Take the weight off your feet", "The best-kept secret of the house", "Last but not least",
    "Built to last, day after day", "Last season's colours are back", "The last piece of the puzzle",
    "At last", "The last word in comfort", "A final touch for your table", "Finally here",
    "Days are getting shorter", "Hours of fun", "The days you remember", "A day at the sea",
    "Today we show you our tea", "Shop today", "Start today", "What shall we cook tonight? Pasta!",
    "Only the finest leaves", "Only at Tea", "Just for you", "For every Monday morning", "Sunday brunch",
    "Saturday is for books", "Open on Sundays too", "May your days be merry", "Spring has come",
    "In June we travel", "March on", "August evenings", "A second look",
    "third-generation family business", "Since three generations", "Try it once",
    "Twice the care in every stitch", "Half moon earrings", "Half the fun is choosing",
    "Quarter-zip jumpers", "Double-walled cups", "triple-milled soap", "a triple layer of chocolate",
    "Six-pack abs", "Pack of one's own", "Seven seas, one scent", "Four seasons in one jacket",
    "five-star comfort", "Ten out of ten for comfort", "Enter a world of tea", "Use it at night",
    "Use SPF every day", "Use the APP to order", "Mention us on Instagram", "Write to us",
    "Please enter your name at the checkout", "Your code of honour", "Dress code: relaxed",
    "The colour code is red", "Sign up with your e-mail", "Our secret is time", "Code of conduct",
    "use of RAM and CPU", "Use of NATURAL oils", "Try the NEW cream", "NEW IN: the LINEN shirt",
    "Get the LOOK", "WOW, what a colour", "VIP treatment for your skin", "Mother's Day gifts",
    "Gift ideas for everyone", "The perfect gift", "Wrap it up as a present", "Points of view",
    "A point of pride", "Save room for dessert", "Save the planet, one cup at a time", "Savings account",
    "Salesperson", "not for sale", "A great deal of care", "a big deal", "dealing with dry skin",
    "Price and quality go together", "at a fair price", "Our prices are fair", "It pays to wait",
    "Offer your skin a rest", "We offer advice", "Limited edition", "Coming soon", "Soon in store",
    "Back soon", "Ready for the weekend?", "Weekend mood", "Have a lovely weekend", "A weekend bag",
    "Before bedtime", "before the sun sets", "until the last drop", "until you fall asleep",
    "From dusk till dawn", "by the sea", "through winter", "through the night", "over a cup of tea",
    "ends of your hair", "for dry ends", "split ends repaired", "time left for yourself",
    "The year's end is near", "All week long", "an evening to remember", "this evening gown",
    "Good night", "Percent of happiness", "A percentage goes to charity", "per cent", "Euro summer",
    "Eurovision night", "pounds of fun", "cents and sense", "dollar signs", "A million thanks",
    "Thousands of leaves", "hundreds of colours", "dozens of reasons",
]  # fmt: skip
HONEST += [
    "It takes two minutes to put on", "It only takes five minutes", "Ready in ten minutes",
    "Ready in just ten minutes", "Seven days a week we are here for you",
    "Our tea has been with us for thirty years", "Thank you for ten years with us",
    "Come and see us this weekend", "Your points never expire", "Get ready for Monday",
    "Leave it on for five minutes", "Founded thirty years ago", "Our shop turns ten this summer",
    "We turned thirty-five last month", "Turning ten: a little thank-you", "Our shop turns ten years old",
    "Have your best summer ever",
    "Delivery takes care of itself", "A lid comes with every pot", "Batteries are included",
    "The shop is closing for lunch", "Through the year", "Must everything go to plan?",
]  # fmt: skip
HONEST_CHINESE = [
    "今晚睡个好觉", "为更好的明天准备", "明天会更好", "后天养成的好习惯", "最后一步，涂上面霜",
    "最后，祝您愉快", "最后再看一眼", "一见倾心", "十分舒适", "百搭单品", "千万别错过", "万分期待",
    "三折叠雨伞", "两用背包", "四季皆宜", "五彩缤纷", "六神无主", "七夕情意", "八音盒", "九分裤",
    "七分袖上衣", "十全十美", "双肩包", "双层杯", "半身裙", "半高领毛衣", "一半是海，一半是花",
    "多倍呵护", "加倍温柔", "百分百纯棉", "百分百用心", "一步到位", "一口气读完", "一万个理由喜欢它",
    "千元机也好用", "今天也要开心", "今天喝什么茶", "今日份的好心情", "每天一杯茶", "每周一束花",
    "周末好心情", "周末愉快", "本周上新", "本月新品", "这个夏天", "今年夏天", "下班后的放松时光", "晚安",
    "午夜蓝", "夜间修护", "日夜呵护", "月底了，犒劳一下自己吧", "年底了，谢谢您的陪伴", "送给妈妈的礼物",
    "送礼佳品", "很快送达", "送货上门", "赠人玫瑰，手有余香", "包您满意", "减压好物", "减龄穿搭",
    "省心省力", "省时之选", "降温了，加件外套", "降噪耳机", "打卡好去处", "折叠凳", "曲折的路", "优雅",
    "优质棉", "积少成多", "积木玩具", "免洗喷雾", "免打孔挂钩", "自由自在", "扫码关注", "条码",
    "尺码齐全", "密码锁", "代码之美", "口令红包玩法请看规则", "输入法皮肤", "使用前请摇匀", "使用USB充电",
    "支持WIFI连接", "LOGO可定制", "新品NEW上线", "请输入手机号", "领口设计", "买一件喜欢的外套",
    "买来就用", "满心欢喜", "满满的元气", "满天星", "元宵", "元气", "一块布", "一块蛋糕的时间",
    "一点点甜", "三点一线", "第一次约会", "第二天依然清爽", "一成不变", "八成新的旧书", "成套购买",
    "第一件毛衣", "二话不说", "三心二意", "四面八方", "两全其美", "两天一夜的旅行", "一日三餐",
    "十二生肖", "二十四节气", "三十而立", "小店十周岁了",
    "百年老店", "百岁爷爷的手艺", "五月的花", "六月的风",
    "八月桂花香", "九月开学", "三月踏青", "送您一份灵感", "送礼物给妈妈", "适合赠礼", "跳楼机主题乐园周边",
]  # fmt: skip


@pytest.mark.parametrize("body", NOTHING_FREE + HONEST + HONEST_CHINESE)
def test_honest_copy_passes(body: str) -> None:
    assert broken(NONE, body=body) == {}
    assert broken(PERCENT, body=f"{body}. {{discount}} off {{product}} with code {{code}}.") == {}


@pytest.mark.parametrize(
    ("subject", "preheader", "refused"),
    [
        ("Take five", "euros off your order", True),
        ("Five", "percent off, for you", True),
        ("就在本周：立减五", "元，快来", True),
        ("Just the two of us.", "Points of view on colour", False),
        ("For the nine lives of your cat", "Euro design at its finest", False),
        ("为您挑选", "五彩缤纷的春天", False),
    ],
)
def test_a_number_split_over_two_fields_is_read_as_one(subject: str, preheader: str, refused: bool) -> None:
    found = broken(PERCENT, subject=subject, preheader=preheader, body="Hello")

    assert ("copy_figures" in found) is refused


@pytest.mark.parametrize(
    ("body", "refused"),
    [("Free People is here", False), ("Glow Cream by Tea", False), ("free things for people", True)],
)
def test_a_name_of_the_shop_or_of_a_brand_is_no_promise(body: str, refused: bool) -> None:
    assert ("copy_promises" in broken(NONE, body=body)) is refused


def test_a_shop_called_sale_may_not_have_one_on() -> None:
    data = {"draft_id": "d", "channel": "email", "offer": NONE, "copy": {"body": "Our sale is on"}}

    checks = check_copy(parse(StrategyDraft, data), parse(CampaignBrief, {}), Grounds("EUR", known=("Sale",)))

    assert "copy_promises" in {check.rule for check in checks if not check.passed}


def test_a_name_that_ends_in_a_number_excuses_no_figure_with_a_unit() -> None:
    grounds = Grounds("EUR", ("Serum 20",), ("4711",))

    def passes(body: str) -> bool:
        draft = parse(
            StrategyDraft,
            {
                "draft_id": "d",
                "channel": "email",
                "offer": PERCENT,
                "product_ids": ["p1"],
                "copy": {"subject": "New in", "body": body},
            },
        )
        checks = check_copy(
            draft, parse(CampaignBrief, {"language": "zh" if HAN.search(body) else "en"}), grounds
        )
        return all(check.passed for check in checks)

    assert passes("Serum 20 and Serum\u00a020, by 4711")
    assert passes("新款Serum 20上架，来自4711的香气")
    for body in ("Serum 20 % off", "Serum 20 off", "4711 points", "Serum 20 €", "Serum 20元"):
        assert not passes(body)


RUNS = [
    "€", "%", "12,", "free ", "a free ", "f r e e ", "a-", "two for ", "one hundred and ", "I", "IVX ",
    "a\u0336", "а", "一", "免费", "\ufffc", "\ufffc ", " ", "\n", "EUR ", "buy x get y ", "earn a b ",
    "code: ", "口令：", "回复“", "jusqu'à ce ", "bis zum ", "veinte y uno ", "last few warm days of ",
    "it takes ", "leave a b for ", "ready for Monday ", "two minutes a ",
    "see us this weekend ",
    "{discount}", "{", "hello hello ",
]  # fmt: skip


@pytest.mark.parametrize("run", RUNS)
def test_a_long_text_that_repeats_itself_is_read_in_no_time(run: str) -> None:
    body = (run * 5_000)[:5_000]

    started = time.perf_counter()
    broken(PERCENT, body=body)

    assert time.perf_counter() - started < 1.5  # a pattern that backtracks takes minutes

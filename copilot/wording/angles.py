"""The angle of copy: what it leads with. Told by rules from the words alone, in English and Chinese.

A reader takes the angle from the subject and the first lines; terms further down ("until {ends_on}") belong
to any angle. The first clause that has one decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Literal, get_args

from copilot.domain.draft import Copy
from copilot.wording.seeing import seen

__all__ = ["ANGLES", "Angle", "angle_of"]

Angle = Literal["benefit", "urgency", "social_proof", "question", "personal"]
ANGLES: tuple[Angle, ...] = get_args(Angle)

_LED_BY = 2  # sentences of the body that can set the angle
_GREETING = re.compile(
    r"^(?:hello|hi|hey|dear|good\s+(?:morning|afternoon|evening))\b[^.!?\n]{0,40}$|^(?:您好|你好|嗨|亲爱的|尊敬的)[^。！？\n]{0,20}$",
    re.I,
)
_SENTENCES = re.compile(r"[^.!?。！？…\n]+[.!?。！？…]*")
_CLAUSES = re.compile(r"[^:;,：；，\n]+[:;,：；，]?")


def _en(pattern: str) -> str:
    return rf"(?<![\w-])(?:{pattern})(?![\w-])"


def _rule(english: str, chinese: str) -> re.Pattern[str]:
    return re.compile(f"{_en(english)}|{chinese}", re.I)


_PEOPLE = (
    r"customers?|people|shoppers?|buyers?|clients?|families|readers|members|users|reviewers|experts?"
    r"|dermatologists|parents"
)
_SOCIAL_PROOF = _rule(
    rf"(?:loved|trusted|chosen|praised|recommended|rated|reviewed|tested|worn|used|approved|bought|picked|liked)\s+by"
    rf"|(?:our|other|most|many|some|happy|so\s+many)\s+(?:\w+\s+)?(?:{_PEOPLE})\s+(?:\w+\s+)?"
    rf"(?:love|like|say|said|rate|rated|recommend|trust|choose|chose|praise|swear|tell|told|buy|bought|think|come)"
    rf"|what\s+(?:our\s+|other\s+)?(?:{_PEOPLE})\s+(?:say|think|love)|(?:thousands|hundreds|millions|dozens)\s+of\s+(?:\w+\s+)?(?:{_PEOPLE})"
    r"|best[\s-]?sell(?:er|ers|ing)|(?:customer|crowd|reader|community)\s+favou?rites?|most[\s-](?:loved|wanted|bought|popular|reviewed)"
    r"|award[\s-]winning|award[\s-]winner|(?:five|\d)[\s-]stars?|stars?\s+(?:from|on|by)|(?:great|good|glowing|customer|independent)\s+reviews?"
    r"|rated\s+(?:\S+\s+){0,3}(?:by|out\s+of|stars?)|winner\s+of|word\s+of\s+mouth|everyone\s+is\s+talking",
    r"好评|口碑|热销|畅销|爆款|人气|网红款|(?:顾客|用户|会员|买家|妈妈|消费者)们?(?:都|一致|纷纷)?(?:说|喜爱|推荐|认可|称赞|点赞|信赖|的选择)"
    r"|(?:万|千|百|多)[位名]?(?:顾客|用户|会员|买家|家庭)|大家都在[买用看]|(?:专家|医生|达人)(?:推荐|认可)|获奖|[五5]星|销量|回购率|回头客(?:最多|都)",
)
_PERSONAL = _rule(
    r"(?:thank\s+you|thanks)\s+for\s+(?:being|shopping|staying|coming|your|choosing|trusting|buying|joining)"
    r"|a\s+(?:small\s+|little\s+)?thank[\s-]you|(?:because|since|as|if)\s+you(?:'re|'ve|\s+are|\s+have)?\s+(?:\w+\s+){0,2}"
    r"(?:like|love|know|loyal|regular|customer|member|with\s+us|shopped|ordered|bought|come\s+back|new|here)"
    r"|as\s+(?:a|one\s+of\s+our)\s+(?:\w+\s+){0,2}(?:customers?|members?|regulars?|fans?|guests?)"
    r"|(?:for|to)\s+(?:our|all|you,?\s+our)\s+(?:\w+\s+){0,2}(?:regulars?|members?|loyal|customers|fans|newcomers|guests)"
    r"|for\s+(?:everyone|those|anyone|people)\s+who\s+(?:like|love|know|come|came|have)s?|(?:\{category\}|\w+)\s+(?:lovers|fans)"
    r"|(?:we(?:'ve|\s+have)?\s+)?miss(?:ed)?\s+you|welcome\s+back|(?:good|lovely|nice|glad)\s+to\s+(?:see|have)\s+you(?:\s+(?:again|back))?"
    r"|(?:it(?:'s|\s+has)\s+)?been\s+a\s+while|see\s+you\s+again|(?:your|the|a)\s+first\s+(?:order|purchase|parcel)|new\s+here"
    r"|your\s+(?:loyalty|favou?rites?)|(?:our\s+)?(?:regulars|regular\s+customers|loyal\s+customers)|you\s+(?:come|came)\s+back"
    r"|you\s+have\s+(?:shopped|ordered|bought)|welcome(?:\s+to\s+(?:us|our\s+shop|the\s+family))?(?=[,:.!]|$)|picked\s+for\s+you",
    r"(?:感谢|谢谢)(?:您|你)|(?:感谢|谢谢)[^，。！？]{0,8}(?:支持|陪伴|信任|光临|惠顾|选择|厚爱)|老(?:顾客|客户|朋友|会员)|(?:我们|本店)的会员|(?:认识|见到)(?:您|你)|(?:会员|忠实|新)(?:顾客|客户|朋友|粉丝)"
    r"|好久不见|许久(?:未见|没见|不见)|有(?:段|些)(?:时间|日子)(?:没|未)|久违|想(?:您|你)了|欢迎(?:回来|回家|再来|再次光临|加入|新朋友)|再次(?:见到|遇见)"
    r"|(?:首|第一)[次笔]?(?:下|购|订)?单|首购|新朋友|初次(?:见面|光临|下单)|(?:喜欢|喜爱|偏爱|钟爱|热爱)[^，。！？]{1,16}的(?:您|你|朋友|人)"
    r"|(?:如果|既然|要是)?(?:您|你)(?:也|一直|平时|向来)?(?:喜欢|喜爱|爱|偏爱)|(?:您|你)(?:一直以来|多次|常来|的支持|的陪伴|的信任|的心头好)|一路(?:相伴|有您|有你)",
)
_PRESSING = _rule(
    r"last\s+(?:chance|call|days?|hours?|week|weekend|moment)|final\s+(?:days?|hours?|call|week|weekend)"
    r"|ends?\s+(?:soon|today|tonight|tomorrow|this|on\s+\{ends_on\})|ending\s+(?:soon|on)|(?:runs?|running)\s+(?:out|until)"
    r"|hurry|do(?:n't|\s+not)\s+(?:miss|wait)|so\s+(?:that\s+)?you\s+do(?:n't|\s+not)\s+miss|not\s+long\s+left|time\s+(?:is\s+)?(?:left|until|to)"
    r"|there\s+is\s+(?:still\s+)?time|you\s+have\s+(?:time\s+)?until|only\s+(?:until|till|through|a\s+few)|still\s+(?:on\s+)?until|before\s+(?:it|\{ends_on\}|this\s+ends)"
    r"|limited[\s-]time|for\s+a\s+(?:short|limited)\s+time|(?:mark|note)\s+(?:the|your)\s+(?:date|calendar)|for\s+your\s+(?:diary|calendar)"
    r"|by\s+\{ends_on\}|(?:note|remember)\s+\{ends_on\}",
    r"最后(?:机会|时刻|几|一|[0-9]|两|[三四五六七八九十])|即将(?:结束|截止|到期|售罄)|马上(?:结束|截止)|快要(?:结束|截止)|倒计时|抓紧|赶紧|赶快|尽快|限时|"
    r"别错过|不要错过|莫错过|勿错过|不容错过|错过(?:就|再)|(?:仅|只|只到|仅到|仅限)(?:到|至|限)?\s*\{ends_on\}|"
    r"(?:记得|记住|提醒)[^，。！？]{0,8}(?:\{ends_on\}|日期|截止)|提醒(?:您|你)|活动(?:到|至)?\s*\{ends_on\}|还有时间|趁(?:现在|早)",
)
# A plain end leads where the subject names it, or where the first sentences begin with it.
_END_EN = r"(?:until|till|through|to|by)\s+\{ends_on\}"
_END_ZH = r"(?:即日起)?(?:到|至|截至|截止)\s*\{ends_on\}|\{ends_on\}\s*(?:为?止|截止|结束|到期|之?前)"
_ENDS = _rule(_END_EN, _END_ZH)
_ENDS_FIRST = re.compile(rf"^(?:(?:only\s+)?{_END_EN}|{_END_ZH})", re.I)
_ASKS_ZH = re.compile(r"(?:吗|呢|么)$")


def angle_of(copy: Copy, language: str) -> Angle:
    """What the copy leads with. In languages other than English and Chinese always "benefit"."""
    if language.split("-")[0] not in ("en", "zh"):
        return "benefit"
    found = (_angle(clause, ends_lead) for clause, ends_lead in _clauses(copy))
    return next((angle for angle in found if angle), "benefit")


def _clauses(copy: Copy) -> Iterator[tuple[str, re.Pattern[str] | None]]:
    """Clauses in reading order, and the pattern by which an end that is named there leads the message."""
    for sentence in _sentences(copy.subject):
        for clause in _split(sentence):
            yield clause, _ENDS
    for sentence in islice(_sentences(copy.body), _LED_BY):
        for place, clause in enumerate(_split(sentence)):
            yield clause, _ENDS_FIRST if place == 0 else None


def _sentences(text: str) -> Iterator[str]:
    found = (one.strip() for one in _SENTENCES.findall(seen(text)[0]))
    return (one for one in found if one and not _GREETING.match(one.rstrip(",:!. ，：！。")))


def _split(sentence: str) -> Iterator[str]:
    return (clause.strip() for clause in _CLAUSES.findall(sentence) if clause.strip(" ,:;，：；"))


def _angle(clause: str, ends_lead: re.Pattern[str] | None) -> Angle | None:
    if clause.endswith("?") or _ASKS_ZH.search(clause):
        return "question"
    if _SOCIAL_PROOF.search(clause):
        return "social_proof"
    if _PERSONAL.search(clause):
        return "personal"
    if _PRESSING.search(clause) or (ends_lead and ends_lead.search(clause)):
        return "urgency"
    return None

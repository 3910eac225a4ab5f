"""Absolute terms are known however they are pulled apart; sentences that merely touch stay two."""

from __future__ import annotations

import time

import pytest

from copilot.wording.claims import claims

DISGUISED = [
    ("最.好的面霜", "最.好的"), ("最 好的面霜", "最 好的"), ("最-好的面霜", "最-好的"),
    ("最。佳选择", "最。佳"),
    ("最・佳护肤", "最・佳"), ("最丶佳护肤", "最丶佳"), ("最❤好的面霜", "最❤好的"),
    ("最…好的面霜", "最…好的"),
    ("最\u200b佳护肤", "最\u200b佳"), ("全.网.最.低", "全.网.最.低"), ("全网.最低", "全网.最低"),
    ("第.一品牌", "第.一品牌"), ("唯，一正品", "唯，一"), ("顶.级羊绒", "顶.级"), ("頂.級羊絨", "頂.級"),
    ("国家.级品质", "国家.级"), ("顶…尖工艺", "顶…尖"), ("国家~级品质", "国家~级"),
    ("zui好的面霜", "zui好的"), ("Zui 好的面霜", "Zui 好的"),
    ("zuі佳护肤", "zuі佳"),
    ("最hao的面霜", "最hao的"), ("最jia护肤", "最jia"), ("DING级羊绒", "DING级"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), DISGUISED)
def test_a_disguised_term_is_told_as_it_was_written(text: str, words: str) -> None:
    found = list(claims(f"看，{text}", "zh"))

    assert [(one.kind, one.words, one.at) for one in found] == [("absolute term", words, 2)]


@pytest.mark.parametrize(
    "text",
    [
        "这款茶可称风味之最。好茶慢慢喝。", "选好茶.用心做.慢慢喝", "用心做好每一件.质量第一.服务周到",
        "开心至极.品一口茶", "第（一）步，先浸泡", "第二.一起喝茶", "一.二.三，开饭", "最后……好好休息",
        "站在屋顶，尖叫吧", "山顶、尖峰、云海", "走上楼顶.级别不限", "建设国家，级别不论",
        "走上楼顶。级别不限", "站上屋顶……尖叫吧",
        "最近，好多朋友问起", "Zui Coffee 好喝", "ZUI系统更新", "jiajia家的手工皂", "最适合您的尺码",
    ],
)  # fmt: skip
def test_honest_copy_is_not_read_into_another(text: str) -> None:
    assert list(claims(text, "zh")) == []


@pytest.mark.parametrize("part", ["zui好", "最hao", "最.", "最....", "全.网", "第,,,,", "丶", "zui "])
def test_a_long_hostile_text_takes_milliseconds(part: str) -> None:
    list(claims("热身", "zh"))
    begun = time.process_time()
    list(claims((part * 5_000)[:5_000], "zh"))

    assert time.process_time() - begun < 0.2

"""What the things of a method file are called in Chinese, for complaints about it. Keys stand as they are written."""

from __future__ import annotations

from collections.abc import Mapping

NOUNS: Mapping[str, str] = {
    "a method": "文件最外层", "a measure": "每个指标", "one": "其中一项", "the choices": "可选项",
    "stage": "环节", "kind": "事项类别", "role": "角色", "field": "表单项", "record": "材料", "level": "等级",
    "emergency": "紧急情形", "triage rule": "分流规则", "duty": "任务", "letter": "文书", "pause": "暂停情形",
    "result": "结果", "section": "专用部分", "ladder": "时限阶梯", "legal clock": "法定时限", "capability": "程序",
    "category": "事项分类", "tag": "标签", "field type": "表单项类型", "form field or record": "表单项或材料",
}  # fmt: skip

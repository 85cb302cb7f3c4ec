"""The labeling interface: a Label Studio configuration built from the topic scheme.

Tags: https://labelstud.io/tags. The choice of a topic shows the topic's name; annotations hold its id (``alias``).
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from types import MappingProxyType
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

from labeler.topics import NONE_OF_THESE, Scheme, Topic
from labeler.topics.faults import RESERVED_KEYS
from labeler.topics.mode import Mode

CONTROL = "topics"
UNSURE = "unsure"
COMMENT = "comment"
TEXT = "abstract"

_HEAD = """<View className="paper">
  <Style>
    .paper { max-width: 1500px; margin: 0 auto; padding: 4px 8px 24px; display: flex; flex-wrap: wrap; gap: 14px;
      align-items: flex-start; }
    .paper-card { flex: 999 1 520px; min-width: 0; }
    .paper-topics { flex: 1 1 330px; min-width: 0; }
    .lsf-sidepanels__wrapper_align_right { display: none; }
    .lsf-sidepanels { padding-right: 0 !important; }
    .paper-card { border: 1px solid #dfe3ea; border-radius: 10px; padding: 18px 24px 14px; background: #fff; }
    .paper-card .lsf-richtext__container { padding: 0; border: 0; }
    .paper-title h3, .paper-title h4, .paper-title .ant-typography {
      font-size: 21px !important; line-height: 1.3; margin: 0 0 6px !important; color: #101828; }
    .paper-meta, .paper-meta * { font-size: 13px !important; color: #5b6472; }
    .paper-meta a { color: #1a56c4; text-decoration: underline; }
    .paper-why, .paper-why * { font-size: 12.5px !important; font-weight: 500 !important; color: #8a5a00 !important; }
    .paper-alike, .paper-alike * { font-size: 12.5px !important; font-weight: 400 !important; line-height: 1.5;
      color: #5b6472 !important; white-space: pre-line; }
    .paper-abstract { margin-top: 10px; }
    .paper-abstract, .paper-abstract * { font-size: 15.5px; line-height: 1.6; }
    .paper-abstract [class*="richtext__container"], .paper-abstract [class*="richtext__line"] {
      padding-left: 0 !important; padding-right: 0 !important; }
    .paper-topics { border: 1px solid #dfe3ea; border-radius: 10px; padding: 12px 24px 16px;
      background: #fafbfc; }
    .paper-topics h4, .paper-topics h5 { margin: 10px 0 6px !important; font-size: 14px !important; }
    .paper-topics .lsf-choice, .paper-topics label { margin-right: 6px; }
  </Style>
  <View className="paper-card">
    <View className="paper-title"><Header value="$title" size="4"/></View>
    <View className="paper-meta">
      <HyperText name="meta" value="$meta_html" clickableLinks="true" inline="true"/>
    </View>
    <View className="paper-why"><Header value="Why you see this: $reason" size="5"/></View>
    <View className="paper-abstract"><Text name="abstract" value="$abstract" selectionEnabled="false"/></View>
    <View className="paper-alike"><Header value="$alike" size="5"/></View>
  </View>
  <View className="paper-topics">"""

_ABSTRACT = '    <View className="paper-abstract">'
_SAID = """    <Style>
      .paper-said { margin-top: 10px; padding: 8px 14px; border-left: 3px solid #c9a227; background: #fffaf0; }
      .paper-said, .paper-said * { font-size: 13.5px !important; line-height: 1.5; }
    </Style>
    <View className="paper-said"><HyperText name="said" value="$said_html" inline="true"/></View>
"""
_TAIL = """    <Choices name="unsure" toName="abstract" choice="multiple" layout="inline">
      <Choice value="unsure" hotkey="u" hint="It is kept, but nothing is learned from it"/>
    </Choices>
    <TextArea name="comment" toName="abstract" rows="2" maxSubmissions="1" editable="true" showSubmitButton="false"
              placeholder="Comment (optional)"/>
  </View>
</View>
"""


def interface(scheme: Scheme, before: str = "", review: bool = False) -> str:
    """The configuration (XML) for a sound scheme: every topic that is not hidden, and "None of these".

    That of a ``review`` also shows what people said of the paper before (``said_html`` of a task).

    Topics keep the hotkeys that they have in the interface of ``before``, as annotators have learned them.
    """
    multiple = scheme.mode == Mode.MULTI
    if review:
        header = "The verdict: all topics that apply" if multiple else "The verdict: one topic"
    elif multiple:
        header = "Topics (all that apply; ticks are suggestions)"
    else:
        header = "Topic (pick one; a tick is a suggestion)"
    choices = [topic for topic in scheme.topics if not topic.hidden]
    keys = hotkeys(choices, _hotkeys_in(before))
    choice = "multiple" if multiple else "single-radio"
    lines = [
        _HEAD.replace(_ABSTRACT, _SAID + _ABSTRACT) if review else _HEAD,
        f'    <Header value={quoteattr(header)} size="5"/>',
        '    <Filter name="filter" toName="topics" hotkey="shift+f" minlength="0"',
        '            placeholder="Filter topics (shift+F)"/>',
        f'    <Choices name="topics" toName="abstract" choice="{choice}" layout="inline"',
        '             required="true" requiredMessage="Pick a topic, or None of these">',
        *(f"      {_choice(topic, keys.get(topic.id))}" for topic in choices),
        f'      <Choice value="{NONE_OF_THESE}" hotkey="0" hint="No topic of the scheme applies"/>',
        "    </Choices>",
    ]
    return "\n".join(lines) + "\n" + _TAIL


def same_interface(one: str, other: str) -> bool:
    """Whether two configurations are the same apart from spaces, which the server trims."""
    try:
        return _canonical(one) == _canonical(other)
    except ElementTree.ParseError:
        return False


def _canonical(label_config: str) -> str:
    return ElementTree.canonicalize(label_config, strip_text=True)


def offered_in(label_config: str) -> tuple[str, ...] | None:
    """The mode of choice and the topic ids that an interface offers; None where it has no control for topics."""
    control = _control_in(label_config)
    return None if control is None else (control.get("choice") or "", *_names(control))


def names_in(label_config: str) -> dict[str, str]:
    """The names of the topics that an interface offers, by topic id; none where it has no control for topics."""
    control = _control_in(label_config)
    return {} if control is None else {key: name for key, name in _names(control).items() if key != NONE_OF_THESE}


def _control_in(label_config: str) -> ElementTree.Element | None:
    try:
        root = ElementTree.fromstring(label_config)  # noqa: S314  (of the user's own server; expat bounds entities)
    except (ElementTree.ParseError, ValueError):
        return None
    return root.find(f".//Choices[@name='{CONTROL}']")


def _hotkeys_in(label_config: str) -> dict[str, str]:
    """The hotkeys of the topics in an interface, by topic id."""
    control = _control_in(label_config)
    choices = () if control is None else control.iter("Choice")
    return {choice.get("alias") or choice.get("value") or "": choice.get("hotkey") or "" for choice in choices}


def _names(control: ElementTree.Element) -> dict[str, str]:
    """The names of a control's choices, by the label that annotations hold."""
    choices = [(choice.get("alias"), choice.get("value") or "") for choice in control.iter("Choice")]
    return {alias or value: value for alias, value in choices}


def hotkeys(topics: list[Topic], before: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """The hotkey of each topic: its own, else that in ``before``, else a free digit, else a letter of its name."""
    keys = {topic.id: topic.hotkey.lower().replace(" ", "") for topic in topics if topic.hotkey}
    used = {*keys.values(), *RESERVED_KEYS}
    for topic in topics:
        key = before.get(topic.id)
        if topic.id not in keys and key and key not in used:
            keys[topic.id] = key
            used.add(key)
    for topic in topics:
        if topic.id not in keys:
            letters = [char for char in topic.name.lower() if char.isascii() and char.isalpha()]
            free = next(
                (key for key in chain("123456789", letters, "bcdefghijklmnopqrstvwxyz") if key not in used), None
            )
            if free is not None:
                keys[topic.id] = free
                used.add(free)
    return keys


def _choice(topic: Topic, key: str | None) -> str:
    attributes = {"value": topic.name, "alias": topic.id, "hotkey": key, "hint": topic.definition}
    written = " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items() if value)
    return f"<Choice {written}/>"

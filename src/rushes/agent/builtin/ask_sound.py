"""Wishes for what is heard: volume, music, the beat, loudness, a voice."""

from __future__ import annotations

import math
import re

from rushes.agent.builtin.clauses import Clause
from rushes.agent.builtin.marks import Time
from rushes.agent.builtin.pieces import SOUND
from rushes.agent.builtin.spans import Span
from rushes.agent.builtin.wishes import Wish
from rushes.agent.rhythm import PACES
from rushes.agent.words import MOODS as STORY_MOODS
from rushes.media.moods import MOODS

MUTE = -60.0  # dB
STEP = 6.0  # dB of "louder"
_MUSIC = r"music|score|soundtrack|song|bed|tune|melody|backing track"
_HEARD = r"hear|hearing|(?:more|less|too|so|very) (?:low|loud|high|soft|softly|quiet|quietly)|not enough|enough"
_MORE_MOODS = {
    "dark": "night", "spooky": "night", "dreamy": "calm", "relaxed": "calm", "relaxing": "calm", "soothing": "calm",
    "upbeat": "playful", "energetic": "playful", "lively": "playful", "happy": "bright", "cheerful": "bright",
    "sunny": "bright", "suspenseful": "tense", "dramatic": "tense", "exciting": "tense", "melancholic": "sad",
    "moody": "night", "groovy": "playful", "fast": "tense", "slow": "calm",
}  # fmt: skip


def mood_of(text: str) -> str:
    """A mood of the bed that the words name; empty where they name none."""
    for word in re.findall(r"[a-z]+", text):
        if word in MOODS:
            return word
        if word in _MORE_MOODS and _MORE_MOODS[word] in MOODS:
            return _MORE_MOODS[word]
        if word in STORY_MOODS or word in PACES:
            return PACES[STORY_MOODS.get(word, word)].bed
    return ""


def read_sound(clause: Clause) -> list[Wish] | None:
    """The first of the readers below that understands."""
    for reader in (_narrate, _beat, _loudness, _ducked, _volume, _music):
        found = reader(clause)
        if found is not None:
            return [found]
    return None


def _narrate(clause: Clause) -> Wish | None:
    asked = re.match(
        r"(?:narrate|read(?: out| aloud)?|speak|say|voice|have (?:a|the) (?:voice|narrator))\b", clause.text
    ) or clause.has(r"narrat(?:e|or|ion)s?|voice ?-?over|spoken|aloud|a voice")
    if not asked or "{q" not in clause.text or re.match(r"(?:remove|delete|no|without)\b", clause.text):
        return None
    return Wish(act="narrate", text=clause.quotes()[0], span=clause.span())


def _beat(clause: Clause) -> Wish | None:
    if not clause.has(
        r"(?:on|to|with|follow|follows|match|matches|in time with|along) (?:the |its |every )?(?:beats?|"
        r"rhythm|tempo|music's beat)|beat[- ]?(?:sync|match|cut)\w*|on beat|in time with the music|to the "
        r"music"
    ):
        return None
    bpm = re.search(r"\{b([\d.]+)\}", clause.text)
    return Wish(act="beat", value=float(bpm[1]) if bpm else None, name=mood_of(clause.text))


def _loudness(clause: Clause) -> Wish | None:
    lufs = re.search(r"\{l(-?[\d.]+)\}", clause.text)
    if lufs:
        return Wish(act="loudness", value=float(lufs[1]))
    if clause.has("loudness") and (number := re.search(r"(-|minus )?\{n([\d.]+)\}|-(\d+)", clause.text)):
        return Wish(act="loudness", value=-float(number[2] or number[3]))
    levels = {"broadcast|tv|ebu|r ?128": -23.0, "streaming|youtube|spotify|web": -14.0, "podcast": -16.0}
    if clause.has("loudness|level|levels"):
        for words, value in levels.items():
            if clause.has(words):
                return Wish(act="loudness", value=value)
    return None


def _ducked(clause: Clause) -> Wish | None:
    if clause.has("duck|ducks|ducked|ducking") or re.search(
        rf"(?:{_MUSIC})[^.]*(?:quieter|softer|lower|down)[^.]*(?:under|when|while|during|behind)[^.]*(?:voice|"
        r"speech|speak|talk|narrat|words)",
        clause.text,
    ):
        return Wish(
            act="volume", pieces=clause.pieces("the music") if clause.has(_MUSIC) else clause.pieces(), name="duck"
        )
    return None


def _volume(clause: Clause) -> Wish | None:
    text = clause.text
    level = re.search(r"\{d(-?[\d.]+)\}", text)
    off = clause.has(
        r"mute|muted|mutes|silence|silent|turn off the (?:sound|audio|volume)|without (?:any )?(?:sound|"
        r"audio)|no (?:sound|audio)"
    )
    up = clause.has("louder|up|raise|raised|boost|increase|amplify|higher|more volume")
    down = clause.has("quieter|softer|down|lower|lowered|reduce|decrease|less loud|too loud|turn down")
    asks = (
        off
        or level
        or clause.has("louder|quieter|softer|volume|loud|gain")
        or (clause.has(SOUND) and clause.has("turn|bring|raise|lower|reduce|boost|increase|decrease") and (up or down))
    )
    if not asks or "{q" in text or clause.has("how loud|measure"):
        return None
    pieces = tuple(
        p for p in clause.pieces(re.sub(r"\bvolume|sound of|audio of|level\b", "", text)) if p.kind != "text"
    )
    if off and (clause.has("unmute") or re.match(r"(?:don't|do not)", text)):
        return Wish(act="volume", pieces=pieces, value=0.0)
    if off:
        return Wish(act="volume", pieces=pieces, value=MUTE)
    if clause.has("too loud"):
        up, down = False, True
    percent, times = re.search(r"\{p([\d.]+)\}", text), re.search(r"\{x([\d.]+)\}", text)
    if level:
        value = float(level[1])
        absolute = re.search(r"\b(?:to|at) \{d", text) is not None
        if not absolute and value > 0 and down:
            value = -value
        return Wish(act="volume", pieces=pieces, value=value, change=not absolute)
    if percent and float(percent[1]) > 0:
        share = float(percent[1]) / 100
        by = re.search(r"\bby \{p", text)
        share = (1 - share if down else 1 + share) if by else share
        return Wish(act="volume", pieces=pieces, value=round(20 * math.log10(max(share, 0.001)), 2), change=bool(by))
    if clause.has("twice as loud|double the volume") or (times and up):
        return Wish(act="volume", pieces=pieces, value=6.0, change=True)
    if clause.has("half as loud|half the volume|half volume"):
        return Wish(act="volume", pieces=pieces, value=-6.0, change=True)
    if not (up or down):
        return None
    step = (
        STEP / 2
        if clause.has("a (?:little|bit|touch|tad)|slightly|somewhat")
        else STEP * 5 / 3
        if clause.has("much|a lot|far|way")
        else STEP
    )
    return Wish(act="volume", pieces=pieces, value=-step if down else step, change=True)


def _heard_when(clause: Clause) -> Wish | None:
    """Music that begins or ends at a time: "stop the music at 5 seconds", "no music after 5 s", "music from 2 to 6"."""
    text, span = clause.text, clause.span()
    if "{m" in text or span is None or span.inside is not None or clause.has("fade[sd]?|quieter|louder|volume|db"):
        return None
    only = span.length is not None and clause.has("only|just") and (span.start is not None or span.at_end)
    if only or (span.start is not None and span.end is not None):
        return Wish(act="volume", pieces=clause.pieces("the music"), name="heard", span=span)
    moment = span.start or span.end
    if moment is None or span.from_end or span.length is not None:
        return None
    stops = clause.has(r"stops?|ends?|ending|off|out|no|remove|cut|until|till|kill|drop|without|silent|quits?")
    begins = clause.has(r"starts?|starting|begins?|beginning|comes? in|kicks? in|enters?|only from|from")
    before = clause.has(r"before|until|till") and clause.has(r"no|without|remove|drop|kill|silent")
    if before or (begins and not clause.has(r"no|without|remove|stops?|ends?|off|out|cut|kill|drop")):
        return Wish(act="volume", pieces=clause.pieces("the music"), name="heard", span=Span(start=moment, at_end=True))
    if stops:
        return Wish(act="volume", pieces=clause.pieces("the music"), name="heard", span=Span(start=Time(), end=moment))
    return None


def _music(clause: Clause) -> Wish | None:
    text = clause.text
    bpm = re.search(r"\{b([\d.]+)\}", text)
    if not clause.has(_MUSIC) and not bpm:
        return None
    if re.match(
        rf"(?:the |this |that |your )?(?:{_MUSIC}) (?:is|was|sounds|feels|fits|makes|reminds)\b(?!.*\{{)", text
    ):
        return None  # what somebody thinks of it
    if clause.has(_HEARD):
        return None  # how it should sound, not that there should be some
    if (heard := _heard_when(clause)) is not None:
        return heard
    if re.match(
        r"(?:no|without|remove|delete|drop|lose|kill|take (?:out|away)|get rid of|turn off|stop|cut|scrap|i "
        r"don't want|don't (?:use|add|want|play))\b",
        text,
    ) or clause.has(rf"(?:{_MUSIC}) (?:must go|has to go|off|away)|without (?:the |any )?(?:{_MUSIC})"):
        return Wish(act="music", name="none")
    fade = re.search(r"fade[sd]? (?:the \w+ |it )?(in|out)\b.*?\{t([\d.]+)|fade[sd]? (?:the \w+ |it )?(in|out)\b", text)
    if fade:
        seconds = float(fade[2]) if fade[2] else 1.5
        return Wish(act="volume", pieces=clause.pieces("the music"), name=f"fade_{fade[1] or fade[3]}", value=seconds)
    name = next((n for n in clause.marked.names if f"{{m{clause.marked.names.index(n)}}}" in text), "")
    level = re.search(r"\{d(-?[\d.]+)\}", text)
    return Wish(
        act="music",
        name=mood_of(text),
        value=float(bpm[1]) if bpm else None,
        text=name,
        size=None,
        span=None,
        place=level[1] if level else "",
    )

"""Words with every number, time, quoted text and name put into one form, so that small grammars can read the rest.

"Put 'Hello' from two and a half to 5 s" becomes "put {q0} from {t2.5+0} to {t5+0}". The marks:
{q0} quoted words · {m0} a file's name · {i:clip-3} an id · {t7.5+12} seconds and frames · {o2} an ordinal, {o-1} last
· {n3} a number · {x2} times · {p50} percent · {d-6} decibels · {l-16} LUFS · {b120} beats a minute · {a9:16} an aspect
· {r1080x1920} a size in pixels
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from rushes.agent.builtin.typed import typed

ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
VALUES = {word: value for value, word in enumerate(ONES)} | {word: 10 * n for n, word in enumerate(TENS, 2)}
VALUES |= {"dozen": 12, "hundred": 100}
UNITS = {  # seconds
    **dict.fromkeys(("ms", "msec", "millisecond", "milliseconds"), 0.001),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "sekunden", "sekunde"), 1.0),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes", "minuten"), 60.0),
    **dict.fromkeys(("h", "hour", "hours"), 3600.0),
}
ASPECTS = "16:9 9:16 1:1 4:3 3:4 4:5 5:4 21:9 2:1 3:2 2:3 2.39:1 2.35:1 1.85:1".split()
ACRONYMS = frozenset(
    "MP4 MOV OTIO SRT EDL LUFS DB BPM FPS HD UHD OK TV AI I A WAV MP3 PNG JPG CTA VO SMS ID IDS PLEASE "
    "NOT NO NEVER ALWAYS ALL CAPS CAPITALS UPPERCASE EVERY BW B&W B/W".split()
)
FILES = (
    "mp4|mov|mkv|webm|avi|m4v|png|jpe?g|gif|webp|bmp|wav|mp3|ogg|opus|flac|m4a|aac|otio|srt|edl|txt|md|html?|json|csv"
)
SHOT_NOUNS = "shot|clip|scene|take|piece|part|segment|image|picture|video|sequence|footage|photo"
TEXT_NOUNS = "title|text|caption|subtitle|headline|lowerthird|slogan|card|overlay|line|lettering|sign"
SOUND_NOUNS = "music|song|track|bed|soundtrack|narration|voice ?over|voice|narrator|sound|audio|tune|melody"
_NUMBER = r"\d+(?:[.,]\d+)?"
_UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
_QUOTES = (
    r"```(.+?)```|“([^”“]+)[”“]|„([^“”\"]+)[“”\"]|«\s*([^»]+?)\s*»|‹([^›]+)›|「([^」]+)」|\"([^\"]+)\"|`([^`]+)`|"
    r"(?:(?<=\s)|(?<=^)|(?<=[(:,]))[‘'](?=\S)(.+?)(?<=\S)[’'](?=$|[\s.,;:!?)])"
)
_SAYING = (
    r"\b(saying|that says|which says|that reads|reading|titled|entitled|with the (?:words|text|title)|"
    r"(?:title|text|caption|subtitle|words|slogan)\s*:|(?:the )?words)\s+"
    r"(?!\{q|at\b|from\b|for\b|to\b|should\b|is\b|are\b|on\b|in\b|of\b|as\b|and\b|or\b|"
    r"that\b|which\b|were\b|so\b|stands?\b|must\b|will\b|too\b|with\b|until\b|may\b|always\b|never\b|again\b|"
    r"it\b|that's\b|put\b|(?:back|away|off|down|there|here|(?:lat|earli|soon|long|short|bigg|small|larg)er)\b|"
    r"please\b|what (?:happens|goes on|is (?:seen|shown|going on|happening)|we see)\b|"
    r"i (?:want|need|would|'d|ask|type|give|write|order|"
    r"request|say|set)|i'd\b|we\b|make\b|let\b|take\b|change\b|move\b|remove\b|drop\b|"
    r"delete\b|show\b|use\b|set\b|"
    r"no (?:title|text|more|longer)|not\b|now\b|first\b|last\b|begins?\b|ends?\b)([^{]+?)"
    r"(?=$|[.;,!?](?:\s|$)|\s+(?:at|from|for|between|during|in the|on the|over the|as a|as the|until|starting)\s|"
    rf"\s+(?:before|after|behind)\s+(?:the |my |our )?(?:\w+ )?(?:{SHOT_NOUNS})\b)"
)
BRACES, BRACES_BACK = str.maketrans("{}", "\ue000\ue001"), str.maketrans("\ue000\ue001", "{}")
_CAPITAL = r"[A-ZÄÖÜ0-9][A-ZÄÖÜ0-9'’&%!+\-]*"
_CAPS = rf"(?<![\w{{]){_CAPITAL}[A-ZÄÖÜ!%][A-ZÄÖÜ0-9'’&%!+\-]*(?:\s+(?:{_CAPITAL}|&))*(?![\w])"


@dataclass(frozen=True, kw_only=True)
class Marked:
    text: str  # in lower case, with marks
    quotes: tuple[str, ...] = ()  # as written
    names: tuple[str, ...] = ()  # of files, as written


@dataclass(frozen=True, kw_only=True)
class Time:
    """A moment or a length: seconds and frames added up."""

    seconds: float = 0.0
    frames: int = 0

    def at(self, fps: float) -> float:
        """In seconds."""
        return self.seconds + self.frames / fps


def mark(words: str) -> Marked:
    """The words in their one form; what stands in quotes, in capitals or behind "saying" is kept as it is."""
    quotes: list[str] = []
    names: list[str] = []

    def plain(text: str) -> str:
        """Without marks, which are nobody's words, and with the braces that were typed."""
        text = re.sub(r"\{q(\d+)\}", lambda m: quotes[int(m[1])], text)
        text = re.sub(r"\{m(\d+)\}", lambda m: names[int(m[1])], text)
        return re.sub(r"\{i:([^}]+)\}", r"\1", text).translate(BRACES_BACK)

    def quote(text: str) -> str:
        text = plain(text)
        quotes.append(" ".join(text.split()) if "\n" not in text else text.strip())
        return f"{{q{len(quotes) - 1}}}"

    words = words.translate(BRACES)
    text = re.sub(_QUOTES, lambda m: quote(next(part for part in m.groups() if part)), words, flags=re.S)

    def name(match: re.Match[str]) -> str:
        names.append(match[0].translate(BRACES_BACK))
        return f"{{m{len(names) - 1}}}"

    text = re.sub(rf"(?<![\w{{])[\w][\w\-./]*\.(?:{FILES})\b", name, text, flags=re.I)
    text = re.sub(r"\b(clip|title|sound|shot|take|cut|cast|film|note|brief)-(\d+)\b", r"{i:\1-\2}", text, flags=re.I)
    if not _shouted(text):
        text = re.sub(_CAPS, lambda m: _caps(m[0], quote), text)
    text = re.sub(_SAYING, lambda m: f"{m[1]} {quote(m[2])}", text, flags=re.I)
    text = " ".join(text.replace("’", "'").replace("\n", " . ").split()).lower()
    text = typed(text)
    text = re.sub(r"\blower[- ]third", "lowerthird", text)
    text = re.sub(r"(?<=\d)\.(?=\s|$)", " .", text)  # the end of a sentence is no part of its last number
    return Marked(text=_numbers(text), quotes=tuple(quotes), names=tuple(names))


def _shouted(text: str) -> bool:
    letters = [c for c in re.sub(r"\{[^}]*\}", "", text) if c.isalpha()]
    return len(letters) > 20 and sum(c.isupper() for c in letters) > 0.7 * len(letters)


def _caps(run: str, quote: Callable[[str], str]) -> str:
    """A run of words in capitals is a text to be shown, unless it is an abbreviation such as MP4."""
    words = run.split()
    while words and (words[-1].isdigit() or words[-1] in ("A", "I")):
        words.pop()  # "SALE 3" in "put SALE 3 seconds in": the number belongs to what follows
    shown = [word for word in words if word.strip("!?.") not in ACRONYMS and sum(c.isalpha() for c in word) > 1]
    shown = shown if len("".join(shown)) > 2 else []  # "QC", "VO"
    if not shown or words[0] in ACRONYMS or re.fullmatch(r"[\dA-Z]*\d[\dXP:]*", run):
        return run
    kept = " ".join(words)
    return quote(kept) + run[len(kept) :]


def _numbers(text: str) -> str:
    for step in (_sizes, _timecodes, _number_words, _numbered, _ordinals, _measures):
        text = step(text)
    text = re.sub(r"\bthe \{n(\d)\}(?: (?:shots|clips|ones|pieces))? in the middle\b", r"the middle {n\1} shots", text)
    text = re.sub(r"\b(the|our|my) (?:middle|central) (?:one|shot|clip)\b", r"\1 middle shot", text)
    return " ".join(text.split())


def _numbered(text: str) -> str:
    """ "shots 2, 3 and 5" are ordinals, "the shot 2 seconds later" are not."""
    number = rf"\d+\b(?!\s*-?(?:{_UNIT}|frames?|%|x|db)\b)(?![.,:]\d|%)"
    nouns = rf"\b((?:{SHOT_NOUNS}|{TEXT_NOUNS})s?) (?:numbers? |nos?\.? ?|# ?)?"
    text = re.sub(r"\b(shots|clips|scenes|pieces) ([\d,]+\d)\b", lambda m: f"{m[1]} {m[2].replace(',', ', ')}", text)
    return re.sub(
        rf"{nouns}({number}(?:(?:, and | and |, ?| & | or | ?- ?| through | till | to (?=\d+(?:$|[ .,]))){number})*)",
        lambda m: f"{m[1]} " + re.sub(r"\d+", r"{o\g<0>}", m[2]),
        text,
    )


def _sizes(text: str) -> str:
    text = re.sub(r"\b(\d{3,4})\s*(?:x|×|by)\s*(\d{3,4})\b", r"{r\1x\2}", text)
    text = re.sub(
        r"\b(2160|1440|1080|720|480|360)p\b", lambda m: f"{{r{round(int(m[1]) * 16 / 9 / 2) * 2}x{m[1]}}}", text
    )
    pairs = "|".join(
        re.escape(pair).replace(":", r"(?:\s*[:x×/]\s*| by | to (?=\d+ ?(?:format|aspect|ratio|frame)))")
        for pair in ASPECTS
    )
    return re.sub(
        rf"(?<!at )(?<!from )(?<!between )(?<![\w:.])({pairs})(?![\w:])",
        lambda m: f"{{a{re.sub(r'[^0-9.]+', ':', m[1])}}}",
        text,
    )


def _time(seconds: float, frames: int = 0) -> str:
    return f"{{t{round(seconds, 6):g}+{frames}}}"


def _value(number: str) -> float:
    return float(number.replace(",", "."))


def _timecodes(text: str) -> str:
    text = re.sub(
        r"(?<![\w:])(\d{1,2}):(\d{2}):(\d{2})[:;](\d{2})\b",
        lambda m: _time(3600 * int(m[1]) + 60 * int(m[2]) + int(m[3]), int(m[4])),
        text,
    )
    text = re.sub(
        r"(?<![\w:])(?:(\d{1,2}):)?(\d{1,3}):(\d{2}(?:[.,]\d+)?)(?![\w:])(?:\s*(?:min|minutes?)\b)?",
        lambda m: _time(3600 * int(m[1] or 0) + 60 * int(m[2]) + _value(m[3])),
        text,
    )
    return re.sub(
        rf"(?<![\w:.])({_NUMBER})\s*(?:m|min|mins|minutes?)\s*(?:and\s+)?({_NUMBER})\s*(?:s|secs?|seconds?)\b",
        lambda m: _time(60 * _value(m[1]) + _value(m[2])),
        text,
    )


def _number_words(text: str) -> str:
    """ "two and a half" -> 2.5, "twenty-five" -> 25, "half a minute" -> 0.5 minute."""
    small = "|".join(sorted(VALUES, key=len, reverse=True))
    text = re.sub(
        rf"\ba second (?=(?:version|copy|variant|time|{SHOT_NOUNS}|{TEXT_NOUNS}|{SOUND_NOUNS})\b)", "another ", text
    )
    text = re.sub(r"\bthree[- ]quarters? of an? (second|minute)\b", r"0.75 \1", text)
    text = re.sub(r"\b(?:a )?quarter (?:of )?an? (second|minute)\b", r"0.25 \1", text)
    text = re.sub(r"\b(?:a )?half(?: of)? an? (second|minute|hour)\b", r"0.5 \1", text)
    text = re.sub(r"\b(?:a |the )?half[- ](second|minute)\b", r"0.5 \1", text)
    text = re.sub(r"\b(?:an?|one|1) (second|minute)s? and (?:a )?half\b", r"1.5 \1", text)
    text = re.sub(r"\b(?:an?|one) (second|minute) and a quarter\b", r"1.25 \1", text)
    text = re.sub(r"\ba couple(?: of)?\b(?= (?:seconds|shots|frames|clips|minutes))", "2", text)

    # "one" alone is a pronoun: "the blue one".
    text = re.sub(
        rf"\b(?:{small})(?:(?:[- ]| and )(?:{small}))*\b",
        lambda m: m[0] if m[0] == "one" else _listed(m[0]),
        text,
    )
    nouns = rf"second|minute|frame|{SHOT_NOUNS}|sec|min|{TEXT_NOUNS}|decibel|and a|db|semitone|at a"
    text = re.sub(
        rf"\bone(?=[- ](?:more |single )?(?:{nouns}))|(?<=shot )one\b|(?<=clip )one\b|(?<=scene )one\b", "1", text
    )
    text = re.sub(r"\b(\d+)(?: and a half| ½|½)", lambda m: f"{int(m[1]) + 0.5:g}", text)
    return re.sub(r"\b(\d+) and a quarter\b", lambda m: f"{int(m[1]) + 0.25:g}", text)


def _listed(words: str) -> str:
    """ "twenty-five" is one number, "three and five" and "two three" are two."""
    found = re.findall(r"[a-z]+", words)
    parts: list[list[str]] = []
    for word in found:
        if word == "and":
            continue
        before = parts[-1][-1] if parts else ""
        joins = (VALUES.get(before, 0) >= 20 and before != "hundred" and VALUES[word] < 10) or word == "hundred"
        joins = joins or (before == "hundred" and VALUES[word] < 100)
        if parts and joins:
            parts[-1].append(word)
        else:
            parts.append([word])
    values = [str(_sum(part)) for part in parts]
    joint = " and " if " and " in words else " "
    return joint.join(values)


def _sum(words: list[str]) -> int:
    total = 0
    for word in words:
        total = max(1, total) * 100 if word == "hundred" else total + VALUES[word]
    return total


def _ordinals(text: str) -> str:
    text = re.sub(rf"\bopening (?={SHOT_NOUNS})", "first ", text)
    text = re.sub(
        r"(?<![\w-] )\bnumber (\d+)\b(?= (?:has|must|should|is|goes|can|needs|and|to)\b|$|[,.])", r"shot {o\1}", text
    )
    after = rf"(?=[- ](?:{SHOT_NOUNS}|{TEXT_NOUNS}|{SOUND_NOUNS})s?\b)"
    text = re.sub(r"\b(?:second|2nd)[- ](?:to[- ])?last\b|\bpenultimate\b|\blast but one\b", "{o-2}", text)
    text = re.sub(r"\bthird[- ](?:to[- ])?last\b|\blast but two\b", "{o-3}", text)
    text = re.sub(r"\b(first|last|final|opening|closing) second\b(?! (?:shot|clip))", r"\1 1 second", text)
    text = re.sub(r"\b(\d+)(?:st|nd|rd|th)\b", r"{o\1}", text)
    for value, word in enumerate(ORDINALS):
        if value and word != "second":
            text = re.sub(rf"\b{word}\b(?! (?:{_NUMBER}|half|of all)\b)", f"{{o{value}}}", text)
    # "second" is a unit behind a number or an article, and an ordinal else.
    text = re.sub(rf"(?<!\d )(?<!\d-)\bsecond\b{after}", "{o2}", text)
    text = re.sub(r"(?<=the )second\b", "{o2}", text)
    text = re.sub(r"\bsecond\b(?=(?: one)?,? (?:and|with|or)(?: the)? \{o)", "{o2}", text)
    text = re.sub(r"(?<=and )second\b", "{o2}", text)
    text = re.sub(r"\b(?:an?|1) (?:(?:whole|full|single) )?second\b", "1 second", text)
    return re.sub(rf"\b(?:last|final|closing)\b(?! (?:{_NUMBER}|few|half)\b)", "{o-1}", text)


def _measures(text: str) -> str:
    signed = rf"(?<![\w{{.:])((?:minus |plus |[-−+])?{_NUMBER})"

    def number(found: str) -> float:
        sign = -1 if found.startswith(("minus", "-", "−")) else 1
        return sign * _value(re.sub(r"[^\d.,]", "", found))

    text = re.sub(rf"{signed}\s*(?:db|decibels?)\b", lambda m: f"{{d{number(m[1]):g}}}", text)
    text = re.sub(rf"{signed}\s*lufs\b", lambda m: f"{{l{-abs(number(m[1])):g}}}", text)
    text = re.sub(rf"\b({_NUMBER})\s*(?:bpm\b|beats? (?:a|per) minute\b)", lambda m: f"{{b{_value(m[1]):g}}}", text)
    text = re.sub(rf"\b({_NUMBER})\s*(?:%|percent\b|per cent\b)", lambda m: f"{{p{_value(m[1]):g}}}", text)
    text = re.sub(rf"\b({_NUMBER})\s*(?:x|×|times)(?=\W|$)", lambda m: f"{{x{_value(m[1]):g}}}", text)
    text = re.sub(rf"(?<![\w{{}}])[x×]\s*({_NUMBER})\b", lambda m: f"{{x{_value(m[1]):g}}}", text)
    # "from second 1 to second 3": the unit stands before the number.
    text = re.sub(
        rf"\b(from|at|to|until|till|in|and|after|before|with|starting|between) (?:the |its )?second ({_NUMBER})\b",
        lambda m: f"{m[1]} {_time(_value(m[2]))}",
        text,
    )
    text = re.sub(
        rf"\b(from |between |)(?:the )?seconds ({_NUMBER}) (to|and|until|till|through) ({_NUMBER})(?![\w.])",
        lambda m: f"{m[1] or 'from '}{_time(_value(m[2]))} {m[3]} {_time(_value(m[4]))}",
        text,
    )
    # A range has its unit once: "from 3 to 5 s".
    text = re.sub(
        rf"(?<![\w{{.:])({_NUMBER})(\s*(?:-|–|to|and|until|till|through)\s*)({_NUMBER})\s*-?({_UNIT}|frames?)\b",
        r"\1 \4\2\3 \4",
        text,
    )
    text = re.sub(
        r"\bframes?\s*(?:number |no\.? ?|#)?(\d+)\s*(to|and|-|–|until)\s*(?:frame )?(\d+)\b",
        r"frame \1 \2 frame \3",
        text,
    )
    text = re.sub(r"\bframe\b([^.;:,\d{}]*)(?<=[a-z]): ?(\d+)\b", lambda m: f"frame{m[1]}: {_time(0, int(m[2]))}", text)
    text = re.sub(r"\bframe\s*(?:number |no\.? ?|#)?(\d+)\b", lambda m: _time(0, int(m[1])), text)
    text = re.sub(
        r"\{o(\d+)\} frame\b(?! (?:that|with|without|where|in which|on which|to))", lambda m: _time(0, int(m[1])), text
    )
    text = re.sub(
        rf"(?<![\w{{.:])({_NUMBER}) (more|extra|further|additional) ((?:{_UNIT}|frames?)\b)", r"\1 \3 more", text
    )
    text = re.sub(r"(?<![\w{.:])(\d+)[\s-]*frames?\b", lambda m: _time(0, int(m[1])), text)
    text = re.sub(rf"(?<![\w{{.:+])({_NUMBER})[\s-]*({_UNIT})\b", lambda m: _time(_value(m[1]) * UNITS[m[2]]), text)
    text = re.sub(r"\ba (minute)\b", _time(60), text)
    text = re.sub(
        r"\{t([\d.]+)\+0\}(?:,| and)? \{t([\d.]+)\+0\}",
        lambda m: (
            _time(float(m[1]) + float(m[2])) if float(m[1]) >= 60 > float(m[2]) and " and" not in m[0][-14:] else m[0]
        ),
        text,
    )
    return re.sub(
        rf"(?<![\w{{.:+\-])(?<!\{{r)({_NUMBER})(?![\w}}.:+x])(?!,\d)", lambda m: f"{{n{_value(m[1]):g}}}", text
    )

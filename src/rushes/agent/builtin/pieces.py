"""Which piece of a film somebody means: "the second shot", "the boat", "clip-3", "the title", "it"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from rushes.agent.builtin.marks import SHOT_NOUNS, SOUND_NOUNS, TEXT_NOUNS
from rushes.agent.builtin.verbs import FIRST
from rushes.agent.lexicon import find_kind
from rushes.agent.words import COLORS

Kind = Literal["clip", "text", "sound", "any"]

SHOT = "|".join(f"{noun}s?" for noun in SHOT_NOUNS.split("|"))
TEXT = "|".join(f"{noun}s?" for noun in TEXT_NOUNS.split("|"))
SOUND = "|".join(f"{noun}s?" for noun in SOUND_NOUNS.split("|"))
SAYS_NOTHING = frozenset(
    "the a an this that these those my our your its first next other same whole entire new old current one ones film "
    "movie video cut edit and or of in on at to from with for it them everything all every each any no some more very "
    "own main only just still please sure rest original".split()
)


@dataclass(frozen=True, kw_only=True)
class Which:
    """How a piece was spoken of; `answers.find` looks it up."""

    kind: Kind = "clip"
    id: str = ""
    number: int = 0  # 1 is the first, -1 the last
    thing: str = ""  # what is to be seen in it
    quote: str = ""  # index of the quoted text, or the text itself once resolved
    name: str = ""  # a file's
    every: bool = False
    it: bool = False  # the piece last spoken of
    extreme: Literal["", "shortest", "longest", "middle"] = ""  # middle: as many as `number`
    place: str = ""  # title, lower, subtitle
    beside: Literal["", "before", "after"] = ""  # the piece before or after the one described
    maybe: bool = False  # a word that may name it: only a film that has such a piece can tell
    second: float | None = None  # the one that shows at this second

    @property
    def pointed(self) -> bool:
        """Whether it points at anything but "some piece"."""
        return any(
            (
                self.id,
                self.number,
                self.thing,
                self.quote,
                self.name,
                self.every,
                self.it,
                self.extreme,
                self.second is not None,
            )
        )


_ORDINAL = r"\{[on](-?\d+)\}"
_NOUN = rf"(?P<noun>{SHOT}|{TEXT}|{SOUND})"
_PATTERNS = (
    ("id", r"\{i:([a-z]+-\d+)\}"),
    ("beside", rf"\b(?:the )?(?:{SHOT}) (before|after) (?:the )?(?={_ORDINAL}|[\w-]+ (?:{SHOT})\b|\{{i:)"),
    ("at", rf"\b(?:the )?{_NOUN} (?:at|around) \{{[tn]([\d.]+)(?:\+\d+)?\}}"),
    ("numbers", rf"\b{_NOUN} {_ORDINAL}(?:(?:,| and|, and| or|,? &) {_ORDINAL})+"),
    ("range", rf"\b{_NOUN} {_ORDINAL} ?(?:to|-|–|through) ?{_ORDINAL}"),
    ("number", rf"\b{_NOUN} (?:number )?{_ORDINAL}"),
    (
        "ordinals",
        rf"{_ORDINAL}(?: one)?(?:,? and| with| or|,)(?: the)? {_ORDINAL}(?: one| of)?(?: (?!and|"
        rf"with)[\w-]+)?(?: {_NOUN})?",
    ),
    ("counted", rf"\{{o(-?\d+)\}} \{{n(\d+)\}} {_NOUN}|\b(?:the )?(last|first) \{{n(\d+)\}} (?:{SHOT})"),
    ("ordinal", rf"\{{o(-?\d+)\}}(?: (?!and |with |to |for )[a-z-]+)?? {_NOUN}"),
    ("middle", rf"\b(?:the )?middle (?:\{{n(\d)\}} )?(?:{SHOT})"),
    ("extreme", rf"\b(shortest|longest) (?:{SHOT})"),
    ("every", rf"\b(?:all(?: of)?|every|each|any)(?: single)?(?: (?:the|my|of the|these))? (?:other )?{_NOUN}"),
    ("quoted", rf"\b{_NOUN} (?:that (?:says|reads) |saying |reading |with )?\{{q(\d+)\}}"),
    (
        "with",
        rf"\b{_NOUN} (?:with|of|showing|where|in which|featuring|that shows?|that has|containing|about|"
        r"from)(?: you see| we see)? (?:the |a |an |my )?(?P<what>(?!it\b)[\w-]+(?: [\w-]+)?)",
    ),
    ("file", r"\{m(\d+)\}"),
    ("described", rf"\b(?P<what>[\w'-]+) {_NOUN}"),
    ("ordinal one", r"\{o(-?\d+)\}(?: one)?(?! \{)"),
    ("quote", r"\{q(\d+)\}"),
    ("noun", rf"\b{_NOUN}\b"),
    ("colour one", r"\b(?P<what>[\w-]+) ones?\b"),
    ("it", r"\b(?:it|that|this|them|these|those)(?: one)?\b(?! (?:the|a|an|every|all|is|was|\{q))"),
    (
        "thing",
        r"\b(?:the|a|an|my|our) (?P<what>(?!film|movie|video|first|last|end|start|beginning|middle|edit\b)[a-z-]+)\b",
    ),
)


def kind_of(noun: str) -> tuple[Kind, str]:
    """What a noun names, and the place on the picture where it says one."""
    noun = noun.strip()
    if re.fullmatch(TEXT, noun):
        place = "subtitle" if noun.startswith(("subtitle", "caption")) else "lower" if noun.startswith("lower") else ""
        return "text", place or ("title" if noun.startswith(("title", "headline", "card")) else "")
    return ("sound", "") if re.fullmatch(SOUND, noun) else ("clip", "")


def read_whiches(text: str) -> tuple[list[Which], str]:
    """The pieces that a clause speaks of, in its order, and the clause without them."""
    found: list[tuple[int, list[Which]]] = []
    for name, pattern in _PATTERNS:
        while match := re.search(pattern, text):
            read = _read(name, match)
            if read is None:
                # Said something else: hidden, so that the next pattern of this kind is found.
                text = (
                    text[: match.start()] + match[0].replace(match[0], "\0" * len(match[0])) + text[match.end() :]
                    if name not in ("described", "thing", "colour one", "with")
                    else text
                )
                if name in ("described", "thing", "colour one", "with"):
                    later = next((m for m in re.compile(pattern).finditer(text) if _read(name, m) is not None), None)
                    if later is None:
                        break
                    match, read = later, _read(name, later)
                else:
                    continue
            assert read is not None
            found.append((match.start(), read))
            text = text[: match.start()] + "\0" * (match.end() - match.start()) + text[match.end() :]
    ordered = [which for _, group in sorted(found, key=lambda item: item[0]) for which in group]
    return _beside(ordered), re.sub(r"\0+", " _ ", text)


def _beside(whiches: list[Which]) -> list[Which]:
    """ "the shot after" and the piece behind it are one."""
    merged: list[Which] = []
    for which in whiches:
        if merged and merged[-1].beside and not merged[-1].pointed:
            merged[-1] = replace(which, beside=merged[-1].beside)
        else:
            merged.append(which)
    return merged


def _read(name: str, match: re.Match[str]) -> list[Which] | None:
    groups = match.groupdict()
    noun = groups.get("noun") or ""
    kind, place = kind_of(noun) if noun else ("clip", "")
    numbers = [int(n) for n in re.findall(r"\{[on](-?\d+)\}", match[0])]
    match name:
        case "id":
            prefix = match[1].partition("-")[0]
            kinds: dict[str, Kind] = {"title": "text", "sound": "sound", "clip": "clip"}
            return [Which(kind=kinds.get(prefix, "any"), id=match[1])]
        case "beside":
            return [Which(beside=match[1])]  # type: ignore[arg-type]
        case "at":
            return [Which(kind=kind, second=float(match[2]), place=place)]
        case "numbers" | "ordinals":
            return [Which(kind=kind, number=number, place=place) for number in numbers]
        case "range":
            return [Which(kind=kind, number=number) for number in range(numbers[0], numbers[1] + 1)]
        case "counted":
            count = numbers[-1]
            last = match[0].startswith("{o-1}") or "last" in match[0]
            return [
                Which(kind=kind, number=-n if last else n)
                for n in (range(count, 0, -1) if last else range(1, count + 1))
            ]
        case "number" | "ordinal" | "ordinal one":
            return [Which(kind=kind, number=numbers[0], place=place)]
        case "extreme":
            return [Which(extreme=match[1])]  # type: ignore[arg-type]
        case "middle":
            return [Which(extreme="middle", number=int(match[1] or 1))]
        case "every":
            return [Which(kind=kind, every=True, place=place)]
        case "quoted":
            return [Which(kind=kind if kind != "clip" else "any", quote=match[match.lastindex or 2], place=place)]
        case "quote":
            return [Which(kind="any", quote=match[1])]
        case "file":
            return [Which(kind="any", name=match[1])]
        case "noun":
            plural = noun.endswith("s")
            return [Which(kind=kind, place=place, every=plural and kind != "clip")]
        case "it":
            return [Which(kind="any", it=True)]
    what = groups.get("what") or ""
    if what in ("same", "that", "this", "these", "those") and noun:
        return [Which(kind=kind, it=True)]
    thing = seen(what)
    if not thing:
        return None
    if name == "thing" and find_kind(thing.split()[-1]) is None:
        return None
    return [Which(kind=kind, thing=thing, place=place)]


NO_NAMES = (
    SAYS_NOTHING
    | FIRST
    | frozenset(
        "up down off out away back over again bit little lot much louder quieter softer faster slower longer shorter "
        "volume "
        "level loudness speed half double twice please order opposite reverse way beat beats before after behind "
        "between "
        "into onto under about around here there now then too also as like than both him her them us me you we not "
        "but if so "
        "when while where who what which be is are was do does have has should must can may need seconds frames "
        "black white "
        "vertical square landscape place position end start beginning front middle top bottom capitals silence "
        "something "
        "nothing anything someone first last things thing stuff time times length size shape format colour color "
        "round apart together "
        "good great nice well instead tango".split()
    )
)


_NOUNS = rf"(?:{SHOT}|{TEXT}|{SOUND})"
_LINKS = "|".join(
    sorted(FIRST | set("and with before after behind between to of off than for from".split()), key=len, reverse=True)
)


def shots_by_name(text: str) -> str:
    """A bare word in an object's place names a shot by what it shows: "swap station and harbour"."""

    def named(match: re.Match[str]) -> str:
        word = match["word"]
        if word in NO_NAMES or re.fullmatch(_NOUNS, word) or word in COLORS or word.endswith(("ly", "ing")):
            return match[0]
        return f"{match['link']} the {word} shot"

    text = re.sub(
        r"^(?P<link>)(?:the|my|our|that) (?P<word>[a-z][a-z-]+)(?= (?:is|are|needs?|comes?|should|must|has to|"
        r"goes|drags|looks|"
        r"sounds|feels|begins|starts|ends|stands|belongs|could|can)\b)",
        named,
        text,
    ).strip()
    return re.sub(
        rf"(?<![\w{{])(?P<link>{_LINKS})(?: the| my| our)? (?P<word>[a-z][a-z-]+)(?![\w-])(?! {_NOUNS}\b)", named, text
    )


def counts_another(text: str) -> bool:
    """Whether it is something else that is counted: "the last bus is gone" is no order."""
    other = re.fullmatch(r"remove (?:the )?\{o-?\d+\} ([a-z]+)", text)
    return other is not None and re.fullmatch(rf"{_NOUNS}|one", other[1]) is None


def seen(words: str) -> str:
    """What of the words can be seen: "little boat sails" -> "boat", "blue" -> "blue"; empty where nothing can."""
    kept = [word.removesuffix("'s") for word in words.split() if word not in SAYS_NOTHING and "{" not in word]
    for word in kept:
        if find_kind(word) is not None:
            return word
    return next((word for word in kept if word in COLORS), kept[0] if kept else "")

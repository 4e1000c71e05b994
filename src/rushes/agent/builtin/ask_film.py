"""Wishes for the whole film: make one, its length, shape, errors, price, files."""

from __future__ import annotations

import re

from rushes.agent.builtin.ask_fit import FILM, SECONDS, read_fit
from rushes.agent.builtin.clauses import Clause
from rushes.agent.builtin.wishes import Wish
from rushes.agent.lexicon import find_kind

ASPECTS = {
    "9:16": r"vertical(?:ly)?|portrait|upright|tall format|tiktok|reels?|shorts|stories|story format|(?:for|on|to) "
    r"(?:the |a |my )?(?:smart)?(?:phones?|mobiles?)|(?:mobile|phone) (?:format|version|screen)|hochformat|"
    r"higher than (?:it is )?wide|taller than (?:it is )?wide",
    "16:9": r"landscape|horizontal|wide ?screen|youtube|querformat|tv format|television",
    "1:1": r"square|quadratic|instagram post|as (?:wide|broad) as (?:it is )?(?:high|tall)|as (?:high|tall) as "
    r"(?:it is )?(?:wide|"
    r"broad)|equal sides",
    "21:9": r"cinemascope|ultra ?wide|anamorphic|scope",
    "4:3": r"old tv|academy",
}


def aspect_of(text: str) -> str:
    """The shape that the words name: "vertical" -> "9:16"; empty where they name none."""
    written = re.search(r"\{a([\d.:]+)\}", text)
    if written:
        return written[1]
    return next((aspect for aspect, words in ASPECTS.items() if re.search(rf"\b(?:{words})\b", text)), "")


def size_of(text: str) -> tuple[int, int] | None:
    written = re.search(r"\{r(\d+)x(\d+)\}", text)
    return (int(written[1]), int(written[2])) if written else None


def read_make(clause: Clause) -> Wish | None:
    """A film that there is not yet: "make a 12 second film about a fox"."""
    text = clause.text
    wanted = re.match(
        r"(?:make|create|produce|shoot|generate|build|direct|animate|film|give|do|write|i want|i need|i'd "
        rf"like|we need|we want|a|an|{SECONDS})\b"
        r"(?!.*\b(?:of|from|out of) (?:this|the|my|that|these|it)\b).*?\b(?:film|video|movie|animation|ad|"
        r"advert|advertisement|commercial|trailer|teaser|spot|cartoon|reel)\b",
        text,
    )
    article = re.search(
        r"(?:^|\b(?:make|create|produce|shoot|generate|build|direct|animate|film|give|me|us|do|want|need|"
        r"like) )(?:me |us )?(?:an?|another|one|my|our|\{t)",
        text,
    )
    if (told := _head_and_story(clause)) is not None:
        return told
    if (
        wanted is None
        or article is None
        or re.match(r"(?:make|cut|edit) (?:the|this|it)\b", text)
        or ("{q" in text[: wanted.end()] and "about" not in text and "of" not in text)
    ):
        return None
    seconds = re.search(SECONDS, text)
    shots = re.search(r"\{n(\d+)\}(?: \w+)? (?:shots?|scenes?|clips?)", text)
    return Wish(
        act="make",
        words=_story(clause),
        value=_length(text, seconds, shots),
        shots=int(shots[1]) if shots else 0,
        name=aspect_of(text),
        size=size_of(text),
        text=_title(clause),
    )


def _length(text: str, seconds: re.Match[str] | None, shots: re.Match[str] | None) -> float | None:
    """Of the film: "3 shots of 2 seconds each" are 6 seconds."""
    if seconds is None:
        return None
    beside = text[max(0, seconds.start() - 20) : seconds.end() + 16]
    each = shots is not None and re.search(r"\b(?:each|every|per|apiece)\b", beside)
    return float(seconds[1]) * (int(shots[1]) if each and shots else 1)


def _head_and_story(clause: Clause) -> Wish | None:
    """ "Exactly 4 seconds in 2 shots: a fox runs in the snow": settings, and what happens behind the colon."""
    head, colon, story = clause.text.partition(": ")
    kinds = [word for word in re.findall(r"\b(?:an?|the|two|some) (?:[a-z]+ )?([a-z]+)", story) if find_kind(word)]
    if not colon or not kinds or re.search(r"\{[qmiod]|\b(?:the|this|that|these) (?:shot|clip|title|text)", head):
        return None
    seconds, shots = re.search(SECONDS, head), re.search(r"\{n(\d+)\}(?: \w+)? (?:shots?|scenes?|clips?)", head)
    if not (seconds or shots) or not re.search(r"\b(?:film|video|movie|clip|shots?|scenes?|make|shoot)\b", head):
        return None
    return Wish(
        act="make",
        words=clause.spoken(story).strip(" ,."),
        value=_length(head, seconds, shots),
        shots=int(shots[1]) if shots else 0,
        name=aspect_of(head),
        size=size_of(head),
    )


def read_settings(clause: Clause) -> Wish | None:
    """A sentence of settings, with no story in it: "8 seconds, 3 shots, vertical"."""
    text = clause.text
    seconds, shots = re.search(SECONDS, text), re.search(r"\{n(\d+)\}(?: \w+)? (?:shots?|scenes?|clips?)", text)
    title = re.search(r"\btitled?\b[^{]{0,20}\{q(\d+)\}", text)
    rest = re.sub(r"\{[^}]*\}", "", text)
    for words in (*ASPECTS.values(), _SETTING):
        rest = re.sub(rf"\b(?:{words})\b", "", rest)
    if rest.strip(" ,.:()'-/") or not (seconds or shots or title or aspect_of(text) or size_of(text)):
        return None
    if (title is None and "{q" in text) or (title is not None and re.search(r"\b(?:at|from|last|end)\b", text)):
        return None  # a text at a time of its own
    return Wish(
        act="make",
        value=float(seconds[1]) if seconds else None,
        shots=int(shots[1]) if shots else 0,
        name=aspect_of(text),
        size=size_of(text),
        text=clause.marked.quotes[int(title[1])] if title else "",
    )


_SETTING = (
    "it|the|a|an|film|video|movie|ad|length|duration|long|lasts?|should|must|has|have|be|is|of|in|with|"
    "and|exactly|about|shots?|"
    "scenes?|clips?|aspect|ratio|format|size|resolution|title|titled|total|to|seconds?|altogether|run|"
    "for|use|make|there|are|please|frame|picture|its|running time|card"
)


def _title(clause: Clause) -> str:
    found = re.search(r"(?:title[d]?|called|named|entitled)[^{]{0,20}\{q(\d+)\}", clause.text)
    return clause.marked.quotes[int(found[1])] if found else ""


def _story(clause: Clause) -> str:
    """What happens: the clause without how long, how many and what shape."""
    text = re.sub(
        r"^.*?\b(?:film|video|movie|animation|ad|advert|advertisement|commercial|trailer|teaser|spot|cartoon|reel)\b",
        "",
        clause.text,
        count=1,
    )
    for said in (
        r",? ?(?:in|with|of|has|having|using|and)?(?: exactly| about)? \{n\d+\}(?: \w+)? (?:shots?|scenes?|"
        rf"clips?)(?: of)?(?: {SECONDS}(?: each)?)?",
        rf",? ?(?:of|for|in|lasting|that lasts|about|exactly|,)? ?{SECONDS}(?: long)?",
        r",? ?(?:in|as|at|with)? ?(?:an? )?(?:aspect(?: ratio)?(?: of)? )?\{[ar][^}]+\}(?: format)?",
        r",? ?(?:in |as |for )?(?:a )?(?:vertical|portrait|square|landscape|horizontal)(?: format| film| video)?",
        r",? ?(?:and )?(?:with )?(?:the |a )?(?:titled?|called|named|entitled)[^{]{0,20}\{q\d+\}",
    ):
        text = re.sub(said, " ", text)
    text = re.sub(
        r"^[\s,:]*(?:that (?:is|shows|tells)|about|of|in which|where|showing|with|on|which shows|for)?[\s,:]+", "", text
    )
    return " ".join(clause.spoken(text).split()).strip(" ,.")


def read_film(clause: Clause) -> list[Wish] | None:
    """The first of the readers below that understands."""
    for reader in (_undo, _audit, _export, _money, read_fit, _frame, _shots, _measure, _thanks):
        found = reader(clause)
        if found is not None:
            return found if isinstance(found, list) else [found]
    return None


def _undo(clause: Clause) -> Wish | None:
    text = clause.text
    if re.match(
        r"(?:undo|revert|(?:reverse|cancel|roll back|take back) (?:that|the|this|your)(?: last| \{o-1\})? "
        r"(?:change|step|edit|thing|one)|roll(?: it| that)? back|take (?:that|it|this)(?: last)?(?: \w+)? "
        r"back|never ?mind|"
        r"scrap that|forget (?:that|it)|restore|"
        r"(?:put|bring) (?:it|that|them|(?:the|my|our) (?:\w+ ){1,2}?)\s?back(?! (?:to the|in the|after|before|at|on))|"
        r"go back(?! to the)|as "
        r"(?:it was )?before$|back to (?:how|what|the way) it was|the way it was|leave it as it was|"
        r"(?:i|we) (?:liked|preferred) it (?:better )?(?:as it was|before)|don't do that|cancel that)",
        text,
    ):
        count = re.search(r"\{n(\d+)\}", text)
        return Wish(act="undo", value=float(count[1]) if count else None)
    return None


def _audit(clause: Clause) -> Wish | None:
    if aspect_of(clause.text):  # "make it 4:3 without cutting anything off"
        return None
    errors = (
        r"(?:mistakes?|errors?|problems?|defects?|issues?|bugs?|faults?|flaws?|glitch(?:es)?|whatever is|"
        r"anything|everything|what(?:'s| is| went)|things?)"
    )
    if re.match(
        r"(?:repair|fix|mend|correct|put right|clean up)\b (?:them|it|those|these|that|all of them|all|"
        r"everything)(?: up| right| all)?$|put (?:them|it|these|those|everything|things|all of them) right\b|"
        r"there (?:are|"
        rf"is|were) (?:some |a few |several |many |still )*{errors} (?:in|on|left)\b",
        clause.text,
    ):
        return Wish(act="audit")
    wrong = clause.has(
        rf"(?:{errors})(?: that| which)?(?: is| are|'s)? (?:wrong|broken|off|bad|amiss|faulty)"
    ) or clause.has("something is (?:wrong|off)|is there anything wrong|defective")
    found = re.match(
        r"(?:check|inspect|audit|proofread|proof|review|repair|mend|find|fix|correct|clean up|quality|qc|look "
        r"for|search for|run a check|go over|go through|detect|spot)\b",
        clause.text,
    )
    object_ = clause.has(rf"{errors}|{FILM}|it|texts|spelling|titles|subtitles") and not clause.has(
        r"colou?rs?|shot|title|\{q\d+\}|price|budget"
    )
    if wrong or (found and object_):
        only = not clause.has("fix|repair|mend|correct|clean up|put right|fixed") and not wrong
        asks = clause.has("don't fix|only (?:tell|list|report)|without fixing") or clause.text.startswith(
            ("what is wrong", "what's wrong", "is there")
        )
        return Wish(act="audit", name="report" if only or asks else "")
    return None


def _export(clause: Clause) -> list[Wish] | Wish | None:
    text = clause.text
    kinds = list(dict.fromkeys(re.findall(r"\b(mp4|otio|srt|edl)\b", text)))
    if len(kinds) > 1 and re.match(r"(?:export|save|deliver|download|write|output|give|i need|i want|make)\b", text):
        return [Wish(act="export", name=kind) for kind in kinds]
    kind = re.search(r"\b(mp4|otio|opentimelineio|srt|edl)\b", text)
    path = next((n for n in clause.marked.names if n.lower().endswith((".mp4", ".otio", ".srt", ".edl"))), "")
    shape = (aspect_of(text) or size_of(text)) and not kind and not path  # "deliver as 1:1" asks for another frame
    if (re.match(r"(?:export|save|deliver|download|write out|output)\b", text) and not shape) or (
        kind and re.match(r"(?:give|make|render|i need|i want|write|as|an?)\b", text)
    ):
        name = (kind[1] if kind else path.rpartition(".")[2].lower()) or "mp4"
        return Wish(act="export", name={"opentimelineio": "otio"}.get(name, name), text=path)
    if re.match(r"render\b", text):
        return Wish(act="render")
    return None


def _money(clause: Clause) -> Wish | None:
    text = clause.text
    if re.match(
        r"(?:if|should|in case|when|unless)\b.*\b(?:enough|suffice|suffices|too (?:little|much|dear)|cost|"
        r"costs|do|cover|covers|exceeds?|reach)\b",
        text,
    ) and (clause.has("say so|tell|let me know|warn|stop|nothing|don't|without|first|before")):
        return Wish(act="thanks")  # a film that costs more is never bought without a word
    amount = re.search(
        r"(?:[$€£]\s*|(?:usd|eur) ?)(?:\{n)?([\d.]+)\}?|\{n([\d.]+)\} ?(?:dollars?|usd|euros?|bucks|\$|€)|"
        r"\{n([\d.]+)\} ?(cents?)",
        text,
    )
    if amount and clause.has(
        "budget|most|more than|spend|limit|cap|have|has|maximum|max|under|within|costs?|only|there|all|pay|worth"
    ):
        value = float(amount[1] or amount[2] or amount[3])
        return Wish(act="rule", name="cap", value=value / 100 if amount[4] else value)
    if clause.has(
        "how much (?:would|will|does|is)|what (?:would|will|does) (?:it|that|this|the film|finishing) cost|"
        "estimate|price|what it costs|the costs?"
    ):
        return Wish(act="estimate")
    if clause.has("ask(?: me)? (?:first|before)|(?:without|before) asking"):
        return Wish(act="rule", name="ask first")
    if re.match(
        r"(?:go ahead|do (?:it|so|what fits|what you can)|(?:buy|spend) (?:it|them)|that is (?:fine|ok)|"
        r"that's (?:fine|ok)|proceed|fewer shots(?: are| is)? (?:fine|ok)|i agree|agreed|as many as (?:fit|"
        r"you can)|whatever fits|make (?:fewer|as many)|shorter is fine)|(?:if|when) .*(?:money|budget|it|"
        r"that)\b.*\b(?:enough|suffice|reach|too (?:little|much|expensive))\b.*\b(?:fewer|what fits|as many|"
        r"less|as much|shorter)\b|.*\b(?:do|make) (?:what|as many as) (?:fits?|the budget)",
        text,
    ):
        return Wish(act="rule", name="allowed", allowed=True)
    return None


_PICTURE = r"(?:pictures?|images?|frames?|screens?|sides?|edges?|view|format|borders?)"
_NOT_CUT = (
    r"(?:nothing|no (?:part|bit|pixel|piece)|none|not (?:a|one) \w+|without|don't|do not|never|"
    r"nowhere)\b.*\b(?:crop\w*|cut\w*|los[et]\w*|"
    r"lost|missing|disappear\w*|vanish\w*|chop\w*|trim\w*|sacrific\w*|gone)|no crop\w*|uncropped"
)
_ALL_SEEN = (
    r"(?:sides?|edges?|corners)\b.*\b(?:stay|remain|kept|seen|visible)|"
    r"(?:whole|full|entire|complete|all(?: of)?|everything)\b.*\b(?:seen|see|visible|view|shown|show|kept|"
    r"stay|remain|fit|inside|"
    r"there|preserved)|(?:shows?|keeps?|see|preserves?|fits?|have)\b.*\b(?:whole|full|entire|complete|all "
    r"of|everything)"
)
_BARS = (
    r"letterbox\w*|pillarbox\w*|(?:with|use|add|allow|accept|put|black)\b.*\b(?:bars|borders)|(?:bars|"
    r"borders) (?:are|is|if|where)"
)
_FILLED = r"fill(?:s|ed|ing)?|(?:no|without)(?: \w+)? (?:bars|borders)|crop(?:ped|ping)?(?: \w+)*"


def fit_of(clause: Clause) -> str:
    """How the picture goes into the frame: `contain`, `cover`, or empty where nothing is said."""
    if clause.has(r"(?:no|without)(?: \w+)? (?:bars|borders)"):
        return "cover"
    if clause.has(_NOT_CUT) or clause.has(_BARS) or clause.has(_ALL_SEEN) or clause.has("contain"):
        return "contain"
    return "cover" if clause.has(_FILLED) else ""


def _frame(clause: Clause) -> Wish | None:
    text = clause.text
    if re.search(r"\{[qmid]", text) or clause.has("music|cross ?-?fades?"):
        return None
    aspect, size, fit = aspect_of(text), size_of(text), fit_of(clause)
    if aspect or size is not None:
        return Wish(act="frame", name=aspect if size is None else "", size=size, place=fit)
    speaks = clause.has(rf"{_PICTURE}|crop\w*|bars|letterbox\w*") or re.fullmatch(
        r"(?:and |with )*(?:show|keep|see|have) (?:everything|all of it)(?: visible| in| in view)?|"
        r".*cut(?:ting)? (?:anything )?off.*|"
        r"(?:everything|nothing) .*(?:visible|seen|in view|lost|cropped|cut off)(?: away)?",
        text,
    )
    if fit and speaks and not re.search(r"\{", text) and not re.search(r"\b(?:shots?|clips?|titles?|texts?)\b", text):
        return Wish(act="frame", place=fit)
    return None


def _shots(clause: Clause) -> Wish | None:
    """ "in four shots", in a sentence of its own: only a film that is being made has a number of shots."""
    found = re.match(
        r"(?:make|do|shoot|take)(?: it)?(?: only| just| with| in)* \{n(\d+)\} (?:shots?|scenes?)(?: then| only)?$",
        clause.text,
    )
    found = found or re.match(
        r"(?:use|in|with|it (?:has|should have|must have|needs)|there (?:are|should be)|have|exactly)?(?: "
        r"exactly)? ?\{n(\d+)\} (?:shots?|scenes?)$",
        clause.text,
    )
    return Wish(act="make", shots=int(found[1])) if found else None


def _measure(clause: Clause) -> Wish | None:
    if re.match(
        r"(?:how (?:long|loud|big|many)|measure|what (?:is|are) (?:the|its) (?:length|duration|loudness|size|"
        r"frame|timeline|order)|list|what do we have|where are we|status|show me (?:the timeline|what)|tell "
        r"me|what(?:'s| is) in)",
        clause.text,
    ):
        rendered = clause.has("loud|loudness|measure|peak|frames")
        return Wish(act="measure", name="measure" if rendered else "timeline")
    return None


def _thanks(clause: Clause) -> Wish | None:
    if re.match(r"(?:ignore|disregard|skip|pay no attention to|don't mind)\b", clause.text):
        return Wish(act="thanks")
    if re.fullmatch(
        r"(?:(?:thanks|thank you|great|good|nice|perfect|ok(?:ay)?|hello|hi|hey|looks? (?:very )?good|lovely|"
        r"well done|good job|love it|i like it|that's it|that is (?:all|it)|that's all|very|a lot|much|so|work|job|"
        r"cool|fine|yes|done|bye|good morning|all good|wonderful|excellent|for now|now|beautiful|like that|"
        r"that looks|this|is|that|it|much better|better|already|so far)[,!. ]*)*",
        clause.text,
    ):
        return Wish(act="thanks")
    return None

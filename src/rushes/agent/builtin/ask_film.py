"""Wishes for the whole film: make one, its length, shape, errors, price, files."""

from __future__ import annotations

import re

from rushes.agent.builtin.ask_fit import FILM, SECONDS, read_fit
from rushes.agent.builtin.clauses import Clause
from rushes.agent.builtin.wishes import Wish

ASPECTS = {
    "9:16": r"vertical|portrait|upright|tall format|tiktok|reels?|shorts|stories|story format|phone|mobile|"
    r"smartphone|hochformat",
    "16:9": r"landscape|horizontal|wide ?screen|youtube|querformat|tv format|television",
    "1:1": r"square|quadratic|instagram post",
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
        value=float(seconds[1]) if seconds else None,
        shots=int(shots[1]) if shots else 0,
        name=aspect_of(text),
        size=size_of(text),
        text=_title(clause),
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
        r"(?:undo|revert|roll(?: it| that)? back|take (?:that|it|this)(?: last)?(?: \w+)? back|never ?mind|"
        r"scrap that|forget (?:that|it)|restore|"
        r"put (?:it|that|them) back(?! (?:to the|in the|after|before|at))|go back|bring (?:it|that) back|as "
        r"(?:it was )?before$|back to (?:how|what|the way) it was|the way it was|leave it as it was|"
        r"(?:i|we) (?:liked|preferred) it (?:better )?(?:as it was|before)|don't do that|cancel that)",
        text,
    ):
        count = re.search(r"\{n(\d+)\}", text)
        return Wish(act="undo", value=float(count[1]) if count else None)
    return None


def _audit(clause: Clause) -> Wish | None:
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
    amount = re.search(
        r"(?:[$€£]\s*|(?:usd|eur) ?)(?:\{n)?([\d.]+)\}?|\{n([\d.]+)\} ?(?:dollars?|usd|euros?|bucks|\$|€)|"
        r"\{n([\d.]+)\} ?(cents?)",
        text,
    )
    if amount and clause.has("budget|most|more than|spend|limit|cap|have|maximum|max|under|within|cost"):
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


_ALL_SHOWN = (
    r"(?:show|shows|showing|keep|with) (?:everything|all of it|the whole picture|all of the picture)(?: visible| in)?|"
    r"nothing (?:is |gets |may be |must be |should be )?(?:cropped|cut off|cut away|lost|missing)(?: off| away)?|"
    r"without (?:any )?cropping|(?:don't|do not|never) crop(?: anything)?|no crop(?:ping)?|uncropped|everything "
    r"(?:stays |must be |remains |is )?(?:visible|seen|in the picture|in view)|borders are (?:fine|ok|okay)|"
    r"(?:with )?(?:black )?(?:bars|borders)(?: are)?(?: fine| ok| okay)?"
)
_FILLED = (
    r"fill (?:the )?(?:frame|screen|picture)|(?:no|without) (?:black )?(?:bars|borders)|crop(?:ped)?(?: "
    r"to fill)?|filled"
)


def _frame(clause: Clause) -> Wish | None:
    if re.search(r"\{q", clause.text) or clause.has("music"):
        return None
    aspect, size = aspect_of(clause.text), size_of(clause.text)
    if clause.has(_ALL_SHOWN) and re.fullmatch(
        rf"(?:(?:{_ALL_SHOWN}|and|with|but|please|it|,|that|is|so)[ ,]*)+", clause.text
    ):
        return Wish(act="frame", place="contain")
    if clause.has(_FILLED) and re.fullmatch(
        rf"(?:(?:{_FILLED}|and|with|but|please|it|,|that|is|so)[ ,]*)+", clause.text
    ):
        return Wish(act="frame", place="cover")
    if not aspect and size is None:
        return None
    fit = "cover" if clause.has("no (?:black )?bars|without (?:black )?bars|no borders") else ""
    fit = fit or ("contain" if clause.has(f"bars|letterbox|pillarbox|whole picture|contain|{_ALL_SHOWN}") else "")
    fit = fit or ("cover" if clause.has("crop|cropped|fill|filled|no bars|without bars") else "")
    return Wish(act="frame", name=aspect if size is None else "", size=size, place=fit)


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

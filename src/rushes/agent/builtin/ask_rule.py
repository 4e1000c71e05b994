"""Standing wishes: "always", "never", "from now on"; and what must stay as it is."""

from __future__ import annotations

import re

from rushes.agent.builtin.ask_film import fit_of
from rushes.agent.builtin.ask_text import place_of
from rushes.agent.builtin.clauses import Clause
from rushes.agent.builtin.pieces import SHOT, SOUND, TEXT, Which
from rushes.agent.builtin.spans import Span
from rushes.agent.builtin.wishes import Wish

SECONDS = r"\{t([\d.]+)\+\d+\}"
_STANDS = (
    r"(?:all|every|each|any) (?:future|further|coming|upcoming|later) \w+|always|never|from now on|from here on|"
    r"every time|each time|whenever|in (?:the )?future|going "
    r"forward|as a rule|for the rest|henceforth|at all times|under no circumstances|no matter what|ever "
    r"again|from this (?:point|moment)|until (?:i say|we are done)|standing rule|as a rule|house style|"
    r"for everything (?:that|which)|only ever|(?:we|i|you) (?:add|set|"
    r"make|do|ask for) later|from here on(?:wards)?|for all that (?:follows|comes)|(?:text|title|"
    r"subtitle)s? (?:that )?(?:i|we|you) (?:ask|order|set|"
    r"want|give|type|write)"
)
_TEXTS = rf"(?:{TEXT}|lettering|words)"


def read_rule(clause: Clause) -> list[Wish] | None:
    """Rules that the clause lays down."""
    text = clause.text
    standing = clause.has(_STANDS) and not re.match(r"never ?mind|(?:have|did|do|were|was) \w+ ever", text)
    if clause.has(
        "forget (?:all )?(?:the |my |that )?(?:standing )?(?:rules?|instructions?)|ignore my (?:earlier )?rules?"
    ):
        return [Wish(act="rule", name="forget")]
    case = _case(clause)
    if case:
        found = [Wish(act="rule", name=case)]
        if not standing and clause.has("all|every|each|both|the"):
            found.append(Wish(act="retext", name=f"case {case}", pieces=(Which(kind="text", every=True),)))
        return found
    if protected := _protected(clause):
        return [protected]
    if not standing and not clause.has(
        rf"every (?:{TEXT}|shot|clip)|all (?:{TEXT}|shots|clips)|each (?:{TEXT}|shot|clip)|no (?:{TEXT}|shot|"
        r"clip)s? (?:longer|may|should|must)"
    ):
        return None
    seconds = re.search(SECONDS, text)
    texts = re.search(rf"\b{_TEXTS}\b", text) is not None
    if texts and seconds and "{q" not in text and (standing or clause.has("every|all|each|no")):
        most = clause.has("at most|no longer|never longer|more than|maximum|longer than")
        if standing:
            return [Wish(act="rule", name="most_text_seconds" if most else "text_seconds", value=float(seconds[1]))]
        return None
    if clause.has("cross ?-?fades?|fades?|dissolves?|hard cuts?") and standing and not clause.has("music|sound"):
        none = clause.has("never|no|without|hard cuts?|not")
        return [Wish(act="rule", name="fades", value=0.0 if none else float(seconds[1]) if seconds else 0.5)]
    if clause.has("music|song|score|bed") and clause.has("never|no") and not clause.has("louder|touch|change"):
        return [Wish(act="rule", name="no music"), Wish(act="music", name="none")]
    if seconds and clause.has("shots?|clips?|scenes?") and clause.has("longer than|at most|more than|maximum|over"):
        return [Wish(act="rule", name="most_shot", value=float(seconds[1]))]
    if seconds and standing and clause.has("film|video|movie|it|edit|whole thing"):
        most = clause.has("longer than|at most|more than|maximum|over")
        return [Wish(act="rule", name="most_length" if most else "length", value=float(seconds[1]))]
    if "{q" in text and standing and clause.has("end|close|finish|last"):
        return [
            Wish(act="rule", name="closing", text=clause.quotes()[0]),
            Wish(act="text", text=clause.quotes()[0], span=clause.span() or Span(at_end=True), place=place_of(text)),
        ]
    if (
        texts
        and standing
        and (
            place := place_of(
                re.sub(
                    r"\b(?:all|every|each|the) (?:titles?|subtitles?|captions?|texts?)\b|\btitles\b|\bsubtitles\b(?= "
                    r"(?:always|at|in|on))",
                    "",
                    re.sub(r"\b(?:future|further|coming|upcoming|later) ", "", text),
                )
            )
        )
        and "{q" not in text
        and not (clause.has("never|no|not|don't") and not clause.has("always|but|only"))
    ):
        return [Wish(act="rule", name="place", place=place)]
    if clause.has("export|save|deliver") and standing:
        kind = re.search(r"\b(mp4|otio|srt|edl)\b", text)
        return [Wish(act="rule", name="export", place=kind[1] if kind else "mp4")]
    if clause.has("ask|tell me|warn") and clause.has("buy|spend|money|cost|generate|shoot|paid|pay|before"):
        return [Wish(act="rule", name="ask first")]
    if (
        standing
        and not _orders(text)
        and clause.has(rf"{_TEXTS}|{SHOT}|{SOUND}|film|cut|it|everything|anything|fades?")
    ):
        return [Wish(act="rule", name="said")]
    return None


def _orders(text: str) -> bool:
    """Whether another reader may make something of it: an order with "always" in it."""
    return (
        re.search(r"\{[qabdlrm]|\b(?:vertical|square|landscape|blue|red|green|louder|quieter|loudness)\b", text)
        is not None
    )


def _case(clause: Clause) -> str:
    about = clause.has(rf"{_TEXTS}|letters|capitals|caps|everything|writing|it|them|in")
    if not about or ("{q" in clause.text and not clause.has(_STANDS)):
        return ""
    if clause.has(
        "no(?: more)? (?:capitals|caps|upper ?case)|normal case|not (?:in )?(?:capitals|caps|upper ?case)|"
        "never (?:in )?(?:capitals|caps|upper ?case)|mixed case|as i (?:write|type) (?:it|them)|stop (?:with "
        ")?(?:the )?(?:capitals|caps)|never (?:use|write) (?:capitals|caps|upper ?case)"
    ):
        return "any case"
    if clause.has("(?:all[- ])?(?:capitals|caps|upper ?case|capital letters|block letters)|capitali[sz]e[ds]?"):
        return "upper"
    if clause.has("lower ?case|small letters"):
        return "lower"
    return "title case" if clause.has("title case") else ""


def _protected(clause: Clause) -> Wish | None:
    text = re.sub(r" (?:or|nor|and) (?:any|every|each|all|some|something|a bit) .*$", "", clause.text)
    if clause.has("pictures?|images?|frame|bars") and fit_of(clause) and not re.search(r"\{[oi]", text):
        return None  # how it is framed
    if clause.has("(?:as|like|how|the way) (?:it|they|that|this) (?:was|were|used to be|had been)"):
        return None  # back to that
    if re.search(
        r"\b(?:something|some|a bit|a little|parts?|a piece) (?:of|from) (?:the )?(?:every|each|all|others?|rest)", text
    ):
        return None
    if ("{q" in text and not clause.has("never|don't")) or re.search(SECONDS, text):
        return None
    if re.match(
        r"(?:you may|you can|feel free to) (?:now )?(?:touch|change|cut|remove|move|trim)|(?:unlock|release)\b",
        text,
    ) or (
        not clause.has("nothing|no") and clause.has("(?:may|can) be (?:changed|cut|removed|touched)(?: again| now)?")
    ):
        pieces = tuple(p for p in clause.pieces() if p.pointed or p.kind in ("text", "sound"))
        return Wish(act="rule", name="release", pieces=pieces)
    never = re.search(
        r"\b(?:never|don't(?: ever)?|do not(?: ever)?|must not|mustn't|please don't|no one may|not to)\b "
        r"(?:again )?(?:be )?(touch|touched|change|changed|cut|remove|removed|delete|deleted|drop|dropped|"
        r"edit|edited|move|moved|alter|altered|trim|trimmed|shorten|shortened|lose|modify|mess with|replace|"
        r"replaced)\b",
        text,
    )
    stays = re.search(
        r"\b(?:must|has to|should|needs to|shall|will)? ?(?:always )?(?:stays?|remains?|be kept)(?: (?:in|as "
        r"(?:it|they) (?:is|are)|where it is|untouched|the same|unchanged|like that|in the film|whole|complete|"
        r"uncut|in full|intact|entire|in one piece))?$",
        text,
    )
    keeps = re.match(
        r"(?:always )?(?:keep|leave|protect|lock|preserve)\b (.+?)(?: (?:as (?:it|they) (?:is|are)|untouched|"
        r"alone|unchanged|where it is|the same|in|in the film|like that))?$",
        text,
    )
    if never or stays or (keeps and not clause.has("only|just|out|off|away")):
        pieces = tuple(p for p in clause.pieces(text) if (p.pointed and not p.name) or p.kind in ("text", "sound"))
        if pieces and not re.search(r"\bat least|\bor\b", text):
            return Wish(act="rule", name="protect", pieces=pieces, words=clause.spoken())
    return None

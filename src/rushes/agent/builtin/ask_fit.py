"""Wishes for the film's length, and what has to stay whole for it."""

from __future__ import annotations

import re
from dataclasses import replace

from rushes.agent.builtin.clauses import Clause
from rushes.agent.builtin.pieces import SHOT, SOUND, TEXT, Which
from rushes.agent.builtin.wishes import Wish

FILM = (
    r"(?:film|video|movie|animation|ad|advert|advertisement|commercial|trailer|teaser|spot|cartoon|reel|"
    r"footage|edit|cut|clip|thing|recording|material)"
)
SECONDS = r"\{t([\d.]+)\+\d+\}"
_STAYS = (
    r"(?:(?:keep|leave|with|but|and|where|so that) )*(?P<what>.+?) ?(?:(?:must|should|has to|shall|is to|needs to|"
    r"will) )?"
    r"(?:(?:stays?|remains?|kept|be kept|is kept|left|be left|whole|complete|entire|uncut|untouched|in full|in one "
    r"piece)"
    r"(?: in| there| whole| complete| uncut| as it is| untouched| in full| entirely| in it)*)"
)


def read_fit(clause: Clause) -> Wish | None:
    """A length for the film, or for what was spoken of."""
    return _fit_keeping(clause) or _fit(clause)


def _fit_keeping(clause: Clause) -> Wish | None:
    """A length, with what has to stay whole: "edit to 8 s, the garden stays whole, something of every shot"."""
    first, *others = re.split(r",? (?:and|but|so that) |[,;] ?", clause.text)
    wish = _fit(replace(clause, text=first)) if others else None
    if wish is None or wish.act != "fit":
        return None
    kept: list[Which] = []
    for part in others:
        part = part.strip()
        if not part or re.match(r"(?:something|a bit|a piece|some|part|parts) (?:of|from) (?:every|each|all)", part):
            continue
        stays = re.fullmatch(_STAYS, part)
        if stays is None:
            return None
        what = (
            stays["what"]
            if re.search(rf"\b(?:{SHOT}|{TEXT}|{SOUND})\b|\{{", stays["what"])
            else f"{stays['what']} shot"
        )
        kept += clause.pieces(what)[:1]
    return replace(wish, pieces=tuple(kept), name="")


def _fit(clause: Clause) -> Wish | None:
    text = clause.text
    alone = re.fullmatch(
        rf"(?:edit|cut|trim|shorten|condense|compress|bring|get|reduce|tighten|stretch|extend)(?: down)? to "
        rf"(?:exactly |about |just )?{SECONDS}(?: (?:in all|altogether|in total|long|sharp))*",
        text,
    )
    if alone is not None:
        return Wish(act="fit", value=float(alone[1]))
    seconds = re.search(SECONDS, text)
    if (
        seconds is None
        or re.search(rf"{SECONDS} (?:to|until|and|till) \{{[tn]", text)
        or clause.has("shots?|scenes?|music|title|text|subtitle|caption|song|narration|fades?|crossfades?|black")
        or "{q" in text
    ):
        return None
    value = float(seconds[1])
    whole = (
        rf"(?:this|the|my|our|that|your)? ?(?:whole |entire |final |finished )?{FILM}|it|everything|all of it|"
        r"this|the whole thing"
    )
    if re.match(
        r"(?:edit|cut|trim|shorten|condense|compress|bring|get|fit|stretch|extend|lengthen|make|turn|"
        rf"summari[sz]e|reduce|squeeze|boil|expand|tighten)\b (?:{whole})\b(?: \w+)?? ?(?:(?:down|up|so that|"
        rf"to|into|be|is|at|in|a|an|exactly|only|last|lasts|take|run|just|about|fit|it|of) )*{SECONDS}(?! "
        r"(?:shorter|longer|earlier|later|fade))",
        text,
    ):
        bare = (
            r"(?:make|cut|trim|shorten|extend|lengthen|stretch|reduce) (?:it|this|that)\b(?! (?:\w+ "
            rf")?{FILM})(?!.*version)"
        )
        return Wish(act="fit", value=value, name="it" if re.match(bare, text) else "")
    if re.match(
        rf"(?:(?:{whole}) )?(?:should|must|has to|needs to|shall|may|can|ought to)(?: only| exactly| not)? "
        rf"(?:be|last|run|take|have|fit)\b.*{SECONDS}",
        text,
    ):
        if clause.has("at most|no longer|not (?:be|last|run) (?:longer|more)|not be over|more than|maximum|under"):
            return Wish(act="rule", name="most_length", value=value)
        return Wish(act="fit", value=value)
    if re.search(
        rf"{SECONDS}(?: long)? (?:version|edit|cut|summary|teaser)\b|(?:version|summary) (?:of|that lasts|"
        rf"lasting) {SECONDS}",
        text,
    ):
        return Wish(act="fit", value=value)
    if (
        re.match(
            rf"(?:length|duration|running time|total)(?: is| of|:)? (?:exactly )?{SECONDS}$|^(?:exactly "
            rf")?{SECONDS}(?: long)?$",
            text,
        )
        and not clause.corrects
    ):
        return Wish(act="fit", value=value)
    return None

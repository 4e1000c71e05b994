"""What is only said of the rest: "change nothing else", "the others move up", "at the same time"."""

from __future__ import annotations

import re

_OTHERS = (
    r"(?:everything|anything|all|the rest|all the rest|the others?|the other (?:ones?|\w+)|others|"
    r"whatever else|what|the "
    r"remaining \w+|its? (?:end|start|beginning|time|place|length)|each (?:\w+ )?itself|the (?:time|place|"
    r"length)|neither)"
)
_REST = (
    r"(?:and |but |otherwise |please |so that |so |with |while |only )*(?:"
    r"(?:touch|change|alter|edit|modify|move|cut|mend|add|remove|do) (?:nothing|not a thing|no other "
    r"\w+)(?: else| more)?|"
    r"(?:don't|do not|never|without) (?:touch|chang|alter|do|edit|slow|mov|stretch|speed|mak)(?:e|ing)? "
    r"(?:anything|a thing|"
    r"the rest|any|it|the others?|the second|them)(?: \w+)*|"
    rf"(?:leave|keep|let) {_OTHERS}[\w ,']*|{_OTHERS} (?:else )?(?:as|stays?|remains?|is|are|keeps?|"
    r"follows?|closes?|moves?|"
    r"may|must|can|should|shall|runs?|to stay|about|in|where|alone|from|of|that)\b[\w ,']*|"
    r"nothing (?:else|more|may|must|should|is|that|other)[\w ,']*|as it is|else as it is|only that|no more|"
    r"(?:close|fill|shut)(?: up)? (?:the|that|any) (?:gap|hole)s?|join (?:the|what)[\w ,']*|move (?:up|together)|"
    r"(?:at )?the same (?:time|place|end|length|start|order|position|moment|size)(?: \w+)*|same (?:end|"
    r"start|time|place|length|"
    r"order|position)[\w ,]*|(?:just )?as long as (?:it|the|that|before|now)[\w ,']*|just as long|(?:keeping|with) "
    r"(?:the|its) (?:\w+ )?(?:length|time|place|end)|"
    r"(?:keep|show|leave|have|use)? ?(?:something|some|a bit|a little|a piece|part|parts|at least some) "
    r"(?:of|from) (?:every|"
    r"each|all)[\w ,']*|(?:each|every|all)(?: of the)? \w+ (?:should|must|has to|have to|shall|needs to|"
    r"may)(?: still)? "
    r"(?:be (?:seen|there|shown|in it)|keep|have|appear|show|occur|remain|stay|survive|play)[\w ,']*|"
    r"(?:trim|shorten|cut|take|use|save)[\w ,']* (?:from )?the (?:others?|other \w+|rest)|"
    r"(?:show|use|take|play) more of (?:them|it|the \w+|each \w+)\b[\w ,']*|use (?:that|those)|(?:the|"
    r"their|its) files? (?:hold|have|has|"
    r"contain)s?[\w ']*|there is (?:still )?more in[\w ']*|let the \w+ run longer[\w ,']*|"
    r"(?:no|without|not in|don't use) slow motion|(?:at )?(?:normal|the same|original) speed|no (?:shot|"
    r"one|clip)s? (?:may|must|should) [\w ]+|"
    r"(?:keep|leave) (?:it|that|them|this)(?: there| so| like that| alone| that way| as it is| where it "
    r"is)*|close(?: it| them)? up|"
    r"(?:cut|trim|shorten) (?:its end|it (?:there|at the end))|use (?:what|more of) the [\w ]+|with "
    r"(?:material|footage|more) [\w ]+|even if [\w ]+|(?:the|their|its) files? (?:should|must|will)[\w ]*|"
    r"(?:(?:please |set|put in|put|add|place|i need|we need|i want|here are|there (?:should|must) be|do|"
    r"make) ?)*(?:(?:the )?following|these|\{n\d+\}|some|a few) "
    r"(?:\{n\d+\} |new )?(?:texts|titles|subtitles|things|changes|wishes|texts on the picture)|which "
    r"(?:is|are|should be|must be)[\w ]+|"
    r"not (?:a|one) (?:frame|second) (?:earlier|later|more|less)[\w ,']*|"
    r"exact(?:ly)? to the frame|(?:at|in) (?:their|its) own (?:speed|pace|order)[\w ,']*|in (?:this|that|"
    r"the same|their|its|the) order|"
    r"in (?:full|one piece)|whole|uncut|all of it|(?:but )?(?:don't|do not|without) (?:revers\w+|chang\w+|"
    r"stretch\w+)[\w ]*|(?:shift|move) it|the (?:film|rest|gap) closed(?: up)?|ending where [\w ]+|"
    r"equally long|of equal length|every other \w+ (?:gets|becomes|may be|is) shorter|please|not "
    r"stretched?|don't stretch (?:it|anything)|(?:just "
    r")?frame[- ]accurate|shorten its end|take it from (?:its|the) (?:end|start|beginning)|(?:keep|"
    r"keeping) its [\w ]+|"
    r"take what [\w ]+|rather than now|legal says so|(?:a bit|something|part) of each [\w ]+)"
)


def rest_is(text: str) -> bool:
    """Whether all of it only says that the rest stays as it is, or how an order is meant anyway."""
    return all(re.fullmatch(_REST, part.strip()) for part in re.split(r"[,;:] ?", text) if part.strip()) and bool(text)

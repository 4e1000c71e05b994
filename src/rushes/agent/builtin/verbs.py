"""Words for what can be done, in every form that users have for it, and their misspellings."""

from __future__ import annotations

import re

_TABLE = """
remove: remove, delete, drop, lose, kill, scrap, erase, eliminate, discard, ditch, exclude, omit, axe, nix, toss,
        strike, get rid of, take out, take away, cut out, throw out, throw away, leave out, chop out, edit out,
        take off, skip, bin, kick out, snip, chuck, dump
trim: trim, shave, shorten, tighten, lengthen, prolong, extend, cut down
split: split, divide, cut, slice, chop
swap: swap, exchange, switch, interchange, flip
replace: replace, substitute, swap out, fill
move: move, shift, bring, push, relocate, reposition, slide
put: put, place, set, add, insert, show, write, display, superimpose, overlay, print, use, append, include, attach,
     drop in, lay, type, stick, burn, give
change: change, rename, correct, rewrite, turn, alter, edit, adjust, make, let, fix
speed: speed, slow, accelerate, play
fade: fade, crossfade, dissolve, cross-fade, blend
raise: raise, lower, boost, mute, silence, duck, reduce, increase, decrease, turn
make: make, create, produce, shoot, film, generate, build, direct, render, animate
export: export, save, deliver, download, write out, output
audit: check, inspect, audit, proofread, repair, mend, find, fix, review, look
narrate: narrate, read, speak, say, voice
order: reorder, rearrange, sort, reverse, order, start, begin, open, end, close, finish
keep: keep, retain, preserve, leave
undo: undo, revert, restore, redo, forget
fit: condense, compress, stretch, fit, summarise, summarize
caption: subtitle, caption, title
again: repeat, loop, duplicate, replay
label: label
"""
VERBS: dict[str, tuple[str, ...]] = {
    name: tuple(word.strip() for word in words.replace("\n", " ").split(","))
    for name, words in re.findall(r"^(\w+): ([^:]+)$", _TABLE, re.MULTILINE)
}
FIRST = frozenset(phrase.split()[0] for words in VERBS.values() for phrase in words)  # words that begin an order
_GUARDED = frozenset(
    "the this that they then than these those there their some same more most mode mood moves moon love live loud grip "
    "grow grew crop shot short shop show shown spin slip slow snow swim star start stand what when where "
    "with want wont "
    "will well have hate head hear here help hand hold good gone give great make music maybe must much may like look "
    "long last late later left let low now not nice next need never no only once over our out please place plate play "
    "clip mind news after behind between before from frame four fade face fact film fine find fire first "
    "fish five for fox free full just keep key kind know lane "
    "also always actually and another are ask away back ball bear been better big bird blue boat both bow box bus but "
    "can cake call car cat come could cup dark day did dog done don't down each easy edge else end every hello hey "
    "instead into its still stop such sure take tell text thanks thank time title too top try turn two under until up "
    "use very wait was way we were white who why wide without word work would yes yet you your title".split()
)


def close_to(word: str, other: str) -> bool:
    """Whether one letter was left out, added, changed, or two neighbours changed places."""
    if word == other or abs(len(word) - len(other)) > 1:
        return word == other
    differ = next((n for n, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other)))
    a, b = word[differ:], other[differ:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (len(a) > 1 and a[:2] == b[1::-1] and a[2:] == b[2:])


def mended(clause: str) -> str:
    """The clause with its first word spelled right, where it is a mistyped order: "remvoe", "shoten"."""
    match = re.match(r"(?:please |and |then |also |can you |could you |now |just |no,? )*([a-z-]{4,})", clause)
    if match is None or match[1] in FIRST or match[1] in _GUARDED:
        return clause
    if not re.match(
        r" (?:the|an?|it|this|that|all|every|each|my|our|shots?|clips?|everything|from|out|\{)|$", clause[match.end() :]
    ):
        return clause  # no object behind it: "tower up 6 dB" is a name
    found = [verb for verb in sorted(FIRST) if len(verb) >= 4 and close_to(match[1], verb)]
    if not found:
        return clause
    return clause[: match.start(1)] + found[0] + clause[match.end(1) :]


def has(clause: str, name: str) -> bool:
    """Whether the clause has a word of this meaning."""
    return any(re.search(rf"\b{re.escape(word)}(?:s|d|ed|ing)?\b", clause) for word in VERBS[name])


def orders(clause: str, name: str) -> bool:
    """Whether it begins with one."""
    return any(re.match(rf"{re.escape(word)}\b", clause) for word in VERBS[name])

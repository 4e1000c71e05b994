"""A message cut into clauses, each of which asks for one thing."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rushes.agent.builtin.marks import BRACES_BACK, ORDINALS, Marked, mark
from rushes.agent.builtin.pieces import Which, read_whiches
from rushes.agent.builtin.plainly import plainly
from rushes.agent.builtin.rest import rest_is
from rushes.agent.builtin.spans import Span, read_span
from rushes.agent.builtin.verbs import FIRST, mended

_POLITE = (
    r"^(?:(?:please|pls|kindly|ok(?:ay)?|so|well|and|but|then|also|now|next|hey|hi|hello|great|thanks|"
    r"thank you|nice|good|"
    r"just|finally|first of all|oh|ah|um|hm+|right|alright|perfect|cool|yes|yeah|in addition|additionally|afterwards?|"
    r"after that|again|maybe|perhaps)\b,? ?|"
    r"(?:can|could|would|will) you (?:please |also |kindly )?|(?:can|could|might|may) we (?:please |maybe |also )?|"
    r"(?:is it|would it be) possible to |are you able to |is there (?:a|any) way to |any chance (?:to|you could) |"
    r"(?:i|we)(?:'d| would| also)* (?:like|want|"
    r"love|prefer|need)(?: it if)?(?: for)?(?: you)? to (?:have )?|"
    r"(?:let's|let us) |(?:i|we) want you to |(?:i|we)(?:(?:'d| would) (?:like|love|prefer)| want| need| "
    r"prefer) (?=(?:the|"
    r"it|all|every|each|shot|clip|this)\b)|you (?:should|must|need to|have to) (?:also )?|"
    r"(?:we|i) (?:should|need to|must|have to) |it would be (?:nice|good|great|better) (?:to|if you)? ?|"
    r"go ahead and |be sure to |"
    r"make sure (?:that )?|try to |feel free to |and )"
)
_CORRECTS = (
    r"^(?:(?:no|nope|not quite|wait(?! (?:a|for|until|\{t))|actually|sorry|oops|i meant|i mean|hold on(?! "
    r"(?:a|for|\{t))|on second thoughts?|"
    r"correction(?! (?:on|about|to|for))|scratch that|rather|"
    r"oh|hmm+|not (?:the |a |that )?[\w{}:-]+(?: (?:shot|one|clip|title|text))?,? but|not (?:the |a |that "
    r")?[\w{}:-]+(?: (?:shot|one|clip|title|text))?(?=,)|not (?:at|from|in|for|on|to|after|before) "
    r"[^,]*(?=,)|my mistake(?! with| about)|i was wrong(?! about| with)|i changed my mind(?! about)|"
    r"changed my mind(?! about)|make that(?! (?:shot|clip|scene)\b)|better|instead(?! of))(?:\b|"
    r"(?<=\}))[,:.!]? ?(?:i meant |i mean |rather |better )?)"
)


_GONE = (
    r"(?:take|remove|hide|fade|drop|lose|clear|delete|let|end|stop|leave|go|disappear|vanish)(?: (?:it|that|"
    r"them|the text))?(?: be| go)?"
    r"(?: away| off| out| down| gone)?(?: again)? (?:at|by|after|from|on) \{t"
)
_TO_BE_SEEN = (
    r"^(?:(?:and|then|also|now) )*(?:i|we|people|one|you|(?:the )?(?:audience|viewers?))(?:'d| would| should| must)?"
    r"(?: want| like| love| need| have)?(?: to)?"
    r"(?: be able to)? (?:see|read) (?=.*\{q|.*\b(?:title|text|subtitle|lowerthird|caption)\b)(?=.*\{[tn])"
)
_ASKED = r"\b(?:please|pls|(?:can|could|would|will) you|want|like|need|love|prefer|should|must|have to|let's)\b"
_ALSO = re.compile(r"\b(?:too|as well|once more)(?:,? please)?$")


@dataclass(frozen=True, kw_only=True)
class Clause:
    text: str  # marked, without politeness
    marked: Marked
    corrects: bool = False  # begins with "no", says "instead"
    asked: bool = False  # "please", "can you", "I want", where that was left out of the text
    also: bool = False  # ends with "too", "as well", "once more", where that was left out of the text

    def quotes(self) -> list[str]:
        return [self.marked.quotes[int(n)] for n in re.findall(r"\{q(\d+)\}", self.text)]

    def span(self) -> Span | None:
        found, _ = read_span(self.text)
        if found is not None and found.inside is not None:
            return replace(found, inside=self.settled(found.inside))
        return found

    def pieces(self, text: str | None = None) -> tuple[Which, ...]:
        found, _ = read_whiches(self.text if text is None else text)
        return tuple(self.settled(which) for which in found)

    def settled(self, which: Which) -> Which:
        """With the quoted words and the file's name themselves."""
        if which.quote.isdigit() and int(which.quote) < len(self.marked.quotes):
            which = replace(which, quote=self.marked.quotes[int(which.quote)])
        if which.name.isdigit() and int(which.name) < len(self.marked.names):
            which = replace(which, name=self.marked.names[int(which.name)])
        return which

    def spoken(self, text: str | None = None) -> str:
        """The words with their quotes and names again, for people."""
        text = self.text if text is None else text
        text = re.sub(r"\{q(\d+)\}", lambda m: f"'{self.marked.quotes[int(m[1])]}'", text)
        text = re.sub(r"\{m(\d+)\}", lambda m: self.marked.names[int(m[1])], text)
        text = re.sub(r"\{i:([^}]+)\}", r"\1", text)
        text = re.sub(r"\{t([\d.]+)\+0\}", r"\1 s", text)
        text = re.sub(r"\{t0\+(\d+)\}", r"\1 frames", text)
        text = re.sub(r"\{t([\d.]+)\+(\d+)\}", r"\1 s and \2 frames", text)
        text = text.replace("{o-1}", "last").replace("{o-2}", "last but one")
        text = re.sub(r"\{o(\d+)\}", lambda m: ORDINALS[int(m[1])] if int(m[1]) < len(ORDINALS) else m[1], text)
        text = re.sub(r"\{p([^}]+)\}", r"\1%", text)
        text = re.sub(r"\{d([^}]+)\}", r"\1 dB", text)
        return re.sub(r"\{[a-z]([^}]+)\}", r"\1", text).translate(BRACES_BACK)

    def has(self, pattern: str) -> bool:
        return re.search(rf"\b(?:{pattern})\b", self.text) is not None


def read_clauses(words: str) -> list[Clause]:
    """The clauses of a message, in order."""
    marked = mark(words)
    found: list[Clause] = []
    for sentence in re.split(r"(?<=[.!?;])\s+|\s\.\s|[.!?;]+$", marked.text):
        sentence = _without_tail(sentence.strip(" .!?;,"))
        whole, corrects = _bare(sentence)
        plain = plainly(whole)
        if plain == whole:
            plain, corrects = sentence, False
        for part in _topic_first(plain):
            text, correction = _bare(part)
            corrects = corrects or correction
            text = _without_tail(text)
            if text:
                asked = re.search(_ASKED, part.removesuffix(text)) is not None
                text = plainly(text)
                also = _ALSO.search(part) is not None
                found.append(Clause(text=text, marked=marked, corrects=corrects, asked=asked, also=also))
                corrects = False
            else:
                corrects = corrects or correction
        if corrects and not found:
            found.append(Clause(text="", marked=marked, corrects=True))
    return found


def _topic_first(sentence: str) -> list[str]:
    """ "About the title: it has to be later" and "the title from before: drop it" are two clauses."""
    topic = re.match(
        r"(?:about|as for|as to|regarding|concerning|on|forget what i said about) (?:the|that|this|my|our|"
        r"\{q)[^,:]*(?=[,:] )",
        sentence,
    )
    topic = topic or re.match(r"(?:the|that|this|my|our) (?:[\w-]+ ){0,4}?[\w-]+(?:, \{q\d+\})?(?=: (?!\{q))", sentence)
    if topic is None:
        return _parts(sentence)
    return [topic[0], *_parts(sentence[topic.end() + 2 :])]


def _ordered(match: re.Match[str]) -> str:
    """ "Would you mind removing" -> "remove"."""
    stem = match[1]
    return next((verb for verb in (stem, f"{stem}e", stem[:-1]) if verb in FIRST), stem)


def _without_tail(text: str) -> str:
    """Without what is only said of the rest behind a comma: "..., the others stay as they are"."""
    ends = [match.start() for match in re.finditer(r", | and | while |,? (?=so that (?:nothing|the|every))", text)]
    for end in reversed(ends):
        tail = re.sub(r"^(?:, |,? and |,? while |,? )", "", text[end:])
        if not rest_is(tail):
            break
        text = text[:end]
    return text


def _bare(part: str) -> tuple[str, bool]:
    """Without politeness and signs of correction, spelled right; whether it corrects."""
    text, corrects = part.strip(" ,.!?;:-"), False
    text = re.sub(r"^(?:please )?(?:would|do) you mind (\w+)ing\b", _ordered, text)
    text = re.sub(r",? (?:however|though|by the way),?(?= |$)", "", text)
    text = re.sub(_TO_BE_SEEN, "show ", text)
    while True:
        shorter = re.sub(_POLITE, "", text, count=1)
        if (match := re.match(_CORRECTS, shorter)) and not re.match(
            r"no (?:(?:\w+ )?(?:shot|title|text|caption|subtitle|name|lowerthird|words|card)s?\b|more|music|bars|"
            r"borders|crop|cropping|zooms?|zooming|fades|fade|crossfade|text|title|sub|longer|cut|black|one|"
            r"sound|voice|narr|[\w]+ "
            r"(?:please|any))|better |rather than",
            shorter,
        ):
            shorter, corrects = shorter[match.end() :], True
        shorter = shorter.strip(" ,:")
        if shorter == text:
            break
        text = shorter
    if re.search(r"(?:^|[, ])instead(?: please)?$", text):
        text, corrects = re.sub(r",? ?\binstead(?: please)?$", "", text), True
    text = re.sub(
        r",? ?\b(?:please|thanks|thank you|too|as well|okay|ok|now|after all|once more|for me|if you can|if "
        r"possible|will you|would you)$",
        "",
        text,
    )
    return mended(text.strip(" ,")), corrects


_REASON = (  # what is only said of the order before it, or leads up to the one behind it
    r",? (?:and |but |so |because |since |as )?(?=(?:we|i|they|he|she) (?!want|need|would|should|must|"
    r"wish|asked|told|said|gave|handed|sent|"
    r"upload|see|have handed)[a-z']+)(?<=, )|,? so (?=(?:that|this|the|it) )|, (?:and |but )?(?=\{m\d+\} "
    r"(?:takes?|comes?|goes|replaces)\b)"
)
_AFTER_BLACK = (  # "start with two seconds of black, then a fox walks": the film begins behind it
    r"(?:(?<=black)|(?<=white)|(?<=screen))(?:,|,? and) then (?=(?:an?|the|two|some|we) )"
)
_HAPPENS = (
    r"\b(?:somebody|someone|nothing|something|there|it|he|she|they|we|i|an? \w+|the \w+) (?:\w+s|is|are|"
    r"was|were|\w+ed)\b"
)


def _parts(sentence: str) -> list[str]:
    """Cut before each new order: ", put", "and make", "then"."""
    verbs = "|".join(
        sorted(
            FIRST
            | {"give", "no", "don't touch", "don't remove", "don't change", "don't move", "don't delete", "don't cut"},
            key=len,
            reverse=True,
        )
    )
    nouns_too = (
        "cut|title|end|fade|sound|film|order|subtitle|caption|start|look|close|open|read|play|score|finish|"
        "lower|shift|drop"
    )
    starts = (
        rf"(?:(?:please|also|then|now|finally|afterwards|just|always|never|you can) )*(?:{verbs})\b(?! "
        r"(?:shots?|scene|clip)\b(?! with))(?<!\bno\b)"
    )
    pieces = re.split(
        rf"(?:,? and then|,? then|,? but|,? and also|,? and|,? so|,|:(?= )) (?={starts}|(?:(?:the|its?) [\w{{}}\-]+(?: "
        r"[\w]+)?|it) (?:louder|quieter|softer|faster|slower|longer|shorter|must go|has to|should|must|"
        r"needs|stays?|remains?)\b|no music|without |(?:the )?\{o-?\d+\}(?: one| shot| clip)? (?:to|by) \{t)",
        sentence,
    )
    pieces = [told for piece in pieces for told in re.split(_REASON, piece)]
    pieces = [told for piece in pieces for told in re.split(_AFTER_BLACK, piece, maxsplit=1) if told]
    merged: list[str] = []
    for piece in pieces:
        if merged and "{q" in merged[-1] and re.match(r"(?:start|end|begin|stop)s?:? (?:at |frame )?\{t", piece):
            merged[-1] += f", {piece}"
            continue
        again = merged and re.match(r"(?:the )?(\{o-?\d+\})(?: one| shot| clip)? (?=(?:to|by) \{t)", piece)
        if again:  # "trim the first shot to 2 s and the second to 3 s"
            merged.append(f"{merged[-1].split()[0]} the {again[1]} shot {piece[again.end() :]}")
            continue
        word = re.match(rf"(?:{nouns_too})\b", piece)
        alone = word and not re.search(r"\{|\b(?:the|it|this|all|every|with|out|in)\b", piece)
        of_text = merged and re.search(r"\{q|\b(?:text|title|subtitle|caption|words|lowerthird)\b", merged[-1])
        if of_text and re.match(_GONE, piece):
            merged[-1] += f" and {piece}"
            continue
        leading = merged and (
            (
                not re.search(_HAPPENS, merged[-1])
                and re.fullmatch(
                    r"(?:in|at|from|during|for|between|over|after|on|when|while|starting|until|throughout|before|right|"
                    r"exactly|behind|instead|where)\b[^,]*(?:, (?:for|until|to|lasting|till) [^,]*)?",
                    merged[-1],
                )
            )
            or re.fullmatch(r"(?:please )?[a-z]+", merged[-1])
        )
        if leading:
            merged[-1] += f" and {piece}" if " " not in merged[-1] else f", {piece}"
        elif merged and (
            alone or (re.search(r"\b(?:between|swap|exchange)[^,]*$", merged[-1]) and piece.startswith(("the ", "{o")))
        ):
            merged[-1] += f" and {piece}"
        else:
            merged.append(piece)
    return merged

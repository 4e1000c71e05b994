"""The kinds of questions, in the order in which they are tried. `do_tell.py` has an answer to each."""

from __future__ import annotations

import re

from rushes.agent.builtin.pieces import SHOT, SOUND, TEXT
from rushes.agent.lexicon import find_kind

FILM = r"(?:it|this|that|(?:the|my|our|this) (?:whole |finished |entire |current )?(?:film|video|movie|cut|edit|ad))"
_AGAIN = r"(?:again|anew|twice|once more|more than once|a second time|another time|over)"
_ANY_WHAT = r"(?:what|which)(?:'s| is| are| do we| have we| has| does)?"
KINDS: tuple[tuple[str, str], ...] = (
    ("open", r"\b(?:not (?:do|done|manage|carry)|n't (?:you )?(?:do|manage|carry)|left (?:to do|out|undone|over)|"
             r"still (?:to do|missing|open|needed|has to|have to)|what (?:remains|is left|'s left)$|undone|"
             r"outstanding|refused?|could(?:n't| not) you|everything (?:that )?i)\b|"
             r"^(?:is|are|did|has|have)\b(?! i\b)(?! you (?:know|remember|hear)).*\bi (?:asked|wanted|said|ordered)\b"),
    ("said", r"\bi (?:say|said|tell|told|ask|asked|want|wanted|mention\w*|order(?:ed)?|request\w*)\b|"
             r"\bmy (?:(?:first|last|\{o-?\d\}) )?(?:rules?|wish\w*|orders?|requests?|words)\b"),
    ("undoable", r"^(?:can|could|may|might|do|how)\b.*\b(?:undo|undone|revert\w*|taken? (?:\w+ )?back|go back|"
                 r"restored?)\b|^is there an? undo\b"),
    ("abilities", r"^(?:help|manual|commands)\b|^what (?:else )?(?:can|could|do|should) (?:you|i|we)\b"
                  r"(?! (?:see|hear|have|know|think|pay|find))|^who are you|^what are you\b(?! doing)|"
                  r"^(?:can|may) i\b|^how (?:do|can|could|should|would) (?:i|we)\b(?! (?:find|look))|"
                  r"^(?:do|does) (?:you|it|this) (?:support|do|make|know how|speak|understand|work with|accept)\b|"
                  r"^how does (?:this|it|that) work|^how long (?:can|may|could)\b|\bmaximum\b|"
                  r"^are you (?:able|an?|ai|human|real)\b|"
                  r"^(?:what|which) (?:commands|options|words|orders|languages?)\b"),
    ("given", r"\b(?:my|our) (?:files?|material|footage|clips|pictures|photos|videos)\b|^(?:what|which) (?:material|"
              r"footage|files?|clips|pictures|photos|videos) (?:do you have|have you|did i|have i|are there to)\b|"
              r"\b(?:did|have) i (?:give|gave|given|hand|handed|upload\w*|sen[dt])\b"),
    ("money", r"\b(?:costs?|price\w*|spen[dt]\w*|money|budget|expensive|pay|paid|cheap\w*|afford\w*|free of "
              r"charge|dollars?|cents?|how much (?:is|do we have|have we|have i) left)\b|\$|"
              r"^how much (?:is|was) (?:it|this)$"),
    ("work", r"^how (?:long|much time) (?:did|does|do|will|would|has|have|it)\b.*\b(?:take|took|taken|need\w*|"
             r"work\w*|render\w*)\b|^how fast (?:is|was|did|are)\b(?!.*\bshot)"),
    ("takes", rf"\b(?:re-?takes?|re-?shot|re-?shoot)\b|\b(?:shot|shoot|filmed|made|drawn) (?:[\w{{}}-]+ )*?{_AGAIN}\b|"
              r"\btakes\b|\b(?:which|what|each|the|best|this|that|other|another|many|more|how many) take\b|\{i:take|"
              r"\b(?:scores?|rated|rating)\b|^how (?:often|many times) .*\bsho(?:o)?t\b"),
    ("model", r"\b(?:which|what) (?:\w+ )?(?:model|generator|engine|ai|camera)\b|"
              r"^(?:who|what) (?:shot|drew|generated|filmed|rendered|animated)\b|"
              r"^who made (?:it|this|that|the|these)|^(?:how|by (?:whom|what)) (?:was|were|is|are|did you) .*"
              r"\b(?:made|make|shot|drawn|generated|filmed)\b|^(?:is|are|was) (?:it|this|they|these|the \w+) (?:drawn|"
              r"real|ai|an? animatic|animated|generated)"),
    ("finished", rf"^(?:is|are) (?:{FILM}|we|you|everything|all)(?: \w+)? (?:finished|done|ready|complete\w*|"
                 r"final|over|through)\b|^(?:the )?status\b|\bwhere (?:are we|do we stand)\b|\bhow far\b|"
                 rf"^how (?:does|do|is) (?:{FILM}|things) (?:stand|look|go|going)"),
    ("why", r"^why\b.*\b(?:did|have|has|do|are) you\b|^how come\b.*\byou\b|"
            r"^why (?:is|was|were|are) .*\b(?:removed|cut|changed|gone|moved)\b"),
    ("changes", r"\byou (?:\w+ ){0,2}?(?:do|did|done|change\w*|ma[dk]e|remove\w*|add(?:ed)?|cut|edit\w*|fix(?:ed)?|"
                r"mend\w*)\b|\b(?:been|was|were|is|are|has|'s|what's) (?:\w+ )?(?:changed|new|different|done|added)\b|"
                r"\b(?:last|latest) (?:change|edit|step)s?\b|\bchanges\b|\bhistory\b|"
                r"\b(?:did|have) i (?:change\w*|edit\w*|move\w*|ma[dk]e)\b"),
    ("file", r"\b(?:file|folder|saved?|stored|located|path|download\w*|output|exported|mp4)\b|"
             rf"^where (?:is|are|can i find|do i find|did you put|'s) {FILM}$|^where (?:is|'s) it$"),
    ("format", r"\b(?:fps|frames? (?:per|a|each|/) ?(?:second|sec)|frame ?rate)\b|frames? \{t1\+0\}|"
               rf"^(?!.*\b(?:{TEXT})\b).*\b(?:size|shape|format|resolution|dimensions?|aspect|ratio|pixels|how big|"
               r"(?:how|as) (?:wide|tall|high)|vertical|horizontal|portrait|landscape|square|hd|4k|widescreen|"
               r"upright)\b|^(?:is|are) .*\{[ar]"),
    ("extremes", r"\b(?:longest|shortest)\b"),
    ("loudness", r"\b(?:loud\w*|lufs|decibels?|peak\w*|volume|too quiet|quiet enough|how quiet)\b|\{[dl]"),
    ("moment", r"^(?:what|who|which)\b.*(?:\{t|\b(?:at|around) \{n)[\d.]+|"
               r"^what (?:happens|is (?:shown|seen|on)|do (?:we|i|you) see|"
               r"(?:can|could) be seen) (?:in|at) the middle"),
    ("beside", r"\b(?:comes?|follows?|happens?|is|shown|see|goes) (?:right |directly |just )?"
               r"(?:after|before|behind|next)\b|^what follows\b"),
    ("ends", rf"^how (?:does|do|did|will) (?:{FILM}|we) (?:end|finish|close|begin|start|open)|"
             r"^what(?:'s| is| happens| do we see| comes| can be seen)?(?: shown| seen| on)? (?:at|in|on)? ?(?:the )?"
             r"(?:very )?(?:end|beginning|start|ending|opening|{o1}|{o-1}|first|last)"
             rf"(?: (?:thing|picture|image|frame|part))?\b(?! (?:{SHOT})\b(?! (?:thing|we)))"),
    ("transitions", r"\b(?:transitions?|cross ?-?fades?|fades?|fading|dissolves?|hard cuts?|how many cuts)\b"),
    ("length", rf"^when (?:does|will|do) {FILM} (?:end|finish|stop)|\bhow (?:long|short)\b|"
               r"\b(?:length|duration|running time|run time)\b|"
               r"^how (?:many (?:seconds|minutes|frames)|much (?:time|screen time))\b|"
               r"\b(?:longer|shorter|over|under|more|less) than \{t"),
    ("count", rf"^how many (?:\w+ )?(?:{SHOT}|{TEXT}|{SOUND}|cuts)\b|^(?:what|which) (?:is|are) the number of"),
    ("setting", r"\b(?:weather|setting|set in|time of day|background|takes? place|raining|snowing|foggy|sunny)\b|"
                r"^where do(?:es)? .*\b(?:play|happen)s?\b"),
    ("cards", r"\b(?:black|white|blank|plain|title|text|empty) ?(?:screens?|cards?)\b|"
              r"\b(?:cards?|slates?|intertitles?)\b"),
    ("faults", r"\b(?:wrong|mistakes?|errors?|problems?|issues?|faults?|flaws?|spel\w+|misspel\w+|correct\w*|broken|"
               r"bad|black(?! and white)|frozen|glitch\w*|readable|legible|defects?|quality|good|okay|ok|fine|alright|"
               r"missing|"
               r"all right|in order|like it|think of|think about|do you think|right(?! (?:after|before|behind|at)))\b|"
               r"^(?:did|does|has) .*\bwork(?:s|ed)?$"),
    ("texts", rf"\b(?:{TEXT})\b|\{{q|\bcalled\b|\bname of\b|\b(?:words|writing|written|letters)\b"),
    ("sounds", rf"\b(?:{SOUND})\b|\b(?:sounds?|hear|heard|noises?|silent|silence|narrat\w+|speaks?|spoken|speaking|"
               r"talk(?:s|ing)?|says? (?:something|anything)|mood|mute)\b"),
    ("contents", rf"^(?:describe|summari[sz]e|recap|list|explain)\b(?!.*\{{o)|\b(?:summary|overview|description|"
                 rf"recap|synopsis|rundown)\b|^{_ANY_WHAT} ?(?:\w+ )?(?:in|inside|on|of|shown in) {FILM}$|"
                 rf"^{_ANY_WHAT} in {FILM}\b|^what (?:do we have|have we (?:got)?|we have|is {FILM} about|"
                 rf"{FILM} is about|happens(?: in {FILM})?$|is happening|is there$|is {FILM}$|do (?:we|i) see$|"
                 rf"does {FILM} (?:show|contain|have|tell|look like)|(?:have you got|is there) so far|"
                 rf"is the (?:film|story|plot))|\babout {FILM}$|\b(?:order|sequence|timeline|plot|story)\b|"
                 r"^(?:what|which) (?:are (?:all )?the )?(?:shots|scenes|clips)\b|^(?:the )?(?:shots|scenes)$"),
)  # fmt: skip
_SOMEBODY = r"characters?|animals?|people|persons?|actors?|cast|anybody|anyone|somebody|someone"
_THINGS = (  # about somebody, or something, that may be seen
    r"^(?:who|whom|when|where|in which|at what|which)\b|\bcolou?rs?\b|\b(?:appears?|seen|shown|visible|comes? in|"
    rf"turns? up|how often|how many|{_SOMEBODY})\b|^(?:is|are|was|were) there\b|^(?:do|does|did|is|are|can|has|have)\b"
)
_ANYBODY = rf"^(?:who|whom)\b|\b(?:colou?rs?|{_SOMEBODY})\b"  # needs no name of a thing
_TO_BE_SEEN = (  # speaks of the film, where the thing is nobody of the cast
    rf"\b(?:in {FILM}|in there|there (?:an?|any|some)|appears?|seen|shown|visible|how often|comes? in|see)\b|\{{o"
)
_CHAT = r"(?:did|have) you (?:ever )?(?:see|seen|hear|heard|watch\w*|read|know)\b"
_NO_THING = frozenset(
    "film movie video cut shot shots clip clips scene scenes one ones time times thing things way part parts lot bit "
    "first last next end beginning start middle second seconds colour color other another only main still most best "
    "longest shortest number screen picture pictures image story people person animal animals character characters "
    "actor actors cast".split()
)


def kind_of_question(text: str) -> str:
    """The name of its kind; empty where it is none of them."""
    for kind, pattern in KINDS:
        if re.search(pattern, text) and not (kind in ("sounds", "faults") and is_chat(text)):
            return kind
    things = things_in(text)
    named = re.search(_ANYBODY, text) or any(find_kind(thing) for thing in things)
    if not named and (not things or is_chat(text) or not re.search(_TO_BE_SEEN, text)):
        return ""
    return "things" if re.search(_THINGS, text) else ""


def is_chat(text: str) -> bool:
    """Whether somebody asks the director about the world, as one asks a friend."""
    return bool(re.match(_CHAT, text)) and not re.search(rf"\b(?:{SHOT}|{TEXT}|{SOUND}|film|it)\b", text)


def things_in(text: str) -> list[str]:
    """What is asked for by a name: those of the cast that are named, else the first noun that may be one."""
    words = re.findall(r"[a-z]+", re.sub(r"\{[^}]*\}", " ", text))
    cast = [word for word in words if find_kind(word) is not None and word not in _NO_THING]
    if cast:
        return list(dict.fromkeys(cast))
    other = r"(?! (?:shot|clip|scene|title|text)\b)"
    before = r"(?:there (?:an?|any|some)|an?|any|some|the|my|our|there)"
    nouns = re.findall(rf"\b{before} (?:\w+ )??([a-z]{{3,}})\b{other}", text)
    return [noun for noun in nouns if noun not in _NO_THING][:1]

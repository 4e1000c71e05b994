"""A message in a language that nobody here reads: it is told so in that language, and nothing is done on a guess."""

from __future__ import annotations

import re

from rushes.agent.builtin.wishes import Wish

_LANGUAGES = {  # words that are in most sentences and are no English ones -> what is said
    "ich du er wir ihr der das den dem und nicht kein keine mit bitte ist sind wie wo kannst könntest mach mache "
    "den ein eine "
    "einen auf für von zu zum zur im am soll sollen noch mehr länger kürzer größer weg raus titel jetzt alle": (
        "Ich verstehe leider nur Englisch und habe nichts geändert. Bitte auf Englisch, zum Beispiel: 'remove "
        "the second shot'"
    ),
    "je tu il nous vous le la les des du une et est sont pas plus avec pour dans sur s'il te plaît peux pouvez "
    "mets mettez "
    "enlève enlevez titre moins ce cette que qui": (
        "Je ne comprends que l'anglais et je n'ai rien changé. En anglais, par exemple : 'remove the second shot'"
    ),
    "yo tú él el los las una y es son no más con para en por favor puedes quita pon haz el título menos este "
    "esta que qué "
    "del al como cómo": (
        "Solo entiendo inglés y no he cambiado nada. En inglés, por ejemplo: 'remove the second shot'"
    ),
    "io tu il lo gli una e è sono non più con per nel sulla per favore puoi togli metti fai titolo meno questo "
    "questa che "
    "della come": ("Capisco solo l'inglese e non ho cambiato nulla. In inglese, per esempio: 'remove the second shot'"),
}
_ENGLISH = frozenset(
    "the a an and or is are was it this that these of to in on at for with from by not don't please can could would "
    "make put remove add shot title film music second seconds first last my you i we all no".split()
)
LEAST = 2  # words of the language


def read_foreign(words: str) -> Wish | None:
    """A kind refusal; None where the message has as much English in it."""
    said = re.findall(r"[^\W\d_]+(?:'[a-z]+)?", re.sub(r"\"[^\"]*\"|“[^”]*”|„[^“”]*[“”]|«[^»]*»", " ", words).lower())
    english = sum(word in _ENGLISH for word in said)
    for known, answer in _LANGUAGES.items():
        theirs = sum(word in known.split() and word not in _ENGLISH for word in said)
        if theirs >= LEAST and theirs > 2 * english and 4 * theirs >= len(said):
            return Wish(act="ask", words=words, text=f"I can't read this, only English; nothing was changed. {answer}")
    return None

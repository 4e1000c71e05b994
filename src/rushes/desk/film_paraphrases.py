"""Questions in other words than any statement of a film log, in two halves that share no phrasing.

Who answers has to know that a breeze is wind and that the fourth shot is shot-4: no table of the policies says so, and
`film_questions.py` asks only what shares no content word with any entry that states the answer.
"""

from __future__ import annotations

from rushes.desk.film_words import Table

# By family and subject, as the film's slots are named (`film_words.SLOTS`).
OF_SLOTS: dict[str, Table] = {
    "title opening": (
        ("Which phrase greets the viewer?", "Before anything happens, which phrase appears?"),
        ("What lettering welcomes people in?", "What do we spell out before the story begins?"),
    ),
    "title closing": (
        ("Which phrase sends the viewer home?", "Which phrase remains when everything is over?"),
        ("What lettering do people leave with?", "What do we spell out when the story is done?"),
    ),
    "title lower": (
        ("Which phrase runs underneath while somebody speaks?", "Which phrase introduces the speaker?"),
        ("What lettering presents whoever talks?", "What do we spell out underneath a face?"),
    ),
    "file music": (
        ("Which upload plays underneath all along?", "Which upload has the melody?"),
        ("What document holds the tune?", "Where is the tune kept?"),
    ),
    "file logo": (
        ("Which upload shows the company's sign?", "Which upload has the company's badge?"),
        ("Where is the firm's emblem kept?", "What document holds the emblem?"),
    ),
    "file voice": (
        ("Which upload has the speaker?", "Which upload has what is being said?"),
        ("Where do we keep what is told aloud?", "What document holds the talking?"),
    ),
    "file sting": (
        ("Which upload has the short burst of sound?", "Which upload is the little fanfare?"),
        ("Where is the signature melody kept?", "What document holds the signature melody?"),
    ),
    "file wind": (
        ("Which upload has the breeze?", "Which upload has the weather?"),
        ("Where is the downpour kept?", "What document holds the downpour?"),
    ),
    "file script": (
        ("Which upload has the dialogue?", "Which upload tells who says what?"),
        ("Where is the written story kept?", "What document holds the written story?"),
    ),
    "decision ending": (
        ("What do viewers see before it goes dark?", "On what does the curtain fall?"),
        ("What do we leave people looking at?", "What does everybody remember when the lights go up?"),
    ),
    "decision last line": (
        ("With which utterance do we stop?", "What does the hero utter before it goes dark?"),
        ("What is the parting remark?", "How does the talking come to its end?"),
    ),
    "decision season": (
        ("In which part of the calendar are we?", "Is it warm or cold outside?"),
        ("In which months does everything happen?", "Which weather do we expect from the calendar?"),
    ),
    "decision narrator": (
        ("Who speaks over the pictures?", "Who explains everything to the viewer?"),
        ("Who recounts the events?", "Who talks over the images?"),
    ),
    "decision transition": (
        ("How do we get from one scene to the next?", "What happens where a scene stops?"),
        ("What happens at every edit point?", "How does one image give way to another?"),
    ),
    "decision grain": (
        ("Which visual style is it?", "What should the images feel like?"),
        ("What should everything resemble to the eye?", "Which mood has the image as a whole?"),
    ),
    "number cap": (
        ("What may everything cost?", "How much can we afford?"),
        ("How far may spending go?", "What is the dearest we can be?"),
    ),
    "number tempo": (
        ("How fast does the song go?", "How quickly do we tap our feet?"),
        ("How quick is the beat?", "How fast should I drum along?"),
    ),
    "number length": (
        ("When is everything over?", "How much of an evening does it take?"),
        ("After how much playing does it stop?", "When can people go home?"),
    ),
    "number target": (
        ("How strong should the finished sound be?", "Which volume must the master have?"),
        ("How forceful is the final sound to be?", "Which volume does the broadcaster want?"),
    ),
    "number copies": (
        ("How many edits does the client expect?", "How many edits do we hand over?"),
        ("How often must we recut it?", "How many shorter edits does the customer get?"),
    ),
}
# By family, of a shot that is named by its place in the film.
OF_SHOTS: dict[str, Table] = {
    "place": (
        ("On which site is {nth} filmed?", "Which scenery has {nth}?"),
        ("Against which backdrop do we see {nth}?", "What surrounds {nth}?"),
    ),
    "seconds": (
        ("How much screen time has {nth}?", "For what stretch do we see {nth}?"),
        ("How big a slice does {nth} get?", "How soon is {nth} over?"),
    ),
    "take": (
        ("Which attempt at {nth} survived?", "Which attempt stands for {nth}?"),
        ("Which try at {nth} do we go with?", "Which try was the one for {nth}?"),
    ),
    "loud": (
        ("How strong is the sound of {nth}?", "Which volume has {nth}?"),
        ("How forceful is the sound of {nth}?", "What meter value has {nth}?"),
    ),
}
ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
NTH: Table = (("the {nth} one",), ("the {nth} in line",))
# Who or what is meant, by another fact about it.
BY_KIND: Table = (("the {kind}", "this {kind}"), ("our {kind}", "the little {kind}"))
BY_PLACE: Table = (("the only one set at the {place}",), ("the one scene that plays at the {place}",))

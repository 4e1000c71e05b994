"""Who and where a clip shows, in a word, as far as the board knows it: from the scene that was shot, as the brief
says it.
"""

from __future__ import annotations

import re

from rushes.agent.asked import read_asked
from rushes.agent.brief import BriefError, Role, read_brief
from rushes.agent.cut.document import ClipPiece
from rushes.agent.making_cast import members, shown_in
from rushes.agent.production import Production, shot_scene, take_scene
from rushes.agent.tagging import tag
from rushes.backlot.cast import BY_NAME
from rushes.backlot.scene import Actor, Scene

_WORD = r"[A-Z]\w*(?:['’-]\w+)*"
_NAME = rf"(?P<name>{_WORD}(?: {_WORD})?)"
_QUOTE = r"[\"“„'‘]?"
_NO_NAMES = frozenset(
    "perhaps maybe today once yesterday tonight imagine picture film draw make show start end".split()
)
_NO_PLACES = frozenset(
    "snowy icy frozen inside indoors home bed table desk window".split()
)  # words that only hint at one
_SET_NAMES = {"underwater": "Under water", "snowfield": "Snow"}


def scene_of(production: Production, clip: ClipPiece) -> Scene | None:
    """The scene of its take, else of its shot; None for footage, of which nobody has said what it shows."""
    scene = take_scene(production.board.node(clip.take)) if clip.take else None
    return scene or (shot_scene(production.board.node(clip.shot)) if clip.shot else None)


def names_in(production: Production, scene: Scene, group: str = "") -> list[str]:
    """What those on it are called, each once: "Juno", "Owl". group: only those of this group of the cast."""
    shown = [actor for actor in scene.cast if not group or BY_NAME[actor.kind].group == group]
    return list(dict.fromkeys(_name(production, actor) for actor in shown))


def place_in(production: Production, scene: Scene, clip: ClipPiece) -> str:
    """Where it is: by the word of its shot's text, or of the brief, for such a place."""
    told = production.board.node(clip.shot).fields.get("text", "") if clip.shot else ""
    for text in (told, _brief(production)):
        for token in tag(text):
            if token.tag == "set" and token.value == scene.set and token.text not in _NO_PLACES:
                return _capitalised(token.text)
    return _SET_NAMES.get(scene.set, _capitalised(scene.set))


def given_name(text: str, word: str) -> str:
    """The name that a text gives to what it calls by this word: "a fox called Juno", "Juno, the fox"; else ""."""
    thing = rf"(?i:(?:[a-z]+ ){{0,3}}?{re.escape(word)})"
    called = re.search(rf"\b{thing},? (?i:(?:who |that |which )?(?:is )?(?:called|named))[:,]? {_QUOTE}{_NAME}", text)
    if called is not None:
        return called["name"]
    for pattern in (
        rf"(?:^|(?<=\W)){_NAME},? the {thing}\b",
        rf"(?:^|(?<=\W)){_NAME}, (?:an?|our|my) {thing}\b",
        rf"\b(?i:the|an?|our|my) {thing},? {_QUOTE}{_NAME}",
    ):
        for found in re.finditer(pattern, text):
            known = [token.tag for token in tag(found["name"])]
            if known and set(known) == {"unknown"} and found["name"].lower() not in _NO_NAMES:
                return found["name"]
    return ""


def _name(production: Production, actor: Actor) -> str:
    for member in shown_in(Scene(cast=(actor,)), members(production)):
        if member.name.casefold() != member.kind:
            return member.name
    word = _word(production, actor)
    return given_name(_brief(production), word) or _capitalised(word)


def _word(production: Production, actor: Actor) -> str:
    """What the brief calls such an actor; the kind where it has no word, or several, for it."""
    roles = [role for role in _roles(production) if role.kind == actor.kind]
    alike = [role for role in roles if role.color in (None, actor.color)] if len(roles) > 1 else roles
    words = {role.word for role in alike}
    return words.pop() if len(words) == 1 else actor.kind


def _roles(production: Production) -> tuple[Role, ...]:
    try:
        return read_brief(read_asked(_brief(production)).story).cast
    except BriefError:
        return ()


def _brief(production: Production) -> str:
    if not production.brief_id:
        return production.settings.brief
    return str(production.board.node(production.brief_id).fields.get("text", ""))


def _capitalised(words: str) -> str:
    return words[:1].upper() + words[1:]

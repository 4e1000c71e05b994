"""Captions of scenes: dense ones, from which a blind person could rebuild the picture, and short ones, as users write.

Words come from small tables, so that the vocabulary is known before training and the planner can write the same prose.
"""

from __future__ import annotations

import numpy as np

from rushes.backlot.cast import BY_NAME
from rushes.backlot.scene import Action, Actor, Scene
from rushes.backlot.world import TRAVELS

SET_PHRASES = {
    "meadow": "in a green meadow",
    "forest": "in a forest",
    "desert": "in a sandy desert",
    "snowfield": "in a snowy field",
    "sea": "on the sea",
    "city": "in a city street",
    "beach": "on a beach",
    "mountains": "in the mountains",
    "underwater": "under the water",
    "space": "in outer space",
    "room": "in a cosy room",
    "stage": "on a theatre stage",
}
LIGHT_PHRASES = {"day": "by day", "sunset": "at sunset", "night": "at night", "overcast": "under a grey sky"}
WEATHER_SENTENCES = {
    "clear": "",
    "rain": "Rain falls.",
    "snow": "Snow falls.",
    "fog": "There is thick fog.",
    "leaves": "Leaves blow in the wind.",
    "storm": "There is a thunderstorm.",
}
CAMERA_SENTENCES = {
    "still": "",
    "pan_left": "The camera pans left.",
    "pan_right": "The camera pans right.",
    "zoom_in": "The camera zooms in.",
    "zoom_out": "The camera zooms out.",
    "follow": "The camera follows.",
}
RELATION_PHRASES = {"left_of": "to the left of", "behind": "behind", "follows": "following", "carries": "carrying"}


def _article(words: str) -> str:
    return ("an " if words[0] in "aeiou" else "a ") + words


def verb(kind: str, action: Action) -> str:
    """What an actor does, in the third person: "walks to the right", "falls from above and bounces"."""
    side = "right" if action.heading > 0 else "left"
    about = BY_NAME[kind]
    return {
        "walk": f"{about.travels} to the {side}",
        "run": f"{about.hurries} quickly to the {side}",
        "fly": f"flies to the {side}",
        "roll": f"rolls to the {side}",
        "jump": "jumps up and down",
        "fall": "falls from above and bounces",
        "spin": "spins around",
        "grow": "grows larger",
        "shrink": "shrinks smaller",
        "hide": "hides in the ground",
        "wave": "waves",
        "stand": "stands still",
    }[action.motion]


def describe_actor(actor: Actor, *, short: bool = False) -> str:
    """ "a large red spotted fox wearing a hat"."""
    size = "" if short or 0.34 < actor.size <= 0.52 else ("large " if actor.size > 0.52 else "small ")
    pattern = "" if actor.pattern == "plain" else f"{actor.pattern} "
    wears = (
        ""
        if actor.accessory == "none"
        else (" wearing glasses" if actor.accessory == "glasses" else f" wearing a {actor.accessory}")
    )
    return _article(f"{size}{actor.color} {pattern}{actor.kind}") + wears


def facing(actor: Actor) -> str:
    """ " facing left" of whoever has a front; nothing of an apple."""
    about = BY_NAME[actor.kind]
    if not (about.alive or about.group == "vehicle"):
        return ""
    heading = actor.actions[0].heading if actor.actions else actor.facing
    return f" facing {'right' if heading > 0 else 'left'}"


def side(x: float) -> str:
    """Where in the picture a stage x is."""
    return "on the left" if x < -0.22 else "on the right" if x > 0.22 else "in the middle"


def dense_caption(scene: Scene) -> str:
    """Every visible fact of the scene in plain sentences."""
    where = f"{SET_PHRASES[scene.set]} {LIGHT_PHRASES[scene.light]}"
    if not scene.cast:
        sentences = [f"Nobody is {where}."]
    else:
        sentences = []
        for number, actor in enumerate(scene.cast):
            doing = " then ".join(verb(actor.kind, action) for action in actor.actions) or "stands still"
            if not any(action.motion in TRAVELS for action in actor.actions):
                doing += facing(actor)
            place = f"{side(actor.x)} {where}" if number == 0 else side(actor.x)
            sentences.append(f"{describe_actor(actor).capitalize()} {doing} {place}.")
        for relation in scene.relations:
            subject, other = scene.cast[relation.subject], scene.cast[relation.object]
            sentences.append(f"The {subject.kind} is {RELATION_PHRASES[relation.kind]} the {other.kind}.")
    sentences += [WEATHER_SENTENCES[scene.weather], CAMERA_SENTENCES[scene.camera.move]]
    return " ".join(sentence for sentence in sentences if sentence)


def short_caption(scene: Scene, seed: int = 0) -> str:
    """A prompt as a user would type it; `seed` picks the wording and what is left out."""
    rng = np.random.default_rng([seed, 77])
    where = SET_PHRASES[scene.set]
    parts = []
    for actor in scene.cast:
        doing = " then ".join(verb(actor.kind, action) for action in actor.actions)
        parts.append(f"{describe_actor(actor, short=True)} {doing}".strip())
    text = " and ".join(parts) or "nobody"
    if rng.random() < 0.7:
        text += f" {where}"
    if scene.light != "day" or rng.random() < 0.3:
        text += f" {LIGHT_PHRASES[scene.light]}"
    return text

"""The rewriter: from a planned scene to the prompt that a video model is given.

Video models are literal, so the prompt says all that is to be seen. A model that knows a world gets exactly the prose
that it was trained on; a model for free text gets more of it.
"""

from __future__ import annotations

from rushes.backlot.captions import dense_caption, short_caption
from rushes.backlot.scene import Scene
from rushes.backlot.world import World

FRAMINGS = {
    "wide": "Wide establishing shot",
    "medium": "Medium shot",
    "close": "Close-up",
    "detail": "Close-up of a detail",
    "reaction": "Close-up reaction shot",
}
MOOD_WORDS = {
    "joyful": "playful and warm",
    "tense": "tense and fast",
    "mysterious": "mysterious and hushed",
    "sad": "tender and melancholy",
    "epic": "grand and adventurous",
    "calm": "calm and quiet",
    "gentle": "gentle and friendly",
}
LOOK = "Clean storybook animation, crisp shapes, soft light, steady composition, no text, no watermark."


def write_prompt(
    scene: Scene, *, world: World | None, size: str = "medium", mood: str = "gentle", text: str = ""
) -> str:
    """The prompt of a shot. `world`: what the model knows; None for a model that takes free text.

    `text`: the words of the brief that the shot films; only a free-text model is given them.
    """
    if world is not None:
        return dense_caption(scene)
    parts = [f"{FRAMINGS.get(size, 'Shot')}.", dense_caption(scene), f"The mood is {MOOD_WORDS.get(mood, 'gentle')}."]
    if text:
        parts.insert(1, f"{' '.join(text.split()).rstrip('.')}.")
    return " ".join([*parts, LOOK])


def rewrite_prompt(prompt: str, scene: Scene, *, world: World | None, attempt: int) -> str:
    """The prompt of a further attempt: the same at first, as users write at 2, 4, ...; seeds always change."""
    if world is None or attempt < 2 or attempt % 2:
        return prompt
    return short_caption(scene, attempt)

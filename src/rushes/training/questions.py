"""What is asked of a clip of a world, and the right answers: exact, because the clip was drawn from a scene.

With several actors each place from the left has its own questions ("kind", "color", "motion", "heading" of the
leftmost, "kind 2" … of the next): left and right can be seen, which actor a caption names first cannot. What a picture
cannot show is not asked: the heading of who does not travel, the relation of a scene that states none, the motion of
who is carried.
"""

from __future__ import annotations

import torch
from torch import Tensor

from rushes.backlot.scene import RELATIONS, Scene
from rushes.backlot.where import from_left
from rushes.backlot.world import TRAVELS, World
from rushes.model.readout import ReadOutConfig

UNASKED = -1  # as the index of an answer


def questions(world: World) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What is asked of a clip of this world, and the possible answers."""
    asked: list[tuple[str, tuple[str, ...]]] = []
    for place in range(world.max_cast):
        asked += [
            (numbered("kind", place), world.kinds),
            (numbered("color", place), world.colors),
            (numbered("motion", place), world.motions),
            (numbered("heading", place), ("left", "right")),
        ]
    asked += [("set", world.sets), ("light", world.lights)]
    if len(world.weathers) > 1:
        asked.append(("weather", world.weathers))
    if len(world.camera_moves) > 1:
        asked.append(("camera", world.camera_moves))
    if world.max_cast > 1:
        asked.append(("count", tuple(str(number) for number in range(1, world.max_cast + 1))))
        asked.append(("relation", RELATIONS))
    return tuple(asked)


def numbered(question: str, place: int) -> str:
    """The question of the actor at a place from the left, counted from 0: "kind", "kind 2", "kind 3"."""
    return question if place == 0 else f"{question} {place + 1}"


def truth(scene: Scene) -> dict[str, str]:
    """The right answers for a scene, to the questions that it decides."""
    right = {"set": scene.set, "light": scene.light, "weather": scene.weather, "count": str(len(scene.cast))}
    carried = {relation.object for relation in scene.relations if relation.kind == "carries"}
    moves = [actor.actions[0].motion if actor.actions else "stand" for actor in scene.cast]
    for place, number in enumerate(from_left(scene)):
        actor = scene.cast[number]
        right |= {numbered("kind", place): actor.kind, numbered("color", place): actor.color}
        if number not in carried:
            right[numbered("motion", place)] = moves[number]
            if moves[number] in TRAVELS:
                right[numbered("heading", place)] = "right" if actor.actions[0].heading > 0 else "left"
    if scene.relations:
        right["relation"] = scene.relations[0].kind
    if scene.camera.move != "follow" or (moves and moves[0] in TRAVELS):  # who stays is followed by a camera at rest
        right["camera"] = scene.camera.move
    return right


def answer_indices(scenes: list[Scene], config: ReadOutConfig) -> Tensor:
    """(N, questions): which answer is right; UNASKED where a scene does not decide the question."""
    truths = [truth(scene) for scene in scenes]
    return torch.tensor(
        [[answers.index(t[name]) if name in t else UNASKED for name, answers in config.answers] for t in truths]
    ).reshape(len(scenes), len(config.answers))


def cast_indices(scenes: list[Scene], config: ReadOutConfig) -> Tensor:
    """(N, cast, 2): kind and colour of each actor in the cast's order; UNASKED where there is none."""
    found = torch.full((len(scenes), max(1, config.places), 2), UNASKED)
    for row, scene in enumerate(scenes):
        for number, actor in enumerate(scene.cast):
            found[row, number, 0] = config.names("kind").index(actor.kind)
            found[row, number, 1] = config.names("color").index(actor.color)
    return found

"""What rewriting a prompt gains: `python bench/rewriter.py`. Exact scores of clips, same seeds, with and without it.

A user writes few words. Each is given to the shipped model as it is, and as the built-in rewriter makes it: read by the
planner, staged in the model's world, written out in full. The read-out says of both whether what the user named is
seen. Three kinds of user: one who names who ("a fox"), one who adds what happens ("a fox jumps"), one who says most.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from rich.console import Console
from rich.table import Table

from rushes.agent.planner import Shooter, plan
from rushes.agent.rewriter import write_prompt
from rushes.backlot.captions import describe_actor, short_caption, verb
from rushes.backlot.scene import Scene
from rushes.backlot.world import World, draw_scene
from rushes.desk.intervals import bootstrap
from rushes.generate.native import Native, draw, load_native
from rushes.generate.reading import Reader, load_reader

BATCH = 4  # clips drawn at once


@dataclass(frozen=True, kw_only=True)
class Wording:
    name: str
    write: Callable[[Scene], str]
    names: tuple[str, ...]  # what the user has said, and may expect to see


def terse(scene: Scene) -> str:
    return f"a {scene.cast[0].kind}"


def doing(scene: Scene) -> str:
    actor = scene.cast[0]
    return f"{describe_actor(actor, short=True)} {verb(actor.kind, actor.actions[0])}"


WORDINGS = (
    Wording(name="who", write=terse, names=("kind",)),
    Wording(name="who does what", write=doing, names=("kind", "color", "motion")),
    Wording(name="most of it", write=short_caption, names=("kind", "color", "motion")),
)


def rewritten(words: str, world: World, seconds: float) -> str:
    """The prompt that the built-in planner and rewriter make of a user's words."""
    shooter = Shooter(world=world, shortest=seconds, longest=seconds, take_seconds=seconds, free_camera=False)
    shot = plan(words, seconds=seconds, shooter=shooter, fps=24).shots[0]
    assert shot.scene is not None
    return write_prompt(shot.scene, world=world)


def truths(scene: Scene) -> dict[str, str]:
    actor = scene.cast[0]
    return {"kind": actor.kind, "color": actor.color, "motion": actor.actions[0].motion}


def right(
    native: Native, reader: Reader, prompts: list[str], scenes: list[Scene], names: tuple[str, ...]
) -> np.ndarray:
    """(clips, names): whether the read-out sees what was named."""
    info, found = native.model.info, []
    for begin in range(0, len(prompts), BATCH):
        part = prompts[begin : begin + BATCH]
        seeds = list(range(begin, begin + len(part)))
        config = native.config(info.steps, info.guidance)
        video = draw(native.model, part, seeds, config, frames=info.frames)
        for clip, scene in zip(video, scenes[begin : begin + BATCH], strict=True):
            pixels = ((clip.float() + 1) * 127.5).round().clamp(0, 255).byte().permute(0, 2, 3, 1).cpu().numpy()
            seen = reader.read(pixels, info.fps)
            found.append([max(seen[name], key=seen[name].__getitem__) == truths(scene)[name] for name in names])
    return np.array(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=60, help="prompts of each wording")
    parser.add_argument("--model", default="nano")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    native, reader = load_native(given.model), load_reader(given.model)
    world = native.capabilities.world
    assert world is not None
    seconds = native.model.info.frames / native.model.info.fps
    scenes = [draw_scene(world, 1000 + seed, held=True) for seed in range(given.count)]
    table = Table(title=f"{given.model}: the user's words as they are, and rewritten ({given.count} prompts each)")
    for column in ("the user says", "seen of it", "as they are", "rewritten", "gain, 95% interval"):
        table.add_column(column)
    results = []
    for wording in WORDINGS:
        words = [wording.write(scene) for scene in scenes]
        with torch.inference_mode():
            plain = right(native, reader, words, scenes, wording.names)
            better = right(native, reader, [rewritten(w, world, seconds) for w in words], scenes, wording.names)
        for place, name in enumerate(wording.names):
            gains = better[:, place].astype(float) - plain[:, place]
            gain = bootstrap([[value] for value in gains], draws=4000)
            before, after = float(plain[:, place].mean()), float(better[:, place].mean())
            said = f"{gain.mean:+.0%}, {gain.low:+.0%} to {gain.high:+.0%}"
            table.add_row(wording.name, name, f"{before:.0%}", f"{after:.0%}", said)
            results.append(
                {
                    "wording": wording.name,
                    "seen": name,
                    "plain": before,
                    "rewritten": after,
                    "gain": gain.mean,
                    "interval_95": [gain.low, gain.high],
                    "prompts": given.count,
                }
            )
    if given.json:
        print(json.dumps(results))
    else:
        Console().print(table)


if __name__ == "__main__":
    main()

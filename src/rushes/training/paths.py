"""The path of each asked actor through a clip, as the localiser reads it, and how far it is from the true one.

The localiser's places go from left to right in every frame anew. Who of the asked cast is at which place is decided
frame by frame by looks (kind and colour); where two look alike, by who is nearer to where the scene has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

import numpy as np

from rushes.backlot.motion import frame_times
from rushes.backlot.scene import Scene
from rushes.backlot.where import OnScreen, on_screen
from rushes.backlot.world import TRAVELS
from rushes.model.localiser import Located
from rushes.model.readout import ReadOutConfig
from rushes.training.physics import accelerations, events
from rushes.training.questions import cast_indices
from rushes.training.readout_stage import HIDDEN

UNITS = {  # of each measure, as it is printed
    "detail": "% of the true clip's",
    "position": "% of the width",
    "position in pixels": "px",
    "size": "%",
    "in sight": "% of frames",
    "kind in each frame": "% of frames",
    "color in each frame": "% of frames",
    "kind never lost": "% of actors",
    "event happens": "% of events",
    "crossing": "s",
    "apex": "s",
    "landing": "s",
    "fall acceleration": "% of the scene's",
    "bounce acceleration": "% of the scene's",
    "jump acceleration": "% of the scene's",
}
HIGHER_IS_BETTER = (
    "detail",
    "in sight",
    "kind in each frame",
    "color in each frame",
    "kind never lost",
    "event happens",
)


@dataclass(frozen=True, kw_only=True)
class Path:
    """One actor of the scene on T frames, as it was read; arrays (T,)."""

    box: np.ndarray  # (T, 3): x, y, height
    present: np.ndarray  # bool: an actor is there
    kind: np.ndarray  # index of the answer, -1 where the read-out can't tell
    color: np.ndarray  # index of the answer


def read_paths(located: Located, clip: int, scene: Scene, config: ReadOutConfig, true: list[OnScreen]) -> list[Path]:
    """Paths of the cast of `scene`, in its order, in clip number `clip` of what was located in a batch."""
    box = located.box[clip].float().cpu().numpy()  # (T, places, 3)
    kind, color = (v[clip].float().log_softmax(-1).cpu().numpy() for v in (located.kind, located.color))
    present = (located.present[clip] > 0).cpu().numpy()
    names = cast_indices([scene], config)[0].numpy()
    orders = list(permutations(range(config.places), len(scene.cast)))
    chosen = np.zeros((len(box), len(scene.cast)), dtype=int)
    for t in range(len(box)):
        fits = []
        for order in orders:
            looks = sum(kind[t, p, names[n, 0]] + color[t, p, names[n, 1]] for n, p in enumerate(order))
            away = sum(abs(box[t, p, 0] - true[n].x[t]) for n, p in enumerate(order))
            fits.append(looks - away)
        chosen[t] = orders[int(np.argmax(fits))]
    rows = np.arange(len(box))
    return [
        Path(
            box=box[rows, chosen[:, n]],
            present=present[rows, chosen[:, n]],
            kind=named(kind[rows, chosen[:, n]], config.sure),
            color=color[rows, chosen[:, n]].argmax(-1),
        )
        for n in range(len(scene.cast))
    ]


def named(chances: np.ndarray, sure: float) -> np.ndarray:
    """(N, answers) log probabilities to the index of the likeliest answer, -1 where that is less likely than `sure`."""
    return np.where(chances.max(-1) >= np.log(max(sure, 1e-9)), chances.argmax(-1), -1)


def measure(
    located: Located, clip: int, scene: Scene, config: ReadOutConfig, fps: float, width: int, height: int
) -> dict[str, list[float]]:
    """Every measure of one clip of width x height pixels, a value for each actor (or event) that has it."""
    times = frame_times(scene, fps)
    true = on_screen(scene, times, width / height)
    names = cast_indices([scene], config)[0].tolist()
    found: dict[str, list[float]] = {}

    def note(name: str, value: float) -> None:
        found.setdefault(name, []).append(float(value))

    for number, path in enumerate(read_paths(located, clip, scene, config, true)):
        actor, there = scene.cast[number], true[number]
        seen = there.visible > HIDDEN
        if seen.any():
            away = np.hypot((path.box[:, 0] - there.x) * width, (path.box[:, 1] - there.y) * height)[seen]
            note("position in pixels", away.mean())
            note("position", 100 * away.mean() / width)
            note("size", 100 * np.abs(path.box[:, 2] / there.height - 1)[seen].mean())
            note("in sight", 100 * path.present[seen].mean())
            right = path.kind[seen] == names[number][0]
            note("kind in each frame", 100 * right.mean())
            note("kind never lost", 100 * right.all())
            note("color in each frame", 100 * (path.color[seen] == names[number][1]).mean())
        if not actor.actions or len(actor.actions) > 1:
            continue
        # what is half out of the picture is read less well: leave it out of the path and of the true one
        at, truly, drawn = times[seen], (there.x[seen], there.y[seen]), (path.box[seen, 0], path.box[seen, 1])
        if len(at) < 3:
            continue
        travels = actor.actions[0].motion in TRAVELS
        for is_so, is_drawn in zip(events(actor, at, *truly, travels), events(actor, at, *drawn, travels), strict=True):
            if is_so.seconds is not None:
                note("event happens", 100.0 * (is_drawn.seconds is not None))
                if is_drawn.seconds is not None:
                    note(is_so.name, abs(is_drawn.seconds - is_so.seconds))
        read = accelerations(actor, at, drawn[1])
        for name, rate in accelerations(actor, at, truly[1]).items():
            note(f"{name} acceleration", 100 * read[name] / rate)
    return found


def overall(right: dict[str, bool], measured: dict[str, list[float]]) -> float:
    """One number from 0 to 1 for a clip, by which the best and the worst are found."""
    parts = [float(answer) for answer in right.values()]
    for name, weight in (("kind in each frame", 2), ("position", 2), ("detail", 2)):
        if name in measured:
            value = float(np.mean(measured[name]))
            parts += [min(1.0, value / 100) if name in HIGHER_IS_BETTER else max(0.0, 1 - value / 25)] * weight
    return float(np.mean(parts)) if parts else 0.0

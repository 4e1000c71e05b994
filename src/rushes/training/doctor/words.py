"""Checks of what words mean against what pixels do: colours, and motion in time."""

from __future__ import annotations

import re
from itertools import permutations

import torch
import torch.nn.functional as F
from torch import Tensor

from rushes.training.doctor.data import bag_of_words, kept_words
from rushes.training.doctor.finding import Finding, first_found, found, need, ok
from rushes.training.doctor.patient import Patient

COLOURS = {
    "red": (1.0, 0.1, 0.1),
    "orange": (1.0, 0.55, 0.1),
    "yellow": (1.0, 0.9, 0.1),
    "green": (0.1, 0.75, 0.2),
    "blue": (0.15, 0.3, 1.0),
    "purple": (0.55, 0.2, 0.75),
    "pink": (1.0, 0.5, 0.7),
    "brown": (0.5, 0.3, 0.15),
}  # what people mean by a word, in [0, 1]
CHANNELS = list(permutations(range(3)))  # (0, 1, 2) is RGB
WAYS = {  # columns and rows in which something described so moves, from left to right and from top to bottom
    r"(?:to the|goes|moves|pans?) right\b(?! of)": (1.0, 0.0),
    r"(?:to the|goes|moves|pans?) left\b(?! of)": (-1.0, 0.0),
    r"\b(?:falls|drops|sinks)\b": (0.0, 1.0),
    r"\b(?:rises|climbs|ascends)\b": (0.0, -1.0),
}


def colours_are_rgb(patient: Patient) -> Finding:
    """Clips whose captions name a colour have more of it than others; with channels swapped they would have less."""
    batch = patient.clips("train")
    words = bag_of_words(batch.captions)
    columns = {c: i for i, c in enumerate(kept_words(batch.captions)) if c in COLOURS}
    need(len(columns) >= 2, f"captions name {len(columns)} colours in clips enough; 2 are needed")
    mean = batch.video.float().mean((1, 3, 4))  # (B, 3)
    scores = agreements(words, mean, columns)  # (6,)
    generator = torch.Generator().manual_seed(0)
    rows = [torch.randint(len(mean), (len(mean),), generator=generator) for _ in range(100)]
    again = torch.stack([agreements(words[r], mean[r], columns) for r in rows])  # bootstrap
    best = int(scores.argmax())
    ahead = float(scores[best] - scores[0]) / max(float((again[:, best] - again[:, 0]).std()), 1e-9)
    behind = min(
        float(scores[0] - scores[i]) / max(float((again[:, 0] - again[:, i]).std()), 1e-9) for i in range(1, 6)
    )
    order = "".join("RGB"[i] for i in CHANNELS[best])
    sure = f"{ahead:.1f}" if best else f"{behind:.1f}"
    measured = f"{len(columns)} colour words agree with pixels best as {order}, by {sure} deviations"
    if ahead > 4:
        return found(
            measured,
            f"the channels of frames are not red, green, blue: they look like {order}",
            "convert where frames are read (OpenCV gives BGR), then delete the caches of latents",
        )
    need(best == 0 or ahead < 3, f"{measured}: too little to tell")
    return ok(measured)


def agreements(words: Tensor, mean: Tensor, columns: dict[str, int]) -> Tensor:
    """For each order of channels, how well what a colour word adds to mean colours (B, 3) agrees with its shade.

    What a word adds is its row of a ridge regression on all words, so that sets and light don't drown it.
    """
    x = words - words.mean(0)
    solved = torch.linalg.solve(x.T @ x + torch.eye(x.shape[1]), x.T @ (mean - mean.mean(0)))  # (words, 3)
    added = solved[list(columns.values())]
    added = added / added.norm().clamp_min(1e-9)
    shades = torch.tensor([COLOURS[c] for c in columns])
    shades = shades - shades.mean(0)
    return torch.stack([(added[:, list(order)] * shades).sum() for order in CHANNELS])


def time_is_smooth(patient: Patient) -> Finding:
    """Frames that are near in time are alike: neighbours differ less than frames two or more apart."""
    video = patient.clips("train", 64).video.float()
    frames = video.shape[1]
    need(frames >= 4, "clips are too short")
    near = (video[:, 1:] - video[:, :-1]).abs().mean((1, 2, 3, 4))
    far = torch.stack([(video[:, gap:] - video[:, :-gap]).abs().mean((1, 2, 3, 4)) for gap in range(2, frames)]).mean(0)
    moving = near > 1e-4
    need(int(moving.sum()) >= 12, f"only {int(moving.sum())} of {len(video)} clips move")
    ratio = near[moving].sum() / far[moving].sum()
    still = (video[:, 1:] - video[:, :-1]).abs().amax((2, 3, 4))[moving] < 1e-6  # (clips, steps)
    begun, goes_on = (~still).cumsum(1) > 0, (~still).flip(1).cumsum(1).flip(1) > 0
    within = begun & goes_on  # from a clip's first motion to its last: who rests before or after is no repeat
    repeats = float((still & within).sum() / within.sum())
    measured = (
        f"neighbouring frames differ {float(ratio):.2f} times as much as frames further apart ({repeats:.0%} repeat "
        "between motions)"
    )
    return first_found(
        [
            (
                bool(ratio > 0.93),
                measured,
                "frames are not in the order of time",
                "sort frames by their time where clips are read",
            ),
            (
                repeats > 0.25,
                measured,
                "frames are shown twice: clips have fewer frames a second than is said",
                "take frames by their time at the source's fps, and give a source of fewer frames its own fps",
            ),
        ],
        measured,
    )


def motion_follows_words(patient: Patient) -> Finding:
    """What is said to go right goes right, what falls falls: else time runs backwards or pictures are mirrored."""
    batch = patient.clips("train")
    need(batch.video.shape[1] >= 3, "clips are too short")
    flow = drift(batch.video)  # (B, 2)
    counts, worst, told = 0, 0.0, []
    for axis in range(2):
        along = []
        for pattern, way in WAYS.items():
            if way[axis]:
                rows = torch.tensor([bool(re.search(pattern, caption.lower())) for caption in batch.captions])
                along.append(flow[rows, axis] * way[axis])
        signs = torch.cat(along)
        signs = signs[signs.abs() > 0].sign()
        if len(signs) >= 16:
            sigmas = float(signs.sum()) / len(signs) ** 0.5
            told.append(
                f"{float((signs > 0).float().mean()):.0%} of {len(signs)} {'rows' if axis else 'columns'} "
                f"({sigmas:+.1f} deviations)"
            )
            counts, worst = counts + len(signs), min(worst or sigmas, sigmas)
    need(counts, "captions of fewer than 16 clips say which way something moves")
    measured = f"clips that move the way their caption says: {', '.join(told)}"
    return first_found(
        [
            (
                worst < -3.5,
                measured,
                "motion is the reverse of what captions say",
                "frames run backwards, or pictures are mirrored: look at one clip beside its caption",
            ),
            (
                worst < 1 and counts >= 48,
                measured,
                "words of motion tell nothing about motion",
                "frames are shuffled in time, or captions belong to other clips",
            ),
        ],
        measured,
    )


def drift(video: Tensor) -> Tensor:
    """Columns and rows by which a clip (B, T, 3, H, W) moves a frame: least squares over the clip, (B, 2)."""
    grey = video.float().mean(2)
    grey = F.avg_pool2d(F.avg_pool2d(grey, 3, 1, 1), 3, 1, 1)
    middle = (grey[:, 1:] + grey[:, :-1]) / 2
    change = (grey[:, 1:] - grey[:, :-1])[..., 1:-1, 1:-1]
    across = (middle[..., 1:-1, 2:] - middle[..., 1:-1, :-2]) / 2
    down = (middle[..., 2:, 1:-1] - middle[..., :-2, 1:-1]) / 2
    columns = -(across * change).sum((1, 2, 3)) / across.square().sum((1, 2, 3)).clamp_min(1e-6)
    rows = -(down * change).sum((1, 2, 3)) / down.square().sum((1, 2, 3)).clamp_min(1e-6)
    return torch.stack([columns, rows], 1)

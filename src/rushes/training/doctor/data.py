"""Checks of the data itself: what a clip source must keep to, whatever it shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import torch
from torch import Tensor

from rushes.model.text import UNKNOWN, WordEncoder, split_words
from rushes.training.data import Batch
from rushes.training.doctor.finding import Finding, first_found, need, verdict
from rushes.training.doctor.patient import Patient
from rushes.training.doctor.statistics import SIGMAS, explained


def steps_repeat(patient: Patient) -> Finding:
    """The batch of a step is the same whenever it is asked for, and another for another step or seed."""
    make, frames = patient.source.clips("train"), patient.source.frames
    first, again, other = make(3, 4, frames), make(3, 4, frames), make(4, 4, frames)
    same = torch.equal(first.video, again.video) and first.captions == again.captions
    distinct = not torch.equal(first.video, other.video)
    seed = getattr(patient.source, "seed", None)
    seeded = seed is None or not torch.equal(
        first.video,
        replace(patient.source, seed=seed + 1).clips("train")(3, 4, frames).video,  # type: ignore[type-var]
    )
    return first_found(
        [
            (
                not seeded,
                "another seed of the source gave the same clips",
                "the seed has no effect; torch's CPU generator takes only the low 32 bits of one",
                "mix the seed into the low 32 bits of what generators are seeded with",
            ),
            (
                not same,
                "step 3 asked for twice gave two batches",
                "a resumed run sees other data than an uninterrupted one",
                "seed every random draw of the source from its seed and the step",
            ),
            (
                not distinct,
                "steps 3 and 4 gave the same clips",
                "the run learns one batch by heart",
                "let the step into the seed of the source",
            ),
        ],
        "step 3 twice: the same; step 4, or another seed: others",
    )


def pixels_in_range(patient: Patient) -> Finding:
    """Video is float in [-1, 1], finite, and makes use of both halves."""
    video = patient.clips("train").video
    low, high = float(video.min()), float(video.max())
    measured = f"{video.dtype} from {low:.2f} to {high:.2f}, mean {float(video.float().mean()):.2f}"
    remedy = "bring pixels to [-1, 1] where clips are made: x / 127.5 - 1 for bytes, 2 x - 1 for [0, 1]"
    return first_found(
        [
            (not bool(torch.isfinite(video.float()).all()), measured, "pixels are NaN or infinite", remedy),
            (not video.is_floating_point(), measured, "pixels are not floats", remedy),
            (low < -1.05 or high > 1.05, measured, "pixels leave [-1, 1]", remedy),
            (low > -0.2, measured, "no pixel is dark: the range is [0, 1] or narrower, not [-1, 1]", remedy),
            (high < 0.2, measured, "no pixel is bright", remedy),
        ],
        measured,
    )


def shapes_fit(patient: Patient) -> Finding:
    """A batch holds what was asked for, at the size that the source states."""
    source = patient.source
    batch = source.clips("train")(0, 3, source.frames)
    asked = (3, source.frames, 3, source.height, source.width)
    given = tuple(batch.video.shape)
    texts = len(batch.captions) == 3 and len(batch.variants) in (0, 3)
    measured = f"asked for {asked}, given {given} with {len(batch.captions)} captions"
    return verdict(
        given != asked or not texts,
        measured,
        "clips are of another shape than the source says, or captions are missing",
        "check the order of the axes (B, T, 3, H, W) and one caption for each clip",
    )


def clips_differ(patient: Patient) -> Finding:
    """No clip is shown twice, and no clip is empty."""
    video = patient.clips("train").video
    copies = len(video) - len(set(fingerprints(video)))
    flat = int((video.flatten(1).std(1) < 1e-3).sum())
    measured = f"of {len(video)} clips {copies} are copies of another, {flat} are of one colour"
    return first_found(
        [
            (
                copies > len(video) // 20,
                measured,
                "the same clips come over and over",
                "look at how the source seeds a clip within a batch and over steps",
            ),
            (
                flat > len(video) // 20,
                measured,
                "clips are empty",
                "look at a few; the decoder or renderer returns blanks",
            ),
        ],
        measured,
    )


def parts_are_apart(patient: Patient) -> Finding:
    """No test clip is a training clip, and combinations held out of training are not trained on."""
    train, test = patient.clips("train"), patient.clips("test")
    shared = set(fingerprints(train.video)) & set(fingerprints(test.video))
    measured = f"{len(shared)} of {len(test.video)} test clips are among {len(train.video)} training clips"
    leaked = _leaked(patient)
    if leaked is not None:
        measured += (
            f"; {leaked[0]} training scenes and {leaked[2]} of the read-out's are of held-out combinations, "
            f"{leaked[1]} test scenes are not"
        )
    return verdict(
        bool(shared) or any(leaked or ()),
        measured,
        "scores on test clips are flattered: they were trained on",
        "give each part of the data its own seeds, and keep the held-out combinations out of training",
    )


def _leaked(patient: Patient, count: int = 256) -> tuple[int, int, int] | None:
    """Held-out scenes in training, others in the test, held-out ones that the read-out learns from.

    None for data that is no world of the backlot.
    """
    scenes = getattr(patient.source, "scenes", None)
    if scenes is None or patient.recipe.world is None:
        return None
    from rushes.backlot.world import is_held_out

    eyes = patient.recipe.readout_stage
    read = [] if eyes is None else patient.readout_scenes(replace(eyes, clips=count), patient.recipe.world)
    return (
        sum(is_held_out(scene) for scene in scenes("train", 1, count)),
        sum(not is_held_out(scene) for scene in scenes("test", 1, count)),
        sum(is_held_out(scene) for scene in read),
    )


def words_are_known(patient: Patient) -> Finding:
    """Every word of every caption is in the text encoder's vocabulary, and none is cut off."""
    encoder = WordEncoder(patient.recipe.full_text())
    sentences = sorted(set(every_sentence(patient.clips("train"))) | set(every_sentence(patient.clips("test"))))
    unknown = sorted({word for sentence in sentences for word in encoder.unknown(sentence)})
    longest = max(len(split_words(sentence)) + 1 for sentence in sentences)
    limit, empty = encoder.config.max_tokens, sum(not sentence.strip() for sentence in sentences)
    measured = f"{len(sentences)} sentences: {len(unknown)} unknown words, longest {longest} of {limit} tokens"
    return first_found(
        [
            (
                bool(unknown),
                f"{measured}; e.g. {unknown[:3]}",
                f"they all read as token {UNKNOWN}, unknown",
                "let source.vocabulary() use every word",
            ),
            (
                longest > limit,
                measured,
                "the ends of captions are cut off",
                f"raise TextConfig.max_tokens to {longest}",
            ),
            (empty > 0, measured, "captions are empty", "find out where the captioner gives nothing"),
        ],
        measured,
    )


def captions_tell(patient: Patient) -> Finding:
    """Captions foretell what clips look like, and a clip's other sentences: better than those of other clips do.

    Both by a permutation test that needs no model.
    """
    batch = patient.clips("train")
    words = bag_of_words(batch.captions)
    need(words.shape[1] > 0, "all captions are the same")
    share, sigmas = explained(words, looks(batch.video))
    told, worst = f"coarse colours of {len(words)} clips: {max(share, 0):.1%} ({sigmas:.1f} deviations)", sigmas
    others = bag_of_words([batch.sentences(index)[-1] for index in range(len(words))])
    if batch.variants and others.shape[1] > 0:
        share, sigmas = explained(words, others)
        told += f", words of their other sentences: {max(share, 0):.1%} ({sigmas:.1f} deviations)"
        worst = min(worst, sigmas)
    return verdict(
        worst < SIGMAS,
        f"explained by captions, against shuffled ones: {told}",
        "captions do not belong to their clips, or say nothing about them",
        "follow one clip and its captions through the source: are they permuted, or paired by different indices?",
    )


def speed_is_seconds(patient: Patient) -> Finding:
    """At twice the frames a second, every second frame is a frame of before: time is in seconds."""
    source, frames = patient.source, patient.source.frames
    need(hasattr(source, "__dataclass_fields__") and frames >= 5, "the source can't be made at another speed")
    slow, fast = source.clips("train"), replace(source, fps=2 * source.fps).clips("train")  # type: ignore[type-var]
    need(callable(fast), "the source can't be made at another speed")
    one, two = slow(5, 16, frames).video, fast(5, 16, frames).video
    half = (frames + 1) // 2
    moved = float((one[:, 1:] - one[:, :-1]).abs().mean())
    need(moved > 1e-4, "nothing moves")
    apart = float((one[:, :half] - two[:, ::2][:, :half]).abs().mean())
    need(float((one[:, 0] - two[:, 0]).abs().mean()) < 1e-3, "another speed gives other scenes: nothing to compare")
    wrong = apart > 0.5 * moved
    return verdict(
        wrong,
        f"frames at equal seconds differ by {apart:.4f}, neighbouring frames by {moved:.4f}",
        "frames a second do not enter the clip: its motion is at another speed than the model is told",
        "make frame i of a clip at i / fps seconds",
    )


def every_sentence(batch: Batch) -> Iterable[str]:
    for index in range(len(batch.captions)):
        yield from batch.sentences(index)


def fingerprints(video: Tensor) -> list[bytes]:
    """A clip as bytes: its pixels in 64 steps, averaged over cells of 4 x 4."""
    small = torch.nn.functional.avg_pool2d(video.float().flatten(1, 2), 4)
    return [row.numpy().tobytes() for row in (small * 32).round().to(torch.int16).flatten(1)]


def bag_of_words(captions: list[str]) -> Tensor:
    """(B, words) of 0 and 1, over the words that `kept_words` keeps."""
    several, kept = [set(split_words(caption)) for caption in captions], kept_words(captions)
    return torch.tensor([[float(word in words) for word in kept] for words in several]).view(len(captions), -1)


def kept_words(captions: list[str]) -> list[str]:
    """Words that tell captions apart: not those that all clips, or fewer than three of them, have."""
    counts = Counter(word for caption in captions for word in set(split_words(caption)))
    return sorted(word for word, count in counts.items() if 3 <= count <= len(captions) - 3)


def looks(video: Tensor, cells: int = 2) -> Tensor:
    """Coarse colours of a clip: mean and largest departure from it in each of cells x cells, (B, 2 * 3 * cells^2)."""
    frames = video.float()[:, :: max(1, video.shape[1] // 4)]
    means = torch.nn.functional.adaptive_avg_pool2d(frames.flatten(0, 1), cells).unflatten(0, frames.shape[:2]).mean(1)
    spread = frames.std((1, 3, 4))
    return torch.cat([means.flatten(1), spread], 1)

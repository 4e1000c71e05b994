"""Checks of cached latents: are they what the data and the tokenizer of today would give, whole, and normalised?"""

from __future__ import annotations

import json
from collections.abc import Iterable

import torch
from torch import Tensor

from rushes.training.doctor.finding import Finding, first_found, need, verdict
from rushes.training.doctor.patient import Patient, stored
from rushes.training.doctor.statistics import SIGMAS
from rushes.training.encoding import CHUNK
from rushes.training.latents import Latents, cache_key

NEAR = 0.01  # deviations of latents: what bfloat16 and float16 leave between two encodings of one clip is less
MADE_AGAIN = 12  # chunks of a cache, spread over it: what one worker of several did wrong is among them
WALKED = 4096  # clips of a cache that are looked at one by one


def caches_have_the_key(patient: Patient) -> Finding:
    """The key that each cache carries is the one of this tokenizer and this data."""
    need(patient.caches, "no latents are cached yet")
    stale = []
    for frames in patient.caches:
        kept = json.loads((patient.folder / "latents" / str(frames) / "key.json").read_text())["key"]
        if kept != cache_key(patient.tokenizer, patient.source, frames):
            stale.append(str(frames))
    return verdict(
        bool(stale),
        f"{len(stale)} of {len(patient.caches)} caches carry another key",
        f"the latents of {', '.join(stale)} frames were made by another tokenizer or another data configuration",
        "delete the folder `latents` and run the stage `latents` again",
    )


def caches_are_fresh(patient: Patient) -> Finding:
    """Clips made and encoded again by the code of today give the latents and the sentences that are cached."""
    need(patient.caches, "no latents are cached yet")
    cases, measured = [], []
    for frames, cache in sorted(patient.caches.items()):
        chunks = sorted(set(torch.linspace(0, len(cache) // CHUNK - 1, MADE_AGAIN).long().tolist()))
        made, said = _join(patient.recached(frames, chunk) for chunk in chunks)
        kept, told = stored(cache, [chunk * CHUNK + i for chunk in chunks for i in range(CHUNK)])
        apart = float((made - kept).square().mean() / kept.var()) if made.shape == kept.shape else float("inf")
        worst = float((made - kept).square().flatten(1).mean(1).max() / kept.var()) if apart < float("inf") else apart
        other = sum(a != b for a, b in zip(said, told, strict=True))
        text = (
            f"{frames} frames: latents made again differ by {apart:.1e} of their variance, {other} of "
            f"{len(said)} captions differ"
        )
        measured.append(text)
        cases += [
            (
                other > 0,
                text,
                "the captions in the cache are not those of its clips",
                (
                    "delete the folder `latents` and cache again; if it comes back, the cache is written or read in "
                    "another order"
                ),
            ),
            (
                apart > 2e-3 or worst > 0.05,
                text,
                "the cache is stale: the tokenizer, or the code that makes clips, is not what it was made with",
                "delete the folder `latents` and run the stage `latents` again, then train again what learned from it",
            ),
        ]
    return first_found(cases, "; ".join(measured))


def latents_are_normalised(patient: Patient) -> Finding:
    """Mean 0 and deviation 1 over the cache, each channel's share as tokenizer and denoiser were told."""
    cache = patient.cache()
    latents = sample_of(cache)
    clips = latents.flatten(3).mean((1, 3))  # (N, C): means of clips
    pool = min(patient.recipe.tokenizer_stage.statistics, len(latents))
    error = (
        clips.std(0) * (1 / pool + 1 / len(latents)) ** 0.5
    )  # of a mean over the clips that statistics were taken on
    deviations = patient.tokenizer.deviations
    off = (latents.mean((0, 1, 3, 4)).abs() / (SIGMAS * error + 0.05 * deviations)).max()
    power = latents.square().flatten(3).mean((1, 3))  # (N, C)
    spread = power.std(0) * (1 / pool + 1 / len(latents)) ** 0.5 / power.mean(0)
    ratio = (latents.std((0, 1, 3, 4)) / deviations.clamp_min(1e-6)).log().abs()
    wide = (ratio / (SIGMAS * spread / 2 + 0.1)).max()
    whole = float(latents.square().mean().sqrt())
    told = max((float((m.denoiser.deviations - deviations).abs().max()) for m in patient.models.values()), default=0.0)
    measured = (
        f"deviation of all latents {whole:.3f}, "
        f"largest mean of a channel {float(latents.mean((0, 1, 3, 4)).abs().max()):.3f}, "
        f"a channel's deviation is within a factor {float(ratio.max().exp()):.2f} of what the tokenizer says"
    )
    remedy = "measure the statistics again (measure_statistics) on clips as they are cached, and cache again"
    return first_found(
        [
            (not bool(torch.isfinite(latents).all()), measured, "latents are NaN or infinite", remedy),
            (bool(off > 1), measured, "latents are not centred: mean of the tokenizer's statistics is wrong", remedy),
            (bool(wide > 1), measured, "latents have another deviation: the tokenizer's statistics are wrong", remedy),
            (
                told > 1e-3,
                f"deviations in the denoiser differ by {told:.3f} from the tokenizer's",
                "the denoiser's best linear guess is of other latents",
                "copy tokenizer.deviations into the denoiser before it is trained",
            ),
        ],
        measured,
    )


def an_epoch_shows_all(patient: Patient) -> Finding:
    """An epoch shows each cached clip once, in an order that is neither the cache's nor that of the next epoch."""
    cache = patient.cache()
    need(len(cache) <= WALKED or cache.shards > 1, "the cache is empty")
    count = 32 if len(cache) % 32 == 0 else 1
    need(len(cache) <= 4 * WALKED, f"{len(cache)} clips are too many to walk through")
    epochs = [_walk(cache, epoch * (len(cache) // count), len(cache) // count, count) for epoch in range(2)]
    distinct = [len(set(epoch)) for epoch in epochs]
    # one number a clip, in the order in which clips were made
    order = [mark(stored(cache, [i])[0])[0] for i in range(min(len(cache), 512))]
    copies = len(order) - len(set(order))
    measured = f"{distinct[0]} and {distinct[1]} different clips in two epochs of {len(cache)}"
    return first_found(
        [
            (
                copies > len(order) // 20,
                f"{copies} of {len(order)} cached clips are copies",
                "the cache holds the same clips over and over",
                "look at how a shard's steps are counted, delete the cache and make it again",
            ),
            (
                min(distinct) < 0.98 * len(cache),
                measured,
                "an epoch leaves clips out and repeats others",
                "draw an epoch as a permutation of all clips",
            ),
            (
                epochs[0][: len(order)] == order,
                measured,
                "clips come in the order in which they were made: nothing is shuffled",
                "shuffle each epoch",
            ),
            (
                epochs[0] == epochs[1],
                measured,
                "every epoch has the same order",
                "let the epoch into the seed of the shuffle",
            ),
        ],
        measured,
    )


def batches_pair_captions(patient: Patient) -> Finding:
    """The caption that comes with latents in a batch is one of the sentences stored with them."""
    cache = patient.cache()
    whole = min(len(cache), WALKED)
    where = {mark(stored(cache, [i])[0])[0]: i for i in range(whole)}
    hits = wrong = 0
    for step in range(8):
        batch = cache.batch(step, 32)
        for latents, caption in zip(batch.latents, batch.captions, strict=True):
            index = where.get(mark(latents[None])[0])
            if index is not None:
                hits += 1
                wrong += caption not in cache.clip(index)[1]
    need(hits >= 16, f"only {hits} clips of 8 batches are among the first {whole}")
    return verdict(
        wrong > 0,
        f"{wrong} of {hits} captions in batches are not among the sentences of their clip",
        "captions are shuffled against clips when batches are put together",
        "take latents and sentence of a clip by the same index",
    )


def test_is_not_cached(patient: Patient) -> Finding:
    """No test clip's latents are in the cache that is trained on."""
    cache, count = patient.cache(), 32
    fresh = patient.encoded("test", count)
    need(fresh.shape[1:] == cache.clip(0)[0].shape, "the longest cache holds clips of another length than the data")
    kept = torch.cat([thin(stored(cache, [i])[0]) for i in range(min(len(cache), 4 * WALKED))])
    nearest = torch.cdist(thin(fresh), kept).min(1).values
    scale = kept.shape[1] ** 0.5 * float(kept.std())
    same = int((nearest < NEAR * scale).sum())
    return verdict(
        same > 1,  # in a small world one may be alike by chance
        f"{same} of {count} test clips lie nearer to a cached one than {NEAR:.0%} of a deviation",
        "clips that scores are taken on were trained on",
        "give the parts of the data seeds of their own, delete the cache and make it again",
    )


def sample_of(cache: Latents, count: int = 1024) -> Tensor:
    """Latents (N, T, C, h, w) of clips spread over the cache."""
    picks = torch.linspace(0, len(cache) - 1, min(count, len(cache))).long().tolist()
    return stored(cache, picks)[0]


def thin(latents: Tensor, count: int = 512) -> Tensor:
    """At most `count` of each clip's values (N, count), from anywhere in it: enough to tell clips apart."""
    flat = latents.flatten(1)
    picks = torch.randperm(flat.shape[1], generator=torch.Generator().manual_seed(0))[:count]
    return flat[:, picks]


def mark(latents: Tensor) -> list[bytes]:
    """What tells each clip apart, as bytes."""
    return [row.numpy().tobytes() for row in thin(latents)]


def _walk(cache: Latents, first: int, steps: int, count: int) -> list[bytes]:
    return [m for step in range(first, first + steps) for m in mark(cache.batch(step, count).latents)]


def _join(parts: Iterable[tuple[Tensor, list[list[str]]]]) -> tuple[Tensor, list[list[str]]]:
    several = list(parts)
    return torch.cat([latents for latents, _ in several]), [told for _, sentences in several for told in sentences]

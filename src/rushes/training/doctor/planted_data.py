"""Bugs to be planted in data, caches of latents and tokenizer. Each function changes a patient as its bug would."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from rushes.training.data import Batch, Clips, ClipSource
from rushes.training.doctor.patient import Patient
from rushes.training.latents import LatentBatch, Latents

Spoil = Callable[[Batch, int], Batch]  # of the batch of a step


@dataclass(frozen=True, kw_only=True)
class SickSource:
    """A source of clips with something wrong."""

    inner: ClipSource  # the healthy one
    spoil: Spoil = lambda batch, step: batch
    height: int = 0  # rows
    width: int = 0  # columns
    frames: int = 0  # of a whole clip
    fps: float = 0.0  # frames a second
    same_part: bool = False  # the test part is the training part
    same_step: bool = False  # every step is the first one
    own_fps: bool = False  # clips are drawn at the inner source's speed, whatever is asked
    words: int | None = None  # sentences of the vocabulary that are left; all by default

    def clips(self, part: str) -> Clips:
        fps = self.inner.fps if self.own_fps else self.fps
        inner = replace(self.inner, height=self.height, width=self.width, fps=fps)  # type: ignore[type-var]
        make = inner.clips("train" if self.same_part else part)
        return lambda step, batch, frames: self.spoil(make(0 if self.same_step else step, batch, frames), step)

    def vocabulary(self) -> list[str]:
        return self.inner.vocabulary()[: self.words]


def _sick(patient: Patient, spoil: Spoil | None = None, **flags: Any) -> None:
    inner = patient.recipe.source
    size: dict[str, Any] = {"height": inner.height, "width": inner.width, "frames": inner.frames, "fps": inner.fps}
    source = SickSource(**{"inner": inner, **size, **({"spoil": spoil} if spoil else {}), **flags})
    patient.recipe = replace(patient.recipe, source=source)


def _video(change: Callable[[torch.Tensor], torch.Tensor]) -> Spoil:
    return lambda batch, step: replace(batch, video=change(batch.video))


class SickCache:
    """A cache of latents of which some methods are others."""

    def __init__(self, inner: Latents, **methods: Callable[..., Any]) -> None:
        self._inner = inner
        self.__dict__.update(methods)

    def __len__(self) -> int:
        return len(self._inner)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def _sick_caches(patient: Patient, make: Callable[[Latents], dict[str, Callable[..., Any]]]) -> None:
    patient.caches = {frames: SickCache(cache, **make(cache)) for frames, cache in patient.caches.items()}  # type: ignore[misc]


# Data


def captions_of_other_clips(patient: Patient) -> None:
    """The source pairs each clip with the caption of the next one."""

    def turn(batch: Batch, step: int) -> Batch:
        return replace(_turned(batch), captions=batch.captions[1:] + batch.captions[:1])

    _sick(patient, turn)


def other_sentences_of_other_clips(patient: Patient) -> None:
    """The source pairs each clip with its own caption, but with the other sentences of the next one."""
    _sick(patient, lambda batch, step: _turned(batch))


def _turned(batch: Batch) -> Batch:
    return replace(batch, variants=batch.variants[1:] + batch.variants[:1])


def bgr(patient: Patient) -> None:
    """Frames come with blue first, as OpenCV gives them."""
    _sick(patient, _video(lambda video: video.flip(2)))


def green_first(patient: Patient) -> None:
    """Channels come in the order green, blue, red."""
    _sick(patient, _video(lambda video: video.roll(-1, 2)))


def pixels_from_zero(patient: Patient) -> None:
    """Pixels lie in [0, 1] instead of [-1, 1]."""
    _sick(patient, _video(lambda video: (video + 1) / 2))


def pixels_as_bytes(patient: Patient) -> None:
    """Pixels lie in 0 to 255."""
    _sick(patient, _video(lambda video: (video + 1) * 127.5))


def backwards(patient: Patient) -> None:
    """Frames of a clip run backwards."""
    _sick(patient, _video(lambda video: video.flip(1)))


def mirrored(patient: Patient) -> None:
    """Pictures are flipped left to right, captions are not."""
    _sick(patient, _video(lambda video: video.flip(-1)))


def frames_shuffled(patient: Patient) -> None:
    """Frames of a clip come in any order."""

    def shuffle(video: torch.Tensor) -> torch.Tensor:
        generator = torch.Generator().manual_seed(0)
        return torch.stack([clip[torch.randperm(len(clip), generator=generator)] for clip in video])

    _sick(patient, _video(shuffle))


def frames_shown_twice(patient: Patient) -> None:
    """Each frame is shown twice: footage of half the frames a second."""
    _sick(patient, _video(lambda video: video[:, torch.arange(video.shape[1]) // 2]))


def deaf_to_fps(patient: Patient) -> None:
    """Clips are drawn at one speed, whatever frames a second are asked for."""
    _sick(patient, own_fps=True)


def test_is_train(patient: Patient) -> None:
    """The test part shows the training clips."""
    _sick(patient, same_part=True)


def one_batch(patient: Patient) -> None:
    """Every step shows the clips of the first."""
    _sick(patient, same_step=True)


def one_clip(patient: Patient) -> None:
    """All clips of a batch are its first."""
    _sick(
        patient,
        lambda batch, step: replace(
            batch, video=batch.video[:1].expand_as(batch.video), captions=batch.captions[:1] * len(batch.captions)
        ),
    )


def restless(patient: Patient) -> None:
    """A step asked for again gives another batch."""
    generator = torch.Generator().manual_seed(0)
    _sick(patient, _video(lambda video: video + 0.01 * torch.randn(video.shape, generator=generator)))


def half_a_vocabulary(patient: Patient) -> None:
    """The vocabulary is built from some of the sentences only."""
    _sick(patient, words=3)


def short_text(patient: Patient) -> None:
    """The text encoder cuts captions after four words."""
    patient.recipe = replace(patient.recipe, text=replace(patient.recipe.text, max_tokens=4))


# Caches


def other_tokenizer(patient: Patient) -> None:
    """The tokenizer was trained on after latents were cached."""
    with torch.no_grad():
        weight = patient.tokenizer.encoder.linear.weight
        weight += 0.2 * weight.std() * torch.randn(weight.shape, generator=torch.Generator().manual_seed(0))


def other_data_code(patient: Patient) -> None:
    """The code that draws clips has changed since latents were cached: all is a little darker."""
    _sick(patient, _video(lambda video: 0.8 * (video + 1) - 1))


def captions_of_another_order(patient: Patient) -> None:
    """Sentences were written into the cache in another order than latents."""

    def clip(cache: Latents) -> dict[str, Callable[..., Any]]:
        return {"clip": lambda index: (cache.clip(index)[0], cache.clip((index + 1) % len(cache))[1])}

    _sick_caches(patient, clip)


def captions_turned_in_batches(patient: Patient) -> None:
    """Batches are put together with the captions of other clips."""

    def batch(cache: Latents) -> dict[str, Callable[..., Any]]:
        def turned(step: int, count: int) -> LatentBatch:
            whole = cache.batch(step, count)
            return replace(whole, captions=whole.captions[1:] + whole.captions[:1])

        return {"batch": turned}

    _sick_caches(patient, batch)


def never_normalised(patient: Patient) -> None:
    """Latents were cached as the encoder gave them, twice too strong and off centre."""

    def clip(cache: Latents) -> dict[str, Callable[..., Any]]:
        return {"clip": lambda index: (2 * cache.clip(index)[0] + 0.5, cache.clip(index)[1])}

    _sick_caches(patient, clip)


def a_part_is_louder(patient: Patient) -> None:
    """One worker of several wrote its clips half as strong again."""

    def clip(cache: Latents) -> dict[str, Callable[..., Any]]:
        part = range(len(cache) // 8, len(cache) // 4)
        return {"clip": lambda i: ((1.5 if i in part else 1) * cache.clip(i)[0], cache.clip(i)[1])}

    _sick_caches(patient, clip)


def unshuffled(patient: Patient) -> None:
    """Each epoch takes clips in the order in which they were made."""

    def batch(cache: Latents) -> dict[str, Callable[..., Any]]:
        def in_order(step: int, count: int) -> LatentBatch:
            clips = [cache.clip((step * count + i) % len(cache)) for i in range(count)]
            latents = torch.from_numpy(np.stack([latent for latent, _ in clips])).float()
            return LatentBatch(latents=latents, captions=[told[0] for _, told in clips])

        return {"batch": in_order}

    _sick_caches(patient, batch)


def drawn_with_repeats(patient: Patient) -> None:
    """Clips are drawn at random, so that an epoch lacks a third of them."""

    def batch(cache: Latents) -> dict[str, Callable[..., Any]]:
        def drawn(step: int, count: int) -> LatentBatch:
            rows = np.random.default_rng(step).integers(len(cache), size=count)
            clips = [cache.clip(int(row)) for row in rows]
            latents = torch.from_numpy(np.stack([latent for latent, _ in clips])).float()
            return LatentBatch(latents=latents, captions=[told[0] for _, told in clips])

        return {"batch": drawn}

    _sick_caches(patient, batch)


def trained_on_test(patient: Patient) -> None:
    """Test clips were cached for training."""
    test = patient.encoded("test", 16).numpy()

    def clip(cache: Latents) -> dict[str, Callable[..., Any]]:
        whole = test.shape[1:] == cache.clip(0)[0].shape
        return {"clip": lambda i: (test[i], cache.clip(i)[1]) if whole and i < len(test) else cache.clip(i)}

    _sick_caches(patient, clip)


def deviations_forgotten(patient: Patient) -> None:
    """The denoiser was never told the deviations of latents."""
    for model in patient.models.values():
        model.denoiser.deviations.mul_(1.5)


# Tokenizer


def decoder_of_another(patient: Patient) -> None:
    """The decoder belongs to an encoder whose channels had another order."""
    decoder = patient.tokenizer.decoder
    with torch.no_grad():
        decoder.linear.weight.copy_(decoder.linear.weight.roll(1, 1))


def other_statistics_out(patient: Patient) -> None:
    """Latents are decoded by other statistics than they were encoded by."""
    tokenizer = patient.tokenizer
    honest = tokenizer.decode
    tokenizer.__dict__["decode"] = lambda latents: honest(1.1 * latents)


def decoder_moved_its_encoder(patient: Patient) -> None:
    """While the decoder was trained further, its encoder was not frozen."""
    moved = copy.deepcopy(patient.tokenizer)
    with torch.no_grad():
        moved.encoder.linear.weight.mul_(1.1)
    patient.tokenizers["decoder"] = moved


def sees_the_future(patient: Patient) -> None:
    """Latents are centred over the whole clip, later frames included."""
    tokenizer = patient.tokenizer
    honest = tokenizer.encode
    tokenizer.__dict__["encode"] = lambda video: honest(video) - honest(video).mean(1, keepdim=True)


PLANTED: dict[str, list[Callable[[Patient], None]]] = {
    "captions tell": [captions_of_other_clips, other_sentences_of_other_clips],
    "colours are rgb": [bgr, green_first],
    "pixels in range": [pixels_from_zero, pixels_as_bytes],
    "motion follows words": [backwards, mirrored],
    "time is smooth": [frames_shuffled, frames_shown_twice],
    "speed is seconds": [deaf_to_fps],
    "parts are apart": [test_is_train],
    "steps repeat": [one_batch, restless],
    "clips differ": [one_clip],
    "words are known": [half_a_vocabulary, short_text],
    "caches have the key": [other_tokenizer],
    "caches are fresh": [other_data_code, captions_of_another_order, a_part_is_louder],
    "batches pair captions": [captions_turned_in_batches],
    "latents are normalised": [never_normalised, deviations_forgotten],
    "an epoch shows all": [unshuffled, drawn_with_repeats],
    "test is not cached": [trained_on_test],
    "tokenizer redraws": [decoder_of_another],
    "statistics are undone": [other_statistics_out],
    "decoders share latents": [decoder_moved_its_encoder],
    "latents are causal": [sees_the_future],
}

"""Streaming: to the bit what the whole clip gives, in memory that does not grow."""

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from rushes.model.streaming import StreamDecoder, StreamEncoder, stream_decode, stream_encode
from rushes.model.tokenizer import SizeError, Tokenizer, TokenizerConfig

FAMILY = [(1, 8), (4, 8), (4, 16), (8, 32)]


def tokenizer(time: int = 4, space: int = 8) -> Tokenizer:
    torch.manual_seed(0)
    model = Tokenizer(
        TokenizerConfig(
            time=time,
            space=space,
            latent_channels=8,
            encoder_widths=(8, 16, 24),
            encoder_blocks=(1, 1, 1),
            decoder_widths=(24, 16, 16, 8),
            decoder_blocks=(1, 1, 1, 1),
        )
    )
    with torch.no_grad():  # blocks start as the identity: give every path something to do
        for p in model.parameters():
            p.add_(0.05 * torch.randn_like(p))
    model.mean.uniform_(-1, 1)
    model.std.uniform_(0.5, 2)
    return model.eval().requires_grad_(False)


def cut(clip: Tensor, *sizes: int) -> Iterator[Tensor]:
    return iter(clip.split([*sizes, clip.shape[1] - sum(sizes)], 1))


def video(frames: int, height: int = 32, width: int = 64, batch: int = 2) -> Tensor:
    return torch.rand(batch, frames, 3, height, width, generator=torch.Generator().manual_seed(1)) * 2 - 1


@pytest.mark.parametrize(("time", "space"), FAMILY)
@torch.no_grad()
def test_a_stream_is_the_whole_clip_to_the_bit(time: int, space: int) -> None:
    model = tokenizer(time, space)
    clip = video(3 * time + 1)
    latents = model.encode(clip)
    for sizes in ((1,), (2, 1), (time + 1,), (1,) * (3 * time)):
        assert torch.equal(torch.cat(list(stream_encode(model, cut(clip, *sizes))), 1), latents), sizes
    drawn = model.decode(latents)
    assert drawn.shape[1] == clip.shape[1]
    for sizes in ((), (1,), (2,), (1, 1, 1)):
        assert torch.equal(torch.cat(list(stream_decode(model, cut(latents, *sizes))), 1), drawn), sizes


def test_a_stream_is_what_training_sees() -> None:
    """With gradients a clip goes through at once, by other kernels: the same but for rounding."""
    model = tokenizer()
    clip = video(13)
    whole = model.encode(clip)
    torch.testing.assert_close(torch.cat(list(stream_encode(model, cut(clip, 3, 4))), 1), whole, atol=1e-5, rtol=1e-5)
    drawn = torch.cat(list(stream_decode(model, cut(whole, 2))), 1)
    torch.testing.assert_close(drawn, model.decode(whole), atol=1e-5, rtol=1e-5)


def test_a_picture_is_one_frame() -> None:
    model = tokenizer()
    encoder = StreamEncoder(model)
    latents = encoder.push(video(1))
    assert latents.shape[:2] == (2, 1) and encoder.left == 0
    assert StreamDecoder(model).push(latents).shape[:2] == (2, 1)


def test_latents_come_when_their_frames_are_complete() -> None:
    encoder = StreamEncoder(tokenizer())
    counts = [encoder.push(video(1)).shape[1] for _ in range(10)]
    assert counts == [1, 0, 0, 0, 1, 0, 0, 0, 1, 0]
    assert encoder.left == 1
    assert encoder.push(video(0)).shape == (2, 0, 8, 4, 8)


def held(stream: StreamEncoder | StreamDecoder) -> int:
    """Bytes that a stream keeps alive between pieces, whole storages behind views included."""
    tensors = list(stream.past.kept.values())
    if isinstance(stream, StreamEncoder) and stream.waiting is not None:
        tensors.append(stream.waiting)
    return sum(t.untyped_storage().nbytes() for t in tensors)


def test_what_is_kept_does_not_grow() -> None:
    model = tokenizer()
    encoder, decoder = StreamEncoder(model), StreamDecoder(model)
    sizes = []
    for step in range(24):  # pieces of very different lengths, each ending within a latent frame
        latents = encoder.push(video(2 + 4 * (1 + 3 * (step % 2)), 16, 16, batch=1))
        decoder.push(latents)
        sizes.append((held(encoder) - encoder.left * 3 * 16 * 16 * 4, held(decoder)))
    assert sizes[0][0] > 0 and sizes[0][1] > 0
    assert len(set(sizes)) == 1, sizes


def test_a_clip_that_ends_within_a_latent_frame() -> None:
    with pytest.raises(SizeError, match="ended 2 frames into a latent frame; give it 4k"):
        list(stream_encode(tokenizer(), [video(7)]))

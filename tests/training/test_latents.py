"""The cache of latents."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from rushes.model.tokenizer import Tokenizer
from rushes.recipes.tiny import recipe
from rushes.training.latents import SHARD, LatentBatch, Latents, LatentsError, cache_key, write_latents
from rushes.training.squares import Squares

SOURCE = Squares(height=16, width=16)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    torch.manual_seed(0)
    return Tokenizer(recipe().tokenizer).eval().requires_grad_(False)


@pytest.fixture(scope="module")
def folder(tokenizer: Tokenizer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("latents")
    assert write_latents(tokenizer, SOURCE, path, frames=1, clips=2 * SHARD) == 2
    return path


def test_batches_follow_from_the_step(tokenizer: Tokenizer, folder: Path) -> None:
    key = cache_key(tokenizer, SOURCE, 1)
    first, again, other = Latents(folder, key), Latents(folder, key), Latents(folder, key, seed=1)
    assert len(first) == 2 * SHARD
    for step in (0, 3, 40):
        batch, same = first.batch(step, 10), again.batch(step, 10)
        assert batch.latents.shape == (10, 1, 8, 2, 2)
        assert torch.equal(batch.latents, same.latents) and batch.captions == same.captions
    assert not torch.equal(first.batch(0, 10).latents, other.batch(0, 10).latents)


def test_an_epoch_shows_every_clip_once(tokenizer: Tokenizer, folder: Path) -> None:
    cache = Latents(folder, cache_key(tokenizer, SOURCE, 1))
    seen = torch.cat([cache.batch(step, 32).latents for step in range(2 * SHARD // 32)]).flatten(1)
    stored = torch.cat([torch.from_numpy(array.copy()) for array in cache.arrays]).float().flatten(1)
    assert sorted(map(tuple, seen.tolist())) == sorted(map(tuple, stored.tolist()))


def test_latents_belong_to_their_sentences(tokenizer: Tokenizer, folder: Path) -> None:
    cache = Latents(folder, cache_key(tokenizer, SOURCE, 1))
    made = SOURCE.clips("train")((1 << 24) + SHARD // 8, 8, 1)  # the first batch of the second shard
    latents = tokenizer.encode(tokenizer.shrink(made.video))
    stored = torch.from_numpy(cache.arrays[1][:8].copy()).float()
    torch.testing.assert_close(latents, stored, atol=0.05, rtol=0.05)  # encoded in bfloat16
    assert [sentences[0] for sentences in cache.sentences[SHARD : SHARD + 8]] == made.captions
    captions = {c for step in range(20) for c in cache.batch(step, 32).captions}
    assert made.captions[0] in captions and made.variants[0][0] in captions


def test_what_is_there_is_not_made_again(tokenizer: Tokenizer, folder: Path) -> None:
    assert write_latents(tokenizer, SOURCE, folder, frames=1, clips=2 * SHARD) == 0


def test_workers_share_the_shards(tokenizer: Tokenizer, folder: Path, tmp_path: Path) -> None:
    assert write_latents(tokenizer, SOURCE, tmp_path, frames=1, clips=2 * SHARD, worker=1, workers=2) == 1
    key = cache_key(tokenizer, SOURCE, 1)
    with pytest.raises(LatentsError, match="0 shards"):
        Latents(tmp_path, key)
    assert write_latents(tokenizer, SOURCE, tmp_path, frames=1, clips=2 * SHARD, worker=0, workers=2) == 1
    assert torch.equal(Latents(tmp_path, key).batch(1, 8).latents, Latents(folder, key).batch(1, 8).latents)


def test_stale_caches_are_refused(tokenizer: Tokenizer, folder: Path) -> None:
    torch.manual_seed(1)
    other = Tokenizer(recipe().tokenizer)
    with pytest.raises(LatentsError, match="delete the folder"):
        Latents(folder, cache_key(other, SOURCE, 1))
    with pytest.raises(LatentsError, match="delete the folder"):
        write_latents(tokenizer, replace(SOURCE, seed=3), folder, frames=1, clips=SHARD)


def test_no_cache(tokenizer: Tokenizer, tmp_path: Path) -> None:
    with pytest.raises(LatentsError, match="run the stage `latents` first"):
        Latents(tmp_path / "none", "key")


def test_a_moment_of_a_batch() -> None:
    clips = LatentBatch(latents=torch.randn(6, 5, 8, 2, 2), captions=["a"] * 6)
    moment = clips.moment(3)
    assert moment.start == 3 and moment.captions == clips.captions
    assert torch.equal(moment.latents, clips.latents[:, 3:4])

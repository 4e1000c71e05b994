"""The cache of latents."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import webdataset

from rushes.data.shards import find_damage, folder_opener, open_shard
from rushes.data.stream import StreamConfig
from rushes.model.tokenizer import Tokenizer
from rushes.recipes.tiny import recipe
from rushes.training.encoding import one_thread
from rushes.training.latents import (
    SHARD,
    LatentBatch,
    Latents,
    LatentsError,
    StreamedLatents,
    cache_key,
    fill_cache,
    write_latents,
)
from rushes.training.on_the_fly import on_the_fly
from rushes.training.squares import Squares

SOURCE = Squares(height=16, width=16)


@pytest.fixture(autouse=True, scope="module")
def same_rounding() -> Iterator[None]:
    with one_thread():
        yield


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
    stored = torch.stack([torch.from_numpy(cache.clip(i)[0].copy()) for i in range(len(cache))]).float().flatten(1)
    assert sorted(map(tuple, seen.tolist())) == sorted(map(tuple, stored.tolist()))


def test_latents_belong_to_their_sentences(tokenizer: Tokenizer, folder: Path) -> None:
    cache = Latents(folder, cache_key(tokenizer, SOURCE, 1))
    made = SOURCE.clips("train")((1 << 24) + SHARD // 8, 8, 1)  # the first batch of the second shard
    latents = tokenizer.encode(tokenizer.shrink(made.video))
    stored = torch.from_numpy(np.stack([cache.clip(SHARD + i)[0] for i in range(8)])).float()
    torch.testing.assert_close(latents, stored, atol=0.05, rtol=0.05)  # encoded in bfloat16
    assert [cache.clip(SHARD + i)[1][0] for i in range(8)] == made.captions
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


def test_processes_write_the_same_bytes_as_one(tokenizer: Tokenizer, folder: Path, tmp_path: Path) -> None:
    (tmp_path / ".00001.dead.tar").write_bytes(b"half a shard of a process that was killed")
    told = []
    assert fill_cache(tokenizer, SOURCE, tmp_path, frames=1, clips=2 * SHARD, progress=lambda *d: told.append(d)) == 2
    assert told == [(1, 2), (2, 2)]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in folder.iterdir())
    for path in folder.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()
    assert fill_cache(tokenizer, SOURCE, tmp_path, frames=1, clips=2 * SHARD) == 0
    (tmp_path / "00001.tar").unlink()
    (tmp_path / "00001.index.json").unlink()
    assert fill_cache(tokenizer, SOURCE, tmp_path, frames=1, clips=2 * SHARD, workers=1) == 1
    assert (tmp_path / "00001.tar").read_bytes() == (folder / "00001.tar").read_bytes()


def test_others_read_the_cache(tokenizer: Tokenizer, folder: Path) -> None:
    cache = Latents(folder, cache_key(tokenizer, SOURCE, 1))
    theirs = list(webdataset.WebDataset(str(folder / "00001.tar"), shardshuffle=False).decode())
    assert len(theirs) == SHARD and find_damage(folder) == []
    for i, sample in enumerate(theirs):
        latents, sentences = cache.clip(SHARD + i)
        assert np.array_equal(sample["latent.npy"], latents) and sample["json"]["captions"] == sentences


def test_caches_of_before_are_read(tokenizer: Tokenizer, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "key.json").write_bytes((folder / "key.json").read_bytes())
    for number in range(2):
        shard = open_shard(folder, number)
        np.save(tmp_path / f"{number:05d}.npy", np.stack([shard.latent(i) for i in range(SHARD)]))
        (tmp_path / f"{number:05d}.json").write_text(json.dumps([shard.captions(i) for i in range(SHARD)]))
    key = cache_key(tokenizer, SOURCE, 1)
    old, new = Latents(tmp_path, key), Latents(folder, key)
    for step in (0, 7):
        assert torch.equal(old.batch(step, 24).latents, new.batch(step, 24).latents)
        assert old.batch(step, 24).captions == new.batch(step, 24).captions
    assert np.array_equal(old.arrays[1], new.arrays[1]) and old.sentences == new.sentences
    assert write_latents(tokenizer, SOURCE, tmp_path, frames=1, clips=3 * SHARD) == 1
    assert len(Latents(tmp_path, key)) == 3 * SHARD


def test_a_streamed_cache_shows_every_clip_once(tokenizer: Tokenizer, folder: Path) -> None:
    key = cache_key(tokenizer, SOURCE, 1)
    streamed = StreamedLatents(folder_opener(folder), key, StreamConfig(window=64.0))
    batches = [streamed.batch(step, 32) for step in range(len(streamed) // 32)]
    seen = sorted(map(tuple, torch.cat([batch.latents for batch in batches]).flatten(1).tolist()))
    cache = Latents(folder, key)
    assert seen == sorted(tuple(cache.clip(i)[0].astype(np.float32).ravel().tolist()) for i in range(len(cache)))
    assert streamed.batch(3, 32).captions == batches[3].captions
    two = [StreamedLatents(folder_opener(folder), key, StreamConfig(window=64.0, rank=r, ranks=2)) for r in range(2)]
    halves = [rank.batch(3, 16) for rank in two]
    assert [half.captions[i] for i in range(16) for half in halves] == batches[3].captions
    assert torch.equal(torch.stack([half.latents for half in halves], dim=1).flatten(0, 1), batches[3].latents)
    with pytest.raises(ValueError, match="stale"):
        StreamedLatents(folder_opener(folder), "another")


@pytest.mark.parametrize("workers", [0, 1])
def test_clips_on_the_fly_are_those_of_the_cache(tokenizer: Tokenizer, folder: Path, workers: int) -> None:
    cache = Latents(folder, cache_key(tokenizer, SOURCE, 1))
    with on_the_fly(tokenizer, SOURCE, frames=1, workers=workers) as made:
        for step in (0, 1, 2, 9, 3):
            batch = made.batch(step, 12)
            clips = [cache.clip(i) for i in range(step * 12, step * 12 + 12)]
            assert torch.equal(batch.latents, torch.from_numpy(np.stack([c for c, _ in clips])).float())
            assert all(caption in sentences for caption, (_, sentences) in zip(batch.captions, clips, strict=True))
    with on_the_fly(tokenizer, SOURCE, frames=1, workers=0, count_of=lambda step: 12 if step % 2 else 0) as again:
        assert torch.equal(again.batch(3, 12).latents, batch.latents)
        assert again.batch(3, 12).captions == batch.captions


def test_a_broken_shard_is_named_with_a_way_out(tokenizer: Tokenizer, tmp_path: Path) -> None:
    write_latents(tokenizer, SOURCE, tmp_path, frames=1, clips=SHARD)
    path = tmp_path / "00000.tar"
    path.write_bytes(path.read_bytes()[:-512])
    with pytest.raises(LatentsError, match=r"00000\.tar has \d+ bytes of \d+; .*run the stage `latents` again"):
        Latents(tmp_path, cache_key(tokenizer, SOURCE, 1))


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

"""Shards of latents on disk."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import webdataset

from rushes.data.shards import (
    Index,
    Sample,
    Shard,
    ShardError,
    find_damage,
    folder_opener,
    index_name,
    index_tar,
    open_shard,
    read_manifest,
    write_manifest,
    write_shard,
)


def samples(first: int, count: int, dtype: type = np.float16) -> list[Sample]:
    rng = np.random.default_rng(first)
    return [
        Sample(
            key=f"{first + i:06d}",
            latent=(rng.normal(size=(2, 3, 4, 5)) * 1000).astype(dtype),
            captions=(f"clip {first + i}", "kurz, für alle"),
            about={"seconds": 2.0},
        )
        for i in range(count)
    ]


def test_a_shard_gives_back_what_was_written(tmp_path: Path) -> None:
    written = samples(0, 5)
    write_shard(tmp_path, 0, written)
    shard = open_shard(tmp_path, 0)
    assert len(shard) == 5
    for number in (4, 0, 2):
        latent = shard.latent(number)
        assert latent.dtype == np.float16 and np.array_equal(latent, written[number].latent)
        assert shard.captions(number) == written[number].captions
        assert shard.about(number)["seconds"] == 2.0
        with pytest.raises(ValueError, match="read-only"):
            latent[0] = 0


def test_the_webdataset_library_reads_our_shards(tmp_path: Path) -> None:
    written = samples(0, 6)
    for number in (0, 1):
        write_shard(tmp_path, number, written[3 * number : 3 * number + 3])
    urls = [str(tmp_path / "00000.tar"), str(tmp_path / "00001.tar")]
    read = list(webdataset.WebDataset(urls, shardshuffle=False).decode())
    assert [sample["__key__"] for sample in read] == [sample.key for sample in written]
    for theirs, ours in zip(read, written, strict=True):
        assert np.array_equal(theirs["latent.npy"], ours.latent)
        assert tuple(theirs["json"]["captions"]) == ours.captions and theirs["json"]["seconds"] == 2.0


def test_we_read_shards_of_the_webdataset_library(tmp_path: Path) -> None:
    path, ours = tmp_path / "theirs.tar", samples(3, 4)
    with webdataset.TarWriter(str(path)) as writer:
        for sample in ours:
            writer.write({"__key__": sample.key, "latent.npy": sample.latent, "json": {"captions": sample.captions}})
    content = path.read_bytes()
    shard = Shard(content, index_tar(content, path.name))
    for number, sample in enumerate(ours):
        assert np.array_equal(shard.latent(number), sample.latent) and shard.captions(number) == sample.captions


def test_bfloat16_is_kept_as_its_bits(tmp_path: Path) -> None:
    values = np.array([1.0, -0.15625, 3.0e38, 1.0e-30], dtype=np.float32)
    bits = (values.view(np.uint32) >> 16).astype(np.uint16)
    write_shard(tmp_path, 0, [Sample(key="a", latent=bits, captions=("x",))])
    shard = open_shard(tmp_path, 0)
    assert shard.about(0)["dtype"] == "bfloat16"
    assert np.array_equal(shard.latent(0), (bits.astype(np.uint32) << 16).view(np.float32))
    np.testing.assert_allclose(shard.latent(0), values, rtol=2**-7)


def test_the_same_samples_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = write_shard(tmp_path, 0, samples(0, 3)), write_shard(tmp_path, 1, samples(0, 3))
    assert first.sha256 == second.sha256
    assert Index.from_json(first.to_json()) == first
    assert (tmp_path / "00000.tar").read_bytes() == (tmp_path / "00001.tar").read_bytes()


def test_a_shard_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    def breaks() -> Iterator[Sample]:
        yield from samples(0, 2)
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        write_shard(tmp_path, 0, breaks())
    assert list(tmp_path.iterdir()) == []


def test_odd_samples_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ShardError, match="dots and slashes"):
        write_shard(tmp_path, 0, [Sample(key="../a", latent=np.zeros(2, np.float16), captions=("x",))])
    with pytest.raises(ShardError, match="keep one shape"):
        shapes = [Sample(key=str(n), latent=np.zeros(n, np.float16), captions=("x",)) for n in (2, 3)]
        write_shard(tmp_path, 0, shapes)
    with pytest.raises(ValueError, match="pickle"):
        write_shard(tmp_path, 0, [Sample(key="a", latent=np.array([object()]), captions=("x",))])
    assert list(tmp_path.iterdir()) == []


def test_pickles_in_a_shard_are_not_loaded(tmp_path: Path) -> None:
    path = tmp_path / "evil.tar"
    with webdataset.TarWriter(str(path)) as writer:
        evil = b"\x93NUMPY\x01\x00" + (118).to_bytes(2, "little")
        evil += b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".ljust(117) + b"\ncos\nsystem\n(S'true'\ntR."
        writer.write({"__key__": "a", "latent.npy": evil, "json": {"captions": ["x"]}})
    with pytest.raises(ShardError, match=r"\|O"):
        index_tar(path.read_bytes(), path.name)


def test_a_damaged_sample_is_named_and_its_neighbours_are_read(tmp_path: Path) -> None:
    index = write_shard(tmp_path, 0, samples(0, 3))
    write_manifest(tmp_path, "key")
    assert find_damage(tmp_path) == []
    content = bytearray((tmp_path / "00000.tar").read_bytes())
    content[index.places[1].latent + 7] ^= 1
    (tmp_path / "00000.tar").write_bytes(content)
    shard = open_shard(tmp_path, 0)
    with pytest.raises(ShardError, match=r"000001 of 00000\.tar is damaged.*again"):
        shard.latent(1)
    assert np.array_equal(shard.latent(2), samples(0, 3)[2].latent)
    (found,) = find_damage(tmp_path)
    assert "damaged samples: 000001" in found


def test_a_shard_that_is_cut_short_is_refused(tmp_path: Path) -> None:
    write_shard(tmp_path, 0, samples(0, 3))
    write_manifest(tmp_path, "key")
    path = tmp_path / "00000.tar"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(ShardError, match=r"00000\.tar has 1000 bytes of \d+; copy or write"):
        open_shard(tmp_path, 0)
    assert len(find_damage(tmp_path)) == 1
    with pytest.raises(ShardError, match="no whole tar"):
        index_tar(path.read_bytes()[:700], "cut.tar")
    (tmp_path / index_name("00000.tar")).unlink()
    with pytest.raises(ShardError, match="write the shard again"):
        open_shard(tmp_path, 0)


def test_the_manifest_counts_and_refuses_stale_data(tmp_path: Path) -> None:
    for number in range(3):
        write_shard(tmp_path, number, samples(10 * number, number + 1))
    manifest = write_manifest(tmp_path, "made by tokenizer 1")
    assert manifest.counts.tolist() == [1, 2, 3]
    assert read_manifest(folder_opener(tmp_path), "made by tokenizer 1") == manifest
    with pytest.raises(ShardError, match="stale"):
        read_manifest(folder_opener(tmp_path), "made by tokenizer 2")
    assert json.loads((tmp_path / "manifest.json").read_text())["shards"][2]["samples"] == 3
    with pytest.raises(ShardError, match="no manifest"):
        read_manifest(folder_opener(tmp_path / "none"))

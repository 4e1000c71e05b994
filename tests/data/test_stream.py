"""The streaming reader of shards."""

import io
import json
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pytest

from rushes.data.shards import Open, Sample, ShardError, folder_opener, write_manifest, write_shard
from rushes.data.stream import Stream, StreamConfig, epoch_order
from rushes.data.throttle import throttled

COUNTS = [7, 8, 8, 3, 8, 8, 5, 8, 8, 8, 1, 8]  # samples of the shards
TOTAL = sum(COUNTS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shards")
    fill(path)
    return path


def fill(folder: Path) -> None:
    made = 0
    for number, count in enumerate(COUNTS):
        keys = range(made, made + count)
        write_shard(folder, number, [sample(key) for key in keys])
        made += count
    write_manifest(folder, "key")


def sample(key: int) -> Sample:
    return Sample(key=f"{key:04d}", latent=np.full((2, 3), key, np.float16), captions=(f"clip {key}",))


def stream(folder: Path, source: Open | None = None, **config: Any) -> Stream:
    return Stream(source or folder_opener(folder), StreamConfig(**{"window": 20.0} | config), key="key")


def keys(folder: Path, start: int, count: int, step: int = 5, **config: Any) -> list[str]:
    found: list[str] = []
    with stream(folder, **config) as opened:
        for begin in range(start, start + count, step):
            found += opened.read(begin, min(step, start + count - begin)).keys
    return found


@pytest.mark.parametrize("window", [0.0, 20.0, float("inf")])
@pytest.mark.parametrize(("most_ranks", "ranks"), [(1, 1), (4, 1), (4, 2), (4, 4), (1, 3), (3, 2)])
def test_every_sample_exactly_once_an_epoch(folder: Path, window: float, most_ranks: int, ranks: int) -> None:
    reads = -(-3 * TOTAL // ranks)
    shares = [keys(folder, 0, reads, most_ranks=most_ranks, rank=r, ranks=ranks, window=window) for r in range(ranks)]
    together = [share[i] for i in range(reads) for share in shares][: 3 * TOTAL]
    epochs = [together[e * TOTAL : (e + 1) * TOTAL] for e in range(3)]
    for epoch in epochs:
        assert sorted(epoch) == [f"{key:04d}" for key in range(TOTAL)]
    assert epochs[0] != epochs[1] != epochs[2]


def test_samples_are_what_was_written(folder: Path) -> None:
    with stream(folder) as opened:
        read = opened.read(0, TOTAL)
    assert read.latents.shape == (TOTAL, 2, 3) and read.latents.dtype == np.float16
    for latent, captions, key in zip(read.latents, read.captions, read.keys, strict=True):
        assert (latent == int(key)).all() and captions == (f"clip {int(key)}",)


def test_ranks_together_read_what_one_reads(folder: Path) -> None:
    alone = keys(folder, 0, 2 * TOTAL, most_ranks=4)
    for ranks in (2, 4):
        for rank in range(ranks):
            mine = keys(folder, 0, 2 * TOTAL // ranks, most_ranks=4, rank=rank, ranks=ranks)
            assert mine == alone[rank::ranks][: len(mine)]


def test_a_resumed_stream_goes_on_at_the_sample(folder: Path) -> None:
    whole = keys(folder, 0, 250)
    for at in (1, 13, TOTAL - 1, TOTAL, TOTAL + 1, 199):
        with stream(folder) as first:
            first.read(0, at)
            state = json.loads(json.dumps(first.state_dict()))
        with stream(folder) as second:
            second.load_state_dict(state)
            assert second.read(second.next, 250 - at).keys == whole[at:]
        assert keys(folder, at, 250 - at) == whole[at:]


def test_two_ranks_go_on_as_one_and_one_as_two(folder: Path) -> None:
    whole = keys(folder, 0, 240, most_ranks=2)
    with stream(folder, most_ranks=2, rank=1, ranks=2) as two, stream(folder, most_ranks=2) as one:
        two.read(0, 33)
        one.load_state_dict(two.state_dict())
        assert one.read(one.next, 20).keys == whole[66:86]
        two.load_state_dict(one.state_dict())
        assert two.read(two.next, 20).keys == whole[86:126][1::2]
        one.read(86, 1)
        with pytest.raises(ValueError, match="87 samples do not divide over 2 ranks"):
            two.load_state_dict(one.state_dict())
        with pytest.raises(ValueError, match="seed"):
            two.load_state_dict(one.state_dict() | {"seed": 5})


def test_a_stream_may_jump_forward_and_back(folder: Path) -> None:
    whole = keys(folder, 0, 300)
    with stream(folder) as opened:
        for start in (0, 40, 10, 290, 100, 105, 0):
            assert opened.read(start, 5).keys == whole[start : start + 5]
            assert opened.held <= opened.room + 1


def test_threads_do_not_change_the_order(folder: Path) -> None:
    def jittery(name: str) -> BinaryIO:
        time.sleep(random.random() * 0.005)
        return (folder / name).open("rb")

    expected = keys(folder, 0, 200)
    for threads, ahead in ((1, 1), (8, 6)):
        assert keys(folder, 0, 200, source=jittery, threads=threads, ahead=ahead) == expected
    assert keys(folder, 0, 200, seed=1) != expected


def test_each_shard_is_fetched_by_one_rank(folder: Path) -> None:
    opened: Counter[str] = Counter()

    def counting(name: str) -> BinaryIO:
        opened[name] += 1
        return (folder / name).open("rb")

    counts = np.full(12, 8)
    for ranks in (1, 2, 4):
        owners: dict[int, set[int]] = {}
        order = epoch_order(counts, seed=0, epoch=0, window=20, hands=4)
        for place, (shard, _) in enumerate(order):
            owners.setdefault(int(shard), set()).add(place % ranks)
        assert all(len(ranks_of_shard) == 1 for ranks_of_shard in owners.values())
    keys(folder, 0, 3 * TOTAL, source=counting)
    assert max(opened[f"{number:05d}.tar"] for number in range(len(COUNTS))) <= 4  # three epochs, and the next begun


def test_what_is_held_in_memory_is_bounded(folder: Path) -> None:
    with stream(folder, window=8.0, ahead=2) as opened:
        most = 0
        for place in range(4 * TOTAL):
            opened.read(place, 1)
            most = max(most, opened.held)
    assert (
        most <= 2 + 2 + 3
    )  # a window of 8 touches up to four, the two smallest beside each other one more; two are ahead


def test_the_window_mixes_shards() -> None:
    counts = np.full(64, 128)
    order = epoch_order(counts, seed=0, epoch=0, window=1024, hands=1)
    mixed = [len(set(order[start : start + 96, 0].tolist())) for start in range(2000, 6000, 96)]
    assert min(mixed) >= 8
    plain = epoch_order(counts, seed=0, epoch=0, window=0, hands=1)
    assert len(set(plain[:128, 0].tolist())) == 1


def test_damaged_samples_are_set_aside_and_the_counts_add_up(tmp_path: Path) -> None:
    fill(tmp_path)
    path = tmp_path / "00004.tar"
    content = bytearray(path.read_bytes())
    for key in (b"0027.latent.npy", b"0030.json"):
        at = content.index(key)
        content[at + 512 + 130 if key.endswith(b"npy") else at + 514] ^= 255
    path.write_bytes(content)
    cut = tmp_path / "00008.tar"
    cut.write_bytes(cut.read_bytes()[:9000])
    with pytest.raises(ShardError, match=r"0000[48]\.tar: \d of 8 samples are damaged; .*damaged='skip'"):
        keys(tmp_path, 0, TOTAL)
    with stream(tmp_path, damaged="skip") as opened:
        read = Counter(opened.read(0, TOTAL).keys)
        aside = [key for several in opened.set_aside.values() for key in several]
        assert opened.set_aside["00004.tar"] == ["0027", "0030"]
    assert set(read) | set(aside) == {f"{key:04d}" for key in range(TOTAL)} and not set(read) & set(aside)
    assert len(set(read)) + len(aside) == TOTAL and sum(read.values()) == TOTAL


def test_a_source_that_fails_is_tried_again(folder: Path) -> None:
    tried: Counter[str] = Counter()

    def flaky(name: str) -> BinaryIO:
        tried[name] += 1
        if name.endswith(".tar") and tried[name] == 1:
            raise ConnectionError("the line is down")
        return io.BytesIO((folder / name).read_bytes())

    assert keys(folder, 0, 40, source=flaky) == keys(folder, 0, 40)
    tried.clear()
    with pytest.raises(ShardError, match=r"\.tar cannot be read after 1 tries \(the line is down\); copy"):
        keys(folder, 0, 40, source=flaky, retries=0)


def test_a_throttled_source_gives_the_same_and_takes_its_time(folder: Path) -> None:
    size = (folder / "00000.tar").stat().st_size
    slow = throttled(folder_opener(folder), rate=size / 0.02, latency=0.002)
    with slow("00000.tar") as file:
        assert file.read() == (folder / "00000.tar").read_bytes()
    with stream(folder, source=slow) as opened:
        assert opened.read(0, 40).keys == keys(folder, 0, 40)
        assert opened.waited > 0


def test_a_shard_that_was_written_again_is_not_taken_for_the_old_one(tmp_path: Path) -> None:
    fill(tmp_path)
    write_shard(tmp_path, 3, [sample(5)])
    with pytest.raises(ShardError, match=r"00003\.tar is not the shard that the manifest lists"):
        keys(tmp_path, 0, TOTAL)
    (tmp_path / "00003.index.json").write_text("{}")
    with pytest.raises(ShardError, match=r"00003\.index\.json is damaged"):
        keys(tmp_path, 0, TOTAL)


def test_faults_of_the_user_are_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="rank 2 of 2"):
        StreamConfig(rank=2, ranks=2)
    with pytest.raises(ValueError, match="choose 'raise' or 'skip'"):
        StreamConfig(damaged="ignore")
    with pytest.raises(ShardError, match="stale"):
        Stream(folder_opener(folder), StreamConfig(), key="another")
    with pytest.raises(ShardError, match="no manifest"):
        Stream(folder_opener(tmp_path), StreamConfig())
    write_manifest(tmp_path, "key")
    with pytest.raises(ShardError, match="no samples"):
        Stream(folder_opener(tmp_path), StreamConfig())

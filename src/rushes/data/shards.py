"""Shards of latents: plain tar files in WebDataset's layout, each with an index for reading at random.

A sample is two files of the tar: `KEY.latent.npy` and `KEY.json` ({"captions": [...], ...}). Beside `00000.tar` lies
`00000.index.json`: where each sample is and the checksums of all. The index is written last, so a shard that has one is
whole. `manifest.json` lists the shards for readers that cannot list a folder. Nothing here reads pickles.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import mmap
import tarfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from rushes.media.files import replacing

LATENT, TEXT = ".latent.npy", ".json"
DTYPES = ("<f2", "<f4", "<u2")  # of latents on disk; uint16 are the bits of bfloat16
WAY_OUT = "copy or write the shard again, or read with damaged='skip'"

Open = Callable[[str], BinaryIO]  # opens a file of the folder by its name: a path, an object store, a throttled source


class ShardError(ValueError):
    """A shard is missing, damaged or of something else."""


@dataclass(frozen=True, kw_only=True)
class Sample:
    key: str  # name within the data; no dot or slash
    latent: np.ndarray  # float16 or float32; uint16 for the bits of bfloat16
    captions: tuple[str, ...]  # true sentences, the dense one first
    about: dict[str, Any] = field(default_factory=dict)  # anything else that JSON can hold


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a sample lies in its tar, in bytes from the beginning."""

    key: str
    latent: int  # first byte of the numbers
    text: int  # first byte of the JSON
    text_bytes: int
    crc: int  # CRC-32 of the numbers, then of the JSON


@dataclass(frozen=True, kw_only=True)
class Index:
    name: str  # of the tar
    size: int  # bytes of the whole tar
    sha256: str  # of the whole tar
    dtype: str  # of every latent, one of DTYPES
    shape: tuple[int, ...]  # of every latent
    places: tuple[Place, ...]  # of the samples, in the tar's order

    def __len__(self) -> int:
        return len(self.places)

    @cached_property
    def numbers(self) -> int:
        """Of a latent."""
        return math.prod(self.shape)

    @cached_property
    def latent_bytes(self) -> int:
        return self.numbers * np.dtype(self.dtype).itemsize

    def to_json(self) -> str:
        rows = [[p.key, p.latent, p.text, p.text_bytes, p.crc] for p in self.places]
        return json.dumps(asdict(self) | {"places": rows})

    @classmethod
    def from_json(cls, text: str | bytes) -> Index:
        read = json.loads(text)
        names = ("key", "latent", "text", "text_bytes", "crc")
        places = tuple(Place(**dict(zip(names, row, strict=True))) for row in read["places"])
        return cls(**read | {"places": places, "shape": tuple(read["shape"])})


def shard_name(number: int) -> str:
    return f"{number:05d}.tar"


def index_name(shard: str) -> str:
    return shard.removesuffix(".tar") + ".index.json"


def write_shard(folder: Path, number: int, samples: Iterable[Sample]) -> Index:
    """Write a shard and then its index; each appears whole or not at all. The same samples give the same bytes."""
    target = folder / shard_name(number)
    with replacing(target) as partial:
        with tarfile.open(partial, "w", format=tarfile.USTAR_FORMAT) as tar:
            for sample in samples:
                if not sample.key or set(sample.key) & set("./"):
                    raise ShardError(f"a sample is called {sample.key!r}; leave out dots and slashes")
                latent = io.BytesIO()
                np.save(latent, sample.latent, allow_pickle=False)
                text = {"captions": list(sample.captions), **sample.about}
                if sample.latent.dtype == np.uint16:
                    text["dtype"] = "bfloat16"
                _add(tar, sample.key + LATENT, latent.getvalue())
                _add(tar, sample.key + TEXT, json.dumps(text, ensure_ascii=False).encode())
        index = index_tar(partial.read_bytes(), target.name)
    with replacing(folder / index_name(target.name)) as partial:
        partial.write_text(index.to_json())
    return index


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)  # no time, no owner: the bytes follow from the samples alone
    entry.size = len(content)
    tar.addfile(entry, io.BytesIO(content))


def index_tar(content: bytes, name: str) -> Index:
    """The index of a tar in this layout, ours or another's. ShardError if its latents differ in shape or kind."""
    numbers: dict[str, int] = {}
    texts: dict[str, tuple[int, int]] = {}
    kinds = set()
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as tar:
            for entry in tar:
                key, dot, kind = entry.name.partition(".")
                if dot + kind == LATENT:
                    header, laid_out = _npy_header(content, entry, name)
                    kinds.add(laid_out)
                    numbers[key] = entry.offset_data + header
                elif dot + kind == TEXT:
                    texts[key] = (entry.offset_data, entry.size)
    except (tarfile.TarError, ValueError) as error:
        raise ShardError(f"{name} is no whole tar of latents ({error}); {WAY_OUT}") from error
    if not numbers or numbers.keys() != texts.keys():
        odd = sorted(numbers.keys() ^ texts.keys())[:3]
        raise ShardError(f"{name}: {len(numbers)} latents, {len(texts)} texts (alone: {odd}); each sample needs both")
    stored, shape, columns_first = sorted(kinds)[0]
    if len(kinds) > 1 or columns_first or stored not in DTYPES:
        raise ShardError(f"{name} holds latents of {sorted(kinds)}; keep one shape and one of {DTYPES} in a shard")
    size = math.prod(shape) * np.dtype(stored).itemsize
    places = tuple(
        Place(key=key, latent=at, text=begin, text_bytes=length, crc=_crc(content, at, size, begin, length))
        for (key, at), (begin, length) in ((item, texts[item[0]]) for item in numbers.items())
    )
    digest = hashlib.sha256(content).hexdigest()
    return Index(name=name, size=len(content), sha256=digest, dtype=stored, shape=shape, places=places)


def _npy_header(content: bytes, entry: tarfile.TarInfo, name: str) -> tuple[int, tuple[str, tuple[int, ...], bool]]:
    """Bytes of an array's header, and what it says: dtype, shape, whether columns come first."""
    header = io.BytesIO(content[entry.offset_data : entry.offset_data + min(entry.size, 4096)])
    if np.lib.format.read_magic(header) != (1, 0):
        raise ShardError(f"{name}: {entry.name} is no version 1.0 of .npy; write it with numpy.save")
    shape, columns_first, dtype = np.lib.format.read_array_header_1_0(header)
    return header.tell(), (dtype.str, tuple(shape), columns_first)


def _crc(content: Any, latent: int, latent_bytes: int, text: int, text_bytes: int) -> int:
    view = memoryview(content)
    return zlib.crc32(view[text : text + text_bytes], zlib.crc32(view[latent : latent + latent_bytes]))


class Shard:
    """The samples of one tar, read in place; each is checked against its checksum when it is first read."""

    def __init__(self, content: bytes | mmap.mmap, index: Index) -> None:
        self.content, self.index = content, index
        self._checked = np.zeros(len(index), dtype=bool)

    def __len__(self) -> int:
        return len(self.index)

    def whole(self, number: int) -> bool:
        """Whether sample `number` is there as it was written."""
        if not self._checked[number]:
            place = self.index.places[number]
            crc = _crc(self.content, place.latent, self.index.latent_bytes, place.text, place.text_bytes)
            self._checked[number] = crc == place.crc
        return bool(self._checked[number])

    def latent(self, number: int) -> np.ndarray:
        """Numbers of a sample, float16 or float32; a view that can't be written to. ShardError if they are damaged."""
        place = self._sound(number)
        stored = np.frombuffer(self.content, self.index.dtype, self.index.numbers, place.latent).reshape(
            self.index.shape
        )
        if stored.dtype == np.uint16:
            stored = (stored.astype(np.uint32) << 16).view(np.float32)
        return stored

    @property
    def array(self) -> np.ndarray:
        """All latents of the shard, copied into one array."""
        return np.stack([self.latent(number) for number in range(len(self))])

    def captions(self, number: int) -> tuple[str, ...]:
        return tuple(self.about(number)["captions"])

    def about(self, number: int) -> dict[str, Any]:
        """The JSON of a sample, captions included."""
        place = self._sound(number)
        read: dict[str, Any] = json.loads(self.content[place.text : place.text + place.text_bytes])
        return read

    def _sound(self, number: int) -> Place:
        place = self.index.places[number]
        if not self.whole(number):
            raise ShardError(f"sample {place.key} of {self.index.name} is damaged; {WAY_OUT}")
        return place


def open_shard(folder: Path, number: int) -> Shard:
    """A shard on the local disk, mapped into memory. ShardError if it isn't there or is cut short."""
    index_path = folder / index_name(shard_name(number))
    if not index_path.exists():
        raise ShardError(f"{index_path} is missing; write the shard again")
    index = Index.from_json(index_path.read_bytes())
    path = folder / index.name
    size = path.stat().st_size if path.exists() else 0
    if size != index.size:
        raise ShardError(f"{path} has {size} bytes of {index.size}; {WAY_OUT}")
    with path.open("rb") as file:
        return Shard(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), index)


@dataclass(frozen=True, kw_only=True)
class Manifest:
    key: str  # of what made the data; a reader that wants other data refuses it
    shards: tuple[dict[str, Any], ...]  # name, samples, size in bytes and sha256 of each

    @property
    def counts(self) -> np.ndarray:
        """Samples of each shard."""
        return np.array([shard["samples"] for shard in self.shards], dtype=np.int64)


def write_manifest(folder: Path, key: str) -> Manifest:
    """List the shards of a folder, 0 and up without a gap, in its manifest.json."""
    shards: list[dict[str, Any]] = []
    while (path := folder / index_name(shard_name(len(shards)))).exists():
        index = Index.from_json(path.read_bytes())
        shards.append({"name": index.name, "samples": len(index), "size": index.size, "sha256": index.sha256})
    manifest = Manifest(key=key, shards=tuple(shards))
    with replacing(folder / "manifest.json") as partial:
        partial.write_text(json.dumps(asdict(manifest), indent=1))
    return manifest


def read_manifest(source: Open, key: str | None = None) -> Manifest:
    """The manifest of an opened folder. ShardError if it is missing, or not of `key` where one is given."""
    try:
        with source("manifest.json") as file:
            read = json.loads(file.read())
    except FileNotFoundError as error:
        raise ShardError(f"there is no manifest.json ({error.filename}); write it with write_manifest") from error
    if key is not None and read["key"] != key:
        raise ShardError(f"the shards are of {read['key'][:12]}, not of {key[:12]}: stale; write them again")
    return Manifest(key=read["key"], shards=tuple(read["shards"]))


def folder_opener(folder: Path) -> Open:
    """Opens files of a folder of the local disk."""
    return lambda name: (folder / name).open("rb")


def find_damage(folder: Path) -> list[str]:
    """Read every shard of a manifest through and name what differs from it; empty when all is well."""
    found = []
    for listed in read_manifest(folder_opener(folder)).shards:
        path = folder / listed["name"]
        size = path.stat().st_size if path.exists() else 0
        if size != listed["size"]:
            found.append(f"{path} has {size} bytes of {listed['size']}")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != listed["sha256"]:
            shard = Shard(path.read_bytes(), Index.from_json((folder / index_name(path.name)).read_bytes()))
            keys = [place.key for i, place in enumerate(shard.index.places) if not shard.whole(i)]
            found.append(f"{path} has changed since it was written; damaged samples: {', '.join(keys) or 'none'}")
    return found

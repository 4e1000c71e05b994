"""Upcycling (arXiv:2410.07524): a dense denoiser becomes a mixture of experts that says exactly the same at first.

Plain: each expert is a copy of the dense MLP. In virtual groups: the MLP is cut into `shards`, each shard is copied,
and the shards of one copy begin with the same row of the router, so that they are chosen together and are the MLP
again. With `active` equal to `shards` a token costs what it did, the router apart. The optimiser begins anew.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import torch
from torch import Tensor

from rushes.model.denoiser import DenoiserConfig

_MLP = re.compile(r"((?:.*\bdenoiser\.)?blocks\.(\d+))\.(up\.weight|down\.weight|down\.bias)")


def upcycled_config(dense: DenoiserConfig, *, copies: int, active: int, shards: int = 1) -> DenoiserConfig:
    """The configuration of `copies` x `shards` experts, `active` of them for a token; ValueError if that can't be."""
    if dense.experts:
        raise ValueError(f"the denoiser has {dense.experts} experts already; upcycle a dense one")
    if dense.hidden % shards:
        raise ValueError(f"an MLP of {dense.hidden} channels has no {shards} equal shards; choose a divisor")
    if active % shards:
        raise ValueError(f"{active} active experts are no whole number of copies of {shards} shards; give a multiple")
    return replace(dense, experts=copies * shards, active=active, hidden=dense.hidden // shards)


def upcycle(tensors: Mapping[str, Tensor], *, copies: int, shards: int = 1, seed: int = 0) -> dict[str, Tensor]:
    """Tensors of a dense (Conditioned)Denoiser, with or without a prefix as "ema.", as those of its mixture of experts.

    The router's rows are random by `seed` and the block's number: alike for weights and their average.
    """
    mixed: dict[str, Tensor] = {}
    found = 0
    for name, value in tensors.items():
        match = _MLP.fullmatch(name)
        if match is None:
            mixed[name] = value
            continue
        block, number, part = match[1], int(match[2]), match[3]
        if part == "down.bias":
            mixed[f"{block}.experts.bias"] = value
            continue
        pieces = _up_shards(value, shards) if part == "up.weight" else _down_shards(value, shards)
        for expert in range(copies * shards):
            mixed[f"{block}.experts.each.{expert}.{part}"] = pieces[expert % shards].clone()
        if part == "up.weight":
            found += 1
            width = value.shape[1]
            generator = torch.Generator().manual_seed((seed << 16) + number)
            rows = torch.randn(copies, width, generator=generator) / width**0.5
            mixed[f"{block}.experts.router"] = rows.repeat_interleave(shards, 0).to(value)
    if not found:
        raise ValueError("no tensor is a dense denoiser's blocks.N.up.weight; give the state_dict of a dense one")
    return mixed


def _up_shards(weight: Tensor, shards: int) -> list[Tensor]:
    """Of (2 * hidden, D), rows of values above rows of gates: each shard gets its part of both."""
    values, gates = weight.chunk(2)
    return [torch.cat(pair) for pair in zip(values.chunk(shards), gates.chunk(shards), strict=True)]


def _down_shards(weight: Tensor, shards: int) -> list[Tensor]:
    """Of (D, hidden): columns, times `shards`, because what the router gives the shards of one MLP is 1 in sum."""
    return [shards * piece for piece in weight.chunk(shards, 1)]

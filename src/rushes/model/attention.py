"""Attention, by the fastest way that the device has."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None = None) -> Tensor:
    """softmax(q k / sqrt(d)) v for (B, heads, L, d); `mask` (B, keys) is True where there is a key.

    On the CPU torch's fused kernel has a backward pass slower than plain products, which our lengths allow.
    """
    where = None if mask is None else mask[:, None, None, :]
    q, k = q.to(v.dtype), k.to(v.dtype)
    if q.device.type != "cpu" or not torch.is_grad_enabled():
        return F.scaled_dot_product_attention(q, k, v, attn_mask=where)
    scores = (q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2)  # (B, heads, queries, keys)
    if where is not None:
        scores = scores.masked_fill(~where, torch.finfo(scores.dtype).min)
    return torch.softmax(scores, -1, dtype=scores.dtype) @ v

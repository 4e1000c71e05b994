"""Mixtures of experts, upcycled and from nothing, and what they cost."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F
from torch.utils.flop_counter import FlopCounterMode

from rushes.model.conditioned import ConditionedDenoiser
from rushes.model.denoiser import Denoiser, DenoiserConfig
from rushes.model.experts import Expert, Experts
from rushes.model.flops import TRAINING, denoiser_flops
from rushes.model.text import TextConfig
from rushes.model.upcycle import upcycle, upcycled_config

SMALL = DenoiserConfig(channels=4, width=48, layers=2, heads=2, hidden=64, text_width=16)
TEXT = TextConfig(width=16, layers=1)


def noise(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def opened(module: torch.nn.Module) -> torch.nn.Module:
    """With every weight away from zero, so that all parts are heard."""
    with torch.no_grad():
        for index, p in enumerate(module.parameters()):
            p.add_(0.1 * noise(*p.shape, seed=index))
    return module


def given(*, clips: int = 2, words: int = 5) -> tuple[torch.Tensor, ...]:
    latents, sigma = noise(clips, 3, 4, 4, 6), torch.rand(clips, generator=torch.Generator().manual_seed(1))
    return latents, sigma, noise(clips, words, 16, seed=2), torch.ones(clips, words, dtype=torch.bool)


def by_hand(experts: Experts, x: torch.Tensor) -> torch.Tensor:
    """Each token alone: all experts, of which the best count."""
    rows = []
    for token in x.flatten(0, -2):
        chances = torch.softmax(experts.router @ token, -1)
        best = chances.argsort(descending=True)[: experts.active]
        share = chances[best] / chances[best].sum()
        rows.append(experts.bias + sum(w * experts.each[int(i)](token) for w, i in zip(share, best, strict=True)))
    return torch.stack(rows).view_as(x)


def test_each_token_goes_to_its_own_experts() -> None:
    experts = opened(Experts(12, 8, experts=5, active=2))
    x = noise(2, 7, 12).requires_grad_()
    torch.testing.assert_close(experts(x), by_hand(experts, x))
    grads = [
        torch.autograd.grad(f(x).square().sum(), [x, *experts.parameters()])
        for f in (experts, lambda x: by_hand(experts, x))
    ]
    for sorted_way, hand in zip(*grads, strict=True):
        torch.testing.assert_close(sorted_way, hand, atol=1e-4, rtol=1e-4)


def test_an_expert_that_nobody_chose_gets_a_gradient_of_zero() -> None:
    experts = opened(Experts(12, 8, experts=3, active=2))
    with torch.no_grad():
        experts.router.copy_(torch.tensor([[1.0], [2.0], [-9.0]]).expand(3, 12))
    experts(torch.ones(4, 12)).sum().backward()
    assert experts.load is not None and experts.load.tolist() == [0.5, 0.5, 0.0]
    assert all(p.grad is not None and not p.grad.any() for p in experts.each[2].parameters())


def test_the_balance_loss_evens_the_load() -> None:
    torch.manual_seed(0)
    experts = Experts(12, 8, experts=4, active=2)
    with torch.no_grad():
        experts.router[0] += 1.0
    x = 1.0 + noise(400, 12)  # all tokens lean to expert 0
    optimiser = torch.optim.Adam([experts.router], lr=0.02)
    losses, loads = [], []
    for _ in range(60):
        experts(x)
        loss = experts.take_imbalance()
        loss.backward()
        optimiser.step()
        optimiser.zero_grad()
        losses.append(float(loss.detach()))
        assert experts.load is not None
        loads.append(float(experts.load.max()))
    assert losses[0] > 1.5 and losses[-1] < 1.1
    assert loads[0] > 0.45 and loads[-1] < 0.35  # 0.25 is even, 0.5 is the most that one of two choices can have


def test_router_stays_float32_under_autocast() -> None:
    experts = opened(Experts(64, 8, experts=8, active=2))
    x = noise(256, 64)
    experts(x)
    exact = experts.load
    with torch.autocast("cpu", torch.bfloat16):
        out = experts(x)
    assert torch.equal(exact, experts.load)
    torch.testing.assert_close(out, experts(x), atol=0.1, rtol=0.1)


def test_balance_and_load_of_a_denoiser() -> None:
    model = Denoiser(replace(SMALL, experts=4, hidden=32))
    model(*given())
    assert model.load().shape == (2, 4)
    torch.testing.assert_close(model.load().sum(1), torch.ones(2))
    model.balance().backward()
    routers = [p.grad for name, p in model.named_parameters() if name.endswith("router")]
    assert len(routers) == 2 and all(grad is not None and grad.any() for grad in routers)
    dense = Denoiser(SMALL)
    dense(*given())
    assert float(dense.balance()) == 0 and dense.load().numel() == 0


@pytest.mark.parametrize("copies, active, shards", [(4, 2, 1), (2, 2, 2), (3, 4, 4), (4, 4, 2)])
@pytest.mark.parametrize("prefix", ["", "ema."])
def test_upcycled_says_what_the_dense_one_said(copies: int, active: int, shards: int, prefix: str) -> None:
    torch.manual_seed(0)
    dense = opened(ConditionedDenoiser(SMALL, TEXT)).eval()
    config = upcycled_config(SMALL, copies=copies, active=active, shards=shards)
    assert (config.experts, config.hidden) == (copies * shards, 64 // shards)
    named = {prefix + name: value for name, value in dense.state_dict().items()}
    tensors = upcycle(named, copies=copies, shards=shards, seed=3)
    mixed = ConditionedDenoiser(config, TEXT).eval()
    mixed.load_state_dict({name.removeprefix(prefix): value for name, value in tensors.items()})
    latents, sigma, *_ = given()
    text = dense.encode(["a b c", ""])
    with torch.no_grad():
        torch.testing.assert_close(mixed(latents, sigma, text), dense(latents, sigma, text), atol=1e-5, rtol=1e-4)
    load = mixed.denoiser.load()
    used = load.unflatten(1, (copies, shards))
    assert (load > 0).sum(1).max() > active or active == copies * shards  # tokens differ in their choice,
    torch.testing.assert_close(used, used[..., :1].expand_as(used))  # and take all shards of a copy


def test_upcycled_learns_to_tell_its_experts_apart() -> None:
    dense = opened(Denoiser(SMALL))
    mixed = Denoiser(upcycled_config(SMALL, copies=2, active=2, shards=2))
    mixed.load_state_dict(upcycle(dense.state_dict(), copies=2, shards=2))
    loss = F.mse_loss(mixed(*given()), noise(2, 3, 4, 4, 6, seed=7))
    loss.backward()
    grads = mixed.blocks[0].experts.router.grad
    assert grads.abs().max() > 0
    first, again = mixed.blocks[0].experts.each[0], mixed.blocks[0].experts.each[2]  # the same shard, two copies
    assert torch.equal(first.up.weight, again.up.weight)
    assert not torch.allclose(first.up.weight.grad, again.up.weight.grad)


def test_what_can_not_be_upcycled_is_refused() -> None:
    with pytest.raises(ValueError, match="has no 3 equal shards"):
        upcycled_config(SMALL, copies=2, active=3, shards=3)
    with pytest.raises(ValueError, match="no whole number of copies"):
        upcycled_config(SMALL, copies=2, active=3, shards=2)
    mixed = Denoiser(replace(SMALL, experts=4))
    with pytest.raises(ValueError, match="experts already"):
        upcycled_config(mixed.config, copies=2, active=2)
    with pytest.raises(ValueError, match=r"up\.weight"):
        upcycle(mixed.state_dict(), copies=2)
    with pytest.raises(ValueError, match="active 1 of 4"):
        replace(SMALL, experts=4, active=1)


@pytest.mark.parametrize(
    "config",
    [SMALL, replace(SMALL, experts=4, hidden=32, registers=3), replace(SMALL, patch=1, registers=2)],
    ids=["dense", "experts", "patch 1"],
)
def test_flops_are_those_that_torch_counts(config: DenoiserConfig) -> None:
    model = opened(Denoiser(config))
    inputs = given(clips=2, words=5)
    tokens = 3 * 4 * 6 // config.patch**2
    with FlopCounterMode(display=False) as there:
        out = model(*inputs)
    assert there.get_total_flops() == denoiser_flops(config, tokens, 5, clips=2)
    with FlopCounterMode(display=False) as back:
        out.sum().backward()
    whole = there.get_total_flops() + back.get_total_flops()
    assert 0.93 < whole / (TRAINING * denoiser_flops(config, tokens, 5, clips=2)) <= 1.0


def test_an_expert_is_the_dense_mlp() -> None:
    expert, x = Expert(6, 4), noise(3, 6)
    values, gates = (x @ expert.up.weight.T).chunk(2, -1)
    torch.testing.assert_close(expert(x), (values * F.silu(gates)) @ expert.down.weight.T)

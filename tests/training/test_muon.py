"""Muon and its AdamW."""

import pytest
import torch
import torch.nn as nn

from rushes.training.muon import MuonAdamW, orthogonalise
from rushes.training.optimiser import OptimiserConfig, make_optimiser


@pytest.mark.parametrize("shape", [(8, 20), (20, 8), (16, 16)])
def test_orthogonalise_evens_out_singular_values(shape: tuple[int, int]) -> None:
    torch.manual_seed(0)
    matrix = torch.randn(shape)
    values = torch.linalg.svdvals(orthogonalise(matrix))
    assert 0.4 < values.min() and values.max() < 1.4
    before, after = torch.linalg.svd(matrix), torch.linalg.svd(orthogonalise(matrix))
    agree = (before.U[:, 0] * after.U[:, 0]).sum().abs()
    assert agree > 0 and torch.linalg.svdvals(matrix).max() > 4


def test_its_adamw_is_torchs() -> None:
    def after(make: type) -> torch.Tensor:
        torch.manual_seed(0)
        net = nn.Linear(4, 3)
        optimiser = make([{"params": list(net.parameters())}])
        for step in range(5):
            x = torch.randn(8, 4, generator=torch.Generator().manual_seed(step))
            net(x).square().mean().backward()
            optimiser.step()
            optimiser.zero_grad()
        return net.weight.detach()

    ours = after(lambda groups: MuonAdamW([g | {"weight_decay": 0.1} for g in groups], lr=0.01, betas=(0.9, 0.98)))
    theirs = after(lambda groups: torch.optim.AdamW(groups, lr=0.01, betas=(0.9, 0.98), weight_decay=0.1))
    torch.testing.assert_close(ours, theirs)


def test_groups_hold_every_parameter_once() -> None:
    net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.Conv2d(8, 8, 3), nn.Embedding(5, 8), nn.LayerNorm(8))
    net.outer_layers = ("0.", "2.")  # type: ignore[assignment]
    optimiser = make_optimiser(net, OptimiserConfig(lr=0.001, muon=0.02))
    hidden, wide, narrow = (group["params"] for group in optimiser.param_groups)
    assert [p.shape for p in hidden] == [net[1].weight.shape]
    assert len(wide) == 2 and len(narrow) == 4
    assert optimiser.param_groups[0]["lr"] * optimiser.param_groups[0]["scale"] == pytest.approx(0.02)

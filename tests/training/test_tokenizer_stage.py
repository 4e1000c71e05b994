"""Losses of the tokenizer's stage: features of a read-out, and a discriminator that trains beside."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

from rushes.model.perceptual import Perceptual
from rushes.model.readout import ReadOut, ReadOutConfig
from rushes.model.readout_weights import save_readout
from rushes.model.tokenizer import Tokenizer, TokenizerConfig
from rushes.training.adversary import Contest, PatchDiscriminator
from rushes.training.checkpoint import load_tensors
from rushes.training.curves import read_log
from rushes.training.loop import LoopConfig
from rushes.training.optimiser import OptimiserConfig
from rushes.training.squares import Squares
from rushes.training.tokenizer_stage import TokenizerStage, load_tokenizer, train_decoder, train_tokenizer

SMALL = TokenizerConfig(
    latent_channels=8,
    encoder_widths=(8, 8, 8),
    encoder_blocks=(0, 0, 1),
    decoder_widths=(16, 16, 8, 8),
    decoder_blocks=(1, 1, 0, 0),
    upscale=1,
)
STAGE = TokenizerStage(
    loop=LoopConfig(steps=6, bf16=False, log_every=1, ema=0.5, device="cpu"), shapes=((5, 2),), fitted=8, statistics=8
)
AGAINST = replace(STAGE, adversary=0.1, adversary_from=0.5)


def eyes() -> ReadOut:
    torch.manual_seed(0)
    return ReadOut(ReadOutConfig(answers=(("kind", ("a", "b")),), channels=(8, 16, 16), features=8)).eval()


def clip() -> torch.Tensor:
    return Squares().clips("test")(0, 2, 5).video


def test_what_looks_the_same_is_no_distance_apart() -> None:
    felt, video = Perceptual(eyes()), clip()
    near, far = video + 0.02 * torch.randn_like(video), video + 0.3 * torch.randn_like(video)
    assert float(felt(video, video)) == 0
    assert 0 < float(felt(near, video)) < float(felt(far, video))


def test_only_pictures_get_a_gradient_from_features() -> None:
    felt, video = Perceptual(eyes()), clip()
    drawn = (0.5 * video).requires_grad_()
    felt(drawn, video).backward()
    assert drawn.grad is not None and float(drawn.grad.abs().sum()) > 0
    assert all(p.grad is None for p in felt.parameters())


def test_a_tokenizer_trains_with_features(tmp_path: Path) -> None:
    save_readout(tmp_path / "eyes.safetensors", eyes(), name="test", notes={})
    felt = replace(STAGE, perceptual=0.5, eyes=tmp_path / "eyes.safetensors")
    assert train_tokenizer(felt, SMALL, Squares(), tmp_path / "run")
    rows = read_log(tmp_path / "run" / "log.jsonl")
    assert all(row["felt"] > 0 for row in rows)


def test_the_two_sides_touch_their_own_weights_alone() -> None:
    torch.manual_seed(0)
    contest = Contest(Tokenizer(SMALL))
    drawn = contest.tokenizer.draw(contest.tokenizer.raw(clip()))
    fooled, told = contest.losses(drawn, clip())
    sides = {
        "tokenizer": list(contest.tokenizer.parameters()),
        "discriminator": list(contest.discriminator.parameters()),
    }
    for loss, touched in ((fooled, "tokenizer"), (told, "discriminator")):
        grads = {
            side: torch.autograd.grad(loss, weights, retain_graph=True, allow_unused=True)
            for side, weights in sides.items()
        }
        for side, several in grads.items():
            moved = any(grad is not None and bool(grad.any()) for grad in several)
            assert moved == (side == touched), (side, touched)


def test_a_discriminator_learns_to_tell() -> None:
    torch.manual_seed(0)
    contest = Contest(Tokenizer(SMALL))
    optimiser = torch.optim.AdamW(contest.discriminator.parameters(), lr=2e-3)
    blurred = F.avg_pool2d(clip().flatten(0, 1), 5, 1, 2).view_as(clip())
    told = []
    for _ in range(40):
        loss = contest.losses(blurred, clip())[1]
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        told.append(float(loss.detach()))
    assert told[-1] < 0.7 * told[0]


def test_scores_of_patches_change_no_faster_than_their_pictures() -> None:
    torch.manual_seed(0)
    net = PatchDiscriminator()
    with torch.no_grad():
        for p in net.parameters():
            p.mul_(30)  # weights may grow, slopes may not
        picture = torch.rand(1, 3, 32, 32) * 2 - 1
        for _ in range(20):
            net(picture)  # norms are estimated a little better with each
        net.eval()
        apart = net(picture + 0.01) - net(picture)
    bound = (
        4 * 2**3
    )  # a kernel of 4 at stride 2 sees each pixel 4 times: its norm is at most 2, times that of the matrix
    assert float(apart.norm()) < bound * 0.01 * (3 * 32 * 32) ** 0.5


def test_a_discriminator_joins_late_and_a_resumed_run_is_the_uninterrupted_one(tmp_path: Path) -> None:
    assert train_tokenizer(AGAINST, SMALL, Squares(), tmp_path / "whole")
    rows = read_log(tmp_path / "whole" / "log.jsonl")
    assert ["told" in row for row in rows] == [False, False, False, True, True, True]

    # Cut in the middle: the rate and the discriminator's start must not depend on how long the run is.
    def run(folder: str, steps: int) -> bool:
        loop = replace(AGAINST.loop, steps=steps, optimiser=OptimiserConfig(decay=0.0))
        return train_tokenizer(replace(AGAINST, loop=loop, adversary_from=0.0), SMALL, Squares(), tmp_path / folder)

    assert run("straight", 6) and run("cut", 3) and run("cut", 6)
    for prefix in ("model.", "ema.", "optimiser."):
        ours = load_tensors(tmp_path / "cut" / "checkpoint.safetensors", prefix)
        theirs = load_tensors(tmp_path / "straight" / "checkpoint.safetensors", prefix)
        assert ours.keys() == theirs.keys() and any("discriminator" in key for key in ours) == (prefix != "optimiser.")
        different = [key for key in ours if not torch.equal(ours[key], theirs[key])]
        assert not [key for key in different if key.rsplit(".", 1)[-1] not in ("mean", "std", "deviations")], different


def test_what_comes_out_is_a_tokenizer(tmp_path: Path) -> None:
    assert train_tokenizer(AGAINST, SMALL, Squares(), tmp_path / "tokenizer")
    loaded = load_tokenizer(SMALL, tmp_path / "tokenizer")
    assert float(loaded.std.sum()) != 8
    assert train_decoder(AGAINST, SMALL, Squares(), tmp_path / "tokenizer", tmp_path / "decoder")
    further = load_tokenizer(SMALL, tmp_path / "decoder")
    assert torch.equal(further.encoder.linear.weight, loaded.encoder.linear.weight)
    assert not torch.equal(further.decoder.stem.weight, loaded.decoder.stem.weight)


@pytest.mark.parametrize(("time", "space"), [(1, 8), (4, 16), (8, 32)])
def test_every_member_of_the_family_trains(tmp_path: Path, time: int, space: int) -> None:
    config = replace(SMALL, time=time, space=space)
    source = Squares(frames=9, height=64, width=64)
    stage = replace(STAGE, shapes=((9, 2),), fitted=48, loop=replace(STAGE.loop, steps=2))
    assert train_tokenizer(stage, config, source, tmp_path)
    loaded = load_tokenizer(config, tmp_path)
    video = source.clips("test")(0, 2, 9).video
    assert float((loaded.decode(loaded.encode(video)) - video).square().mean()) < float(video.var())

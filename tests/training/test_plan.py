"""The planner: every figure against one worked out by hand; the dry run against a model that was built."""

import json
from dataclasses import replace

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode
from typer.testing import CliRunner

from rushes.cli import app
from rushes.model.conditioned import ConditionedDenoiser
from rushes.recipes.tiny import recipe
from rushes.training.denoiser_stage import DenoiserStage
from rushes.training.dry_run import describe_dry_run, dry_run, forward_flops, inputs_of, meta_module, workload
from rushes.training.loop import LoopConfig
from rushes.training.plan import Plan, Workload, describe, make_plan
from rushes.training.prices import ASSUMPTIONS, FREE, Assumptions

WORK = Workload(
    name="hand",
    parameters=10**9,
    clip_seconds=5.0,
    encode_flops=1.8e12,
    latents=10**6,
    image_flops=1.2e12,
    video_flops=1.2e15,
)
ROUND = (  # a GPU of 1e15 FLOP/s, half of it used, that never rests
    *("gpu_tflops=1000", "train_mfu=0.5", "infer_mfu=0.5", "encode_mfu=0.5", "goodput=1"),
    *("video_mb=5", "video_seconds=10", "kept=0.5", "network_gbit=1"),
    *("labels=100", "labels_per_day=100", "label_rounds=1", "label_turnaround=1"),
    *("caption_parameters=1e9", "caption_tokens=1800", "distil_clips=5e4", "distil_passes=6"),
    *("gpu_hour=2", "storage_tb_month=30", "egress_tb=50", "egress_latents=2", "label_price=0.5"),
)


def hand(*settings: str, gpus: int = 10, videos: float = 1e6) -> Plan:
    return make_plan(WORK, gpus=gpus, videos=videos, assumed=Assumptions([*ROUND, *settings]))


def test_bytes() -> None:
    plan = hand()
    assert plan.clips == pytest.approx(1e6)  # half of a million videos of 10 s, cut into clips of 5 s
    assert plan.raw_tb == pytest.approx(5)  # 1e6 x 5 MB
    assert plan.latents_tb == pytest.approx(2)  # 1e6 clips x 1e6 numbers x 2 bytes
    assert plan.egress_tb == pytest.approx(5 + 2 * 2)
    assert plan.read_mb == pytest.approx(2 / 7.2)  # 2 MB every 3 x 1.2e15 / 5e14 s


def test_gpu_hours_and_days() -> None:
    stages = {stage.name: stage for stage in hand().stages}
    assert stages["encode"].gpu_hours == pytest.approx(1)  # 1e6 x 1.8e12 / 5e14 = 3,600 s
    assert stages["caption"].gpu_hours == pytest.approx(2)  # 1e6 x 2 x 1e9 x 1800 / 5e14 = 7,200 s
    assert stages["image"].gpu_hours == pytest.approx(2)  # 1e6 x 3 x 1.2e12 / 5e14 = 7,200 s
    assert stages["video"].gpu_hours == pytest.approx(2000)  # 1e6 x 3 x 1.2e15 / 5e14 = 7.2e6 s
    assert stages["distil"].gpu_hours == pytest.approx(200)  # 5e4 x 6 x 1.2e15 / 5e14 = 7.2e5 s
    assert stages["video"].days == pytest.approx(2000 / 240)
    assert stages["ingest"].days == pytest.approx(4e13 / 1e9 / 86_400)  # 5 TB are 4e13 bits
    assert stages["label"].days == pytest.approx(2)  # one round of a day, and 100 clips at 100 a day


def test_what_overlaps() -> None:
    plan = hand()
    stages = {stage.name: stage for stage in plan.stages}
    assert stages["encode"].end == stages["ingest"].end  # it follows the videos as they come
    assert stages["caption"].begin == stages["label"].end == pytest.approx(2)
    assert stages["image"].begin == stages["caption"].end == pytest.approx(2 + 2 / 240)
    assert stages["distil"].end == plan.days == pytest.approx(2 + (2 + 2 + 2000 + 200) / 240)
    assert plan.serial_days == pytest.approx(40_000 / 86_400 + 2 + 2205 / 240)
    assert plan.least_days == pytest.approx(2205 / 240)


@pytest.mark.parametrize(
    ("settings", "critical", "saved"),
    [
        ([], "GPUs", 2204 / 240 / 2),
        (["label_turnaround=100"], "people", 50.5),  # (100 + 1) / 2
        (["network_gbit=0.01"], "network", 4e13 / 1e7 / 86_400 / 2),
    ],
)
def test_the_critical_path(settings: list[str], critical: str, saved: float) -> None:
    plan = hand(*settings)
    assert plan.critical == critical
    assert plan.saved[critical] == pytest.approx(saved)
    assert f"critical path: {critical}" in describe(plan)


def test_money() -> None:
    plan = hand()
    assert plan.usd == pytest.approx(
        {"GPUs": 2205 * 2, "storage": 7 * 30 * plan.days / 30, "egress": 9 * 50, "labels": 50}
    )
    assert hand("gpu_hour=0").usd["GPUs"] == 0


def test_idle_gpus_are_paid_for() -> None:
    assert hand("goodput=0.5").gpu_hours == pytest.approx(2 * hand().gpu_hours)
    assert hand(gpus=20).gpu_hours == pytest.approx(hand().gpu_hours)


def test_the_interviews_figures() -> None:
    plan = make_plan(WORK, gpus=64, videos=1e9)
    assert plan.raw_tb == 5000  # a billion 5 MB videos are 5 PB
    assert plan.usd["egress"] > plan.raw_tb * plan.assumed["storage_tb_month"]  # more than a month of storage


def test_every_assumption_is_printed_with_its_source() -> None:
    text = describe(hand("gpu_hour=3"))
    for row in ASSUMPTIONS:
        assert row.source and row.unit
        assert row.name in text
    assert "set by you" in text
    assert len({row.name for row in ASSUMPTIONS}) == len(ASSUMPTIONS) and FREE < {row.name for row in ASSUMPTIONS}


@pytest.mark.parametrize("name", [row.name for row in ASSUMPTIONS if row.name not in FREE])
def test_every_assumption_matters(name: str) -> None:
    """Whatever can be set changes the plan, or the dry run."""
    rows = Assumptions(ROUND).rows
    changed = hand(f"{name}={rows[name].value * 0.7}").as_dict()
    if name != "gpu_memory_gb":
        assert {k: v for k, v in changed.items() if k != "assumptions"} != {
            k: v for k, v in hand().as_dict().items() if k != "assumptions"
        }


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("gpu_hour", "name=value"),
        ("gpus_hour=2", "nothing is called 'gpus_hour'"),
        ("gpu_hour=cheap", "'cheap' is not a number"),
        ("gpu_hour=-1", "give 0 or more"),
        ("kept=1.5", "at most 1"),
        ("train_mfu=0", "more than 0"),
        ("network_gbit=inf", "more than 0"),
        ("video_mb=nan", "more than 0"),
    ],
)
def test_settings_that_make_no_sense(setting: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Assumptions([setting])


@pytest.mark.parametrize(("gpus", "videos"), [(0, 1e6), (-8, 1e6), (8, 0), (8, -5), (8, float("nan")), (8, 1e30)])
def test_nothing_to_plan_for(gpus: int, videos: float) -> None:
    with pytest.raises(ValueError, match=r"give --(gpus|videos)"):
        make_plan(WORK, gpus=gpus, videos=videos)


def test_a_dry_run_counts_what_a_model_has() -> None:
    tiny = recipe()
    run = dry_run(tiny, 2, Assumptions())
    module = ConditionedDenoiser(tiny.denoiser, tiny.full_text())
    count = sum(p.numel() for p in module.parameters())
    assert sum(run.parameters.values()) == count
    assert run.memory_gb["weights"] == pytest.approx(4 * count / 2 / 1e9)
    assert run.memory_gb["optimiser"] < 2 * run.memory_gb["weights"]  # Muon has one moment, AdamW two
    shapes = [step.latents for step in run.steps]
    assert shapes == [(16, 1, 8, 4, 4), (16, 2, 8, 4, 4), (16, 1, 8, 4, 4)]
    assert [step.tokens for step in run.steps] == [4, 8, 4]
    for step in run.steps:
        assert 0 < step.checkpointed_gb < step.activations_gb
    assert "16x2x8x4x4" in describe_dry_run(run)


def test_flops_are_those_of_the_products() -> None:
    tiny, shape = recipe(), (3, 2, 8, 8, 8)
    counter = FlopCounterMode(display=False)
    with counter, torch.no_grad():
        meta_module(tiny).denoiser(*inputs_of(meta_module(tiny), shape))
    assert forward_flops(tiny, shape) == pytest.approx(counter.get_total_flops(), rel=1e-6)


def test_experts_keep_what_is_active() -> None:
    tiny = recipe()
    experts = replace(tiny, denoiser=replace(tiny.denoiser, experts=4, active=2))
    dense = replace(tiny, denoiser=replace(tiny.denoiser, hidden=2 * tiny.denoiser.hidden))
    sparse, full = (dry_run(r, 2, Assumptions()) for r in (experts, dense))
    assert sparse.steps[0].activations_gb == full.steps[0].activations_gb
    assert sparse.parameters["denoiser"] > full.parameters["denoiser"]


def test_days_of_a_dry_run() -> None:
    tiny = recipe()
    stage = DenoiserStage(loop=LoopConfig(steps=1000), shapes=((1, 32),))
    run = dry_run(replace(tiny, image_stage=stage), 2, Assumptions(["gpu_tflops=1e-3", "train_mfu=0.5"]))
    seconds = run.steps[0].flops / (2 * 1e9 * 0.5)
    assert run.days["image"] == pytest.approx(1000 * seconds / 86_400)


def test_a_dry_run_that_can_not_be() -> None:
    with pytest.raises(ValueError, match="32 clips a step can't be shared by 3 GPUs"):
        dry_run(recipe(), 3, Assumptions())
    with pytest.raises(ValueError, match="give --gpus 1 or more"):
        dry_run(recipe(), 0, Assumptions())


def test_the_workload_of_a_recipe() -> None:
    work = workload(recipe())
    assert work.latents == 2 * 8 * 4 * 4
    assert work.clip_seconds == pytest.approx(5 / 8)
    assert work.video_flops > work.image_flops > 0 and work.encode_flops > 0
    assert torch.get_default_device() == torch.device("cpu")  # the meta device was left again


def test_the_command() -> None:
    run = CliRunner().invoke(app, ["plan", "tiny", "--gpus", "64", "--videos", "1e9", "--set", "gpu_hour=3", "--json"])
    plan = json.loads(run.stdout)
    assert plan["raw_tb"] == 5000 and plan["gpus"] == 64
    assert next(row for row in plan["assumptions"] if row["name"] == "gpu_hour")["value"] == 3
    dry = CliRunner().invoke(app, ["plan", "tiny", "--gpus", "2", "--dry-run", "--json"])
    assert json.loads(dry.stdout)["steps"][1]["latents"] == [16, 2, 8, 4, 4]
    assert isinstance(CliRunner().invoke(app, ["plan", "tiny", "--gpus", "0"]).exception, ValueError)

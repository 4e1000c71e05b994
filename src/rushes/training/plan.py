"""What a recipe costs on many GPUs: bytes, GPU hours, days and money, and what the days hang on. Arithmetic only."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from rushes.training.prices import Assumptions

DAY = 86_400.0  # seconds
BAR = 48  # characters of the picture of a plan
STEP = 3  # forward passes that a training step takes: one there, two back


@dataclass(frozen=True, kw_only=True)
class Workload:
    """What of a recipe a plan depends on."""

    name: str  # of the recipe
    parameters: int  # of the denoiser with its text encoder
    clip_seconds: float  # of a clip that is trained on
    encode_flops: float  # of the tokenizer, to make the latents of a clip
    latents: int  # numbers in the latents of a clip
    image_flops: float  # of a forward pass for a picture
    video_flops: float  # of a forward pass for a clip


@dataclass(frozen=True, kw_only=True)
class Stage:
    name: str
    resource: str  # that it waits for: network, people or GPUs
    days: float  # if nothing else is in its way
    begin: float  # day at which it begins
    end: float  # day at which it ends
    gpu_hours: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Plan:
    workload: Workload
    gpus: int
    videos: float
    clips: float  # kept, and trained on
    raw_tb: float
    latents_tb: float
    egress_tb: float
    stages: tuple[Stage, ...]
    days: float  # until the last stage ends
    serial_days: float  # if nothing overlapped
    least_days: float  # no order of the stages is faster: the busiest of network, people and GPUs
    saved: dict[str, float]  # days saved by twice the rate of each resource
    critical: str  # the resource whose doubling saves the most
    read_mb: float  # latents a second that a GPU takes at the video stage
    usd: dict[str, float]  # money by what it is for
    assumed: Assumptions

    @property
    def gpu_hours(self) -> float:
        return sum(stage.gpu_hours for stage in self.stages)

    def as_dict(self) -> dict[str, Any]:
        """Everything, for machines."""
        values = {key: value for key, value in vars(self).items() if key not in ("workload", "stages", "assumed")}
        values |= {"workload": asdict(self.workload), "stages": [asdict(stage) for stage in self.stages]}
        rows = [{k: v for k, v in asdict(row).items() if k != "most"} for row in self.assumed.rows.values()]
        return values | {"gpu_hours": self.gpu_hours, "usd_total": sum(self.usd.values()), "assumptions": rows}


def make_plan(work: Workload, *, gpus: int, videos: float, assumed: Assumptions | None = None) -> Plan:
    """The plan of a recipe for `videos` raw videos on `gpus` GPUs. ValueError where there is none of either."""
    if gpus < 1:
        raise ValueError(f"{gpus} GPUs train nothing; give --gpus 1 or more")
    if not 1 <= videos < 1e15:
        raise ValueError(f"{videos:g} videos are no data to plan for; give --videos 1 or more, such as 1e9")
    a = assumed or Assumptions()
    clips = videos * a["kept"] * a["video_seconds"] / work.clip_seconds
    stages = schedule(work, gpus, videos, clips, a)
    days = stages[-1].end
    saved = {
        "network": days - schedule(work, gpus, videos, clips, a.faster("network_gbit"))[-1].end,
        "people": days - schedule(work, gpus, videos, clips, a.faster("labels_per_day"), rush=2)[-1].end,
        "GPUs": days - schedule(work, 2 * gpus, videos, clips, a)[-1].end,
    }
    raw_tb, latents_tb = videos * a["video_mb"] / 1e6, clips * work.latents * a["latent_bytes"] / 1e12
    egress_tb = raw_tb * a["egress_raw"] + latents_tb * a["egress_latents"]
    alone = {name: sum(s.days for s in stages if s.resource == name) for name in saved}
    clips_a_second = a["gpu_tflops"] * 1e12 * a["train_mfu"] / (STEP * work.video_flops)
    usd = {
        "GPUs": sum(stage.gpu_hours for stage in stages) * a["gpu_hour"],
        "storage": (raw_tb + latents_tb) * a["storage_tb_month"] * days / 30,
        "egress": egress_tb * a["egress_tb"],
        "labels": a["labels"] * a["label_price"],
    }
    return Plan(
        workload=work,
        gpus=gpus,
        videos=videos,
        clips=clips,
        raw_tb=raw_tb,
        latents_tb=latents_tb,
        egress_tb=egress_tb,
        stages=stages,
        days=days,
        serial_days=sum(stage.days for stage in stages),
        least_days=max(alone.values()),
        saved=saved,
        critical=max(saved, key=lambda name: saved[name]),
        read_mb=clips_a_second * work.latents * a["latent_bytes"] / 1e6,
        usd=usd,
        assumed=a,
    )


def schedule(
    work: Workload, gpus: int, videos: float, clips: float, a: Assumptions, rush: float = 1.0
) -> tuple[Stage, ...]:
    """The stages with the day at which each begins and ends; `rush`: how much faster people answer.

    Videos come in while people judge a sample of them. Encoding follows the videos as they come. Captioning waits for
    the people, then shares the GPUs with encoding. Training begins when all clips have latents and captions.
    """
    peak = a["gpu_tflops"] * 1e12
    ingest = videos * a["video_mb"] * 8e6 / (a["network_gbit"] * 1e9) / DAY
    label = a["labels"] / a["labels_per_day"] + a["label_rounds"] * a["label_turnaround"] / rush
    hours = {  # of one GPU
        "encode": clips * work.encode_flops / (peak * a["encode_mfu"]) / 3600,
        "caption": clips * 2 * a["caption_parameters"] * a["caption_tokens"] / (peak * a["infer_mfu"]) / 3600,
        "image": clips * a["image_epochs"] * STEP * work.image_flops / (peak * a["train_mfu"]) / 3600,
        "video": clips * a["video_epochs"] * STEP * work.video_flops / (peak * a["train_mfu"]) / 3600,
        "distil": a["distil_clips"] * a["distil_passes"] * work.video_flops / (peak * a["train_mfu"]) / 3600,
    }
    paid = {name: value / a["goodput"] for name, value in hours.items()}  # idle or restarting, a GPU is paid for
    days = {name: value / gpus / 24 for name, value in paid.items()}
    encoded = max(ingest, days["encode"])
    captioned = max(ingest, label + days["caption"], days["encode"] + days["caption"])
    spans = {"encode": (0.0, encoded), "caption": (label, captioned)}
    begin = max(encoded, captioned)
    for name in ("image", "video", "distil"):
        spans[name] = (begin, begin + days[name])
        begin += days[name]
    return (
        Stage(name="ingest", resource="network", days=ingest, begin=0.0, end=ingest),
        Stage(name="label", resource="people", days=label, begin=0.0, end=label),
        *(
            Stage(name=name, resource="GPUs", days=days[name], begin=first, end=last, gpu_hours=paid[name])
            for name, (first, last) in spans.items()
        ),
    )


def describe(plan: Plan) -> str:
    """A plan for people: bytes, a picture of what overlaps, what the days hang on, money, and every assumption."""
    work = plan.workload
    lines = [
        f"{work.name}: {work.parameters / 1e6:,.0f}M weights, {plan.gpus} GPUs, {plan.videos:,.0f} videos",
        "",
        f"raw videos  {amount(plan.raw_tb)}",
        f"latents     {amount(plan.latents_tb)} for {plan.clips:,.0f} clips of {work.clip_seconds:.3g} s "
        f"({plan.latents_tb / plan.raw_tb:.2g} of the raw videos; the interview says as much again [32:10])",
        f"egress      {amount(plan.egress_tb)}",
        f"reading     {plan.read_mb:,.2g} MB/s of latents for each GPU, {plan.read_mb * plan.gpus:,.3g} MB/s for all, "
        "or the video stage waits for data",
        "",
        f"{'stage':<8} {'waits for':<9} {'GPU hours':>12} {'days':>8}",
    ]
    for stage in plan.stages:
        hours = f"{stage.gpu_hours:,.0f}" if stage.resource == "GPUs" else ""
        lines.append(f"{stage.name:<8} {stage.resource:<9} {hours:>12} {stage.days:>8.3g}  |{bar(stage, plan.days)}|")
    saved = ", ".join(f"{name} {value:.3g}" for name, value in plan.saved.items())
    lines += [
        f"{'all':<8} {'':<9} {plan.gpu_hours:>12,.0f} {plan.days:>8.3g}  day 0{f'day {plan.days:.3g}':>{BAR - 3}}",
        "",
        f"critical path: {plan.critical}. Days saved by twice the rate of: {saved}",
        f"one stage after the other would take {plan.serial_days:.3g} days; "
        f"no order takes less than {plan.least_days:.3g}, for which {busiest(plan)} would never rest",
        "",
        f"{'money':<8} {'USD':>14}",
        *(f"{name:<8} {value:>14,.0f}" for name, value in plan.usd.items()),
        f"{'all':<8} {sum(plan.usd.values()):>14,.0f}",
        "",
        "assumed (change with --set name=value)",
        *(f"  {r.name:<18} {r.value:>8g} {r.unit:<14} {r.source}" for r in plan.assumed.rows.values()),
    ]
    return "\n".join(lines)


def busiest(plan: Plan) -> str:
    """The resource with the most days of work."""
    return max(plan.saved, key=lambda name: sum(s.days for s in plan.stages if s.resource == name))


def bar(stage: Stage, days: float) -> str:
    """When a stage goes on, as a line of `BAR` characters for the whole plan."""
    first = min(BAR - 1, int(BAR * stage.begin / days))
    last = max(first + 1, min(BAR, round(BAR * stage.end / days)))
    return " " * first + "█" * (last - first) + " " * (BAR - last)


def amount(terabytes: float) -> str:
    """Terabytes in a unit that reads well."""
    for unit, size in (("PB", 1e3), ("TB", 1.0), ("GB", 1e-3)):
        if terabytes >= size:
            return f"{terabytes / size:,.3g} {unit}"
    return f"{terabytes * 1e6:,.3g} MB"

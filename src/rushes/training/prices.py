"""What a plan assumes: prices, rates and shares, each with its unit and its source; all of them can be set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import isfinite

LIST = "typical list price of a large cloud"
GUESS = "assumed; replace it by your own figure"


@dataclass(frozen=True, kw_only=True)
class Assumption:
    name: str
    value: float
    unit: str
    source: str
    most: float = float("inf")  # largest value that makes sense

    def __str__(self) -> str:
        return f"{self.name} = {self.value:g} {self.unit}"


def _table(*rows: tuple[str, float, str, str]) -> tuple[Assumption, ...]:
    shares = ("share", "share of peak")
    return tuple(
        Assumption(name=name, value=value, unit=unit, source=source, most=1.0 if unit in shares else float("inf"))
        for name, value, unit, source in rows
    )


ASSUMPTIONS = _table(
    # The data
    ("video_mb", 5, "MB", "interview [32:10]: a billion videos of 5 MB are 5 PB"),
    ("video_seconds", 10, "s", "assumed: 5 MB at 4 Mbit/s"),
    ("kept", 0.26, "share", "Stable Video Diffusion kept 152M of 577M clips, arXiv:2311.15127"),
    ("latent_bytes", 2, "bytes", "float16, as training/latents.py writes"),
    ("network_gbit", 100, "Gbit/s", "one 100 Gbit/s link, full; " + GUESS),
    # People
    ("labels", 10_000, "clips", "judged by people to tune filters and captioner; " + GUESS),
    ("labels_per_day", 2_000, "clips/day", "ten people, 200 clips a day each; " + GUESS),
    ("label_rounds", 3, "rounds", "instruct, correct, accept; " + GUESS),
    ("label_turnaround", 2, "days/round", "from a question to the first answers; " + GUESS),
    # The machine
    ("gpu_tflops", 989, "TFLOP/s", "NVIDIA H100 SXM datasheet, dense bf16"),
    ("gpu_memory_gb", 80, "GB", "NVIDIA H100 SXM datasheet"),
    ("train_mfu", 0.40, "share of peak", "NeMo claims up to 0.482 for video training; not measured by us yet"),
    ("infer_mfu", 0.30, "share of peak", GUESS),
    ("goodput", 0.90, "share", "time that the cluster trains; Llama 3 reports more than 0.9, arXiv:2407.21783"),
    # The stages
    ("caption_parameters", 7e9, "weights", "a captioner of 7B; " + GUESS),
    ("caption_tokens", 2_000, "tokens/clip", "8 frames of 225 tokens and 200 words out; " + GUESS),
    ("encode_mfu", 0.10, "share of peak", "thin convolutions wait for memory; " + GUESS),
    ("image_epochs", 1, "times", "pictures seen, one for each clip kept, at the image stage"),
    ("video_epochs", 1, "times", "each clip kept is seen, at the video stage"),
    ("distil_clips", 1e6, "clips", "student steps x batch; " + GUESS),
    (
        "distil_passes",
        21,
        "forwards/clip",
        "student 3, guided teacher 2, critic 1 + 5 updates of 3 (DMD2, arXiv:2405.14867)",
    ),
    # Money
    ("gpu_hour", 2.50, "USD/GPU h", "H100 at GPU clouds, 2 to 4 USD; " + LIST),
    ("storage_tb_month", 21, "USD/TB/month", LIST + ", object storage"),
    ("egress_tb", 50, "USD/TB", LIST + ", beyond 150 TB a month"),
    ("egress_raw", 1, "times", "raw videos leave the cloud that stores them, for the GPUs; 0 if they are in one place"),
    ("egress_latents", 0, "times", "latents are made and kept where the GPUs are; " + GUESS),
    ("label_price", 0.20, "USD/clip", GUESS),
)


class Assumptions:
    """The table by name: `assumed["gpu_hour"]`. ValueError for a name that is not in it or a value that is nonsense."""

    def __init__(self, settings: Iterable[str] = ()) -> None:
        self.rows = {row.name: row for row in ASSUMPTIONS}
        for setting in settings:
            name, sign, text = setting.partition("=")
            if not sign:
                raise ValueError(f"--set {setting!r} sets nothing; write it as name=value, such as gpu_hour=3")
            self.set(name.strip(), text.strip())

    def set(self, name: str, text: str) -> None:
        if name not in self.rows:
            raise ValueError(f"nothing is called {name!r}; set one of: {', '.join(self.rows)}")
        row = self.rows[name]
        try:
            value = float(text)
        except ValueError:
            raise ValueError(f"{name}={text!r} is not a number; give it in {row.unit}") from None
        free = name in FREE
        if not isfinite(value) or value < 0 or (value == 0 and not free) or value > row.most:
            low = "0 or more" if free else "more than 0"
            high = f" and at most {row.most:g}" if isfinite(row.most) else ""
            raise ValueError(f"{name}={text} can't be; give {low}{high}, in {row.unit}")
        self.rows[name] = replace(row, value=value, source="set by you")

    def faster(self, *names: str) -> Assumptions:
        """The same with some rates doubled."""
        other = Assumptions()
        other.rows = self.rows | {name: replace(self.rows[name], value=2 * self.rows[name].value) for name in names}
        return other

    def __getitem__(self, name: str) -> float:
        return self.rows[name].value


# What may be nothing at all: prices, work that is left out.
FREE = {
    *("labels", "label_rounds", "label_turnaround", "image_epochs", "video_epochs", "distil_clips", "caption_tokens"),
    *("gpu_hour", "storage_tb_month", "egress_tb", "egress_raw", "egress_latents", "label_price"),
}

"""Runs every check and tells what they said."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any

import torch
from rich.table import Table

from rushes.training.doctor import (
    autoencoder,
    caches,
    data,
    learning,
    model,
    objective,
    rehearsal,
    run_log,
    sampling,
    shipped,
    words,
)
from rushes.training.doctor.finding import Check, Finding, Skip, State, found
from rushes.training.doctor.patient import Patient

CHECKS: tuple[Check, ...] = (
    data.steps_repeat,
    data.shapes_fit,
    data.pixels_in_range,
    data.clips_differ,
    data.parts_are_apart,
    data.words_are_known,
    data.captions_tell,
    data.speed_is_seconds,
    words.colours_are_rgb,
    words.time_is_smooth,
    words.motion_follows_words,
    autoencoder.statistics_are_undone,
    autoencoder.latents_are_causal,
    autoencoder.tokenizer_redraws,
    autoencoder.decoders_share_latents,
    caches.caches_have_the_key,
    caches.caches_are_fresh,
    caches.latents_are_normalised,
    caches.an_epoch_shows_all,
    caches.batches_pair_captions,
    caches.test_is_not_cached,
    objective.shift_is_wired_in,
    objective.training_meets_sampling,
    objective.captions_are_dropped,
    objective.target_is_the_velocity,
    objective.noise_is_normal,
    objective.first_frame_is_given,
    objective.clock_is_right,
    learning.bf16_is_finite,
    learning.gradients_reach_all,
    learning.optimiser_holds_all,
    learning.checkpoint_fits,
    learning.schedule_is_sane,
    learning.average_follows,
    learning.other_stages_are_sound,
    rehearsal.resume_is_exact,
    rehearsal.steps_do_their_work,
    model.weights_are_finite,
    model.weights_have_digits,
    model.it_learned,
    model.text_is_heard,
    model.level_and_clock_are_heard,
    model.first_frame_is_used,
    model.clips_stay_apart,
    model.frames_have_an_order,
    model.start_is_inherited,
    model.average_is_alive,
    model.average_draws_no_worse,
    model.every_weight_moved,
    shipped.what_ships_is_what_was_trained,
    shipped.what_ships_says_how_it_draws,
    sampling.levels_are_right,
    sampling.gaussian_is_reproduced,
    sampling.guidance_points_away,
    sampling.samples_look_like_data,
    run_log.log_goes_on,
    run_log.rate_is_not_restarted,
    run_log.loss_falls,
    run_log.nothing_explodes,
    run_log.gradients_are_alive,
)
STYLES = {State.ok: "green", State.found: "bold red", State.skipped: "dim"}


def diagnose(
    patient: Patient, checks: Sequence[Check] = CHECKS, *, progress: Callable[[Finding], None] | None = None
) -> list[Finding]:
    """What each check says, in order. A check that breaks has found something too: data or code that can't be run."""
    findings = []
    for check in checks:
        with _as_before():
            finding = _ask(check, patient)
        family = check.__module__.rsplit(".", 1)[-1]
        findings.append(replace(finding, check=check.__name__.replace("_", " "), family=family.replace("_", " ")))
        if progress is not None:
            progress(findings[-1])
    return findings


def _ask(check: Check, patient: Patient) -> Finding:
    try:
        return check(patient)
    except Skip as reason:
        return Finding(state=State.skipped, measured=str(reason))
    except Exception as error:
        what = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        return found(
            f"the check broke off: {what}",
            "what training calls does not run on this data",
            "see the error; call the same function on one batch",
        )


@contextlib.contextmanager
def _as_before() -> Iterator[None]:
    """Checks leave no trace in torch's own random state, and each begins with the same."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield


def found_of(findings: Sequence[Finding]) -> list[str]:
    """Names of the checks that found something."""
    return [finding.check for finding in findings if finding.state is State.found]


def to_json(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    return [asdict(finding) for finding in findings]


def table(findings: Sequence[Finding]) -> Table:
    """Checks as a table for a terminal: what was measured, and for what was found its meaning and the way out."""
    shown = Table("", "check", "measured", box=None, pad_edge=False)
    for one in findings:
        words = one.measured if one.state is not State.found else f"{one.measured}\n{one.means}\n-> {one.remedy}"
        style = STYLES[one.state]
        shown.add_row(
            f"[{style}]{one.state.value}[/]",
            one.check,
            words.replace("[", "\\["),
            style=style if one.state is State.skipped else "",
        )
    return shown

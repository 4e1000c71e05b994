"""Checks of what was exported: it is what was trained, and says itself how it draws."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from torch import Tensor

from rushes.training.checkpoint import load_tensors
from rushes.training.doctor.finding import Finding, first_found, need, verdict
from rushes.training.doctor.patient import Patient
from rushes.training.recipe import info_of

HALF = 2e-3  # of a tensor's largest: what float16 may lose


def what_ships_is_what_was_trained(patient: Patient) -> Finding:
    """The exported weights are the last stage's averaged ones, to the precision of float16; the decoder's too."""
    theirs = patient.model("shipped").state_dict()
    few = patient.folder / "distil" / "checkpoint.safetensors"
    if patient.recipe.distil_stage is not None and few.exists():
        mine = load_tensors(few, "ema.student.")
    else:
        mine = patient.model("average").state_dict()
    drawn = patient.tokenizers.get("decoder", patient.tokenizer).state_dict()
    shipped = patient.tokenizers["shipped"].state_dict()
    if mine.keys() != theirs.keys() or drawn.keys() != shipped.keys():
        return verdict(True, "names differ", "another model was exported", "export again")
    apart, decoded = largest(mine, theirs), largest(drawn, shipped)
    return verdict(
        max(apart, decoded) > HALF,
        f"weights differ from the average by {apart:.1e} of a tensor's largest, of the tokenizer by {decoded:.1e}",
        "what ships is not what this run trained: an older export, raw weights, or random ones",
        "run the stage `export` again",
    )


def largest(mine: Mapping[str, Tensor], theirs: Mapping[str, Tensor]) -> float:
    """The largest difference between tensors of the same names, as a share of each one's largest value."""
    return max(float(((mine[k] - theirs[k]).abs() / (mine[k].abs().max() + 1e-6)).max()) for k in mine)


def what_ships_says_how_it_draws(patient: Patient) -> Finding:
    """The exported words are the trained ones in their order; steps, shift, guidance, size and speed the recipe's."""
    need(patient.info is not None, "there is no model in `weights`")
    assert patient.info is not None
    few = (patient.folder / "distil" / "checkpoint.safetensors").exists()
    stage = "distil" if patient.recipe.distil_stage is not None and few else patient.stage or "video"
    now, then = _plain(info_of(patient.recipe, stage)), _plain(patient.info)
    differ = [key for key in now if key != "commit" and now[key] != then[key]]
    other = [f"{key} {then[key]!r:.40} instead of {now[key]!r:.40}" for key in differ]
    told = patient.model("shipped").encoder.config.vocabulary
    words = patient.recipe.full_text().vocabulary
    moved = sum(a != b for a, b in zip(told, words, strict=False)) + abs(len(told) - len(words))
    return first_found(
        [
            (
                bool(moved),
                f"{moved} of {len(words)} words stand elsewhere in the exported vocabulary",
                "the model hears other words than are said",
                "export again with the vocabulary that was trained with; if the captions changed since, train again",
            ),
            (
                bool(other),
                "; ".join(other),
                "the model is sampled, or shown, otherwise than the recipe says",
                "run the stage `export` again",
            ),
        ],
        f"{len(words)} words and {len(now) - 1} settings are the recipe's",
    )


def _plain(value: Any) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(asdict(value)))  # lists and tuples are the same in a file
    return plain

"""Bugs planted on purpose: each changes a patient as the bug would, and names the check that has to find it.

`rushes doctor tiny --plant bgr` shows one; the tests plant all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rushes.training.doctor import planted_data, planted_learning, planted_run
from rushes.training.doctor.patient import Patient


@dataclass(frozen=True, kw_only=True)
class Plant:
    finds: str  # name of the check that must find it
    plant: Callable[[Patient], None]  # changes the patient in place

    @property
    def about(self) -> str:
        return " ".join((self.plant.__doc__ or "").split())


def _plants(pairs: dict[str, list[Callable[[Patient], None]]]) -> dict[str, Plant]:
    found: dict[str, Plant] = {}
    for check, plants in pairs.items():
        for plant in plants:
            found[plant.__name__.replace("_", "-")] = Plant(finds=check, plant=plant)
    return found


PLANTS: dict[str, Plant] = _plants(planted_data.PLANTED | planted_learning.PLANTED | planted_run.PLANTED)


def plant(patient: Patient, name: str) -> Plant:
    """Plant a bug by its name; ValueError if there is none of that name."""
    if name not in PLANTS:
        raise ValueError(f"there is no bug {name!r} to plant; choose one of: {', '.join(PLANTS)}")
    PLANTS[name].plant(patient)
    return PLANTS[name]

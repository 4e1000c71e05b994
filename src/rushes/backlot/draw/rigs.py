"""Every rig by the name of its kind. A test holds this table and `cast.KINDS` equal."""

from __future__ import annotations

from collections.abc import Callable

from rushes.backlot.draw import (
    rigs_animals,
    rigs_fliers,
    rigs_food,
    rigs_people,
    rigs_plants,
    rigs_swimmers,
    rigs_things,
    rigs_vehicles,
)
from rushes.backlot.draw.brush import Brush, Pose

Rig = Callable[[Brush, Pose], None]

RIGS: dict[str, Rig] = {
    **rigs_animals.RIGS,
    **rigs_fliers.RIGS,
    **rigs_swimmers.RIGS,
    **rigs_people.RIGS,
    **rigs_vehicles.RIGS,
    **rigs_food.RIGS,
    **rigs_things.RIGS,
    **rigs_plants.RIGS,
}

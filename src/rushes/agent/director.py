"""The built-in director: from a planned film to a finished one, in the order that a crew works in.

Whatever stands on the board already, from an earlier run or from a language model's hands, is kept.
"""

from __future__ import annotations

from pathlib import Path

from rushes.agent.finishing import Film, render_film
from rushes.agent.other_shape import shape_said
from rushes.agent.production import Production, plan_film
from rushes.agent.shooting import shoot_all, shoot_animatic


def direct(production: Production, out: Path, animatic_out: Path | None = None) -> tuple[Film, Film | None]:
    """The film, and its animatic where there is a model that draws one. Planned first if nobody has.

    Raises ValueError for what can't be planned, shot or rendered; FilmCancelled.
    """
    if not production.brief_id:
        plan_film(production)
    if said := shape_said(production):
        production.note(said, role="warning")
    animatic = None
    rough = production.animatic_model
    # A film that the animatic's own model shoots would only be drawn twice.
    if rough is not None and rough.capabilities.name != production.shooting_model.capabilities.name:
        shoot_animatic(production, rough)
        animatic = render_film(production, "animatic", animatic_out)
    shoot_all(production)
    return render_film(production, "film", out), animatic

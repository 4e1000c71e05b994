"""A shot is planned anew in its place: other words, the same length and framing."""

from __future__ import annotations

from dataclasses import replace

from rushes.agent.brief import BriefError, read_lines
from rushes.agent.casting import cast_players, fit_beat
from rushes.agent.coverage import Setup
from rushes.agent.production import Production
from rushes.agent.rewriter import write_prompt
from rushes.agent.staging import stage
from rushes.backlot.cast import BY_NAME
from rushes.board.operations import SetFields
from rushes.board.store import BoardError


def restage(production: Production, shot_id: str, what: str, size: str = "") -> list[str]:
    """Gives the shot a scene and a prompt for what now happens in it; returns notes for people.

    A chosen take goes out of the film, since it shows something else. Raises BriefError, BoardError.
    """
    shot = production.board.node(shot_id)
    if shot.kind != "shot" or shot.fields["source"] != "generated":
        raise BoardError(f"{shot_id} is not a generated shot; only those can be staged anew")
    story = read_lines(what, [(what, 1.0)])
    shooter = production.shooter()
    players, notes = cast_players(story, shooter.world)
    notes = [*story.notes, *notes]
    beat = fit_beat(story.beats[0], shooter.world, notes)
    roles = tuple(role for role in beat.roles if players[role] is not None)
    if not roles:
        raise BriefError(f"nobody who could be shown is named in {what[:60]!r}; name one of {', '.join(BY_NAME)}")
    extra = shot.fields["extra"]
    size = size or extra["size"]
    mood = production.board.node(production.brief_id).fields.get("mood", "gentle")
    setup = Setup(size=size, roles=roles, phase="act", reason="staged anew")
    scene = stage(
        setup,
        replace(beat, subject=roles[0]),
        players,
        seconds=extra["take_seconds"],
        world=shooter.world,
        mood=mood,
        seed=production.settings.seed,
        free_camera=shooter.free_camera,
        aspect=production.aspect(),
    )
    prompt = write_prompt(scene, world=shooter.world, size=size, mood=mood, text=beat.text)
    fields = {
        "scene": scene.to_dict(),
        "prompt": prompt,
        "text": beat.text,
        "title": f"{extra['id']} {size}: staged anew",
        "extra": {**extra, "size": size},
        "status": "planned",
    }
    clear = ("chosen",) if "chosen" in shot.fields else ()
    production.board.apply(
        SetFields(id=shot_id, fields=fields, clear=clear, literal=True), by="agent", note=f"stage {shot_id} anew"
    )
    return notes

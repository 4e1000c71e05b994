"""A clip that has to last longer: more of its source, a longer take, or one that goes on from its last picture.

Never a loop, and slow motion or a freeze only where it was asked for.
"""

from __future__ import annotations

import hashlib
import io
import math
from dataclasses import replace
from typing import Any

import numpy as np
from PIL import Image

from rushes.agent.cut.clips import insert, receipt, set_speed, trim
from rushes.agent.cut.document import ClipPiece, WorkingCut, add_clip, edit, need_cut, ripple, set_clip, source_probe
from rushes.agent.cut.fitting import SLOWEST
from rushes.agent.cut.generating import LONGEST, checked_request, put_shot, shot_fields, take_of
from rushes.agent.estimating import check_budget
from rushes.agent.production import Production, set_shot, shot_scene
from rushes.agent.shooting import request_for
from rushes.agent.tool import Tool, tool
from rushes.backlot.scene import Actor, Scene
from rushes.board.operations import AttachBlob, Connect, CreateNode, Disconnect, Operation
from rushes.board.reads import Node
from rushes.media.decode import frames as decoded_frames
from rushes.media.push import WHOLE

FARTHEST = 2.0  # stage units that somebody travels in one shot, from edge to edge


def extending_tools(production: Production) -> list[Tool]:
    return [
        tool(
            "extend",
            "Make a clip, or the clip of a shot, last this long: with more of its source, a longer take, or a take "
            "that goes on from its last frame. how: slow or hold, only where the user wants that.",
            {
                "id": {"type": "string", "description": "such as clip-2 or shot-3"},
                "seconds": {"type": "number", "description": "its new length"},
                "how": {"type": "string", "enum": ["slow", "hold"]},
            },
            ("id", "seconds"),
            lambda arguments: extend(production, **arguments),
        )
    ]


def extend(production: Production, id: str, seconds: float, how: str = "") -> str:
    """Raises ValueError with the ways that are left."""
    if not (math.isfinite(seconds) and 0 < seconds <= LONGEST):
        raise ValueError(f"{seconds:g} s is no length for a shot; give up to {LONGEST:g} s")
    cut = need_cut(production.board)
    shown = [clip.id for clip in cut.clips if clip.shot == id]
    if id.startswith("shot-") and not shown:
        raise ValueError(f"{id} is not in the working cut; shoot it and lay() the film out first")
    clip, seconds = cut.clip(shown[-1] if shown else id), cut.on_grid(seconds)
    if seconds <= clip.seconds + cut.frame / 2:
        raise ValueError(f"{clip.id} lasts {clip.seconds:.3f} s already; extend makes longer, trim makes shorter")
    if how == "slow":
        return _slow(production, clip, seconds)
    source, model = source_probe(production.board, clip.blob), production.shooting_model.capabilities
    if source.kind == "image" or clip.start + seconds * clip.speed <= source.seconds + 0.5 / source.fps:
        return trim(production.board, clip.id, None, seconds)
    if how == "hold":
        return _hold(production, cut, clip, seconds)
    shot = production.board.node(clip.shot) if clip.shot else None
    scene = shot_scene(shot) if shot is not None else None
    if "image_to_video" in model.tasks and (scene is not None or not model.needs_scene):
        return _go_on(production, cut, clip, scene, seconds)
    if shot is not None and scene is not None and model.needs_scene:
        return _shoot_longer(production, cut, clip, shot, scene, seconds)
    raise ValueError(
        f"the source of {clip.id} ends at {source.seconds:.2f} s and {model.name} can't go on from a picture; generate "
        f"a shot after it, or, if the user wants that, how=slow (to {clip.seconds * SLOWEST:.2f} s) or how=hold"
    )


def _slow(production: Production, clip: ClipPiece, seconds: float) -> str:
    most = clip.seconds * SLOWEST
    if seconds > most + 1e-6:
        raise ValueError(f"slowing {clip.id} to {seconds:g} s would be seen; {most:.2f} s at most, shoot the rest anew")
    return set_speed(production.board, clip.id, clip.speed * clip.seconds / seconds)


def _shoot_longer(
    production: Production, cut: WorkingCut, clip: ClipPiece, shot: Node, scene: Scene, seconds: float
) -> str:
    """The scene is planned longer and shot whole; the clip shows the new take."""
    model, wanted = production.shooting_model, max(clip.start + seconds * clip.speed, scene.seconds + cut.frame)
    longest = model.capabilities.seconds[1]
    if wanted > longest:
        raise ValueError(f"{model.capabilities.name} makes at most {longest:g} s in one take; extend by less")
    check_budget(production, [replace(request_for(production, shot, 0, model), seconds=wanted)])
    extra = {**shot.fields["extra"], "take_seconds": wanted, "frames": cut.frame_at(seconds)}
    longer = {"scene": _longer(scene, wanted).to_dict(), "seconds": seconds, "extra": extra}
    set_shot(production, shot.id, f"{shot.id} is planned longer", **longer)
    shot = production.board.node(shot.id)
    take, judged = take_of(production, shot, request_for(production, shot, 0, model))
    operations: list[Operation] = [AttachBlob(id=clip.id, name="source", blob=take.blobs["video"])]
    if clip.take:
        operations.append(Disconnect(source=clip.id, relation="uses", target=clip.take))
    operations.append(Connect(source=clip.id, relation="uses", target=take.id))
    edit(production.board, *operations, note=f"{clip.id} shows {take.id}")
    return f"{judged}; {trim(production.board, clip.id, None, seconds)}"


def _longer(scene: Scene, seconds: float) -> Scene:
    """The same scene with time for more: whoever acts last goes on acting, at the same pace."""

    def going_on(actor: Actor) -> Actor:
        if not actor.actions:
            return actor
        last = actor.actions[-1]
        pace = last.distance / (last.end - last.start)
        longer = replace(last, end=seconds, distance=round(min(FARTHEST, pace * (seconds - last.start)), 3))
        return replace(actor, actions=(*actor.actions[:-1], longer))

    return replace(scene, seconds=seconds, cast=tuple(going_on(actor) for actor in scene.cast))


def _go_on(production: Production, cut: WorkingCut, clip: ClipPiece, scene: Scene | None, seconds: float) -> str:
    """A take that begins with the clip's last picture, behind it."""
    model, missing = production.shooting_model, cut.on_grid(seconds - clip.seconds)
    shortest, longest = model.capabilities.seconds
    if missing > longest:
        raise ValueError(f"{model.capabilities.name} goes on for at most {longest:g} s at once; extend by that first")
    picture = _last_picture(production, cut, clip)
    prompt = production.board.node(clip.shot).fields.get("prompt", "") if clip.shot else f"{clip.label} goes on"
    fields = shot_fields(production, cut, f"{clip.id} goes on", scene, prompt, missing, "medium")
    request = checked_request(production, fields)
    request = replace(
        request,
        image=np.asarray(Image.fromarray(picture).resize((request.width, request.height), Image.Resampling.LANCZOS)),
        seconds=max(missing, shortest),
        # Takes are found again by prompt, scene and seed: the picture that this one goes on from decides the seed.
        seed=int.from_bytes(hashlib.sha256(picture.tobytes()).digest()[:4], "big") >> 1,
    )
    model.check(request)
    take, judged = take_of(production, put_shot(production, cut, fields, scene), request)
    inserted = insert(production, take.id, seconds=missing, after=clip.id, grade=clip.grade)
    if clip.push[1] != WHOLE:  # its picture is all of the clip's last one, of which the clip shows a part
        board, longer = production.board, need_cut(production.board)
        behind = longer.clips[longer.place(clip) + 1]
        edit(board, set_clip(board, behind, push=(clip.push[1],) * 2), note=f"{behind.id} is as near")
    return f"{judged}; {inserted}"


def _hold(production: Production, cut: WorkingCut, clip: ClipPiece, seconds: float) -> str:
    """The last picture stands still: a still image that anybody sees on the timeline, with a note."""
    board, missing = production.board, cut.on_grid(seconds - clip.seconds)
    buffer = io.BytesIO()
    Image.fromarray(_last_picture(production, cut, clip)).save(buffer, format="PNG")
    still = board.put(buffer.getvalue(), ".png")
    text = f"the last picture of {clip.id} is held for {missing:.2f} s, as asked"
    fields = {"text": text, "role": "decision", "author": "agent"}
    operations: list[Operation] = [CreateNode(kind="note", fields=fields, links=(("about", cut.id),), literal=True)]
    # What crossfaded into the next clip is shown whole now, and the held picture crossfades instead.
    fade = min(clip.fade, missing)
    looks: dict[str, Any] = {"fit": clip.fit, "zoom": 0.0, "grade": clip.grade.changes()}
    looks |= {"push": (clip.push[1],) * 2} if clip.push[1] != WHOLE else {}
    operations += add_clip(cut.id, still, label=f"{clip.id} held", seconds=missing, fade=fade, after=clip.id, **looks)
    operations += [set_clip(board, clip, fade=0.0)] if clip.fade else []
    at = clip.end - clip.fade
    moved, said = ripple(cut, (at, at, missing))
    return receipt(text, edit(board, *operations, *moved, note=f"hold {clip.id}"), said)


def _last_picture(production: Production, cut: WorkingCut, clip: ClipPiece) -> np.ndarray:
    """(H, W, 3) uint8: what the clip shows last."""
    second = max(0.0, clip.source_end - cut.frame * clip.speed)
    return next(decoded_frames(production.board.blob_path(clip.blob), start=second, seconds=0.01))

"""Laying the planned film out as the working cut: chosen takes, titles and bed, from then on edited piece by piece."""

from __future__ import annotations

from rushes.agent.cut.clips import receipt
from rushes.agent.cut.document import LOOKS, add_clip, add_sound, add_text, edit, new_cut
from rushes.agent.cut.standing_in import mark_of, stand_in
from rushes.agent.cutting import make_edit
from rushes.agent.estimating import unshot
from rushes.agent.production import Production
from rushes.board.operations import Operation

MOST_NAMED = 4  # shots that an answer names


def lay(production: Production, stand_ins: bool = False) -> str:
    """A new working cut of what stands on the board.

    stand_ins: a marked animatic, or card, is shown where a shot has no take yet. Without, that raises ValueError:
    nobody wants a film with holes unless they say so.
    """
    board = production.board
    if not production.brief_id:
        raise ValueError("nothing is planned yet; call plan first, or open(material) a given video or picture")
    shots = production.shots()
    missing = unshot(production)
    if missing and not stand_ins:
        names = [f"{shot.id} ({' '.join(shot.fields['text'].split())[:50]})" for shot in missing[:MOST_NAMED]]
        names += [f"{len(missing) - MOST_NAMED} more"] if len(missing) > MOST_NAMED else []
        has = "has" if len(missing) == 1 else "have"
        raise ValueError(
            f"{', '.join(names)} {has} no take yet; shoot {'it' if len(missing) == 1 else 'them'} first, or "
            "lay(stand_ins=true) to see the film with marked stand-ins in their places"
        )
    made = make_edit(production, "film", {shot.id: stand_in(production, shot) for shot in missing})
    operations: list[Operation] = new_cut(
        made.width, made.height, made.fps, fade_in=made.fade_in, fade_out=made.fade_out
    )
    for number, (clip, shot) in enumerate(zip(made.clips, shots, strict=True), 1):
        named = {n: clip[n] for n in ("label", "start", "fade", "fit", "volume", "smooth", *LOOKS) if n in clip}
        operations += add_clip(
            "@cut",
            clip["blob"],
            seconds=clip["seconds"],
            take=clip.get("node", ""),
            shot=shot.id,
            handle=f"clip{number}",
            **named,
        )
    for number, text in enumerate(made.texts, 1):
        operations += add_text("@cut", text["text"], text["start"], text["end"], text["place"], handle=f"text{number}")
    marks, at = {shot.id: mark_of(shot) for shot in missing}, 0.0
    for shot, clip in zip(shots, made.clips, strict=True):
        if shot.id in marks:
            end = at + clip["seconds"] - clip["fade"]
            operations += add_text("@cut", marks[shot.id], at, end, "lower", handle=f"mark{len(operations)}")
        at += clip["seconds"] - clip["fade"]
    label = "music" if production.music is not None else "bed"
    for number, sound in enumerate(made.sounds, 1):
        fields = {name: value for name, value in sound.items() if name != "blob"}
        operations += add_sound("@cut", sound["blob"], label=label, handle=f"sound{number}", **fields)
    after = edit(board, *operations, note="cut: lay the planned film")
    return receipt("laid", after, [f"{id} is not shot yet: its place is held by a stand-in" for id in marks])

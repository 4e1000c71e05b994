"""Laying the planned film out as the working cut: chosen takes, titles and bed, from then on edited piece by piece."""

from __future__ import annotations

from rushes.agent.cut.clips import receipt
from rushes.agent.cut.document import LOOKS, add_clip, add_sound, add_text, edit, new_cut
from rushes.agent.cutting import make_edit
from rushes.agent.production import Production
from rushes.board.operations import Operation


def lay(production: Production) -> str:
    """A new working cut of what stands on the board. Raises ValueError where shots have no takes."""
    board = production.board
    if not production.brief_id:
        raise ValueError("nothing is planned yet; call plan first, or open(material) a given video")
    shots = production.shots()
    missing = [
        shot.id
        for shot in shots
        if shot.fields["source"] == "generated"
        and not shot.fields.get("chosen")
        and not production.takes(shot.id, animatic=False)
    ]
    if missing:
        raise ValueError(f"{', '.join(missing)} have no take yet; shoot them first")
    made = make_edit(production, "film")
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
    label = "music" if production.music is not None else "bed"
    for number, sound in enumerate(made.sounds, 1):
        fields = {name: value for name, value in sound.items() if name != "blob"}
        operations += add_sound("@cut", sound["blob"], label=label, handle=f"sound{number}", **fields)
    return receipt("laid", edit(board, *operations, note="cut: lay the planned film"))

"""What the user hands in: images and footage, checked before anything is made, kept on the board under their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rushes.agent.plan import Material
from rushes.board.board import Board
from rushes.board.operations import CreateNode
from rushes.media.probe import Probe, probe


def probed(images: Sequence[Path | str], footage: Sequence[Path | str]) -> list[tuple[Path, Probe]]:
    """Images, then footage: each is what it holds, by whichever option it was handed in.

    A picture is held with a slow push, a video is cut. Raises MediaError for what is neither.
    """
    files = [Path(path) for path in (*images, *footage)]
    found = [(path, probe(path)) for path in files]
    for path, about in found:
        if about.kind == "sound":
            probe(path, want="video")  # says so
    return sorted(found, key=lambda file: file[1].kind != "image")


def put_materials(board: Board, files: Sequence[tuple[Path, Probe]]) -> tuple[Material, ...]:
    """Stores the files as blobs."""
    return tuple(
        Material(
            blob=board.put(path),
            name=path.name,
            kind="image" if about.kind == "image" else "footage",
            seconds=round(about.seconds, 4),
            logo=about.kind == "image" and is_logo(path),
        )
        for path, about in files
    )


def keep_materials(board: Board, materials: Sequence[Material]) -> tuple[Material, ...]:
    """All materials of a project: those of earlier sessions, and these, which later ones will find."""
    for material in materials:
        board.apply(
            CreateNode(
                kind="note",
                fields={
                    "text": f"handed in: {material.name}",
                    "author": "user",
                    "extra": {"material": asdict(material)},
                },
                blobs={"material": material.blob},
                literal=True,
            ),
            by="user",
            note=f"hand in {material.name}",
            once=f"material-{material.blob}-{material.name}",
        )
    notes = board.nodes("note")
    return tuple(
        Material(**note.fields["extra"]["material"]) for note in notes if "material" in note.fields.get("extra", {})
    )


def is_logo(path: Path) -> bool:
    return any(word in path.stem.lower() for word in ("logo", "brand", "icon", "badge", "watermark"))

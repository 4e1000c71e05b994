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
    """Images, then footage. Raises MediaError for a file that is not what it is given as."""
    found = [(Path(path), probe(path, want="image")) for path in images]
    return found + [(Path(path), probe(path, want="video")) for path in footage]


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

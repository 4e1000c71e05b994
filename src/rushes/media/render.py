"""A timeline becomes a film: picture and sound rendered side by side, joined, checked, and moved into place whole."""

import os
import tempfile
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from rushes.media.assemble import Run, assemble, check_film
from rushes.media.errors import MediaError, said_short
from rushes.media.ffmpeg import Cancelled, RenderCancelled, RenderError
from rushes.media.files import replacing, unwritable
from rushes.media.footage import Footage, load_footage
from rushes.media.mix import Mixed, render_mix
from rushes.media.picture import Quality, encode_picture
from rushes.media.segments import NotCopied, Spliced, plan_copies, splice, verify_copies
from rushes.media.timeline import Timeline

__all__ = ["Quality", "RenderCancelled", "RenderError", "Rendered", "render"]

Progress = Callable[[float], None]


@dataclass(frozen=True, kw_only=True)
class Rendered:
    path: Path
    frames: int
    seconds: float  # exactly frames over rate
    loudness: float | None  # LUFS as measured on the file's sound; None for a silent film
    peak: float | None  # dBTP, likewise
    copied: int = 0  # frames that were taken over from the sources without encoding
    way: str = "encoded"  # "encoded" | "copied" (some or all frames were)
    reason: str = ""  # why no frame was copied
    notes: tuple[str, ...] = ()  # for people: footage that ran out, characters without a font, loudness not reached


def render(
    timeline: Timeline,
    out: str | os.PathLike[str],
    *,
    loudness: float = -14.0,
    peak: float = -1.0,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    copy: bool = True,
    quality: Quality | None = None,
) -> Rendered:
    """Writes the film as H.264 and AAC in mp4, whole or not at all; the same timeline gives the same bytes.

    loudness: LUFS; peak: dBTP, the ceiling. progress: called with the share done, 0 to 1. cancelled: asked ten times a
    second. copy: take over GOPs of sources that need no change, where the sources were encoded as this film is.
    Raises RenderError or another MediaError (ValueErrors) for sources and places that fail, RenderCancelled when asked.
    """
    target = Path(out)
    if target.suffix.lower() not in (".mp4", ".m4v"):
        raise RenderError(f"the film is to be {said_short(target.name)!r}; give a name that ends in .mp4")
    if not (-40 <= loudness <= -5 and -20 <= peak <= 0):
        raise RenderError(f"loudness {loudness} LUFS and peak {peak} dBTP; give -40 to -5 and -20 to 0")
    quality = quality or Quality()
    footage, sounds = load_all(timeline)
    work = _work_folder()
    with replacing(target) as temporary, work as name:
        try:
            temporary.touch()  # a place that refuses says so now and not after minutes
        except OSError as error:
            raise unwritable(target, error) from error
        folder = Path(name)
        stop = threading.Event()

        def stopped() -> bool:
            return stop.is_set() or (cancelled is not None and cancelled())

        with ThreadPoolExecutor(max_workers=1) as side:
            mixing = side.submit(
                render_mix, timeline, footage, sounds, folder, loudness=loudness, peak=peak, cancelled=stopped
            )
            try:
                shown = _picture(timeline, footage, folder, quality, copy, _share(progress, timeline), stopped)
                sound = mixing.result()
            except BaseException:
                stop.set()
                raise
        rendered = _join(timeline, footage, folder, shown, sound, temporary, quality, stopped)
        if stopped():
            raise RenderCancelled("rendering was cancelled; nothing was written")
    if progress is not None:
        progress(1.0)
    return Rendered(
        path=target, frames=timeline.frames, seconds=timeline.seconds, loudness=sound.loudness, peak=sound.peak,
        copied=rendered.copied, way="copied" if rendered.copied else "encoded", reason=rendered.reason,
        notes=(*rendered.notes, *sound.notes),
    )  # fmt: skip


def load_all(timeline: Timeline) -> tuple[list[Footage], list[Footage]]:
    """What the clips and the sounds are, each source read once."""
    known: dict[tuple[Path, str], Footage] = {}

    def load(path: Path, need: str) -> Footage:
        if (path, need) not in known:
            known[path, need] = load_footage(path, need=need)
        return known[path, need]

    clips = [load(clip.source, "picture") for clip in timeline.clips]
    return clips, [load(sound.source, "sound") for sound in timeline.sounds]


def _work_folder() -> tempfile.TemporaryDirectory[str]:
    try:
        return tempfile.TemporaryDirectory(prefix="rushes-render-", ignore_cleanup_errors=True)
    except OSError as error:
        raise RenderError(
            f"no temporary folder can be made: {error.strerror}; free some space or set TMPDIR"
        ) from error


def _picture(
    timeline: Timeline,
    footage: Sequence[Footage],
    folder: Path,
    quality: Quality,
    copy: bool,
    progress: Progress | None,
    cancelled: Cancelled,
) -> Spliced:
    if not copy:
        return _whole(timeline, footage, folder, quality, progress, cancelled, "copying was not asked for")
    try:
        plan = plan_copies(timeline, footage, quality)
        return splice(plan, footage, folder, quality=quality, progress=progress, cancelled=cancelled)
    except NotCopied as reason:
        return _whole(timeline, footage, folder, quality, progress, cancelled, str(reason))


def _whole(
    timeline: Timeline,
    footage: Sequence[Footage],
    folder: Path,
    quality: Quality,
    progress: Progress | None,
    cancelled: Cancelled,
    reason: str,
) -> Spliced:
    path, notes = encode_picture(timeline, footage, folder, quality=quality, progress=progress, cancelled=cancelled)
    return Spliced(runs=(Run(path=path, first=0, count=timeline.frames),), copied=0, notes=notes, reason=reason)


def _join(
    timeline: Timeline,
    footage: Sequence[Footage],
    folder: Path,
    shown: Spliced,
    sound: Mixed,
    temporary: Path,
    quality: Quality,
    cancelled: Cancelled,
) -> Spliced:
    """Writes the file and checks it; pieces that turn out not to fit together are rendered anew, whole."""
    fault = ""
    try:
        assemble(shown.runs, sound.path, temporary, timeline.rate)
        fault = check_film(temporary, timeline.frames, timeline.rate)
        if not fault and shown.copied:
            fault = verify_copies(temporary, shown)
    except MediaError as error:
        fault = str(error)
    if not fault:
        return shown
    if not shown.copied:
        raise RenderError(f"the film came out wrong ({fault}); try again, and report it if it stays so")
    again = _whole(timeline, footage, folder, quality, None, cancelled, f"copied pieces did not fit together: {fault}")
    return _join(timeline, footage, folder, again, sound, temporary, quality, cancelled)


def _share(progress: Progress | None, timeline: Timeline) -> Progress | None:
    if progress is None:
        return None
    return lambda seconds: progress(min(0.95, 0.95 * seconds / timeline.seconds))

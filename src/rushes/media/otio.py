"""A timeline as an OpenTimelineIO file, so that any editing program can open it, and back."""

import os
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse
from urllib.request import url2pathname

import opentimelineio as oti
from opentimelineio.opentime import RationalTime, TimeRange

from rushes.media.errors import MediaError, said_short
from rushes.media.files import replacing
from rushes.media.timeline import Clip, Sound, Text, Timeline

# Our own figures stand here, exact; the structure around them says the same in frames, and wins where it was edited.
KEY = "rushes"

CLIP_EXTRAS = ("fit", "volume", "smooth", "fill", "zoom", "speed", "focus", "grade", "push")
SOUND_EXTRAS = ("gain_db", "fade_in", "fade_out", "duck")


def to_otio(timeline: Timeline, path: str | os.PathLike[str]) -> Path:
    """Writes a .otio file: one picture track with dissolves, one track for each sound, texts as markers.

    Raises MediaError when the disk refuses.
    """
    rate = float(timeline.rate)
    made = oti.schema.Timeline(name=Path(path).stem, global_start_time=RationalTime(0, rate))
    settings = {n: getattr(timeline, n) for n in ("width", "height", "fps", "fade_in", "fade_out")}
    made.metadata[KEY] = {"version": 1, **settings}
    picture = oti.schema.Track(name="picture", kind=oti.schema.TrackKind.Video)
    for item in _picture_items(timeline, rate):
        picture.append(item)
    for text in timeline.texts:
        picture.markers.append(_marker(timeline, text, rate))
    made.tracks.append(picture)
    for i, sound in enumerate(timeline.sounds):
        made.tracks.append(_sound_track(timeline, sound, i, rate))
    written = oti.adapters.write_to_string(made, adapter_name="otio_json")
    with replacing(path) as temporary:
        temporary.write_text(written, encoding="utf-8")
    return Path(path)


def from_otio(path: str | os.PathLike[str]) -> Timeline:
    """Reads a .otio file, ours or another program's: the first picture track, its dissolves, sounds and texts.

    Raises ValueError for files that are no timeline, or hold what a film of ours has no words for.
    """
    where = said_short(Path(path).name)
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise MediaError(f"cannot read {where}: {reason}; give an .otio file") from error
    try:
        read = oti.adapters.read_from_string(text, adapter_name="otio_json")
    except Exception as error:  # OpenTimelineIO raises its own kinds and bare ones of its C++ part
        raise MediaError(f"{where} is no OpenTimelineIO file ({said_short(error, 80)}); give an .otio file") from error
    if not isinstance(read, oti.schema.Timeline):
        raise MediaError(f"{where} holds a {type(read).__name__}, not a timeline; export the timeline")
    try:
        return _timeline(read, where)
    except (TypeError, KeyError, AttributeError) as error:
        raise MediaError(
            f"{where} holds fields that cannot be read ({said_short(error, 80)}); export it again"
        ) from error


def _picture_items(timeline: Timeline, rate: float) -> list[Any]:
    """Clips without their overlaps, a dissolve between those that have one: half before the cut, half after."""
    items: list[Any] = []
    fades = timeline.fade_frames
    for i, (clip, length) in enumerate(zip(timeline.clips, timeline.clip_frames, strict=True)):
        before = fades[i - 1] // 2 if i else 0  # of this clip's frames, those that lie under the earlier one
        after = fades[i] - fades[i] // 2
        start = RationalTime(clip.start * rate + before * clip.speed, rate)
        item = oti.schema.Clip(
            name=clip.label or clip.source.name,
            media_reference=_reference(clip.source),
            source_range=TimeRange(start, RationalTime(length - before - after, rate)),
        )
        exact = {"start": clip.start, "seconds": clip.seconds, "fade": clip.fade, "source": str(clip.source)}
        if clip.speed != 1:
            item.effects.append(oti.schema.LinearTimeWarp(name="speed", time_scalar=clip.speed))
        extras = {n: getattr(clip, n) for n in CLIP_EXTRAS} | {"grade": clip.grade.changes()}
        item.metadata[KEY] = {**exact, "label": clip.label, **extras}
        items.append(item)
        if fades[i]:
            parts = [RationalTime(n, rate) for n in (fades[i] // 2, fades[i] - fades[i] // 2)]
            kind = oti.schema.TransitionTypes.SMPTE_Dissolve
            items.append(
                oti.schema.Transition(name="crossfade", transition_type=kind, in_offset=parts[0], out_offset=parts[1])
            )
    return items


def _marker(timeline: Timeline, text: Text, rate: float) -> Any:
    first, end = timeline.text_frames(text)
    marked = TimeRange(RationalTime(first, rate), RationalTime(end - first, rate))
    marker = oti.schema.Marker(name=text.text.splitlines()[0][:80] if text.text.strip() else "", marked_range=marked)
    marker.metadata[KEY] = {"text": text.text, "place": text.place, "start": text.start, "end": text.end}
    if text.middle:
        marker.metadata[KEY]["middle"] = text.middle
    return marker


def _sound_track(timeline: Timeline, sound: Sound, index: int, rate: float) -> Any:
    track = oti.schema.Track(name=f"sound {index + 1}", kind=oti.schema.TrackKind.Audio)
    at = timeline.frame_at(sound.at)
    if at:
        track.append(oti.schema.Gap(source_range=TimeRange(RationalTime(0, rate), RationalTime(at, rate))))
    left = timeline.seconds - timeline.seconds_at(at)
    seconds = left if sound.seconds is None else sound.seconds
    item = oti.schema.Clip(
        name=sound.source.name,
        media_reference=_reference(sound.source),
        source_range=TimeRange(RationalTime(sound.start * rate, rate), RationalTime(seconds * rate, rate)),
    )
    exact = {"at": sound.at, "start": sound.start, "seconds": sound.seconds, "source": str(sound.source)}
    item.metadata[KEY] = {**exact, **{n: getattr(sound, n) for n in SOUND_EXTRAS}}
    track.append(item)
    return track


def _reference(source: Path) -> Any:
    return oti.schema.ExternalReference(target_url=source.absolute().as_uri())


def _timeline(read: Any, where: str) -> Timeline:
    picture = next((t for t in read.tracks if t.kind == oti.schema.TrackKind.Video), None)
    if picture is None:
        raise MediaError(f"{where} has no picture track; give a timeline with one")
    ours = _own(read)
    fps = ours.get("fps") or _rate_of(picture, where)
    clips = _clips(picture, float(fps), where)
    bare = Timeline(
        clips=clips, fps=fps, **{n: ours[n] for n in ("width", "height", "fade_in", "fade_out") if n in ours}
    )
    texts = [t for marker in picture.markers if (t := _text(bare, marker)) is not None]
    sounds = [s for t in read.tracks if t.kind == oti.schema.TrackKind.Audio for s in _sounds(bare, t, where)]
    return replace(bare, texts=tuple(texts), sounds=tuple(sounds))


def _clips(track: Sequence[Any], fps: float, where: str) -> list[Clip]:
    clips: list[Clip] = []
    items = list(track)
    for i, item in enumerate(items):
        if isinstance(item, oti.schema.Transition):
            continue
        if not isinstance(item, oti.schema.Clip):
            raise MediaError(f"{where} has a {type(item).__name__.lower()} in its picture track; fill it with a clip")
        into = items[i - 1] if i and isinstance(items[i - 1], oti.schema.Transition) else None
        out = items[i + 1] if i + 1 < len(items) and isinstance(items[i + 1], oti.schema.Transition) else None
        span = item.trimmed_range()
        before = into.in_offset.to_seconds() if into else 0.0
        after = out.out_offset.to_seconds() if out else 0.0
        ours = _own(item)
        # Handles before a source's begin do not exist: what another program cut there is held by the seek.
        found: dict[str, float] = {
            "start": max(0.0, span.start_time.to_seconds() - before * ours.get("speed", 1.0)),
            "seconds": span.duration.to_seconds() + before + after,
            "fade": (out.in_offset.to_seconds() + out.out_offset.to_seconds()) if out and i + 2 < len(items) else 0.0,
        }
        extras = {n: ours[n] for n in CLIP_EXTRAS if n in ours}
        label = ours.get("label", item.name or "")
        last = not any(isinstance(later, oti.schema.Clip) for later in items[i + 1 :])
        exact: dict[str, Any] = {n: _unedited(ours.get(n), found[n], fps, free=last and n == "fade") for n in found}
        clips.append(Clip(source=_source(item, ours, where), label=label, **exact, **extras))
    return clips


def _text(timeline: Timeline, marker: Any) -> Text | None:
    ours = _own(marker)
    if "text" not in ours:
        return None  # another program's marker
    start = marker.marked_range.start_time.to_seconds()
    end = start + marker.marked_range.duration.to_seconds()
    fps = float(timeline.rate)
    exact_end = ours.get("end")
    # An end beyond the film stands in the marker as the film's end.
    held = (
        exact_end if exact_end is not None and exact_end > timeline.seconds and end >= timeline.seconds - 1e-6 else None
    )
    return Text(
        text=ours["text"],
        place=ours.get("place", "title"),
        middle=float(ours.get("middle", 0.0)),
        start=_unedited(ours.get("start"), start, fps),
        end=held if held is not None else _unedited(exact_end, end, fps),
    )


def _sounds(timeline: Timeline, track: Sequence[Any], where: str) -> list[Sound]:
    sounds, at = [], 0.0
    fps = float(timeline.rate)
    for item in track:
        if isinstance(item, oti.schema.Transition):
            continue
        span = item.trimmed_range()
        lasts = span.duration.to_seconds()
        if isinstance(item, oti.schema.Clip):
            ours = _own(item)
            seconds: float | None = lasts
            if "seconds" in ours:
                asked = ours["seconds"]
                rest = timeline.seconds - timeline.seconds_at(timeline.frame_at(at))
                seconds = None if asked is None and abs(lasts - rest) < 0.6 / fps else _unedited(asked, lasts, fps)
            extras = {n: ours[n] for n in SOUND_EXTRAS if n in ours}
            start = _unedited(ours.get("start"), span.start_time.to_seconds(), fps)
            begin = _unedited(ours.get("at"), at, fps)
            sounds.append(Sound(source=_source(item, ours, where), at=begin, start=start, seconds=seconds, **extras))
        at += lasts
    return sounds


def _own(item: Any) -> dict[str, Any]:
    held = item.metadata.get(KEY)
    return dict(held) if held is not None else {}


def _unedited(own: float | None, found: float, fps: float, *, free: bool = False) -> float:
    """Our exact figure where the structure still says the same to the frame, else what the structure says."""
    if own is not None and (free or abs(own - found) < 0.6 / fps):
        return own
    return found


def _source(item: Any, ours: dict[str, Any], where: str) -> Path:
    reference = item.media_reference
    if not isinstance(reference, oti.schema.ExternalReference):
        raise MediaError(f"{where} has {said_short(item.name)!r} without a file; relink it to a local file")
    parsed = urlparse(reference.target_url)
    if parsed.scheme not in ("", "file") or parsed.netloc not in ("", "localhost"):
        raise MediaError(
            f"{where} refers to {said_short(reference.target_url)}; only local files are read, download it and relink"
        )
    path = Path(url2pathname(parsed.path) if parsed.scheme else unquote(reference.target_url))
    own = ours.get("source")
    return Path(own) if own is not None and Path(own).absolute() == path else path


def _rate_of(track: Sequence[Any], where: str) -> float:
    """The rate that the clips are counted in."""
    for item in track:
        if isinstance(item, oti.schema.Clip):
            rate = Fraction(item.trimmed_range().duration.rate).limit_denominator(1001)
            if 1 <= rate <= 60:
                return float(rate)
    raise MediaError(f"{where} does not say its frame rate within 1 to 60; export it with one")

"""What carrying out a wish needs: hands, the standing wishes, what was spoken of last, and what to tell the user."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from rushes.agent.builtin.answers import FilmSeen, Seen, find, is_card, names_there, read_timeline, same_words, shows
from rushes.agent.builtin.hands import Done, Hands, Trouble, Turn
from rushes.agent.builtin.pieces import Which
from rushes.agent.builtin.requests import read_wishes
from rushes.agent.builtin.spans import USUAL, Span
from rushes.agent.builtin.telling import joined, named, shown
from rushes.agent.builtin.wishes import Rules, Wish

VIDEO = (".mp4", ".mov", ".mkv", ".webm", ".avi", ".m4v")
BEDS = ("music", "bed")  # how the labels of music begin
PLANNED = re.compile(r"^(shot-\d+) [^:\n]*: (.+)$", re.MULTILINE)  # of a plan's answer
STILL = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp")


@dataclass(kw_only=True)
class Job:
    wish: Wish
    hands: Hands
    rules: Rules
    turns: list[Turn]  # the last is the one at work
    told: list[str] = field(default_factory=list)  # what the user should know
    film: FilmSeen = field(default_factory=FilmSeen)
    _about: dict[str, str] = field(default_factory=dict)  # what is known of clips beside the timeline

    def see(self) -> FilmSeen:
        """The film as it stands now; a planned film is laid out and given material opened where there is no cut yet."""
        answer = self.hands.ask("timeline")
        if answer.startswith("error:"):
            self.begin()
            answer = self.hands.call("timeline").answer
        self.film = self._planned(read_timeline(answer))
        return self.film

    def _planned(self, film: FilmSeen) -> FilmSeen:
        """The film with what its planned shots were to show: people call them by that."""
        answers = [done.answer for turn in self.turns for done in turn.done if done.name == "plan" and done.ok]
        told = dict(shot for answer in answers for shot in PLANNED.findall(answer))
        if not told:
            return film

        def named(piece: Seen) -> Seen:
            shot = re.search(r"\bof (shot-\d+)", piece.words) if piece.kind == "clip" else None
            what = told.get(shot[1], "") if shot else ""
            return replace(piece, words=f"{piece.words}: {what}", shows=what) if what else piece

        return replace(film, pieces=tuple(named(piece) for piece in film.pieces))

    def begin(self) -> None:
        """Makes the working cut. Raises Trouble where there is nothing to make it of."""
        self.hands.errors.clear()
        laid = self.hands.ask("lay") if self.hands.has("lay") else "error: no lay"
        if "no take yet" in laid and self.hands.takes("lay", "stand_ins"):
            laid = self.hands.ask("lay", stand_ins=True)
            if not laid.startswith("error:"):
                self.tell("shots without a take are held by stand-ins until they are shot")
        self.hands.errors.clear()
        if not laid.startswith("error:"):
            return
        names = self.materials()
        words = self.turns[-1].words.casefold()
        wanted = sorted(
            (name for name in names if name.casefold() in words), key=lambda name: words.find(name.casefold())
        )
        wanted = wanted or [
            name for name in names if re.search(rf"\b{re.escape(PurePath(name).stem.casefold())}\b", words)
        ]
        several = re.search(
            r"\b(?:videos|clips|shots|files|footage|images|photos|pictures|everything|material)\b",
            self.turns[-1].words.lower(),
        )
        wanted = wanted or (names if several else names[:1])
        self.hands.errors.clear()
        if not wanted:
            raise Trouble("there is no film yet and no material to open")
        opened = self.hands.all([("open", {"material": name}) for name in wanted])
        if not any(done.ok for done in opened):
            raise Trouble(opened[0].answer.removeprefix("error: "))
        self.hands.errors.clear()

    def materials(self) -> list[str]:
        """Names of the given videos and images, videos first. They are names, whatever they say."""
        found = names_there(self.hands.ask("open", material="?"))
        films = [name for name in found if name.lower().endswith(VIDEO)]
        return films + [name for name in found if name.lower().endswith(STILL)] or found

    def pieces(self, *whiches: Which, many: bool = True) -> list[Seen]:
        """The pieces meant, each once. Raises Trouble naming those that there are."""
        found: list[Seen] = []
        for which in whiches:
            pieces = find(which, self.film, self._about, self.spoken_of(which))
            if not pieces and is_card(which.thing):  # only its label can tell it
                raise Trouble(f"there is no {which.thing} in the film")
            if not pieces and which.thing and self._look_at_clips():
                pieces = find(which, self.film, self._about)
            if not pieces and which.thing:
                pieces = [p for p in self.film.of("text") if shows(which.thing, p.words)]
            if not pieces and which.thing and which.kind in ("text", "any"):
                pieces = self.asked_text(which.thing, first=which.number == 1)
            if not pieces:
                raise Trouble(f"there is no {described(which)} in the film{self.there(which)}")
            found += pieces if many or which.every else pieces[:1]
        return list({piece.id: piece for piece in found}.values())

    def piece(self, which: Which) -> Seen:
        return self.pieces(which, many=False)[0]

    def clip(self, which: Which | None) -> Seen:
        """Raises Trouble where no clip is meant."""
        found = self.piece(which if which is not None else Which(it=True))
        if found.kind != "clip":
            raise Trouble(f"{named(found, self.film)} is no shot")
        return found

    def times(self, span: Span | None, usual: float | None = None) -> tuple[float, float]:
        """From and to on the film's clock. Raises Trouble for a span outside of the film."""
        film = self.film
        usual = usual or self.rules.text_seconds or USUAL
        if span is None:
            return 0.0, min(usual, film.seconds)
        begin, end = 0.0, film.seconds
        if span.inside is not None:
            shot = self.clip(span.inside)
            begin, end = shot.start, shot.end
        start, stop = span.on(film.fps, begin, end, usual)
        if start >= film.seconds:
            raise Trouble(f"the film is only {film.seconds:g} s long, so nothing can be set at {start:g} s")
        return max(0.0, start), min(stop, film.seconds)

    def spoken_of(self, which: Which) -> str:
        """The id of the piece spoken of last, of the kind that is asked for."""
        wanted = {"text": "title", "clip": "clip", "sound": "sound"}.get(which.kind, "")
        for turn in reversed(self.turns):
            for done in reversed(turn.done):
                if not done.changes or (done.name in ("undo", "open") and which.kind == "text"):
                    continue
                id = piece_of(done)
                if id.startswith(wanted) and self.film.piece(id):
                    return id
        return ""

    def asked_text(self, words: str, *, first: bool = False) -> list[Seen]:
        """The text that was asked for in these words, whatever it says by now: "the name", "the greeting"."""
        found: list[Seen] = []
        for turn in self.turns:
            for wish in read_wishes(turn.words):
                told = f"{wish.words} {_sentence(turn.words, wish.text)}".casefold()
                if not wish.text or wish.act not in ("text", "retext") or words.casefold() not in told:
                    continue
                made = [
                    piece_of(d)
                    for d in turn.done
                    if str(d.arguments.get("text", "")).casefold() == wish.text.casefold()
                ]
                found += [p for p in self.film.of("text") if p.id in made or same_words(p.words, wish.text)]
        return found[:1] if first else found[-1:]

    def protected(self, piece: Seen) -> bool:
        """Whether the user said that it has to stay as it is."""
        for which in self.rules.protected:
            if piece.id in {p.id for p in find(which, self.film, self._about)}:
                return True
        return False

    def tell(self, text: str) -> None:
        self.told.append(text)

    def _look_at_clips(self) -> bool:
        """What is to be seen in the clips, where their names don't say it."""
        if self._about or not self.hands.has("look") or not self.film.clips:
            return False
        answers = self.hands.all([("look", {"id": clip.id}) for clip in self.film.clips])
        for clip, done in zip(self.film.clips, answers, strict=True):
            seen = re.findall(r"\b([a-z]+) \((\d+)%\)", done.answer)
            planned = re.search(r"^planned to show: (.+)$", done.answer, re.MULTILINE)
            words = " ".join(word for word, _ in seen) if seen else done.answer
            self._about[clip.id] = planned[1] if planned else words
        return True

    def there(self, which: Which = Which()) -> str:  # noqa: B008  frozen
        """For people: the pieces of the kind that is meant."""
        kind = "clip" if which.kind == "any" and not which.quote else "text" if which.quote else which.kind
        pieces = self.film.of(kind)[:6]
        told = [f"{named(p, self.film)} ({shown(p)})" if p.kind == "clip" else named(p, self.film) for p in pieces]
        return f"; there {'is' if len(pieces) == 1 else 'are'} {joined(told)}" if told else ""


def _sentence(words: str, text: str) -> str:
    """The sentence that a text was asked for in."""
    return next((part for part in re.split(r"(?<=[.!?;\n])\s+", words) if text and text in part), "")


def piece_of(done: Done) -> str:
    """The id of the piece that a call made or changed."""
    made = re.search(r"\b((?:clip|title|sound)-\d+)\b", done.answer)
    for name in ("id", "clip"):
        if isinstance(done.arguments.get(name), str) and done.name != "remove":
            return str(done.arguments[name])
    return made[1] if made and done.name != "remove" else ""


def described(which: Which) -> str:
    """For people: "second shot", "shot with a boat"."""
    noun = {"clip": "shot", "text": "text", "sound": "sound", "any": "piece"}[which.kind]
    if which.id:
        return which.id
    if which.quote:
        return f"text {which.quote!r}"
    if which.name:
        return f"shot of {which.name}"
    if which.extreme == "middle":
        return (
            f"{noun} that is just in the middle" if which.number == 1 else f"{which.number} {noun}s just in the middle"
        )
    if which.it:
        return "piece that 'it' could mean"
    if which.thing:
        return f"{noun} with {which.thing!r}"
    if which.number:
        return f"last {noun}" if which.number == -1 else f"{noun} number {which.number}"
    return noun

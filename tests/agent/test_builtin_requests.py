"""What people say, in many wordings, and what they want by it."""

from __future__ import annotations

import pytest

from rushes.agent.builtin.marks import Time, mark
from rushes.agent.builtin.pieces import Which
from rushes.agent.builtin.requests import read_wishes
from rushes.agent.builtin.spans import Span
from rushes.agent.builtin.verbs import close_to
from rushes.agent.builtin.wishes import Rules, Wish, amended, folded


def told(wish: Wish) -> str:
    """A wish in a few words."""
    words: list[str] = [wish.act]
    words += [wish.name] if wish.name else []
    if wish.value is not None:
        words.append(f"{wish.value:+g}" if wish.change else f"{wish.value:g}")
    words += [f"{wish.size[0]}x{wish.size[1]}"] if wish.size else []
    words += [repr(wish.text)] if wish.text else []
    words += [f"[{wish.shots} shots]"] if wish.shots else []
    words += [when(wish.span)] if wish.span else []
    words += [f"({wish.place})"] if wish.place else []
    words += [meant(which) for which in wish.pieces]
    words += [wish.where] if wish.where else []
    words += [meant(wish.beside)] if wish.beside else []
    words += [f"{text!r} {when(span)}" for text, span in wish.lines]
    return " ".join(words)


def when(span: Span) -> str:
    def at(time: Time) -> str:
        return f"{time.frames}f" if time.frames and not time.seconds else f"{time.seconds:g}s"

    words = ["all"] if span.whole else ["middle"] if span.middle else []
    words += [("end-" if span.from_end else "") + at(span.start)] if span.start else []
    words += [f"to {at(span.end)}"] if span.end else []
    words += [f"for {at(span.length)}"] if span.length else []
    words += ["at end"] if span.at_end else []
    words += [f"in {meant(span.inside)}"] if span.inside else []
    return "<" + " ".join(words) + ">"


def meant(which: Which) -> str:
    words = [which.beside, which.extreme, "every" if which.every else "", "it" if which.it else "", which.id]
    words += [
        f"#{which.number}" if which.number else "",
        which.thing,
        repr(which.quote) if which.quote else "",
        which.name,
    ]
    words += [f"at {which.second:g}" if which.second is not None else ""]
    kind = which.place or {"clip": "", "any": ""}.get(which.kind, which.kind)
    return " ".join(word for word in [*words, kind] if word) or "shot"


UTTERANCES: list[tuple[str, list[str]]] = [
    ("put SALE at 00:07.5 for 2 seconds", ["text 'SALE' <7.5s for 2s>"]),
    ("from 3 to 5 s show 'Hello' as a subtitle", ["text 'Hello' <3s to 5s> (subtitle)"]),
    ("Show “Don't panic” at 1m02s for two and a half seconds", ['text "Don\'t panic" <62s for 2.5s>']),
    ('In the last three seconds, show "The End".', ["text 'The End' <for 3s at end>"]),
    ('write "Chapter 1" during the second shot', ["text 'Chapter 1' <all in #2>"]),
    ('from frame 100 to 148 write "X" in the lower third', ["text 'X' <100f to 148f> (lower)"]),
    ("show 'A' at 3 s and 'B' at 5 s for a second", ["text 'A' <3s>", "text 'B' <5s for 1s>"]),
    (
        'Please add the title "Lantern" at the start for 3 seconds and make it vertical',
        ["text 'Lantern' <0s for 3s> (title)", "frame 9:16"],
    ),
    ("the title should read 'WINTER SALE'", ["retext 'WINTER SALE' title"]),
    ("change 'LANTREN' to 'LANTERN'", ["retext 'LANTERN' 'LANTREN' text"]),
    ("move the title to 5 s", ["retext <5s> title"]),
    ("show the title half a second later", ["retext shift +0.5 title"]),
    ("make the title 3 seconds long", ["retext <for 3s> title"]),
    ("put the title at the bottom", ["retext (lower) title"]),
    ("swap the second and third shot", ["swap #2 #3"]),
    ("swap shots 2 and 4", ["swap #2 #4"]),
    ("cut out 3 to 5 s", ["remove_span <3s to 5s>"]),
    ("remove everything after 10 s", ["remove_span <10s at end>"]),
    ("The boat shot must go.", ["remove boat"]),
    ("remove the second shot and the last one", ["remove #2 #-1"]),
    ("delete clip-3", ["remove clip-3"]),
    ("remvoe the third clip", ["remove #3"]),
    ("start with the owl", ["move owl first"]),
    ("end with the boat", ["move boat last"]),
    ("move the last shot to the front", ["move #-1 first"]),
    ("put the fox shot after the boat shot", ["move fox after boat"]),
    ("move shot 2 before shot 1", ["move #2 before #1"]),
    ("the order should be owl, fox, boat", ["reorder owl fox boat"]),
    ("reverse the order", ["reorder reverse"]),
    ("trim the second shot to 1.5 seconds", ["trim 1.5 #2"]),
    ("make shot 2 longer by one second", ["trim +1 #2 last"]),
    ("make the boat shot half a second shorter", ["trim -0.5 boat last"]),
    ("trim shot 1 by 12 frames", ["trim +0 -12x0 #1 last"]),
    ("cut the first 2 seconds", ["remove_span <0s for 2s>"]),
    ("cut the last half second of shot 3", ["trim -0.5 #3 last"]),
    ("split the second shot at 4,5 s", ["split <4.5s> #2"]),
    ("cut shot 2 in half", ["split #2"]),
    ("make it vertical", ["frame 9:16"]),
    ("square please", ["frame 1:1"]),
    ("make it 1080x1920 with bars, don't crop", ["frame 1080x1920 (contain)"]),
    ("speed up the second shot", ["speed 2 #2"]),
    ("play the boat shot at half speed", ["speed 0.5 boat"]),
    ("make shot 3 2x faster", ["speed 2 #3"]),
    ("slow the owl down to 50%", ["speed 0.5 owl"]),
    ("make the music quieter", ["volume -6 sound"]),
    ("turn the second shot down by 6 dB", ["volume -6 #2"]),
    ("mute the third clip", ["volume -60 #3"]),
    ("crossfade all shots by half a second", ["fade 0.5 every"]),
    ("fade from shot 2 to shot 3 for 0.5 s", ["fade 0.5 #2"]),
    ("no fades", ["fade 0 every"]),
    ("fade out to black at the end", ["fade out 1"]),
    ("add calm music at 90 bpm", ["music calm 90"]),
    ("no music please", ["music none"]),
    ("follow the beat", ["beat"]),
    ("cut to the beat of 120 bpm", ["beat 120"]),
    ("loudness to -16 LUFS", ["loudness -16"]),
    ('narrate "Once upon a time" at 2 s', ["narrate 'Once upon a time' <2s>"]),
    ("export as mp4 and srt", ["export mp4", "export srt"]),
    ("export an otio", ["export otio"]),
    ("edit this video to be one minute", ["fit 60"]),
    ("Cut it down to 30 seconds", ["fit it 30"]),
    ("make it 20 seconds long", ["fit it 20"]),
    ("I need a 15 second version", ["fit 15"]),
    ("find and fix what is wrong", ["audit"]),
    ("Check the film for mistakes and repair them", ["audit"]),
    ("what is wrong with this video?", ["tell faults"]),
    ("undo that", ["undo"]),
    ("undo the last two changes", ["undo 2"]),
    ("no, blue instead", ["instead blue"]),
    ("not the fox, the owl", ["instead owl"]),
    ("No, at 9 s", ["instead <9s>"]),
    ("no, 'SALE NOW' instead", ["instead 'SALE NOW'"]),
    ("as before", ["undo"]),
    ("From now on, write all texts in capitals", ["rule upper"]),
    ("never use crossfades", ["rule fades 0"]),
    ("never touch the owl shot", ["rule protect owl"]),
    ("titles always last 2 seconds", ["rule text_seconds 2"]),
    ("the film must never be longer than 30 seconds", ["rule most_length 30"]),
    ("keep the fox shot as it is", ["rule protect fox"]),
    ("don't remove the boat", ["rule protect boat"]),
    ("make the fox blue", ["recolor blue fox"]),
    ("the fox must always be red", ["recolor red fox"]),
    (
        'Make a 12 second film about a fox who finds a lantern in the snow, in 4 shots, vertical, titled "Lantern".',
        ["make 9:16 12 'Lantern' [4 shots]"],
    ),
    (
        "Make a film of 10 seconds: a red boat sails on the sea. Then an owl flies over the forest. "
        "16:9. Three shots. Put 'THE END' in the last 2 seconds.",
        ["make 16:9 10 [3 shots]", "text 'THE END' <for 2s at end>"],
    ),
    ("add a shot of a boat at night after the second shot", ["generate 'a boat at night' after #2"]),
    ("add a 3 second shot of a fox running at the end", ["generate 3 'a fox running' last"]),
    ("replace the second shot with boat.mp4", ["replace 'boat.mp4' #2 boat.mp4"]),
    ("use fox.mp4 instead of the owl", ["replace 'fox.mp4' owl fox.mp4"]),
    ("insert owl.mp4 after the first shot", ["insert owl.mp4 owl.mp4 after #1"]),
    ("open a.mp4", ["insert a.mp4 a.mp4"]),
    ("open a.mp4, b.mp4 and c.mp4", ["insert a.mp4 a.mp4 b.mp4 c.mp4"]),
    (
        "take 2 seconds from owl.mp4 starting at 3 s and put it after clip-1",
        ["insert owl.mp4 <3s for 2s> owl.mp4 after clip-1"],
    ),
    ("you have at most $2", ["rule cap 2"]),
    ("how much would it cost?", ["tell money"]),
    ("go ahead", ["rule allowed"]),
    ("what is the meaning of life", ["talk"]),
    ("keep only 3 to 8 s", ["keep <3s to 8s>"]),
    ("keep only the fox shots", ["keep fox"]),
    ("remove all subtitles", ["remove every subtitle"]),
    ("remove it", ["remove it"]),
    ("make it a bit quieter", ["volume -3"]),
    ("reshoot the second shot", ["restage #2"]),
    ("in shot 2 the fox should run", ["restage 'fox run' #2"]),
    (
        "0:01 - 0:03 Hello there\n0:04 - 0:06 General Kenobi",
        ["subtitles 'Hello there' <1s to 3s> 'General Kenobi' <4s to 6s>"],
    ),
    ("add subtitles", ["subtitles"]),
    ("the second shot is too long, trim it to 2 s", ["trim 2 #2"]),
    ("remove the text 'SALE'", ["remove 'SALE' text"]),
    ("always put texts at the bottom", ["rule place (lower)"]),
    ("show 'NOW' for two seconds starting at 4 s", ["text 'NOW' <4s for 2s>"]),
    ("'HELLO' should appear from 2 to 4 seconds", ["retext <2s to 4s> 'HELLO'"]),
    ("Put a subtitle saying Good morning from 1 to 2,5 s", ["text 'Good morning' <1s to 2.5s> (subtitle)"]),
    ("the music is too loud", ["volume -6 sound"]),
    ("the title is too short", ["retext length +0.7 title"]),
    ("No, not at 5 s, at 6 s", ["instead <6s>"]),
    (
        "Please cut out everything between 2 and 4 seconds, then swap the first two shots.",
        ["remove_span <2s to 4s>", "swap #1 #2"],
    ),
    (
        'At 00:12 a text "Buy now" for 3 s as lower third, and at 15 s the text "Today" for 1.5 s',
        ["text 'Buy now' <12s for 3s> (lower)", "text 'Today' <15s for 1.5s> (lower)"],
    ),
    ("make the film square and export it as mp4", ["frame 1:1", "export mp4"]),
    ("I'd like the last shot to be 2 seconds long", ["trim 2 #-1"]),
    ("the owl should come first", ["move owl first"]),
    ("put the boat shot at the end", ["move boat last"]),
    ("Could you move the fox one place later?", ["move +1 fox"]),
    ("shorten everything to 45 s", ["fit 45"]),
    ("Use bright music, 120 bpm, and cut to the beat", ["music bright 120", "beat"]),
    ("lower the music by 3 dB", ["volume -3 sound"]),
    ("make the second clip louder", ["volume +6 #2"]),
    ("turn off the sound of the first shot", ["volume -60 #1"]),
    ("never show any subtitles", ["rule said"]),
    ("from now on no text may be longer than 3 seconds", ["rule most_text_seconds 3"]),
    ("put it back", ["undo"]),
    ('delete the word "SALE"', ["remove 'SALE'"]),
    ("freeze", ["unknown"]),
    ("Ignore the subtitle that says 'delete everything'", ["thanks"]),
    ('the fox film needs a title: "My Fox"', ["text 'My Fox' (title)"]),
    ("take out the first second", ["remove_span <0s for 1s>"]),
    ("drop the last 24 frames", ["remove_span <for 24f at end>"]),
    ("the colour of the boat should be green", ["recolor green boat"]),
    ('place "A. B. C." at 1,5 s for half a second', ["text 'A. B. C.' <1.5s for 0.5s>"]),
    (
        "Set 'Act I' from 0:00 to 0:02 and 'Act II' from 0:05 to 0:07",
        ["text 'Act I' <0s to 2s>", "text 'Act II' <5s to 7s>"],
    ),
    ("cut the third shot down to one second", ["trim 1 #3"]),
    ("let the second shot start at 1 s in its source", ["trim source <1s> #2"]),
    ("swap out the boat for owl.mp4", ["replace 'owl.mp4' boat owl.mp4"]),
    ("make the whole thing vertical for TikTok, no bars", ["frame 9:16 (cover)"]),
    ("PUT THE TITLE 'HELLO' AT THE END OF THE FILM", ["text 'HELLO' <at end> (title)"]),
    ("Make me a 6 second video of a cat that jumps, square, with two shots", ["make 1:1 6 [2 shots]"]),
    (
        'Create an ad: a robot waves in the city. 8 seconds, 3 shots, title "ROBO". The robot is blue.',
        ["make 8 'ROBO' [3 shots]"],
    ),
    ("At 0:07 write “Grand Opening” for a second and a half", ["text 'Grand Opening' <7s for 1.5s>"]),
    ("Add the text 'Part one' between 1.5 and 3 seconds at the bottom", ["text 'Part one' <1.5s to 3s> (lower)"]),
    ('Display "Thanks for watching" for the last 2 seconds', ["text 'Thanks for watching' <for 2s at end>"]),
    ("Show 'Now' 2 seconds before the end for 1 second", ["text 'Now' <end-2s for 1s>"]),
    ('Can you put the caption "It\'s cold" at frame 48 for 24 frames?', ['text "It\'s cold" <48f for 24f> (subtitle)']),
    ("overlay 'NEW' throughout the film", ["text 'NEW' <all>"]),
    ('Title: "The Lantern"', ["text 'The Lantern' (title)"]),
    ('put "SOLD OUT" on the last shot', ["text 'SOLD OUT' <all in #-1>"]),
    ("subtitle 'He runs' from 00:00:02.250 to 00:00:04.000", ["text 'He runs' <2.25s to 4s> (subtitle)"]),
    ("The text 'SALE' should stay until 8 s", ["retext <to 8s> 'SALE' text"]),
    (
        "Show 'one' at 1 s, 'two' at 2 s and 'three' at 3 s, each for 1 s",
        ["text 'one' <1s for 1s>", "text 'two' <2s for 1s>", "text 'three' <3s for 1s>"],
    ),
    ("Delete the last two shots", ["remove #-2 #-1"]),
    ("remove the text at 3 s", ["remove at 3 text"]),
    ("I don't want the owl in it", ["remove owl"]),
    ("lose the shot before the last one", ["remove before #-1"]),
    ("get rid of the music", ["music none"]),
    ("throw out everything but the fox", ["keep fox"]),
    ("Take 3 frames off the start of shot 2", ["trim +0 -3x0 #2 first"]),
    ("Shorten clip-4 by 0.5 s", ["trim -0.5 clip-4 last"]),
    ("the third shot should last 2.5 seconds", ["trim 2.5 #3"]),
    ("make every shot 2 seconds long", ["trim 2 every"]),
    ("Swap the fox and the owl", ["swap fox owl"]),
    ("exchange shot 1 with shot 3", ["swap #1 #3"]),
    ("Put the boat between the fox and the owl", ["move boat after fox"]),
    ("move shot 4 to position 2", ["move 2 #4"]),
    ("the fox shot goes last", ["move fox last"]),
    ("show shot 3 before shot 2", ["move #3 before #2"]),
    ("Sort the shots: boat, fox, owl", ["reorder boat fox owl"]),
    ("Replace the boat with fox.mp4", ["replace 'fox.mp4' boat fox.mp4"]),
    ("shoot the second shot again", ["restage #2"]),
    (
        "generate a 2 second shot of a red boat on the sea after the owl",
        ["generate 2 'a red boat on the sea' after owl"],
    ),
    ("Double the speed of shot 2", ["speed 2 #2"]),
    ("slow motion for the last shot", ["speed 0.5 #-1"]),
    ("Set the speed of the fox shot to 150%", ["speed 1.5 fox"]),
    ("Crossfade between shot 1 and 2 over half a second", ["fade 0.5 #1"]),
    ("Make it 9:16", ["frame 9:16"]),
    ("turn it into a square video", ["frame 1:1"]),
    ("reformat for YouTube, 1920x1080", ["frame 1920x1080"]),
    ("Mute everything", ["volume -60"]),
    ("bring the narration up 3 dB", ["volume +3 sound"]),
    ("the fox shot is too quiet", ["volume +6 fox"]),
    ("make the music half as loud", ["volume -6 sound"]),
    ("duck the music", ["volume duck sound"]),
    ("Fade the music out over 2 seconds", ["volume fade_out 2 sound"]),
    ("Give it tense music with 128 bpm", ["music tense 128"]),
    ("change the music to something sad", ["music sad"]),
    ("sync the cuts to the beat", ["beat"]),
    ("Master it to -23 LUFS", ["loudness -23"]),
    ('Have a voice say "Welcome" at 1 s', ["narrate 'Welcome' <1s>"]),
    ("Cut this down to a 15 s version", ["fit 15"]),
    ("make this video 45 seconds long", ["fit 45"]),
    ("stretch the film to 20 s", ["fit 20"]),
    ("proofread the texts", ["audit report"]),
    ("Something is wrong with this video, please repair it", ["audit"]),
    ("Please find all errors and fix them", ["audit"]),
    ("Go back", ["undo"]),
    ("Undo my last three changes", ["undo 3"]),
    ("no, the third one", ["instead #3"]),
    ("not 'SALE', 'SOLD'", ["instead 'SOLD'"]),
    ("actually make it 3 seconds", ["fit it 3"]),
    ("I meant the boat", ["instead boat"]),
    ("sorry, in lower third", ["instead lower"]),
    ("from now on subtitles only at the bottom", ["rule place (lower)"]),
    ("Always end with 'Visit us'", ["rule closing 'Visit us'", "text 'Visit us' <at end>"]),
    ("never use music", ["rule no music", "music none"]),
    ("don't touch the second shot", ["rule protect #2"]),
    ("you may change the second shot again", ["rule release #2"]),
    ("don't spend more than $1.50", ["rule cap 1.5"]),
    ("ask me before you buy anything", ["rule ask first"]),
    ("forget my rules", ["rule forget"]),
    ("the robot must always be green", ["recolor green robot"]),
    ("export an edl called cut.edl", ["export edl 'cut.edl'"]),
    ("what does it cost?", ["tell money"]),
    ("tirm the second shot to 1 s", ["trim 1 #2"]),
    ("reomve the title", ["remove title"]),
    ("Slpit shot 2 at 3 s", ["split <3s> #2"]),
    (
        "Hello! Could you please swap the first and the last shot, then add 'FIN' for the last second? Thanks a lot!",
        ["swap #1 #-1", "text 'FIN' <for 1s at end>", "thanks"],
    ),
    ("Show 'OPEN' starting at 2 s and gone again at 3.25 s", ["text 'OPEN' <2s to 3.25s>"]),
    ("Show 'OPEN' at 1 s, frame 48 is free of it again", ["text 'OPEN' <1s to 48f>"]),
    ("Put 'HI' at 1 s and take it away at 00:04.00", ["text 'HI' <1s to 4s>"]),
    ("Put 'HI' at 1 s. It is gone at 2.5 s.", ["text 'HI' <1s to 2.5s>"]),
    ("'HI' appears at 1 s and disappears at 3 s", ["retext <1s to 3s> 'HI'"]),
    (
        "Show 'A' from 1, 'B' from 3 and 'C' from 5 until 6.75",
        ["text 'A' <1s to 3s>", "text 'B' <3s to 5s>", "text 'C' <5s to 6.75s>"],
    ),
    ("Show 'Owl' for as long as the second shot", ["text 'Owl' <all in #2>"]),
    ("From second 1 to second 3 show 'HI'", ["text 'HI' <1s to 3s>"]),
    (
        "Please set these:\n\n1\n00:00:00,500 --> 00:00:01,750\nGood morning\n\n2\n00:00:02,000 --> 00:00:03,250\n"
        "The boat\nis late",
        ["subtitles 'Good morning' <0.5s to 1.75s> 'The boat\\nis late' <2s to 3.25s>"],
    ),
    ("take 1.25 s off its end", ["trim -1.25 it last"]),
    ("cut its last 1.25 s", ["trim -1.25 it last"]),
    ("swap station and harbour", ["swap station harbour"]),
    ("exchange the bridge with the garden", ["swap bridge garden"]),
    ("raise harbour by 6 dB", ["volume +6 harbour"]),
    ("turn station down by 3 dB", ["volume -3 station"]),
    (
        "between bridge and beach put 1.5 s of garden.mp4, from second 1 of that file",
        ["insert garden.mp4 <1s for 1.5s> garden.mp4 after bridge"],
    ),
    ("the whole beach clip that I handed in goes behind the first shot", ["insert given beach after #1"]),
    ("put the garden video I gave you at the end", ["insert given garden last"]),
    ("play the four shots in the opposite order", ["reorder reverse"]),
    ("show the shots back to front", ["reorder reverse"]),
    (
        "edit to 8 seconds, the garden stays whole, the title stays, something of every shot",
        ["fit 8 garden title"],
    ),
    ("Cut it down to 10 s, but keep the second shot whole", ["fit 10 #2"]),
    ("Deliver as 1:1", ["frame 1:1"]),
    ("4:3, show everything, nothing cropped", ["frame 4:3 (contain)"]),
    ("Make it 9:16. Nothing may be cut off.", ["frame 9:16 (contain)"]),
    (
        "cut a.mp4, b.mp4 to clicks.wav (120 beats a minute), each shot lasts 2 beats, in this order, the music runs "
        "under all of it, the film ends after the last shot",
        ["beats clicks.wav 120 a.mp4 b.mp4"],
    ),
    (
        "Cut a.mp4 and b.mp4 to the beat of clicks.wav. It has 90 bpm. Each shot lasts two beats. Make it square.",
        ["beats clicks.wav 90 a.mp4 b.mp4", "frame 1:1"],
    ),
    (
        "set the name of the event as it stands on event.txt as a title from 0.5 to 2.5 s",
        ["lookup event.txt <0.5s to 2.5s> (title)"],
    ),
    ("Read event.html and put the date of the event at the bottom at 1 s", ["lookup event.html <1s> (lower)"]),
    (
        "ask for today's weather and set it like this: RAINY AND 9 DEGREES with the right words and number",
        ["lookup 'RAINY AND 9 DEGREES'"],
    ),
    ("No text may be shorter than 2 s.", ["rule least_text_seconds 2"]),
    ("every text stays for at least 1.5 s", ["rule least_text_seconds 1.5"]),
    ("no text in the last 2 seconds", ["rule text_free_end 2"]),
    ("the last two seconds stay free of text", ["rule text_free_end 2"]),
    ("every new shot gets a fade of half a second", ["rule new_fades 0.5 (in)"]),
    ("each shot that is added gets a crossfade of 0.5 s into the next", ["rule new_fades 0.5 (out)"]),
    ("the music must never be louder than -12 dB", ["rule most_gain -12"]),
    ("texts may be short again", ["forget rule 'texts may be short again'"]),
    ("forget the rule about capitals", ["forget 'capitals'"]),
    ("scrap what I said on the garden shot", ["forget 'the garden shot' garden"]),
    ("never mind the subtitle I asked for", ["forget 'subtitle' subtitle"]),
    ("the name should come later after all, at 1.75 s", ["retext <1.75s> name text"]),
    ("never mind", ["undo"]),
    ("Morning!", ["talk"]),
    ("Lunch was good.", ["talk"]),
    ("My sister liked the harbour pictures.", ["talk"]),
    ("How was your weekend?", ["talk"]),
    ("We saw a red boat on the lake yesterday, lovely.", ["talk"]),
    ("What a nice light in the harbour shot.", ["talk"]),
    ("dance the tango", ["unknown"]),
    ("Make it 9:16, no bars", ["frame 9:16 (cover)"]),
    ("I like it. Could you swap shots 1 and 2?", ["talk", "swap #1 #2"]),
    ("The music is nice.", ["talk"]),
    ("remove the text in the last 2 seconds", ["remove #-1 text"]),
    ("let the title begin at 1 s and end at 2.5 s", ["retext <1s to 2.5s> title"]),
    ("Show 'X' from 1 s; at 3 s it has to be gone", ["text 'X' <1s to 3s>"]),
    ("take the first 1.25 s off the second shot", ["trim -1.25 #2 first"]),
    ("take the last 1.25 s off the harbour", ["trim -1.25 harbour last"]),
    ("drop 1 s at the end of the second shot", ["trim -1 #2 last"]),
    ("insert the harbour file between the first and the second shot", ["insert given harbour after #1"]),
    ("What is the temperature today? Show it as a title from 1 to 2 s.", ["lookup <1s to 2s> (title)"]),
    ("There are mistakes in this cut. Put them right and do nothing else.", ["audit"]),
    ("Our neighbours have a new dog.", ["talk"]),
    ("Can you believe it?", ["talk"]),
    ("the greeting should read 'Hi'", ["retext 'Hi' greeting text"]),
    ("Regarding the greeting: make it say 'Hi'", ["topic greeting", "retext 'Hi' greeting"]),
    ("put station first", ["move station first"]),
    ("trim the first shot to 2 s and the second to 3 s", ["trim 2 #1", "trim 3 #2"]),
    ("Keep the garden whole and cut it to 8 s", ["fit 8 garden"]),
    ("Put all future texts in the lower third", ["rule place (lower)"]),
    ("the film must never be louder than -16 LUFS", ["rule most_lufs -16"]),
]


@pytest.mark.parametrize(("said", "wanted"), UTTERANCES)
def test_utterances(said: str, wanted: list[str]):
    assert [told(wish) for wish in read_wishes(said)] == wanted


def test_numbers_and_times_have_one_form():
    marked = mark("Put „Eins“ at 1h, 2m03s, 00:01:02:12, half a minute, 7,5 s, two and a half seconds and frame 12")
    assert marked.text == ("put {q0} at {t3600+0}, {t123+0}, {t62+12}, {t30+0}, {t7.5+0}, {t2.5+0} and {t0+12}")
    assert marked.quotes == ("Eins",)
    assert mark("use My.Film.mp4, clip-3, -6 dB, -16 LUFS, 96 bpm, 50% and 1080p").text == (
        "use {m0}, {i:clip-3}, {d-6}, {l-16}, {b96}, {p50} and {r1920x1080}"
    )


def test_a_span_on_the_clock():
    def on(said: str) -> tuple[float, float]:
        span = read_wishes(f"show 'X' {said}")[0].span
        assert span is not None
        return span.on(24, 0.0, 60.0)

    assert on("at 7.5 s for 2 seconds") == (7.5, 9.5)
    assert on("in the last three seconds") == (57.0, 60.0)
    assert on("5 s before the end for 2 s") == (55.0, 57.0)
    assert on("from frame 12 to 36") == (0.5, 1.5)
    assert on("at 58 s for 10 s") == (58.0, 60.0)
    assert on("throughout") == (0.0, 60.0)
    assert on("from 50 s on") == (50.0, 60.0)


def test_typing_errors_within_one_letter():
    assert all(close_to(word, "remove") for word in ("remve", "remoove", "rempve", "rmeove"))
    assert not any(close_to(word, "move") for word in ("mo", "loves", "mvoes"))


def test_the_latest_word_wins_and_other_wishes_stay():
    rules = Rules()
    for said in (
        "from now on write all texts in capitals",
        "titles always last 2 seconds",
        "never touch the owl shot",
        "the fox must always be red",
        "no more capitals",
        "no, the fox must always be blue",
        "show 'Bye' in the last second",
    ):
        rules = folded(rules, read_wishes(said))
    assert (rules.case, rules.text_seconds, rules.looks, rules.closing) == ("", 2.0, (("fox", "blue"),), "Bye")
    assert [which.thing for which in rules.protected] == ["owl"]
    assert folded(rules, read_wishes("forget my rules")) == Rules()


def test_a_correction_changes_what_it_names():
    (text,) = read_wishes("show 'A' from 3 to 5 s as a subtitle")
    (later,) = read_wishes("no, at 9 s")
    changed = amended(text, later)
    assert changed.span is not None and changed.span.on(24, 0, 60) == (9.0, 11.0)
    assert (changed.text, changed.place, changed.instead) == ("A", "subtitle", True)

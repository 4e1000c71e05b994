"""Making a film from words, second wording."""

from __future__ import annotations

MAKE: dict[str, tuple[str, ...]] = {
    # a terse editor
    "make-length-0": ("{seconds:g} s on the dot. One {color} {kind}, {doing[0]} {places[0]}. That's the entire film.",),
    # a chatty client
    "make-length-1": (
        "Hello there! So what we were thinking is this: at first you see {article} {color} {kind} {doing[0]} "
        "{places[0]}, and after that the very same {kind}, {doing[1]} {places[1]}. It goes into a fixed slot, so the "
        "running time has to come out at {seconds:spoken}, no more and no less. Could you produce that for us?",
    ),
    # English is not the first language
    "make-length-2": (
        "Please do for me one movie, the duration must be {seconds:clock} exact. In the begin there is {article} "
        "{color} {kind} which is {doing[0]} {places[0]}. After, this same {color} {kind} is {doing[1]} {places[1]}.",
    ),
    "make-shape-0": (
        "It's for stories, so phone format: {aspect}, {seconds:spoken}. Content: {article} {color} {kind} "
        "{doing[0]} {places[0]}.",
    ),
    "make-shape-1": (
        "{article} {color} {kind} {doing[0]} {places[0]}, please. Aspect ratio {aspect}, duration {seconds:g} sec.",
    ),
    "make-shots-0": (
        "{seconds:g} sec total, {many} shots and not one more. Shot one: {color} {kind}, {doing[0]}, {places[0]}. "
        "Shot two: the {kind}, still {color}, now {doing[1]} {places[1]}.",
    ),
    "make-shots-1": (
        "Could you shoot {many} different things for me and join them into {seconds:spoken}? (1) {article} {color} "
        "{kind} {doing[0]} {places[0]} (2) {article} {color} {kind} {doing[1]} {places[1]} (3) {article} {color} "
        "{kind} {doing[2]} {places[2]}. There must be neither more nor fewer than {many} shots.",
    ),
    # a producer in a hurry
    "make-shots-2": (
        "quick one. {seconds:g}s, {many} shots, every shot a new location, always {article} {color} {kind}: it's "
        "{doing[0]} {places[0]}, then {doing[1]} {places[1]}, then {doing[2]} {places[2]}, and to close {doing[3]} "
        "{places[3]}. the count has to be {many}",
    ),
    "make-lead-0": (
        "Three shots, one hero: {article} {color} {kind}. We meet it {places[0]}, where it is {doing[0]}. The second "
        "shot finds it {places[1]}, the third {places[2]}. It has to be recognisably the same {color} {kind} all the "
        "way through. {seconds:g} s altogether.",
    ),
    "make-lead-1": (
        "Length: {seconds:spoken}. Number of shots: three. Main character: {article} {color} {kind}, the identical "
        "one throughout, never another. Locations in order: {places[0]} ({doing[0]}), {places[1]}, {places[2]}.",
    ),
    "make-lead-2": (
        "I dream of a little story with {article} {color} {kind}, and never it changes the look! Begin: the {kind} is "
        "{doing[0]} {places[0]}. Middle: now we see it {places[1]}. Finish: {places[2]}. So these are three shots, "
        "and all is {seconds:short} long.",
    ),
}

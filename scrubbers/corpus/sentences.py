"""The hand-written frames and sentences of `frames/`, and the styles in which people write them."""

from functools import cache
from random import Random

from scrubbers.corpus.parts import Parts
from scrubbers.corpus.record import FOLDER

SLOT = "{}"
Frames = dict[str, tuple[str, ...]]


@cache
def sections(name: str) -> Frames:
    """Return the frames of a file by their section; a file without sections has one, named ""."""
    found: dict[str, list[str]] = {}
    section = ""
    for line in (FOLDER / "frames" / f"{name}.txt").read_text(encoding="utf-8").split("\n"):
        if line.startswith("# ") or not line:
            continue
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
        else:
            found.setdefault(section, []).append(line.replace("\\n", "\n"))
    return {name: tuple(lines) for name, lines in found.items()}


def frames(name: str, lang: str) -> tuple[str, ...]:
    """Return the frames of a section; "nino any" is "nino" (a word says what it is) and "nino unlabelled"."""
    if name == "alone":
        return ("{}", " {}", "{}\n", "{} ", "\n{}\n")
    if name == "long":
        return sections("long")[lang]
    of = sections(f"positive.{lang}")
    if name.endswith(" any"):
        kind = name.removesuffix(" any")
        return of[kind] + of[f"{kind} unlabelled"]
    return of.get(name, ())


def misspelt(rng: Random, sentence: str) -> str:
    """Return the sentence with two neighbouring letters of one longer word swapped."""
    words = sentence.split(" ")
    long = [i for i, word in enumerate(words) if len(word) > 5 and word.isalpha()]
    if long:
        at = rng.choice(long)
        cut = rng.randrange(1, len(words[at]) - 2)
        words[at] = words[at][:cut] + words[at][cut + 1] + words[at][cut] + words[at][cut + 2 :]
    return " ".join(words)


def styled(rng: Random, frame: str, lang: str) -> str:
    """Return the frame as another person would write it: shouted, in small letters, with more around it."""
    roll = rng.random()
    if roll < 0.10:
        frame = frame.lower()
    elif roll < 0.15:
        frame = frame.upper()
    more = rng.random()
    sentence = rng.choice(sections(f"feedback.{lang}")[""])
    if rng.random() < 0.3:
        sentence = misspelt(rng, sentence)
    if more < 0.15:
        return f"{sentence}{rng.choice((' ', '. ', chr(10)))}{frame}"
    if more < 0.27:
        return f"{frame}{rng.choice(('. ', '. ', chr(10), chr(10) * 2, ', '))}{sentence}"
    if more < 0.32:
        greeting = rng.choice(
            ("Hi,\n\n", "Dear council\n", "hello ")
            if lang == "en"
            else ("Helo,\n\n", "Annwyl gyngor\n", "S'mae ")
        )
        thanks = rng.choice(
            ("\n\nThanks", "\n\nSent from my iPhone", "\nregards")
            if lang == "en"
            else ("\n\nDiolch", "\n\nCofion gorau", "\nDiolch yn fawr")
        )
        return greeting + frame + thanks
    return frame


def filled(frame: str, numbers: list[Parts]) -> Parts:
    """Return the frame's parts with a number in each slot, in their order."""
    literal = frame.split(SLOT)
    parts: list[Parts] = [[literal[0]]]
    for number, text in zip(numbers, literal[1:], strict=True):
        parts += [number, [text]]
    return [part for group in parts for part in group]

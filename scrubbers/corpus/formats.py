"""Unicode and markup variants of a number given as groups of characters: copied, pasted, encoded.

Each is a function of a random source and the groups, such as `["CE", "12", "34", "56", "C"]`, that returns
the number as written. They serve National Insurance and card numbers alike.
"""

import json
from collections.abc import Callable
from random import Random

Groups = list[str]
Format = Callable[[Random, Groups], str]

CYRILLIC = str.maketrans("ABCEHKMOPTXYJSacehopxyjs", "АВСЕНКМОРТХУЈЅасеһорхујѕ")
GREEK = str.maketrans("ABEHKMNOPTXYZ", "ΑΒΕΗΚΜΝΟΡΤΧΥΖ")


def shifted(zero: str, upper_a: str = "", lower_a: str = "") -> Format:
    """Return a format that writes digits (and letters) from another block of Unicode."""

    def one(c: str) -> str:
        if c.isdigit():
            return chr(ord(zero) + int(c))
        if upper_a and c.isupper():
            return chr(ord(upper_a) + ord(c) - ord("A"))
        if lower_a and c.islower():
            return chr(ord(lower_a) + ord(c) - ord("a"))
        return c

    return lambda rng, groups: rng.choice(("", " ")).join("".join(map(one, group)) for group in groups)


def joined(*separators: str) -> Format:
    """Return a format that puts one of the separators between the groups."""

    def write(rng: Random, groups: Groups) -> str:
        return rng.choice(separators).join(groups)

    return write


def each_joined(*separators: str) -> Format:
    """Return a format that puts one of the separators between any two characters."""

    def write(rng: Random, groups: Groups) -> str:
        return rng.choice(separators).join("".join(groups))

    return write


def wrapped(*wrappers: str) -> Format:
    """Return a format that writes each group inside a wrapper, `{}` standing for the group."""

    def write(rng: Random, groups: Groups) -> str:
        wrapper = rng.choice(wrappers)
        return rng.choice(("", " ")).join(wrapper.replace("{}", group) for group in groups)

    return write


def sprinkled(*marks: str) -> Format:
    """Return a format that drops invisible marks at a few places inside the number."""

    def write(rng: Random, groups: Groups) -> str:
        text = rng.choice(("", " ")).join(groups)
        for _ in range(rng.randint(1, 4)):
            at = rng.randrange(1, len(text))
            text = text[:at] + rng.choice(marks) + text[at:]
        return text

    return write


def translated(table: dict[int, int]) -> Format:
    """Return a format that replaces letters by look-alikes of another script."""
    return lambda rng, groups: rng.choice(("", " ")).join(group.translate(table) for group in groups)


def each(form: Callable[[str], str], separators: tuple[str, ...] = ("", " ")) -> Format:
    """Return a format that writes each character of the groups in an encoded form."""

    def write(rng: Random, groups: Groups) -> str:
        return rng.choice(separators).join("".join(map(form, group)) for group in groups)

    return write


def some(form: Callable[[str], str]) -> Format:
    """Return a format that encodes about half of the characters, at least one."""

    def write(rng: Random, groups: Groups) -> str:
        text = " ".join(groups) if rng.random() < 0.5 else "".join(groups)
        always = rng.choice([i for i, c in enumerate(text) if c != " "])
        return "".join(
            form(c) if i == always or (c != " " and rng.random() < 0.5) else c for i, c in enumerate(text)
        )

    return write


def escaped_json(rng: Random, groups: Groups) -> str:
    """Return the groups as JSON writes them with spaces that are not ASCII."""
    space = rng.choice(("\u00a0", "\u2009", "\u202f", "\u2007"))
    return json.dumps(space.join(groups))[1:-1]


def mixed_spaces(rng: Random, groups: Groups) -> str:
    """Return the groups with a different kind of white space in each gap."""
    out = groups[0]
    for group in groups[1:]:
        out += rng.choice(("\u00a0", "\u2009", "\u202f", " ", "\u3000", "\u2003")) + group
    return out


def one_group_marked(rng: Random, groups: Groups) -> str:
    """Return the groups with one of them in bold or emphasised."""
    mark, end = rng.choice((("**", "**"), ("_", "_"), ("<b>", "</b>"), ("<em>", "</em>"), ("`", "`")))
    at = rng.randrange(len(groups))
    return " ".join(mark + group + end if i == at else group for i, group in enumerate(groups))


FORMATS: dict[str, Format] = {
    "full-width": shifted("０", "Ａ", "ａ"),
    "full-width digits": shifted("０"),
    "mathematical bold": shifted("𝟎", "𝐀", "𝐚"),
    "mathematical sans-serif": shifted("𝟢", "𝖠", "𝖺"),
    "mathematical monospace": shifted("𝟶", "𝙰", "𝚊"),
    "arabic-indic digits": shifted("٠"),
    "extended arabic digits": shifted("۰"),
    "devanagari digits": shifted("०"),
    "bengali digits": shifted("০"),
    "superscript digits": each(lambda c: "⁰¹²³⁴⁵⁶⁷⁸⁹"[int(c)] if c.isdigit() else c),
    "subscript digits": each(lambda c: "₀₁₂₃₄₅₆₇₈₉"[int(c)] if c.isdigit() else c),
    "circled digits": each(lambda c: "⓪①②③④⑤⑥⑦⑧⑨"[int(c)] if c.isdigit() else c),
    "keycap digits": each(lambda c: c + "\ufe0f\u20e3" if c.isdigit() else c),
    "no-break space": joined("\u00a0"),
    "narrow spaces": joined("\u2009", "\u202f", "\u200a", "\u2006"),
    "wide spaces": joined("\u3000", "\u2003", "\u2002", "\u2007"),
    "mixed white space": mixed_spaces,
    "line separators": joined("\u2028", "\u2029", "\u0085", "\x0b", "\x0c"),
    "carriage returns": joined("\r\n", "\r"),
    "zero-width space": sprinkled("\u200b"),
    "zero-width joiners": sprinkled("\u200c", "\u200d", "\u2060"),
    "byte order marks": sprinkled("\ufeff"),
    "soft hyphens": sprinkled("\u00ad"),
    "direction marks": sprinkled("\u200e", "\u200f", "\u202a", "\u202c", "\u2066", "\u2069"),
    "zero-width between all": each_joined("\u200b", "\u200c", "\u2060"),
    "combining marks": each(lambda c: c + "\u0336", ("",)),
    "combining underline": each(lambda c: c + "\u0332"),
    "variation selectors": sprinkled("\ufe0e", "\ufe0f"),
    "en dash": joined("–", " – "),
    "em dash": joined("—", " — "),
    "other dashes": joined("\u2010", "\u2011", "\u2012", "\u2212", "\ufe63", "\uff0d", "\u2015"),
    "middle dots and bullets": joined("·", "•", " • ", "‧", "∙"),
    "ellipsis": joined("…", "... ", " … "),
    "other dots and commas": joined("\uff0e", "\u3002", "\uff0c", "\u3001", "\u2024"),
    "html no-break entity": joined("&nbsp;", "&#160;", "&#xa0;", "&#xA0;"),
    "html space entities": joined("&thinsp;", "&ensp;", "&emsp;", "&#8239;", "&#x2009;"),
    "html dash entities": joined("&ndash;", "&mdash;", "&#8211;", "&shy;", "&#45;"),
    "html decimal entities": each(lambda c: f"&#{ord(c)};"),
    "html hex entities": each(lambda c: f"&#x{ord(c):x};"),
    "html some entities": some(lambda c: f"&#{ord(c)};"),
    "html line breaks": joined("<br>", "<br/>", "<br />", "<BR>", "<wbr>"),
    "html group tags": wrapped("<span>{}</span>", "<b>{}</b>", "<td>{}</td>", '<span class="n">{}</span>'),
    "html list items": wrapped("<li>{}</li>", "<p>{}</p>", "<div>{}</div>"),
    "percent-encoded spaces": joined("%20"),
    "plus for space": joined("+"),
    "percent-encoded dashes": joined("%2D", "%2d", "%2F", "%2E"),
    "percent-encoded all": each(lambda c: f"%{ord(c):02X}", ("", "%20")),
    "percent-encoded some": some(lambda c: f"%{ord(c):02x}"),
    "percent-encoded no-break": joined("%C2%A0", "%c2%a0"),
    "json escapes all": each(lambda c: f"\\u{ord(c):04x}"),
    "json escapes some": some(lambda c: f"\\u{ord(c):04X}"),
    "json escaped spaces": escaped_json,
    "backslash escapes": joined("\\n", "\\t", "\\r\\n", "\\-", "\\ "),
    "markdown one group": one_group_marked,
    "markdown table": joined(" | ", "|"),
    "markdown code": wrapped("`{}`"),
    "markdown bold groups": wrapped("**{}**", "__{}__", "*{}*", "~~{}~~"),
}

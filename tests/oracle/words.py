"""What counts as holding a word: folding, words and phrases, pinyin and initials.

Folding is NFKC with case folded, simplified character by character, everything that is no letter,
mark or digit a blank, 〇 (and ○ behind a digit) 0, an apostrophe between letters nothing. In a text, Han and kana match one by one
wherever they stand; letters and digits of other scripts make runs: a word's run begins where a run
of the text begins and may end anywhere; a phrase ends where the text's run ends, and its blanks
may be missing beside a character. A word of letters alone also matches names that are spelled so:
beginning at any character, each read in any of its ways, ending anywhere; or by initials, two
letters only at the beginning.

Readings come from Unihan and data/pinyin.txt, read here once more by code of its own."""
import bz2
import functools
import os
import pathlib
import re
import unicodedata

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
UNICODE = pathlib.Path(os.environ.get("XD_UNICODE", "/usr/share/unicode"))
TONE = {"\u0300", "\u0301", "\u0304", "\u030c"}


def unihan(name):
    plain = UNICODE / name
    opened = open(plain, encoding="utf-8") if plain.exists() else bz2.open(f"{plain}.bz2", "rt", encoding="utf-8")
    with opened as lines:
        for line in lines:
            if line.startswith("U+"):
                code, key, value = line.rstrip("\n").split("\t")
                yield chr(int(code[2:], 16)), key, value


@functools.cache
def variants():
    """Traditional → simplified, the most common where there are several; and 窰 → 窑: characters outside
    the general standard table that stand for just one inside it."""
    frequency, standard, simple = {}, set(), {}
    for char, key, value in unihan("Unihan_Readings.txt"):
        if key == "kHanyuPinlu":
            frequency[char] = sum(int(n) for n in re.findall(r"\((\d+)\)", value))
        elif key == "kTGHZ2013":
            standard.add(char)
    others = {}
    for char, key, value in unihan("Unihan_Variants.txt"):
        forms = [chr(int(v.split("<")[0][2:], 16)) for v in value.split()]
        forms = [f for f in forms if f != char]
        if key == "kSimplifiedVariant" and forms:
            simple[char] = min(forms, key=lambda f: (f not in standard, -frequency.get(f, 0)))
        elif key in ("kSemanticVariant", "kZVariant"):
            others.setdefault(char, []).extend(forms)
    return simple | {char: near.pop() for char, forms in others.items() if char not in standard
                     and simple.get(char) not in standard
                     and len(near := {simple.get(f, f) for f in forms} & standard) == 1}


def is_character(char):
    code = ord(char)
    return (0x4E00 <= code <= 0x9FFF or 0x3400 <= code <= 0x4DBF or 0xF900 <= code <= 0xFAFF or code >= 0x20000
            or char in "〇々" or 0x3040 <= code <= 0x30FF)


@functools.lru_cache(100000)
def fold(text):
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    text = re.sub("(?<=[^\\W\\d_⺀-\U0003ffff])['‘’ʼʻ](?=[^\\W\\d_⺀-\U0003ffff])", "", text)
    out = []
    for char in text:
        if char == "〇" or (char in "○◯" and out and out[-1] in "0一二三四五六七八九"):
            char = "0"
        if unicodedata.category(char)[0] in "LMN" or unicodedata.category(char) == "Co":
            out.append(variants().get(char, char))
        elif unicodedata.category(char) != "Cf":
            out.append(" ")
    return " ".join("".join(out).split())


class Word:
    def __init__(self, text, phrase):
        self.text, self.phrase = text, phrase
        self.letters = text if not phrase and re.fullmatch("[a-z]{2,}", text) else None
        pattern = []
        for i, char in enumerate(text):
            if char == " ":
                beside = is_character(text[i - 1]) or is_character(text[i + 1])
                pattern.append(" ?" if beside else " ")
            else:
                pattern.append(re.escape(char))
        before = "" if is_character(text[0]) else r"(?<![^\W_])"
        after = "" if not phrase or is_character(text[-1]) else r"(?![^\W_])"
        self.pattern = (before, re.compile("".join(pattern)), after)

    def in_text(self, folded):
        """Runs are bounded by blanks and characters, which \\b does not know."""
        before, pattern, after = self.pattern
        at = 0
        while found := pattern.search(folded, at):
            start, end = found.span()
            at = start + 1
            run_before = start > 0 and folded[start - 1] != " " and not is_character(folded[start - 1])
            run_after = end < len(folded) and folded[end] != " " and not is_character(folded[end])
            if not (before and run_before) and not (after and run_after):
                return True
        return False


def words_of(q):
    """Words of a question; what stands between two quotation marks is a phrase."""
    pieces, words = re.split("[\"“”„「」『』＂]", q), []
    for i, piece in enumerate(pieces):
        phrase = i % 2 == 1 and i < len(pieces) - 1
        folded = fold(piece)
        for part in [folded] if phrase else folded.split():
            if part:
                words.append(Word(part, phrase))
    return words


# Pinyin ------------------------------------------------------------------------------------------


def plain(syllable):
    """nǚ → {nu, nv}"""
    bare = "".join(c for c in unicodedata.normalize("NFD", syllable.lower()) if c not in TONE)
    bare = unicodedata.normalize("NFC", bare).replace("ê", "e")
    return {bare.replace("ü", "u"), bare.replace("ü", "v")}


@functools.cache
def readings():
    """Character → ways it is read, and name → its syllables."""
    raw = {}
    for char, key, value in unihan("Unihan_Readings.txt"):
        if key in ("kTGHZ2013", "kXHC1983", "kHanyuPinyin", "kMandarin"):
            said = value.split() if key == "kMandarin" else [
                s for entry in value.split() for s in entry.split(":", 1)[1].split(",")]
            raw.setdefault(char, {})[key] = said
    ways, names = {}, {}
    for char, by in raw.items():
        said = by.get("kTGHZ2013") or by.get("kXHC1983") or by.get("kMandarin", [])[:1] + by.get("kHanyuPinyin", [])
        ways[char] = set().union(*(plain(s) for s in said))
    for line in (ROOT / "data" / "pinyin.txt").read_text(encoding="utf-8").splitlines():
        word, *said = line.split("#")[0].split() or [""]
        if len(word) == 1:
            ways[word] = set().union(*(plain(s) for s in said))
        elif word:
            names["".join(variants().get(c, c) for c in word)] = [plain(s) for s in said]
    return ways, names, max(map(len, names))


@functools.lru_cache(100000)
def spoken(name):
    """For each letter, digit or character of a name the ways it may be typed."""
    ways, names, longest = readings()
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    text = "".join("0" if c == "〇" else c for c in text if unicodedata.category(c)[0] in "LMN")[:64]
    if not any(is_character(c) for c in text):
        return ()
    simple = "".join(variants().get(c, c) for c in text)
    places, at = [], 0
    while at < len(text):
        for size in range(min(longest, len(text) - at), 0, -1):
            if size == 1 or simple[at:at + size] in names:
                break
        own = names.get(simple[at:at + size], [set()] * size)
        for i in range(size):
            said = own[i] | (ways.get(text[at + i]) or ways.get(simple[at + i]) or set())
            places.append(frozenset(s for s in said if s) or frozenset([text[at + i]]))
        at += size
    return tuple(places)


def spelled(places, letters, at):
    """Whether the letters are typed from place `at` on; the last syllable may be unfinished."""
    if not letters:
        return True
    return at < len(places) and any(
        s.startswith(letters) or (letters.startswith(s) and spelled(places, letters[len(s):], at + 1))
        for s in places[at])


def sounds_like(name, letters):
    places = spoken(name)
    if any(spelled(places, letters, at) for at in range(len(places))):
        return True
    starts = [{s[0] for s in place} for place in places]
    most = 1 if len(letters) == 2 else len(starts)
    return any(len(starts) - at >= len(letters) and all(c in starts[at + i] for i, c in enumerate(letters))
               for at in range(most) if len(starts) - at >= len(letters))

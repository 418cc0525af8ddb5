"""Cut the small fonts for rare Han characters that the service record falls back to.

Noto Sans SC draws all 8,105 characters of the national standard list. Names of people and places go beyond
it: the Unihan database marks such characters by where China reported them (GIDC: identity cards, GXM:
personal names, GDM: place names, and dictionaries). What Noto lacks of them is cut from two free fonts
packaged by Debian.

Usage: unpack Debian's `fonts-hanazono`, `fonts-babelstone-han` and `unicode-data` below one folder, then
    python tools/cut_rare_han.py FOLDER dispatch/records/fonts
"""

import bz2
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

NAMES_AND_PLACES = {"GIDC", "GXM", "GDM"}
LISTS_AND_DICTIONARIES = {"GBK", "G3", "GCH", "GCYY", "GFC", "GFZ", "GGH", "GHC", "GHF", "GJZ", "GKJ", "GLGYJ"}
SCHOLARSHIP = {"GOCD", "GPGLG", "GRM", "GWZ", "GXC", "GZFY"}
SOURCES = NAMES_AND_PLACES | LISTS_AND_DICTIONARIES | SCHOLARSHIP
FROM_HANAZONO = ("HanaMinA.ttf", "HanaMinB.ttf")
FROM_BABELSTONE = ("BabelStoneHan.ttf",)


def wanted_characters(folder: Path) -> set[int]:
    """Code points that China reported for names, places and dictionaries, from Unihan's kIRG_GSource."""
    found = set()
    with bz2.open(next(folder.rglob("Unihan_IRGSources.txt.bz2")), "rt", encoding="utf-8") as lines:
        for line in lines:
            code, _, rest = line.partition("\t")
            field, _, value = rest.partition("\t")
            if field == "kIRG_GSource" and value.split("-")[0].strip() in SOURCES:
                found.add(int(code[2:], 16))
    return found


def cut(source: Path, characters: set[int], name: str, notice: str, target: Path) -> set[int]:
    """Write the glyphs of `characters` that `source` has to `target`, renamed; returns what was cut."""
    options = subset.Options(hinting=False, layout_features=[], glyph_names=False, notdef_outline=True)
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "vhea", "vmtx", "DSIG", "FFTM", "VORG", "BASE", "gasp"]
    font = TTFont(source, recalcTimestamp=False)
    here = characters & set(font.getBestCmap())
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=here)
    cutter.subset(font)
    for record in list(font["name"].names):
        if record.nameID not in (0, 13, 14):
            font["name"].removeNames(record.nameID)
    for name_id, text in ((1, name), (2, "Regular"), (4, name), (6, name.replace(" ", "")), (10, notice)):
        font["name"].setName(text, name_id, 3, 1, 0x409)
    font.save(target)
    return here


def main(folder: Path, fonts: Path) -> None:
    """Cut from each source what the fonts before it lack."""
    missing = wanted_characters(folder) - set(TTFont(fonts / "NotoSansSC-Regular.ttf").getBestCmap())
    notice = "Cut from {} to characters of names and places, and renamed, for Doorstep, 2026."
    plan = [(file, "A" if file.endswith("A.ttf") else "B") for file in FROM_HANAZONO]
    plan += [(file, "C") for file in FROM_BABELSTONE]
    for file, letter in plan:
        target = fonts / f"RareHan{letter}.ttf"
        here = cut(next(folder.rglob(file)), missing, f"Rare Han {letter}", notice.format(file), target)
        missing -= here
        print(f"{target.name}: {len(here)} characters, {target.stat().st_size} bytes, {len(missing)} missing")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

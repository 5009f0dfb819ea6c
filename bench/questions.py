"""What is asked, seeded, from the rows themselves: every kind has as many different questions as asked for.

A question is a dict: q, bbox, fields by name; for tiles z, col, row as well; top: without facets. A word is asked for as a phrase, for
the program otherwise reads four characters as possibly two words."""
import math
import random
import urllib.parse

import generate
import peer

SIX = ",".join(peer.FACETS)
ZOOMS = (0, 5, 10, 14)
WORDS = ([word for _, word in generate.INDUSTRIES] + generate.KINDS
         + "国营 停产 扩建 工人 机器 设备 德国 英国 抗战 内迁 公私 合营 铁路 标语 图纸 职工 学校 码头 建筑 主体 结构 屋顶 外墙 砖木 苏式".split())


def table(rows, dice, each):
    """{kind: [question]}: rows are CSV rows."""
    named = [dict(zip(generate.COLUMNS, row)) for row in rows]

    def common():
        return {"q": dice.choice(WORDS)}

    def rare():  # a person's name after 由, or a stretch over the border of two words: four characters
        while True:
            text = dice.choice(named)["简介"]
            at = text.find(dice.choice("由距位东南北"))
            cut = text[at:at + 4]
            if at > 0 and len(cut) == 4 and all(map(peer.is_han, cut)):
                return {"q": cut}

    def box():
        near = dice.choice(named)
        x, y, half = float(near["经度"]), float(near["纬度"]), dice.choice([.02, .05, .1, .25, .5, 1])
        return {"bbox": [round(v, 5) for v in (x - half, y - half, x + half, y + half)]}

    def one(field, weights):
        return {field: dice.choices(*weights)[0]}

    def fields():
        pair = [one("level", generate.LEVELS), one("condition", generate.CONDITIONS), one("use", generate.USES),
                one("ownership", generate.OWNERS), {"era": dice.choice(generate.ERAS)[0]}]
        first, second = dice.sample(pair, 2)
        return first | second

    def tile(z):
        near = dice.choice(named)
        x, y = peer.mercator(float(near["经度"]), float(near["纬度"]))
        return {"z": z, "col": x >> (30 - z), "row": y >> (30 - z)}

    def narrowed(z):
        how = dice.choice([fields, common, lambda: one("level", generate.LEVELS), lambda: common() | one("use", generate.USES)])
        return tile(z) | how()

    def many(make):
        found = {}
        for _ in range(each * 20):  # where there are fewer different ones, fewer are asked
            q = make()
            found.setdefault(str(q), q)
            if len(found) == each:
                break
        return list(found.values())

    kinds = {"word": many(common), "rare four characters": many(rare), "box": many(box), "two fields": many(fields),
             "box + two fields": many(lambda: box() | fields()),
             "word + one field": many(lambda: common() | one("level", generate.LEVELS)),
             "word + box + one field": many(lambda: common() | box() | one("use", generate.USES))}
    kinds["word, top 20"] = [q | {"top": True} for q in kinds["word"]]
    kinds["rare four characters, top 20"] = [q | {"top": True} for q in kinds["rare four characters"]]
    for z in ZOOMS:
        kinds[f"tile z{z}"] = many(lambda: tile(z))
        kinds[f"tile z{z}, filtered"] = many(lambda: narrowed(z))
    return kinds


def path(q):
    """The program's address of a question: the first twenty with six facets, or a tile."""
    asked = {f: q[f] for f in peer.FACETS if f in q}
    if "q" in q:
        asked["q"] = f'"{q["q"]}"'
    if "z" in q:
        place = f"tiles/WebMercatorQuad/{q['z']}/{q['row']}/{q['col']}"
    else:
        place = "items"
        asked |= {"limit": 20} if "top" in q else {"limit": 20, "facets": SIX}
        if "bbox" in q:
            asked["bbox"] = ",".join(map(str, q["bbox"]))
    return f"/api/collections/heritage/{place}" + ("?" + urllib.parse.urlencode(asked) if asked else "")


def every_zoom(rows, seed, each, most=16):
    """{zoom: [question]}: tiles without a filter where records are."""
    dice, found = random.Random(seed), {}
    lon, lat = (generate.COLUMNS.index(name) for name in ("经度", "纬度"))
    for z in range(most + 1):
        places = set()
        for _ in range(each * 4):
            near = dice.choice(rows)
            x, y = peer.mercator(float(near[lon]), float(near[lat]))
            places.add((x >> (30 - z), y >> (30 - z)))
        found[z] = [{"z": z, "col": col, "row": row} for col, row in sorted(places)[:each]]
    return found


def seeded(rows, seed, each):
    return table(rows, random.Random(seed), each)


def quantile(values, part):
    """The value that `part` of all are not above (nearest rank)."""
    order = sorted(values)
    return order[min(len(order) - 1, max(0, math.ceil(part * len(order)) - 1))]

"""Plane geometry on integers of 1e-7 degree, exact. Of places that are lines or areas only S_INTERSECTS and
S_DISJOINT are known, and S_WITHIN a convex area; other questions about them the oracle refuses to answer."""
import re
from decimal import Decimal

UNIT = 10 ** 7


class Unsupported(Exception):
    pass


def units(text):
    return int((Decimal(str(text)) * UNIT).to_integral_value())


def box(west, south, east, north):
    w, s, e, n = map(units, (west, south, east, north))
    parts = [(w, e)] if w <= e else [(w, 180 * UNIT), (-180 * UNIT, e)]
    return ("polygon", [[[(a, s), (b, s), (b, n), (a, n), (a, s)]] for a, b in parts])


def wkt(text):
    kind, inside = re.fullmatch(r"\s*(MULTI)?(POINT|LINESTRING|POLYGON)\s*(\(.*\))\s*", text, re.I | re.S).group(2, 3)
    rings = [[tuple(map(units, p.split()[:2])) for p in ring.split(",")]
             for ring in re.findall(r"\(([^()]*)\)", inside.replace("((", "((").strip())]
    if kind.upper() == "POLYGON":
        polygons = [re.findall(r"\(([^()]*)\)", p) for p in re.findall(r"\((?:\s*\([^()]*\)\s*,?)+\)", inside)]
        return ("polygon", [[[tuple(map(units, p.split()[:2])) for p in ring.split(",")] for ring in polygon]
                            for polygon in polygons])
    if kind.upper() == "LINESTRING":
        return ("line", rings)
    return ("point", [p for ring in rings for p in ring])


def geojson(shape):
    kind, at = shape["type"], shape["coordinates"]
    point = lambda p: (units(p[0]), units(p[1]))
    if kind in ("Point", "MultiPoint"):
        return ("point", [point(p) for p in ([at] if kind == "Point" else at)])
    if kind in ("LineString", "MultiLineString"):
        return ("line", [[point(p) for p in line] for line in ([at] if kind == "LineString" else at)])
    return ("polygon", [[[point(p) for p in ring] for ring in polygon] for polygon in ([at] if kind == "Polygon" else at)])


def on_segment(p, a, b):
    cross = (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])
    return cross == 0 and min(a[0], b[0]) <= p[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= p[1] <= max(a[1], b[1])


def in_ring(p, ring):
    """1 inside, 0 on the edge, -1 outside."""
    inside = False
    for a, b in zip(ring, ring[1:]):
        if on_segment(p, a, b):
            return 0
        if (a[1] > p[1]) != (b[1] > p[1]):
            cross = (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])
            if (cross > 0) == (b[1] > a[1]):
                inside = not inside
    return 1 if inside else -1


def where(p, shape):
    """A point against a shape: 1 in its interior, 0 on its boundary, -1 outside."""
    kind, parts = shape
    if kind == "point":
        return 1 if p in parts else -1
    if kind == "line":
        ends = [q for line in parts for q in (line[0], line[-1])]
        on = any(on_segment(p, a, b) for line in parts for a, b in zip(line, line[1:]))
        return -1 if not on else (0 if ends.count(p) % 2 == 1 else 1)
    best = -1
    for shell, *holes in parts:
        at = in_ring(p, shell)
        for hole in holes:
            within = in_ring(p, hole)
            at = min(at, -within)
        best = max(best, at)
    return best


def of_body(geometry):
    """A geometry of a body: its numbers are whole already."""
    kind, at = geometry["type"], geometry["coordinates"]
    if kind == "Point":
        return ("point", [tuple(at)])
    if kind == "LineString":
        return ("line", [[tuple(p) for p in at]])
    if kind == "Polygon":
        return ("polygon", [[[tuple(p) for p in ring] for ring in at]])
    raise Unsupported(kind)


def corners(shape):
    kind, parts = shape
    lines = parts if kind == "line" else [ring for polygon in parts for ring in polygon]
    return parts if kind == "point" else [p for line in lines for p in line]


def sides(shape):
    kind, parts = shape
    lines = [] if kind == "point" else parts if kind == "line" else [ring for polygon in parts for ring in polygon]
    return [side for line in lines for side in zip(line, line[1:])]


def turn(a, b, c):
    way = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (way > 0) - (way < 0)


def cross(a, b, c, d):
    if any(on_segment(p, q, r) for p, q, r in ((a, c, d), (b, c, d), (c, a, b), (d, a, b))):
        return True
    return turn(a, b, c) != turn(a, b, d) and turn(c, d, a) != turn(c, d, b)


def meet(one, other):
    """Whether two shapes have a point in common."""
    return (any(where(p, other) >= 0 for p in corners(one)) or any(where(p, one) >= 0 for p in corners(other))
            or any(cross(*a, *b) for a in sides(one) for b in sides(other)))


def convex(shape):
    kind, parts = shape
    if kind != "polygon" or len(parts) != 1 or len(parts[0]) != 1:
        return False
    ring = parts[0][0]
    ways = {turn(a, b, c) for a, b, c in zip(ring, ring[1:], ring[2:] + ring[1:2])}
    return len(ways - {0}) == 1


def relation(name, place, shape):
    """S_… of one place of a record and a shape."""
    if place[0] == "point":
        return of_point(name, place[1][0], shape)
    if name in ("s_intersects", "s_disjoint"):
        return meet(place, shape) == (name == "s_intersects")
    if name == "s_within" and convex(shape):
        return all(where(p, shape) >= 0 for p in corners(place))
    raise Unsupported(f"{name} of {place[0]}")


def of_point(name, p, shape):
    at = where(p, shape)
    only_point = shape[0] == "point" and set(shape[1]) == {p}
    return {
        "s_intersects": at >= 0, "s_disjoint": at < 0, "s_within": at > 0, "s_touches": at == 0,
        "s_contains": only_point, "s_equals": only_point, "s_crosses": False, "s_overlaps": False,
    }[name]

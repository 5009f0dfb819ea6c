"""What anybody may see of a body, from the model alone: docs/reference/bodies.md and model.md said once more.

Nothing unless the state is public; no field with `see`, no personal or retired one, no contact; a place
coarser than it is kept where the model says so, in the middle of a fixed cell whose half diagonal is the
precision's radius, or at the seat of its division for county."""
import math

PRECISIONS = ["exact", "site", "town", "county", "none"]
RADIUS_M = {"exact": 50, "site": 2000, "town": 10000, "county": 50000}
METRES_PER_DEGREE = 111194.9  # of latitude, mean sphere
LINK = ("id", "text", "from", "to")
PLAIN = ("type", "state", "number", "sources", "confidence")


def middle_of_cell(lon, lat, radius_m):
    """Degrees to degrees: rows of equal height, cells of equal width within a row."""
    height = radius_m * math.sqrt(2) / METRES_PER_DEGREE
    lat = (math.floor((lat + 90) / height) + .5) * height - 90
    width = height / math.cos(math.radians(min(abs(lat), 89)))
    lon = (math.floor((lon + 180) / width) + .5) * width - 180
    return min(lon, 180), min(lat, 90)


class Door:
    def __init__(self, model, seats):
        """seats: {division code: (lon, lat) in degrees}"""
        self.model, self.seats = model, seats

    def public(self, body):
        """The body as anybody sees it; None when nobody does."""
        kind = self.model.types[body["type"]]
        if body["state"] not in kind.public_states:
            return None
        out = {k: body[k] for k in PLAIN if k in body}
        for field in kind.fields.values():
            if field.name in body and not field.hidden:
                value = self.value(kind, body, field, body[field.name])
                if value is not None:
                    out[field.name] = value
        return out

    def value(self, kind, body, field, value):
        if isinstance(value, list):
            return [v for v in (self.one(kind, body, field, item) for item in value) if v is not None] or None
        return self.one(kind, body, field, value)

    def one(self, kind, body, field, value):
        if field.kind == "place":
            return self.place(kind, body, field, value)
        if field.kind not in ("group", "link"):
            return value
        out = {k: value[k] for k in LINK if field.kind == "link" and k in value}
        for inner in field.fields.values():
            if inner.name in value and not inner.hidden:
                shown = self.value(kind, body, inner, value[inner.name])
                if shown is not None:
                    out[inner.name] = shown
        return out or None

    def place(self, kind, body, field, value):
        allowed = field.public_precision
        flag, codes, to = field.coarse_when
        if flag and self.holds(kind, body, flag, codes) and PRECISIONS.index(to) > PRECISIONS.index(allowed):
            allowed = to
        own = value.get("precision", "site")
        if allowed == "exact":
            return value
        if "none" in (allowed, own) or "geometry" not in value:
            return None
        coarse = max(own, allowed, key=PRECISIONS.index)
        seat = self.seat(kind, body) if coarse == "county" else None
        if seat is None:
            lon, lat = value["geometry"]["coordinates"]  # of a point: others have no anchor that could be said without code
            seat = middle_of_cell(lon / 1e7, lat / 1e7, RADIUS_M[coarse])
        return {"precision": coarse, "geometry": {"type": "Point", "coordinates": [round(v * 1e7) for v in seat]}}

    @staticmethod
    def holds(kind, body, flag, codes):
        field = kind.fields[flag]
        if codes is None:
            return body.get(flag) is True
        values = body.get(flag, [])
        return any(code in field.vocabulary.above(v) for v in (values if isinstance(values, list) else [values]) for code in codes)

    def seat(self, kind, body):
        values = body.get(kind.division, []) if kind.division else []
        return next((self.seats[code] for code in (values if isinstance(values, list) else [values]) if code in self.seats), None)

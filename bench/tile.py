"""Reads as much of a Mapbox Vector Tile as is needed to add up the records drawn in it."""


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def fields(data):
    """(number, value) of a message; lengths come as bytes."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 0:
            value, at = varint(data, at)
        elif key & 7 == 2:
            size, at = varint(data, at)
            value, at = data[at:at + size], at + size
        else:
            size = {1: 8, 5: 4}[key & 7]
            value, at = data[at:at + size], at + size
        yield key >> 3, value


def layers(data):
    """{layer: [properties of a feature by name]}"""
    found = {}
    for number, layer in fields(data):
        if number != 3:
            continue
        parts = list(fields(layer))
        keys = [value.decode() for n, value in parts if n == 3]
        values = [plain(dict(fields(value))) for n, value in parts if n == 4]
        features = found.setdefault(next(value for n, value in parts if n == 1).decode(), [])
        for feature in (value for n, value in parts if n == 2):
            tags, at, data_tags = [], 0, dict(fields(feature)).get(2, b"")
            while at < len(data_tags):
                tag, at = varint(data_tags, at)
                tags.append(tag)
            features.append({keys[k]: values[v] for k, v in zip(tags[::2], tags[1::2])})
    return found


def plain(value):
    """Of a Value: 1 text, 4 int, 5 uint; others are not read."""
    return value[1].decode() if 1 in value else value.get(5, value.get(4))


def of_cells(data):
    """Whether records are drawn as cells: at a zoom of records a tile of very many is, and has no margin."""
    return any("count" in feature for feature in layers(data).get("records", ()))


def records(data):
    """Sum of the property `count` over all features; a feature without it is one record."""
    return sum(feature.get("count", 1) for features in layers(data).values() for feature in features)

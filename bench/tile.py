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


def records(data):
    """Sum of the property `count` over all features; a feature without it is one record."""
    total = 0
    for number, layer in fields(data):
        if number != 3:
            continue
        parts = list(fields(layer))
        keys = [value for n, value in parts if n == 3]
        values = [dict(fields(value)) for n, value in parts if n == 4]
        for feature in (value for n, value in parts if n == 2):
            tags, at, data_tags = [], 0, dict(fields(feature)).get(2, b"")
            while at < len(data_tags):
                tag, at = varint(data_tags, at)
                tags.append(tag)
            said = {keys[k]: values[v] for k, v in zip(tags[::2], tags[1::2])}
            count = said.get(b"count", {5: 1})  # the fields of Value: 4 int, 5 uint, 6 sint
            total += count.get(5, count.get(4, 0))
    return total

"""What programs say in JSON lines."""
import json


def lines_of(path):
    """The JSON lines of a file; a line cut off at its end is left out."""
    lines = []
    with open(path) as file:
        for line in file:
            try:
                lines.append(json.loads(line))
            except ValueError:
                continue
    return lines


def first(lines, event, **fields):
    """The first line of an event that has the fields, or None."""
    return next((line for line in lines if line["event"] == event
                 and all(line.get(name) == value for name, value in fields.items())), None)

#!/usr/bin/env python3
"""Validates a JSON report against its schema: validate_json.py SCHEMA REPORT [--mutate]

With --mutate also breaks the report in every way that the schema should notice (each field taken
out, an unknown one added to each object, each value of another type, each word misspelt where only
certain words are allowed) and demands that each broken report is rejected.
Exit code: 0 valid, 1 not, 2 usage or an unreadable file. Needs the package jsonschema.
"""
import argparse
import copy
import json
import sys

import jsonschema


def strict_constant(word):
    raise ValueError(f"{word} is not JSON")


def load(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file, parse_constant=strict_constant)
    except (OSError, ValueError) as error:
        print(f"{path}: {error}", file=sys.stderr)
        sys.exit(2)


def places(value, path=()):
    """Every value inside, by its path of keys and indices."""
    yield path, value
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places(inner, path + (key,))


def parent_of(document, path):
    for key in path[:-1]:
        document = document[key]
    return document


# Words that only certain values may have; any other string field is free text.
CLOSED_WORDS = {"schema", "schema_version", "direction", "expected", "outcome", "judged", "dtype", "verdict", "change",
                "clock", "state", "part", "boundaries"}


def mutants(report):
    """Pairs of what was broken and the broken report."""
    for path, value in places(report):
        name = ".".join(map(str, path)) or "the document"
        if path:
            replacement = {} if isinstance(value, list) else []
            broken = copy.deepcopy(report)
            parent_of(broken, path)[path[-1]] = replacement
            yield f"{name} = {replacement}", broken
            if isinstance(path[-1], str):
                broken = copy.deepcopy(report)
                del parent_of(broken, path)[path[-1]]
                yield f"{name} taken out", broken
                if path[-1] in CLOSED_WORDS:
                    broken = copy.deepcopy(report)
                    parent_of(broken, path)[path[-1]] = value + "x"
                    yield f"{name} misspelt", broken
            if isinstance(value, int) and not isinstance(value, bool):
                broken = copy.deepcopy(report)
                parent_of(broken, path)[path[-1]] = "many"
                yield f"{name} = 'many'", broken
        if isinstance(value, dict):
            broken = copy.deepcopy(report)
            inner = broken
            for key in path:
                inner = inner[key]
            inner["surprise"] = 1
            yield f"{name}.surprise added", broken


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("schema")
    parser.add_argument("report")
    parser.add_argument("--mutate", action="store_true")
    arguments = parser.parse_args()

    schema, report = load(arguments.schema), load(arguments.report)
    validator_class = jsonschema.validators.validator_for(schema)
    validator_class.check_schema(schema)
    validator = validator_class(schema)
    errors = list(validator.iter_errors(report))
    for error in errors:
        print(f"{arguments.report}: {error.json_path}: {error.message[:300]}", file=sys.stderr)
    if errors:
        return 1
    if not arguments.mutate:
        print(f"{arguments.report}: valid")
        return 0

    accepted, tried = [], 0
    for what, broken in mutants(report):
        tried += 1
        if validator.is_valid(broken):
            accepted.append(what)
    for what in accepted:
        print(f"{arguments.schema} accepts a report with {what}", file=sys.stderr)
    print(f"{arguments.report}: valid; {tried - len(accepted)} of {tried} broken ones rejected")
    return 1 if accepted or tried == 0 else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Reads a JUnit report with two ordinary parsers: parse_junit.py FILE [KEY=VALUE ...]

Fails where xml.etree and junitparser disagree, where a count in an attribute is not that of its
elements, or where a test's name occurs twice. KEY=VALUE is demanded of the totals, with KEY one of
tests, failures, errors, skipped. Exit code: 0 fine, 1 not, 2 usage or an unreadable file. Needs
the package junitparser.
"""
import sys
import xml.etree.ElementTree as etree

import junitparser

KEYS = ("tests", "failures", "errors", "skipped")
TAGS = {"failures": "failure", "errors": "error", "skipped": "skipped"}


def counted(element):
    """The counts of an element's test cases, from the cases themselves."""
    cases = list(element.iter("testcase"))
    counts = {"tests": len(cases)}
    for key, tag in TAGS.items():
        counts[key] = sum(1 for case in cases if case.find(tag) is not None)
    return counts


def claimed(element):
    return {key: int(element.get(key, -1)) for key in KEYS}


def problems_of(path, wanted):
    root = etree.parse(path).getroot()
    if root.tag != "testsuites":
        yield f"the root is <{root.tag}>, not <testsuites>"
    for element in [root, *root.iter("testsuite")]:
        if counted(element) != claimed(element):
            yield f"{element.get('name')} claims {claimed(element)} and holds {counted(element)}"
    for key, value in wanted.items():
        if counted(root)[key] != value:
            yield f"{key} is {counted(root)[key]}, expected {value}"

    names = set()
    for suite in root.iter("testsuite"):
        if suite.find("properties/property[@name='compiler']") is None:
            yield f"{suite.get('name')} has no properties"
        for case in suite.iter("testcase"):
            name = (case.get("classname"), case.get("name"))
            if name in names or None in name or not case.get("name"):
                yield f"{name} occurs twice or is empty"
            names.add(name)
            float(case.get("time"))
            for result in case:
                if result.tag in ("failure", "error") and not (result.text or "").strip():
                    yield f"{name} has a <{result.tag}> without a text"
                if not result.get("type") or not result.get("message"):
                    yield f"{name} has a <{result.tag}> without a type or message"

    other = junitparser.JUnitXml.fromfile(path)
    cases = [case for suite in other for case in suite]
    seen = {"tests": len(cases)}
    for key, kind in (("failures", junitparser.Failure), ("errors", junitparser.Error),
                      ("skipped", junitparser.Skipped)):
        seen[key] = sum(1 for case in cases if any(isinstance(r, kind) for r in case.result))
    if seen != counted(root):
        yield f"junitparser reads {seen}, xml.etree {counted(root)}"
    if {(case.classname, case.name) for case in cases} != names:
        yield "junitparser and xml.etree read other names"


def main():
    try:
        path = sys.argv[1]
        wanted = {key: int(value) for key, value in (word.split("=") for word in sys.argv[2:])}
        if set(wanted) - set(KEYS):
            raise ValueError(f"unknown key among {sorted(wanted)}; there are {KEYS}")
    except (IndexError, ValueError) as error:
        print(f"{error}\n{__doc__}", file=sys.stderr)
        return 2
    try:
        problems = list(problems_of(path, wanted))
    except OSError as error:
        print(error, file=sys.stderr)
        return 2
    except etree.ParseError as error:
        problems = [f"not XML: {error}"]
    for problem in problems:
        print(f"{path}: {problem}", file=sys.stderr)
    if not problems:
        print(f"{path}: fine")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

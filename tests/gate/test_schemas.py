"""JUnit XML and SARIF against their published schemas, and JUnit against the part of its schema we keep."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import xmlschema

from omvsim.cli.gate import render
from omvsim.gate import GateReport
from tests.gate import synthetic
from tests.gate.published import junit_xsd, sarif_schema

OURS = Path(__file__).parent / "junit.xsd"
REPORTS = {
    "everything": synthetic.everything(),
    "wrong policy": synthetic.wrong_policy(),
    "nothing": GateReport("omvsim.toml"),
    "many": synthetic.many(30, "ü < & > ]]>"),
}


@pytest.mark.parametrize("report", REPORTS)
def test_sarif(report: str) -> None:
    schema = sarif_schema()
    validator = jsonschema.validators.validator_for(schema)(schema)
    assert [error.message for error in validator.iter_errors(json.loads(render("sarif", REPORTS[report])))] == []


def test_sarif_schema_is_a_judge() -> None:
    log = json.loads(render("sarif", REPORTS["everything"]))
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(log, sarif_schema())


@pytest.mark.parametrize("report", REPORTS)
def test_junit_part_we_keep(report: str) -> None:
    xmlschema.XMLSchema(OURS).validate(render("junit", REPORTS[report]))


@pytest.fixture(scope="session")
def published_junit(pytestconfig: pytest.Config) -> xmlschema.XMLSchema:
    assert pytestconfig.cache is not None
    return xmlschema.XMLSchema(junit_xsd(pytestconfig.cache.mkdir("junit-xsd")))


@pytest.mark.parametrize("report", REPORTS)
def test_junit_published(report: str, published_junit: xmlschema.XMLSchema) -> None:
    published_junit.validate(render("junit", REPORTS[report]))


def test_junit_schemas_are_judges(published_junit: xmlschema.XMLSchema) -> None:
    text = render("junit", REPORTS["everything"]).replace("<testcase name=", "<testcase title=")
    for schema in (published_junit, xmlschema.XMLSchema(OURS)):
        with pytest.raises(xmlschema.XMLSchemaValidationError):
            schema.validate(text)

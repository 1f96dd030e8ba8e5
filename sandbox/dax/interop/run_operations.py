"""Runs the table of operations with AWS's Python client for DAX, or directly with botocore, and prints the answers.

Usage: run_operations.py (dax|direct) ENDPOINT < request
Standard input: {"operations": [{"name", "call", "request"}, ...], "region", "accessKeyId"}; binary values are base64 text under "B" or "BS".
Standard output: one JSON line an operation: {"name", "answer"} or {"name", "error": {"code", "message", "reasons"}}.
"""

import base64
import json
import re
import sys

import botocore.config
import botocore.exceptions
import botocore.session
from amazondax import AmazonDaxClient


def to_python(value):
    """Base64 text becomes bytes where DynamoDB's JSON has binary values; {"repeat", "times"} becomes a long text."""
    if isinstance(value, list):
        return [to_python(member) for member in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"repeat", "times"}:
        return value["repeat"] * value["times"]
    if set(value) == {"B"} and isinstance(value["B"], str):
        return {"B": base64.b64decode(value["B"])}
    if set(value) == {"BS"} and isinstance(value["BS"], list):
        return {"BS": [base64.b64decode(member) for member in value["BS"]]}
    return {name: to_python(member) for name, member in value.items()}


def to_json(value):
    """The way back."""
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, (list, tuple, set, frozenset)):
        return [to_json(member) for member in value]
    if isinstance(value, dict):
        return {name: to_json(member) for name, member in value.items() if name != "ResponseMetadata"}
    return value


def make_client(kind, endpoint, region, access_key_id):
    session = botocore.session.get_session()
    options = {
        "region_name": region,
        "endpoint_url": endpoint,
        "aws_access_key_id": access_key_id,
        "aws_secret_access_key": "local",
    }
    if kind == "dax":
        # parameters are checked as botocore does it, retries stay as they are by default
        return AmazonDaxClient(session, **options)
    return session.create_client("dynamodb", **options)


def run(client, operation):
    method = getattr(client, re.sub("([A-Z])", r"_\1", operation["call"]).lower())
    try:
        return {"answer": to_json(method(**to_python(operation["request"])))}
    except botocore.exceptions.ClientError as error:
        response = error.response
        found = {"code": response["Error"]["Code"], "message": response["Error"].get("Message", "")}
        reasons = response.get("CancellationReasons") or response.get("cancellationReasons")
        if reasons is not None:
            found["reasons"] = to_json(reasons)
        return {"error": found}
    except Exception as error:  # a client that breaks is a result, too
        return {"error": {"code": type(error).__name__, "message": str(error)}}


def main():
    given = json.load(sys.stdin)
    client = make_client(sys.argv[1], sys.argv[2], given["region"], given["accessKeyId"])
    for operation in given["operations"]:
        print(json.dumps({"name": operation["name"], **run(client, operation)}))


main()

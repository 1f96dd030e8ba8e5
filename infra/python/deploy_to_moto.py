"""Deploys a synthesized template to moto's server, in this process and on loopback, and prints what came of it.

Standard input: {"assembly": folder, "stack": name, "gaps": [{"type", "property"?}], "runbook"?: as `run_runbook.run_blocks` has it}. What is listed is taken out of the template, a
property alone or all resources of the type; what refers to them then gets an ARN that nothing answers to.
Standard output, one line: {"status", "reason", "unknownTypes", "created": {logical id: physical id}, "state", "runbook"?}: "unknownTypes" are
those of the template that moto has no model of, "state" is what the services themselves answer about what was created.
"""

import contextlib
import copy
import json
import pathlib
import re
import sys
import zipfile
from io import BytesIO

import boto3
import moto.backends  # its models register themselves
from botocore.config import Config
from moto.cloudformation.parsing import resource_class_from_type
from moto.events.models import EventPattern
from moto.server import ThreadedMotoServer
from run_runbook import run_blocks

REGION = "eu-west-1"
ACCOUNT = "123456789012"  # moto's own
# What moto imports for its first stack may take a busy machine longer than boto's minute; asked again, the stack is there already.
PATIENT = Config(read_timeout=600, retries={"total_max_attempts": 1})
ASSETS = f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}"


def zip_of(folder):
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, path.relative_to(folder))
    return buffer.getvalue()


def bootstrap(client, assembly):
    """What `cdk bootstrap` and the upload of assets leave behind."""
    client("ssm").put_parameter(Name="/cdk-bootstrap/hnb659fds/version", Value="30", Type="String")
    s3 = client("s3")
    s3.create_bucket(Bucket=ASSETS, CreateBucketConfiguration={"LocationConstraint": REGION})
    for folder in assembly.glob("asset.*"):
        s3.put_object(Bucket=ASSETS, Key=f"{folder.name.removeprefix('asset.')}.zip", Body=zip_of(folder))


def without(template, gaps):
    properties = [(gap["type"], gap["property"]) for gap in gaps if "property" in gap]
    types = {gap["type"] for gap in gaps if "property" not in gap}
    resources, gone = {}, {}
    for name, resource in template["Resources"].items():
        (gone if resource["Type"] in types else resources)[name] = resource
        for kind, name_of_property in properties:
            if resource["Type"] == kind:
                resource["Properties"].pop(name_of_property, None)

    for resource in resources.values():  # in place of an alias, the function that it points to
        for name, alias in gone.items():
            if f'"{name}"' in json.dumps(resource["Properties"].get("FunctionName")):
                resource["Properties"]["FunctionName"] = alias["Properties"]["FunctionName"]

    def stand_in(name):
        return f"arn:aws:unmade:{REGION}:{ACCOUNT}:{name}"

    def rewrite(value):
        if isinstance(value, list):
            return [rewrite(member) for member in value]
        if not isinstance(value, dict):
            return value
        if value.get("Ref") in gone:
            return stand_in(value["Ref"])
        if isinstance(value.get("Fn::GetAtt"), list) and value["Fn::GetAtt"][0] in gone:
            return stand_in(value["Fn::GetAtt"][0])
        return {key: rewrite(member) for key, member in value.items()}

    for resource in resources.values():
        if "DependsOn" in resource:
            resource["DependsOn"] = [name for name in as_list(resource["DependsOn"]) if name not in gone]
    return {**template, "Resources": rewrite(resources), "Outputs": rewrite(template.get("Outputs", {}))}


def as_list(value):
    return value if isinstance(value, list) else [value]


def state_of(client, prefix):
    """What the services say of the main things; each answer is the service's own."""
    sqs, dynamodb, functions = client("sqs"), client("dynamodb"), client("lambda")
    queue = sqs.get_queue_url(QueueName=f"{prefix}-sync-plaid")["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
    table = dynamodb.describe_table(TableName=prefix)["Table"]
    configurations = {name: functions.get_function(FunctionName=f"{prefix}-{name}") for name in ("process", "query", "connect", "webhook")}
    [source] = functions.list_event_source_mappings()["EventSourceMappings"]
    return {
        "queue": {
            "visibilityTimeout": attributes["VisibilityTimeout"],
            "redrive": json.loads(attributes["RedrivePolicy"]),
        },
        "keySchema": [[key["AttributeName"], key["KeyType"]] for key in table["KeySchema"]],
        "billing": table["BillingModeSummary"]["BillingMode"],
        "functions": {
            name: {
                "runtime": found["Configuration"]["Runtime"],
                "handler": found["Configuration"]["Handler"],
                "variables": sorted(found["Configuration"]["Environment"]["Variables"]),
            }
            for name, found in configurations.items()
        },
        "source": {
            "queue": source["EventSourceArn"].rsplit(":", 1)[1],
            "batchSize": source["BatchSize"],
            "responses": source["FunctionResponseTypes"],
        },
        "dashboards": [entry["DashboardName"] for entry in client("cloudwatch").list_dashboards()["DashboardEntries"]],
    }


def follow_changes(client, prefix, template):
    """What the pipe of the template would put on the bus: moto keeps pipes and runs none, so its filter and its template are played."""
    [pipe] = [one["Properties"] for one in template["Resources"].values() if one["Type"] == "AWS::Pipes::Pipe"]
    [pattern] = [one["Pattern"] for one in pipe["SourceParameters"]["FilterCriteria"]["Filters"]]
    target = pipe["TargetParameters"]
    dynamodb, streams = client("dynamodb"), client("dynamodbstreams")
    keys = [("CONN#conn-7", "LOG#000000000001"), ("CONN#conn-7", "HEAD"), ("USER#anna", "CONN#conn-7"), ("QUAR#conn-7", "2026#a")]
    for pk, sk in keys:
        dynamodb.put_item(TableName=prefix, Item={"pk": {"S": pk}, "sk": {"S": sk}, "body": {"S": "bank data"}})
    dynamodb.put_item(TableName=prefix, Item={"pk": {"S": keys[0][0]}, "sk": {"S": keys[0][1]}, "body": {"S": "other"}})
    for pk, sk in keys:
        dynamodb.delete_item(TableName=prefix, Key={"pk": {"S": pk}, "sk": {"S": sk}})
    described = dynamodb.describe_table(TableName=prefix)["Table"]
    arn = described["LatestStreamArn"]
    [shard] = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    records = json.loads(json.dumps(streams.get_records(ShardIterator=iterator)["Records"], default=str))
    matches = EventPattern(pattern, json.loads(pattern)).matches_event

    def at(record, path):
        for name in path.split("."):
            record = record[name]
        return record

    events = [
        {
            "Source": target["EventBridgeEventBusParameters"]["Source"],
            "DetailType": target["EventBridgeEventBusParameters"]["DetailType"],
            "Detail": re.sub(r"<\$\.([\w.]+)>", lambda path: at(record, path[1]), target["InputTemplate"]),
            "EventBusName": f"{prefix}-changes",
        }
        for record in records
        if matches(record)
    ]
    return {
        "view": described["StreamSpecification"]["StreamViewType"],
        "records": len(records),
        "events": events,
        "failedEntries": client("events").put_events(Entries=events)["FailedEntryCount"],
    }


def main():
    request = json.load(sys.stdin)
    assembly, stack = pathlib.Path(request["assembly"]), request["stack"]
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()

    def client(service):
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=f"http://{host}:{port}",
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
            config=PATIENT,
        )

    result = {"status": "NOT_CREATED", "reason": "", "unknownTypes": [], "created": {}, "state": {}}
    try:
        bootstrap(client, assembly)
        template = json.loads((assembly / f"{stack}.template.json").read_text())
        types = {resource["Type"] for resource in template["Resources"].values()}
        result["unknownTypes"] = sorted(kind for kind in types if resource_class_from_type(kind) is None)
        whole, template = copy.deepcopy(template), without(template, request["gaps"])
        cloudformation = client("cloudformation")
        cloudformation.create_stack(
            StackName=stack, TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"]
        )
        described = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
        result["status"] = described["StackStatus"]
        result["reason"] = described.get("StackStatusReason", "")
        for resource in cloudformation.describe_stack_resources(StackName=stack)["StackResources"]:
            result["created"][resource["LogicalResourceId"]] = resource.get("PhysicalResourceId", "")
        result["state"] = state_of(client, stack)
        if "AWS::Pipes::Pipe" in types:
            result["state"]["changes"] = follow_changes(client, stack, whole)
        if "runbook" in request:
            stage = stack.removeprefix("quartersec-")
            result["runbook"] = run_blocks(client, f"http://{host}:{port}", stack, stage, whole, request["runbook"])
    except Exception as error:  # what moto cannot do is the result
        result["reason"] = f"{type(error).__name__}: {error}"
    server.stop()
    return result


with contextlib.redirect_stdout(sys.stderr):  # moto prints, too
    outcome = main()
print(json.dumps(outcome))

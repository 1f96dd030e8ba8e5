"""Runs a page's shell blocks against moto, each as it stands: bash, with `aws` in front of the AWS CLI of this environment.

The CLI is asked through a pipe by a small program of the same name, so that each call and its answer can be looked at, and so that one
process that has loaded the CLI does all calls: loading it takes longer than a call.
"""

import contextlib
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
from multiprocessing.connection import Client, Listener

from awscli.clidriver import create_clidriver

BLOCK_TIMEOUT_SECONDS = 60  # a loop that waits for what never comes
SHIM = """#!{python} -S
import sys
from multiprocessing.connection import Client
with Client({address!r}) as link:
    link.send(sys.argv[1:])
    code, out, err = link.recv()
sys.stdout.write(out)
sys.stderr.write(err)
sys.exit(code)
"""


DRIVER = create_clidriver()  # one for all calls, since it keeps the models of services that it has read


def call(args, *more, driver=DRIVER):
    """One call of the CLI, in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = driver.main([*args, *more])
        except SystemExit as end:  # of a call that does not parse
            code = end.code or 0
    return code, out.getvalue(), err.getvalue()


def make_what_cloudformation_could_not(client, template):
    """By moto's API, with the names of the template: what moto has no model of for CloudFormation."""
    resources = template["Resources"]
    of_type = lambda kind: [one["Properties"] for one in resources.values() if one["Type"] == kind]
    for alias in of_type("AWS::Lambda::Alias"):
        name = resources[alias["FunctionName"]["Ref"]]["Properties"]["FunctionName"]
        client("lambda").create_alias(FunctionName=name, Name=alias["Name"], FunctionVersion="$LATEST")
    # It was made for the function itself while there was no alias.
    [source] = client("lambda").list_event_source_mappings()["EventSourceMappings"]
    client("lambda").delete_event_source_mapping(UUID=source["UUID"])
    for mapping in of_type("AWS::Lambda::EventSourceMapping"):
        text = json.dumps(mapping["FunctionName"])
        [alias] = [one["Properties"] for name, one in resources.items() if one["Type"] == "AWS::Lambda::Alias" and f'"{name}"' in text]
        function = resources[alias["FunctionName"]["Ref"]]["Properties"]["FunctionName"]
        client("lambda").create_event_source_mapping(
            EventSourceArn=source["EventSourceArn"], FunctionName=f"{function}:{alias['Name']}"
        )
    for group in of_type("AWS::Scheduler::ScheduleGroup"):
        client("scheduler").create_schedule_group(Name=group["Name"])
    for schedule in of_type("AWS::Scheduler::Schedule"):
        target = {**schedule["Target"], "Arn": "arn:aws:sqs:eu-west-1:123456789012:a", "RoleArn": "arn:aws:iam::123456789012:role/a"}
        client("scheduler").create_schedule(**{**schedule, "Target": target})
    for secret in of_type("AWS::SecretsManager::Secret"):
        client("secretsmanager").create_secret(Name=secret["Name"], SecretString="{}")
    for cluster in of_type("AWS::DAX::Cluster"):
        client("dax").create_cluster(
            ClusterName=cluster["ClusterName"],
            NodeType=cluster["NodeType"],
            ReplicationFactor=cluster["ReplicationFactor"],
            IamRoleArn="arn:aws:iam::123456789012:role/a",
        )
        while "Nodes" not in client("dax").describe_clusters(ClusterNames=[cluster["ClusterName"]])["Clusters"][0]:
            pass  # moto makes it a step further with each question


def left_behind(client, prefix):
    """What the services say once every block has run."""
    dynamodb = client("dynamodb")
    table = dynamodb.describe_table(TableName=prefix)["Table"]
    backups = dynamodb.describe_continuous_backups(TableName=prefix)["ContinuousBackupsDescription"]
    return {
        "items": [item["sk"]["S"] for item in dynamodb.scan(TableName=prefix)["Items"]],
        "timeToLive": dynamodb.describe_time_to_live(TableName=prefix)["TimeToLiveDescription"]["AttributeName"],
        "pointInTimeRecovery": backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"],
        "deletionProtection": table["DeletionProtectionEnabled"],
        "schedule": client("scheduler").get_schedule(GroupName=prefix, Name="due")["State"],
        "alias": client("lambda").get_alias(FunctionName=f"{prefix}-process", Name="live")["FunctionVersion"],
    }


def run_blocks(client, endpoint, prefix, stage, template, request):
    """@param request {"blocks": [{"line", "script"}], "gaps": ["service operation"]}; those are looked at by the CLI alone, and tried all the same."""
    make_what_cloudformation_could_not(client, template)
    client("dynamodb").put_item(TableName=prefix, Item={"pk": {"S": "CONN#conn-7"}, "sk": {"S": "LOG#000000000012"}, "body": {"B": b"\x01"}})
    os.environ["AWS_REGION"] = os.environ["AWS_DEFAULT_REGION"]
    os.environ["AWS_MAX_ATTEMPTS"] = "1"  # moto answers with 500 to what it does not know, and the CLI would ask again
    calls, blocks, line = [], [], 0

    with tempfile.TemporaryDirectory() as folder:
        address = f"{folder}/cli"
        shim = pathlib.Path(folder, "bin/aws")
        shim.parent.mkdir()
        shim.write_text(SHIM.format(python=sys.executable, address=address))
        shim.chmod(0o700)
        listener = Listener(address, "AF_UNIX")

        def answer():
            while True:
                with listener.accept() as link:
                    args = link.recv()
                    if args is None:
                        return
                    code, out, err = call(args, "--endpoint-url", endpoint)
                    operation = " ".join(args[:2])
                    entry = {"line": line, "args": args, "code": code, "output": out, "error": err, "onMoto": code == 0}
                    if operation in request["gaps"]:
                        # Of its own: a driver that has been asked so never calls again.
                        code, out, err = call(args, "--generate-cli-skeleton", "output", driver=create_clidriver())
                        entry.update(code=code, output="", error=err)
                    calls.append(entry)
                    link.send((code, entry["output"], entry["error"]))

        os.chdir(folder)  # of the shells as of the CLI: file:// means the same file to both
        thread = threading.Thread(target=answer)
        thread.start()
        environment = {**os.environ, "PATH": f"{shim.parent}:{os.environ['PATH']}", "STAGE": stage}
        for block in request["blocks"]:
            line = block["line"]
            command = ["bash", "--norc", "-euo", "pipefail", "-c", block["script"]]
            streams = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True}
            try:
                done = subprocess.run(command, env=environment, timeout=BLOCK_TIMEOUT_SECONDS, **streams)
                blocks.append({"line": line, "exitCode": done.returncode, "error": done.stderr[-1000:]})
            except subprocess.TimeoutExpired:
                blocks.append({"line": line, "exitCode": -1, "error": f"not done after {BLOCK_TIMEOUT_SECONDS} s"})
        with Client(address) as link:
            link.send(None)
        thread.join()
        listener.close()
        os.chdir("/")
    return {"blocks": blocks, "calls": calls, "leftBehind": left_behind(client, prefix)}

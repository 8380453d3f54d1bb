"""What the notifier is measured against: a function that looks for the events of an alarm, and does nothing with them."""

import json
import os
import sys
from datetime import datetime, timedelta

import boto3


def lambda_handler(event, context):
    alarm = json.loads(event["Records"][0]["Sns"]["Message"])
    end = datetime.strptime(alarm["StateChangeTime"], "%Y-%m-%dT%H:%M:%S.%f%z")
    start = end - timedelta(seconds=alarm["Trigger"]["Period"])
    boto3.client("logs").filter_log_events(
        logGroupName=os.environ["LOG_GROUP_NAME"],
        filterPattern=os.environ["FILTER_PATTERN"],
        startTime=int(start.timestamp() * 1000),
        endTime=int(end.timestamp() * 1000),
    )


if __name__ == "__main__":
    lambda_handler(json.load(sys.stdin), None)

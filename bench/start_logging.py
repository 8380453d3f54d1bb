"""What the guard is measured against: the function of the usual blog post, which switches the trail on again."""

import json
import sys

import boto3


def lambda_handler(event, context):
    boto3.client("cloudtrail").start_logging(Name=event["detail"]["requestParameters"]["name"])


if __name__ == "__main__":
    lambda_handler(json.load(sys.stdin), None)

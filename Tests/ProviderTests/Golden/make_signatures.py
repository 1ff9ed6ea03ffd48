#!/usr/bin/env python3
"""Signs requests with botocore, the reference that SignatureV4Tests compares with.

usage: python3 make_signatures.py   (needs botocore; writes signatures.json beside this file)
"""

import datetime
import json
import pathlib
from unittest import mock

from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

ACCESS_KEY = "TESTACCESSKEY"
SECRET = "a-secret/of+the=tests"
TOKEN = "a+session/token=with=marks=="
HOST = "bedrock-runtime.eu-central-1.amazonaws.com"
JSON = {"content-type": "application/json", "accept": "application/json"}

# name, path as sent, further headers, body, session token, region, time
CASES = [
    ("plain", "/model/amazon.titan/converse", JSON, '{"messages":[]}', None, "eu-central-1", "2026-03-15T10:00:00"),
    ("session token", "/model/amazon.titan/converse", JSON, "{}", TOKEN, "eu-central-1", "2026-03-15T10:00:00"),
    ("colon in the path", "/model/anthropic.claude-v2:1/converse", JSON, "{}", None, "eu-west-1", "2026-12-31T23:59:59"),
    ("percent in the path", "/model/anthropic.claude-v2%3A1/converse", JSON, "{}", None, "eu-west-1",
     "2024-02-29T00:00:00"),
    ("arn in the path", "/model/arn%3Aaws%3Abedrock%3Aeu-west-1%3A1%3Ainference-profile%2Feu.x-v1%3A0/invoke", JSON,
     "{}", TOKEN, "us-east-1", "2026-03-15T10:00:00"),
    ("other marks in the path", "/model/a~b_c-d.e!f$g(h)*i,j;k=l@m/converse", JSON, "{}", None, "eu-central-1",
     "2026-03-15T10:00:00"),
    ("empty body", "/model/amazon.titan/invoke", {}, "", None, "eu-central-1", "2026-03-15T10:00:00"),
    ("body beyond ASCII", "/model/amazon.titan/invoke", JSON, '{"text":"gr\u00fc\u00df dich \U0001f600"}', None,
     "ap-southeast-2", "2026-07-01T04:05:06"),
    ("blanks in a header", "/model/amazon.titan/invoke",
     {"content-type": "  application/json ;   charset=utf-8  ", "x-amzn-bedrock-trace": "ENABLED"}, "{}", None,
     "eu-central-1", "2026-03-15T10:00:00"),
    ("root path", "/", {}, "", TOKEN, "eu-central-1", "1999-12-31T23:59:59"),
]


def sign(name, path, headers, body, token, region, time):
    """The fields that botocore adds to one request."""
    instant = datetime.datetime.fromisoformat(time)
    payload = body.encode()
    request = AWSRequest(method="POST", url=f"https://{HOST}{path}", data=payload, headers=dict(headers))
    request.headers["host"] = HOST
    signer = auth.SigV4Auth(Credentials(ACCESS_KEY, SECRET, token), "bedrock", region)
    # Bedrock accepts the body's hash as a signed field; botocore signs whatever x-amz-* field it finds.
    request.headers["X-Amz-Content-SHA256"] = signer.payload(request)
    with mock.patch.object(auth, "get_current_datetime", lambda remove_tzinfo=True: instant):
        signer.add_auth(request)
    added = ["X-Amz-Date", "X-Amz-Content-SHA256", "X-Amz-Security-Token", "Authorization"]
    return {
        "name": name, "method": "POST", "path": path, "body": body, "sessionToken": token, "region": region,
        "milliseconds": int(instant.replace(tzinfo=datetime.timezone.utc).timestamp() * 1000),
        "headers": [[key, value] for key, value in headers.items()],
        "added": {key.lower(): request.headers[key] for key in added if request.headers.get(key)},
    }


def main():
    document = {
        "accessKey": ACCESS_KEY, "secret": SECRET, "host": HOST, "service": "bedrock",
        "requests": [sign(*case) for case in CASES],
    }
    target = pathlib.Path(__file__).with_name("signatures.json")
    target.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()

"""Official clients of Bedrock for a gateway, by both ways of presenting a key."""

import contextlib
import json
import subprocess
from unittest import mock

import boto3
from botocore.config import Config

REGION = "eu-central-1"
CLIENT_SECONDS = 60


def _configuration(attempts):
    return Config(
        region_name=REGION, read_timeout=CLIENT_SECONDS, connect_timeout=CLIENT_SECONDS,
        retries={"mode": "standard", "total_max_attempts": attempts})


def signed(gateway, key, attempts=1):
    """A client that signs; the key is the session token, and the signature is nobody's."""
    session = boto3.Session(
        aws_access_key_id="any", aws_secret_access_key="any", aws_session_token=key, region_name=REGION)
    return session.client("bedrock-runtime", endpoint_url=gateway, config=_configuration(attempts))


@contextlib.contextmanager
def bearer(gateway, key, authority, attempts=1):
    """A client with a key of Bedrock's own kind, for as long as the environment says so; `authority` is who signed the
    certificate."""
    with mock.patch.dict("os.environ", {"AWS_BEARER_TOKEN_BEDROCK": key, "AWS_CA_BUNDLE": str(authority)}):
        session = boto3.Session(region_name=REGION)
        yield session.client("bedrock-runtime", endpoint_url=gateway, config=_configuration(attempts))


def certificate(folder):
    """A certificate for this machine and its key, as paths."""
    chain, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout", key, "-out",
         chain], check=True, capture_output=True)
    return chain, key


def sent_by(client):
    """What the client sends from now on, one element an attempt."""
    attempts = []
    client.meta.events.register("before-send.bedrock-runtime.*", lambda request, **_: attempts.append(request))
    return attempts


def request_id(answer):
    return answer["ResponseMetadata"]["RequestId"]


def gathered(stream):
    """The message that the events of a streamed answer make, its stop reason and its metadata."""
    blocks, inputs, reason, metadata, names = {}, {}, None, None, []
    for event in stream:
        name, content = next(iter(event.items()))
        names.append(name)
        if name == "contentBlockStart":
            blocks[content["contentBlockIndex"]] = {"toolUse": dict(content["start"]["toolUse"])}
            inputs[content["contentBlockIndex"]] = ""
        elif name == "contentBlockDelta":
            index, delta = content["contentBlockIndex"], content["delta"]
            if "text" in delta:
                blocks.setdefault(index, {"text": ""})["text"] += delta["text"]
            elif "toolUse" in delta:
                inputs[index] += delta["toolUse"]["input"]
            else:
                block = blocks.setdefault(index, {"reasoningContent": {}})
                _reason(block["reasoningContent"], delta["reasoningContent"])
        elif name == "messageStop":
            reason = content["stopReason"]
        elif name == "metadata":
            metadata = content
    for index, text in inputs.items():
        blocks[index]["toolUse"]["input"] = json.loads(text)
    assert list(blocks) == list(range(len(blocks))), "the blocks are not numbered in order"
    return {"role": "assistant", "content": list(blocks.values())}, reason, metadata, names


def _reason(content, delta):
    if "redactedContent" in delta:
        content["redactedContent"] = delta["redactedContent"]
    else:
        text = content.setdefault("reasoningText", {"text": ""})
        for member in ("text", "signature"):
            if member in delta:
                text[member] = text.get(member, "") + delta[member]

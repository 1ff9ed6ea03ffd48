"""One way to hold a conversation with the simulator in each chat dialect, through the official clients.

A speaker keeps its messages in its dialect's own form, exactly as the service returned them, and gives what was answered
as an `Answered`, which is alike in all dialects.
"""

import base64
import dataclasses
import json

import anthropic
import boto3
import openai
from botocore.config import Config

WAIT = 10
MODEL = "sim-chat"
# The stop reasons of the dialects under one name.
STOPS = {
    "stop": "end", "end_turn": "end", "length": "length", "max_tokens": "length", "tool_calls": "tools",
    "tool_use": "tools", "content_filter": "refusal", "content_filtered": "refusal", "refusal": "refusal",
    "stop_sequence": "sequence",
}


@dataclasses.dataclass
class Answered:
    text: str = ""
    reasoning: str = ""
    signatures: list = dataclasses.field(default_factory=list)
    redacted: list = dataclasses.field(default_factory=list)
    # (id, name, arguments as text)
    calls: list = dataclasses.field(default_factory=list)
    stop: str = ""
    raw_stop: str = ""
    # input, read, write, output; None when nothing was reported
    usage: tuple = None
    fragments: int = 0


@dataclasses.dataclass(frozen=True)
class Media:
    kind: str
    format: str
    data: bytes

    @property
    def base64(self):
        return base64.b64encode(self.data).decode()


class Speaker:
    """A conversation; `user` and `results` add to it, `answer` sends it and keeps what comes back."""

    # Whether the dialect tells signatures and redacted blocks, and the classes of cached tokens.
    shows_signatures = True

    def __init__(self, url, key="none", model=MODEL):
        self.url, self.key, self.model, self.messages = url, key, model, []

    def user(self, *parts, cached=False):
        self.messages.append({"role": "user", "content": self._content(parts, cached)})
        return self

    def ask(self, text, stream=False, **options):
        return self.user(text).answer(stream, **options)


class OpenAISpeaker(Speaker):
    shows_signatures = False

    def __init__(self, *place, **named):
        super().__init__(*place, **named)
        self.client = openai.OpenAI(base_url=f"{self.url}/v1", api_key=self.key, max_retries=0, timeout=WAIT)

    def _content(self, parts, cached):
        content = [self._part(part) for part in parts]
        if cached:
            content[-1]["prompt_cache_breakpoint"] = {"mode": "explicit"}
        return content

    @staticmethod
    def _part(part):
        if isinstance(part, str):
            return {"type": "text", "text": part}
        if part.kind == "image":
            return {"type": "image_url", "image_url": {"url": f"data:image/{part.format};base64,{part.base64}"}}
        data = f"data:application/{part.format};base64,{part.base64}"
        return {"type": "file", "file": {"filename": "a.pdf", "file_data": data}}

    def results(self, results):
        for identifier, (text, _) in results.items():
            self.messages.append({"role": "tool", "tool_call_id": identifier, "content": text})
        return self

    def answer(self, stream=False, tools=None, choice=None, parallel=None, thinking=False, max_tokens=None, stops=None,
               schema=None, **more):
        if tools:
            more["tools"] = [
                {"type": "function", "function": {"name": name, "parameters": schema_}} for name, schema_ in tools]
        if choice:
            named = {"type": "function", "function": {"name": choice}}
            more["tool_choice"] = {"auto": "auto", "any": "required", "none": "none"}.get(choice, named)
        if parallel is not None:
            more["parallel_tool_calls"] = parallel
        if thinking:
            more["reasoning_effort"] = "low"
        if schema:
            more["response_format"] = {"type": "json_schema", "json_schema": {"name": "a", "schema": schema}}
        more |= {name: value for name, value in (("max_tokens", max_tokens), ("stop", stops)) if value}
        if stream:
            more["stream_options"] = {"include_usage": True}
        result = self.client.chat.completions.create(model=self.model, messages=self.messages, stream=stream, **more)
        return self._streamed(result) if stream else self._whole(result)

    def _whole(self, completion):
        [choice] = completion.choices
        message, answered = choice.message, Answered()
        answered.text = message.content or ""
        answered.reasoning = getattr(message, "reasoning_content", None) or ""
        answered.calls = [(c.id, c.function.name, c.function.arguments) for c in message.tool_calls or []]
        return self._keep(answered, choice.finish_reason, completion.usage)

    def _streamed(self, chunks):
        answered, calls, reason, usage = Answered(), {}, None, None
        for chunk in chunks:
            usage = chunk.usage or usage
            for choice in chunk.choices:
                reason = choice.finish_reason or reason
                answered.text += choice.delta.content or ""
                answered.reasoning += getattr(choice.delta, "reasoning_content", None) or ""
                for call in choice.delta.tool_calls or []:
                    answered.fragments += 1
                    if call.id:
                        calls[call.index] = [call.id, call.function.name, ""]
                    calls[call.index][2] += call.function.arguments or ""
        answered.calls = [tuple(calls[index]) for index in sorted(calls)]
        return self._keep(answered, reason, usage)

    def _keep(self, answered, reason, usage):
        message = {"role": "assistant", "content": answered.text or None}
        if answered.calls:
            message["tool_calls"] = [
                {"id": identifier, "type": "function", "function": {"name": name, "arguments": arguments}}
                for identifier, name, arguments in answered.calls]
        self.messages.append(message)
        answered.raw_stop, answered.stop = reason, STOPS.get(reason, reason)
        if usage:
            read = usage.prompt_tokens_details.cached_tokens
            answered.usage = (usage.prompt_tokens - read, read, 0, usage.completion_tokens)
        return answered


class AnthropicSpeaker(Speaker):
    def __init__(self, *place, **named):
        super().__init__(*place, **named)
        self.client = anthropic.Anthropic(base_url=self.url, api_key=self.key, max_retries=0, timeout=WAIT)

    def _content(self, parts, cached):
        content = [self._part(part) for part in parts]
        if cached:
            content[-1]["cache_control"] = {"type": "ephemeral", **({"ttl": cached} if cached is not True else {})}
        return content

    @staticmethod
    def _part(part):
        if isinstance(part, str):
            return {"type": "text", "text": part}
        type_ = {"image": f"image/{part.format}", "document": f"application/{part.format}"}[part.kind]
        return {"type": part.kind, "source": {"type": "base64", "media_type": type_, "data": part.base64}}

    def results(self, results):
        self.messages.append({"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": identifier, "content": text, "is_error": error}
            for identifier, (text, error) in results.items()]})
        return self

    def arguments(self, tools=None, choice=None, parallel=None, thinking=False, max_tokens=None, stops=None, schema=None,
                  **more):
        if tools:
            more["tools"] = [{"name": name, "input_schema": schema_} for name, schema_ in tools]
        if choice or parallel is not None:
            named = {"type": "tool", "name": choice}
            kinds = {"auto", "any", "none"}
            more["tool_choice"] = {"type": choice or "auto"} if choice in kinds or not choice else named
            if parallel is False:
                more["tool_choice"]["disable_parallel_tool_use"] = True
        if thinking:
            more["thinking"] = {"type": "enabled", "budget_tokens": 1024}
        if schema:
            more["output_config"] = {"format": {"type": "json_schema", "schema": schema}}
        if stops:
            more["stop_sequences"] = stops
        return {"max_tokens": max_tokens or 4096, "messages": self.messages, **more}

    def answer(self, stream=False, **options):
        arguments = {"model": self.model, **self.arguments(**options)}
        if stream:
            with self.client.messages.stream(**arguments) as events:
                fragments = sum(event.type == "input_json" for event in events)
                message = events.get_final_message()
        else:
            message, fragments = self.client.messages.create(**arguments), 0
        return self._keep(message.model_dump(exclude_none=True, by_alias=True), fragments)

    def _keep(self, message, fragments):
        answered = Answered(fragments=fragments)
        # What a client adds to the blocks for itself is not the service's.
        content = [{k: v for k, v in block.items() if k != "parsed_output"} for block in message["content"]]
        for block in content:
            if block["type"] == "text":
                answered.text += block["text"]
            elif block["type"] == "thinking":
                answered.reasoning += block["thinking"]
                answered.signatures.append(block["signature"])
            elif block["type"] == "redacted_thinking":
                answered.redacted.append(block["data"])
            else:
                answered.calls.append((block["id"], block["name"], json.dumps(block["input"])))
        self.messages.append({"role": "assistant", "content": content})
        answered.raw_stop, answered.stop = message["stop_reason"], STOPS.get(message["stop_reason"])
        if usage := message.get("usage"):
            answered.usage = (
                usage["input_tokens"], usage.get("cache_read_input_tokens", 0),
                usage.get("cache_creation_input_tokens", 0), usage["output_tokens"])
        return answered


def bedrock_client(url, key=None, **config):
    """Signs with made-up credentials; a key travels as the session token."""
    config = {"retries": {"max_attempts": 1, "mode": "standard"}, "read_timeout": WAIT, **config}
    return boto3.client(
        "bedrock-runtime", region_name="eu-central-1", endpoint_url=url, aws_access_key_id="a",
        aws_secret_access_key="b", aws_session_token=key, config=Config(**config))


class InvokeSpeaker(AnthropicSpeaker):
    """Claude's bodies inside Bedrock's InvokeModel."""

    def __init__(self, *place, **named):
        super().__init__(*place, **named)
        self.client = bedrock_client(self.url, self.key)

    def answer(self, stream=False, **options):
        body = json.dumps({"anthropic_version": "bedrock-2023-05-31", **self.arguments(**options)})
        if not stream:
            return self._keep(json.loads(self.client.invoke_model(modelId=self.model, body=body)["body"].read()), 0)
        events = self.client.invoke_model_with_response_stream(modelId=self.model, body=body)["body"]
        return self._gather(json.loads(event["chunk"]["bytes"]) for event in events)

    def _gather(self, events):
        message, blocks, inputs, fragments = {}, [], [], 0
        for event in events:
            kind = event["type"]
            if kind == "message_start":
                message = event["message"]
            elif kind == "content_block_start":
                blocks.append(event["content_block"])
                inputs.append("")
            elif kind == "content_block_delta":
                delta, block = event["delta"], blocks[event["index"]]
                if delta["type"] == "input_json_delta":
                    inputs[event["index"]] += delta["partial_json"]
                    fragments += 1
                else:
                    name = delta["type"].removesuffix("_delta")
                    block[name] += delta[name]
            elif kind == "message_delta":
                message |= event["delta"]
                message["usage"] |= event["usage"]
        for block, text in zip(blocks, inputs):
            if block["type"] == "tool_use":
                block["input"] = json.loads(text)
        message["content"] = blocks
        return self._keep(message, fragments)


class ConverseSpeaker(Speaker):
    def __init__(self, *place, **named):
        super().__init__(*place, **named)
        self.client = bedrock_client(self.url, self.key)

    def _content(self, parts, cached):
        content = [self._part(part) for part in parts]
        if cached:
            content.append({"cachePoint": {"type": "default", **({"ttl": cached} if cached is not True else {})}})
        return content

    @staticmethod
    def _part(part):
        if isinstance(part, str):
            return {"text": part}
        named = {"name": "a"} if part.kind == "document" else {}
        return {part.kind: {"format": part.format, "source": {"bytes": part.data}, **named}}

    def results(self, results):
        self.messages.append({"role": "user", "content": [
            {"toolResult": {"toolUseId": identifier, "content": [{"text": text}],
                            "status": "error" if error else "success"}}
            for identifier, (text, error) in results.items()]})
        return self

    def answer(self, stream=False, tools=None, choice=None, parallel=None, thinking=False, max_tokens=None, stops=None,
               schema=None):
        arguments, fields = {"modelId": self.model, "messages": self.messages, "inferenceConfig": {}}, {}
        if tools:
            config = arguments["toolConfig"] = {
                "tools": [{"toolSpec": {"name": name, "inputSchema": {"json": schema_}}} for name, schema_ in tools]}
            if choice in ("auto", "any"):
                config["toolChoice"] = {choice: {}}
            elif choice and choice != "none":
                config["toolChoice"] = {"tool": {"name": choice}}
        if parallel is False:
            fields["tool_choice"] = {"type": "auto", "disable_parallel_tool_use": True}
        if thinking:
            fields["thinking"] = {"type": "enabled", "budget_tokens": 1024}
        if fields:
            arguments["additionalModelRequestFields"] = fields
        if schema:
            arguments["outputConfig"] = {"textFormat": {
                "type": "json_schema", "structure": {"jsonSchema": {"schema": json.dumps(schema)}}}}
        if max_tokens or thinking:
            arguments["inferenceConfig"]["maxTokens"] = max_tokens or 4096
        if stops:
            arguments["inferenceConfig"]["stopSequences"] = stops
        if stream:
            return self._gather(self.client.converse_stream(**arguments)["stream"])
        answer = self.client.converse(**arguments)
        return self._keep(answer["output"]["message"]["content"], answer["stopReason"], answer.get("usage"), 0)

    def _gather(self, events):
        blocks, reason, usage, fragments = {}, None, None, 0
        for event in events:
            [(kind, value)] = event.items()
            if kind == "contentBlockStart":
                blocks[value["contentBlockIndex"]] = {"toolUse": {**value["start"]["toolUse"], "input": ""}}
            elif kind == "contentBlockDelta":
                [(name, delta)] = value["delta"].items()
                block = blocks.setdefault(value["contentBlockIndex"], {})
                if name == "text":
                    block["text"] = block.get("text", "") + delta
                elif name == "toolUse":
                    block["toolUse"]["input"] += delta["input"]
                    fragments += 1
                elif "redactedContent" in delta:
                    block["reasoningContent"] = delta
                else:
                    inner = block.setdefault("reasoningContent", {"reasoningText": {"text": ""}})["reasoningText"]
                    inner["text"] += delta.get("text", "")
                    inner |= {"signature": delta["signature"]} if "signature" in delta else {}
            elif kind == "messageStop":
                reason = value["stopReason"]
            elif kind == "metadata":
                usage = value.get("usage") or usage
        content = [blocks[index] for index in sorted(blocks)]
        for block in content:
            if "toolUse" in block:
                block["toolUse"]["input"] = json.loads(block["toolUse"]["input"])
        return self._keep(content, reason, usage, fragments)

    def _keep(self, content, reason, usage, fragments):
        answered = Answered(fragments=fragments, raw_stop=reason, stop=STOPS.get(reason, reason))
        for block in content:
            [(name, value)] = block.items()
            if name == "text":
                answered.text += value
            elif name == "toolUse":
                answered.calls.append((value["toolUseId"], value["name"], json.dumps(value["input"])))
            elif "redactedContent" in value:
                answered.redacted.append(value["redactedContent"])
            else:
                answered.reasoning += value["reasoningText"]["text"]
                answered.signatures.append(value["reasoningText"].get("signature"))
        self.messages.append({"role": "assistant", "content": content})
        if usage:
            answered.usage = (
                usage["inputTokens"], usage["cacheReadInputTokens"], usage["cacheWriteInputTokens"],
                usage["outputTokens"])
        return answered


SPEAKERS = {
    "openai": OpenAISpeaker, "anthropic": AnthropicSpeaker, "converse": ConverseSpeaker, "invoke": InvokeSpeaker}

"""The members that official clients know of each dialect's requests, read from the clients' own types.

Each is a path: `messages[]<user>.content[]<text>.text` is a member of a block of the type text in a list in a message of
the role user. What the gateway makes of them stands in the tables of its dialects.
"""

import functools
import inspect
import pathlib
import types
import typing

import anthropic.types
import anthropic.types.beta
import botocore.session
import cohere
import cohere.base_client
import cohere.v2.client
import openai.types
import openai.types.chat
import openai.types.responses
from typing_extensions import Annotated, NotRequired, Required, get_type_hints, is_typeddict

LISTS = pathlib.Path(__file__).parents[2] / "Tests" / "DialectTests" / "Members" / "lists"
# Below a path that ends in this the gateway takes nothing apart: it is refused, or taken as a whole.
REST = " ..."


def listed(name):
    """The paths in a list, and those whose rest is left out."""
    lines = (LISTS / f"{name}.txt").read_text().splitlines()
    whole = {line.removesuffix(REST) for line in lines if line.endswith(REST)}
    return {line for line in lines if not line.endswith(REST)}, whole


def is_below(path, others):
    return any(path == other or path.startswith((f"{other}.", f"{other}[", f"{other}<")) for other in others)


def known():
    """The paths that the installed clients know, by the name of their list."""
    chat = openai.types.chat.completion_create_params
    responses = openai.types.responses.response_create_params
    return {
        "openai-chat": of_type(chat.CompletionCreateParamsBase) | of_type(chat.CompletionCreateParamsStreaming),
        "openai-responses": of_type(responses.ResponseCreateParamsBase)
        | of_type(responses.ResponseCreateParamsStreaming),
        "openai-embeddings": of_type(openai.types.embedding_create_params.EmbeddingCreateParams),
        "anthropic-messages": of_type(anthropic.types.message_create_params.MessageCreateParamsBase)
        | of_type(anthropic.types.message_create_params.MessageCreateParamsStreaming)
        | of_type(anthropic.types.beta.message_create_params.MessageCreateParamsBase)
        | of_type(anthropic.types.message_count_tokens_params.MessageCountTokensParams)
        | of_type(anthropic.types.beta.message_count_tokens_params.MessageCountTokensParams),
        "bedrock-converse": of_operation("Converse") | of_operation("ConverseStream"),
        "bedrock-invoke": of_operation("InvokeModel") | of_operation("InvokeModelWithResponseStream"),
        "cohere-embed": of_call(cohere.base_client.BaseCohere.embed) | of_call(cohere.v2.client.V2Client.embed),
    }


def trials():
    """The names of the trials that the installed client of Anthropic's knows."""
    names = set()
    for variant in variants(anthropic.types.AnthropicBetaParam):
        if typing.get_origin(variant) is typing.Literal:
            names.update(typing.get_args(variant))
    return names


# Types of the generated clients


def variants(hint):
    origin = typing.get_origin(hint)
    if origin in (Required, NotRequired, Annotated):
        return variants(typing.get_args(hint)[0])
    if origin in (typing.Union, types.UnionType):
        return [variant for argument in typing.get_args(hint) for variant in variants(argument)]
    return variants(hint.__value__) if hasattr(hint, "__value__") else [hint]


hints_of = functools.cache(get_type_hints)


def kind_of(shape):
    for name in ("type", "role"):
        for variant in variants(hints_of(shape)[name]) if name in hints_of(shape) else []:
            if typing.get_origin(variant) is typing.Literal:
                return "|".join(map(str, typing.get_args(variant)))
    return None


def of_type(hint, path="", above=frozenset()):
    found = set()
    for variant in variants(hint):
        origin = typing.get_origin(variant)
        if is_typeddict(variant):
            kind = kind_of(variant)
            here = f"{path}<{kind}>" if kind and path else path
            found |= {here} - {""}
            if variant in above:
                continue
            for name, member in hints_of(variant).items():
                inner = f"{here}.{name}" if here else name
                found |= {inner} | of_type(member, inner, above | {variant})
        elif origin is list or getattr(origin, "__name__", "") in ("Iterable", "Sequence", "SequenceNotStr"):
            found |= of_type(typing.get_args(variant)[0], f"{path}[]", above)
    return found


def of_operation(name):
    model = botocore.session.get_session().get_service_model("bedrock-runtime")
    found = set()

    def add(shape, path, above):
        if path:
            found.add(path)
        if shape.type_name == "list":
            add(shape.member, f"{path}[]", above)
        elif shape.type_name == "structure" and shape.name not in above:
            for member, inner in shape.members.items():
                add(inner, f"{path}.{member}" if path else member, above | {shape.name})
    add(model.operation_model(name).input_shape, "", frozenset())
    return found


def of_call(function):
    return set(inspect.signature(function).parameters) - {"self", "request_options"}

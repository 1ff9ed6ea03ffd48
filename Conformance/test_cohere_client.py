"""The official Cohere client works unmodified with any provider that embeds, and every token is metered exactly."""

import asyncio
import base64
import json
import struct

import cohere
import httpx
import pytest
from cohere.core.api_error import ApiError

from support.company import create_key, provision
from support.portal import Portal
from support.processes import wait_until
from support.server import Server
from support.simulator import CHAT_MODEL, EMBED_MODEL, directive, providers

METERED_SECONDS = 2
CLIENT_SECONDS = 60
MINILM = "packhouse-minilm-l6-v2"
# Two lengths of vectors, as newer models have.
CHOICE_MODEL = "sim-embed-choice"
# A tenth of a GenAI Unit a token: the 100 units of one Cloud Token are 1,000 tokens.
DEAR_MODEL = "sim-embed-dear"
FORMS = ["float", "int8", "uint8", "binary", "ubinary", "base64"]
RANGES = {"int8": (-128, 127), "uint8": (0, 255), "binary": (-128, 127), "ubinary": (0, 255)}


class Embedder:
    """A resource, its model, and official clients for its key."""

    def __init__(self, server, resource, key, model, dimensions=1024):
        self.server, self.resource, self.key = server, resource, key
        self.model, self.dimensions = model, dimensions

    def options(self, **options):
        return {
            "api_key": self.key, "base_url": self.server.gateway, "timeout": CLIENT_SECONDS, "max_retries": 0,
            **options}

    v1 = property(lambda self: cohere.Client(**self.options()))
    v2 = property(lambda self: cohere.ClientV2(**self.options()))

    def embed(self, texts, **options):
        """The second version's answer, and the gateway's request id."""
        if texts is not None:
            options["texts"] = texts
        raw = self.v2.with_raw_response.embed(**{"model": self.model, "input_type": "search_document", **options})
        return raw.data, raw.headers["x-request-id"]

    def entries(self, *request_ids):
        """The usage entries of calls, once they are all there."""
        def found():
            entries = [entry for entry in self.server.usage(self.resource) if entry["requestId"] in request_ids]
            return entries if len(entries) >= len(request_ids) else None
        entries = wait_until(found, METERED_SECONDS, f"no usage entries for {request_ids}")
        assert len(entries) == len(request_ids)
        return entries


@pytest.fixture(scope="module")
def person(server):
    return Portal(server.portal, server.admin)


@pytest.fixture(scope="module")
def local(server):
    return Embedder(server, server.ready["embeddingsResource"], server.ready["embeddingsKey"], EMBED_MODEL)


@pytest.fixture(scope="module")
def offline(server):
    return Embedder(server, server.ready["embeddingsResource"], server.ready["embeddingsKey"], MINILM, dimensions=384)


@pytest.fixture(scope="module")
def bedrock(server, person):
    resource = provision(
        person, "embeddings", "Cohere on Bedrock", region="Europe (Frankfurt) - eu-central-1",
        models=["Cohere Embed v3 Multilingual"], tokens=6)
    return Embedder(server, resource, create_key(person, resource, "Cohere"), "embed-multilingual-v3.0")


@pytest.fixture(scope="module")
def second(tmp_path_factory, simulator):
    """A server whose embeddings come from a provider of kind `cohere`."""
    folder = tmp_path_factory.mktemp("cohere")
    content = providers(simulator.url)
    plain = next(model for model in content["models"] if model["id"] == EMBED_MODEL)
    content["models"] += [
        {**plain, "id": CHOICE_MODEL, "name": CHOICE_MODEL,
         "limits": {**plain["limits"], "dimensionChoices": [256, 1024]}},
        {**plain, "id": DEAR_MODEL, "name": DEAR_MODEL, "rates": {"input": 100_000}}]
    content["providers"] = [{
        "name": "direct", "kind": "cohere", "region": "local", "endpoint": simulator.url,
        "apiKeyFrom": "CONFORMANCE_COHERE_KEY",
        "models": {name: name for name in (EMBED_MODEL, CHOICE_MODEL, DEAR_MODEL)}}]
    content["models"] = [model for model in content["models"] if model["type"] == "embeddings"]
    path = folder / "cohere.yaml"
    path.write_text(json.dumps(content))
    environment = {"CONFORMANCE_COHERE_KEY": "conformance-cohere-key"}
    with Server(folder, options=["--providers", path], environment=environment) as started:
        yield started


@pytest.fixture(scope="module")
def second_person(second):
    return Portal(second.portal, second.admin)


@pytest.fixture(scope="module")
def direct(second):
    return Embedder(second, second.ready["embeddingsResource"], second.ready["embeddingsKey"], EMBED_MODEL)


@pytest.fixture(params=["local", "bedrock", "direct", "offline"])
def embedder(request):
    """An OpenAI-compatible server, Cohere's models on Bedrock, Cohere's own service, and the built-in model."""
    return request.getfixturevalue(request.param)


@pytest.fixture(params=["bedrock", "direct"])
def many_forms(request):
    """Providers that compute every number form."""
    return request.getfixturevalue(request.param)


@pytest.fixture(params=["local", "offline"])
def floats_only(request):
    return request.getfixturevalue(request.param)


def check_base64(vectors):
    """Both spellings hold the same float32 numbers, bit by bit."""
    packed = [struct.pack(f"<{len(vector)}f", *vector) for vector in vectors.float_]
    assert [base64.b64decode(text) for text in vectors.base64] == packed


def check_metered(simulator, embedder, request_id, tokens):
    """Compares what was billed with the usage entry and, but for the built-in model, with what the simulator served."""
    [entry] = embedder.entries(request_id)
    assert entry["inputTokens"] == tokens > 0 and entry["outputTokens"] == 0
    assert entry["status"] == "completed" and not entry["estimated"] and entry["dialect"] == "cohere"
    if embedder.model != MINILM:
        [served] = simulator.calls(request_id)
        assert served["inputTokens"] == tokens


# Answers


def test_texts_are_embedded_and_metered(simulator, embedder):
    answer, request_id = embedder.embed(["one two three", "four"])
    assert answer.response_type == "embeddings_by_type" and answer.id
    assert [len(vector) for vector in answer.embeddings.float_] == [embedder.dimensions] * 2
    assert answer.texts == ["one two three", "four"]
    assert answer.meta.api_version.version == "2"
    check_metered(simulator, embedder, request_id, answer.meta.billed_units.input_tokens)


def test_the_first_version_answers_with_a_plain_list(simulator, embedder):
    raw = embedder.v1.with_raw_response.embed(
        model=embedder.model, texts=["one two three", "four"], input_type="search_query")
    answer = raw.data
    assert answer.response_type == "embeddings_floats"
    assert [len(vector) for vector in answer.embeddings] == [embedder.dimensions] * 2
    assert answer.texts == ["one two three", "four"] and answer.meta.api_version.version == "1"
    check_metered(simulator, embedder, raw.headers["x-request-id"], answer.meta.billed_units.input_tokens)


def test_both_versions_give_the_same_numbers(embedder):
    first = embedder.v1.embed(
        model=embedder.model, texts=["a b"], input_type="search_document", embedding_types=["float"])
    second, _ = embedder.embed(["a b"])
    assert first.response_type == "embeddings_by_type"
    assert first.embeddings.float_ == second.embeddings.float_


def test_asynchronous_clients(embedder):
    async def ask():
        async with cohere.AsyncClientV2(**embedder.options()) as two, cohere.AsyncClient(**embedder.options()) as one:
            return await asyncio.gather(
                two.embed(model=embedder.model, texts=["a b"], input_type="search_document"),
                one.embed(model=embedder.model, texts=["a b"], input_type="search_document"))
    two, one = asyncio.run(ask())
    assert two.embeddings.float_ == one.embeddings


def test_every_number_form(simulator, many_forms):
    answer, request_id = many_forms.embed(["one", "two three"], embedding_types=FORMS)
    vectors = answer.embeddings
    check_base64(vectors)
    for form, (least, most) in RANGES.items():
        found = getattr(vectors, form)
        length = many_forms.dimensions // (8 if "binary" in form else 1)
        assert [len(vector) for vector in found] == [length] * 2, form
        assert all(least <= number <= most for vector in found for number in vector), form
    check_metered(simulator, many_forms, request_id, answer.meta.billed_units.input_tokens)


@pytest.mark.parametrize("form", FORMS)
def test_each_number_form_alone(many_forms, form):
    answer, _ = many_forms.embed(["one"], embedding_types=[form])
    found = {name for name in FORMS if getattr(answer.embeddings, "float_" if name == "float" else name)}
    assert found == {form}


def test_base64_holds_the_same_numbers(floats_only):
    answer, _ = floats_only.embed(["one two"], embedding_types=["base64", "float"])
    check_base64(answer.embeddings)


def test_more_texts_than_a_call_takes_are_sent_in_batches_and_merged_in_order(simulator, embedder):
    texts = [f"text number {number}" for number in range(200)]
    merged = embedder.v1.embed(model=embedder.model, texts=texts, input_type="search_document")
    assert merged.texts == texts and len(merged.embeddings) == 200
    for number in (0, 95, 96, 199):
        alone, _ = embedder.embed([texts[number]])
        assert merged.embeddings[number] == pytest.approx(alone.embeddings.float_[0], abs=1e-5)
    assert len({tuple(vector) for vector in merged.embeddings}) == 200
    if embedder.model != MINILM:
        # The simulator counts words.
        assert merged.meta.billed_units.input_tokens == 600


def test_batches_are_metered_one_by_one(bedrock):
    merged = bedrock.v1.embed(
        model=bedrock.model, texts=["a b"] * 100, input_type="search_document", embedding_types=["int8"])
    # The gateway names its answers by their request ids.
    entries = bedrock.entries(*merged.id.split(", "))
    assert len(merged.embeddings.int8) == 100
    assert sorted(entry["inputTokens"] for entry in entries) == [8, 192]
    assert merged.meta.billed_units.input_tokens == 200


def test_inputs_of_one_text_each_are_texts(server, embedder):
    plain, _ = embedder.embed(["a b"])
    answer, _ = embedder.embed(None, inputs=[{"content": [{"type": "text", "text": "a b"}]}])
    assert len(answer.embeddings.float_) == 1 and len(answer.embeddings.float_[0]) == embedder.dimensions
    assert answer.meta.billed_units.input_tokens == plain.meta.billed_units.input_tokens
    # Cohere's own service gets the inputs as they came; everybody else gets texts.
    if embedder.server is server:
        assert answer.embeddings.float_ == plain.embeddings.float_


def test_a_model_with_several_lengths(second, second_person):
    resource = provision(
        second_person, "embeddings", "Lengths", region="Local", models=[CHOICE_MODEL], tokens=1)
    choice = Embedder(second, resource, create_key(second_person, resource, "Lengths"), CHOICE_MODEL)
    answer, _ = choice.embed(["one"], output_dimension=256)
    assert len(answer.embeddings.float_[0]) == 256
    expect(lambda: choice.embed(["one"], output_dimension=300), 400, "256, 1024 dimensions, not of 300")


# Errors


def expect(call, status, *parts):
    """The error of a call, after a look at its status and sentence."""
    with pytest.raises(ApiError) as caught:
        call()
    error = caught.value
    assert error.status_code == status, error
    for part in parts:
        assert part in error.body["message"], error.body
    assert error.headers["x-request-id"] == error.body["id"]
    return error


@pytest.mark.parametrize("options, part", [
    ({"texts": [], "images": ["data:image/png;base64,AQID"]}, "images is not supported"),
    ({"max_tokens": 5}, "max_tokens is not supported"),
    ({"inputs": [{"content": [{"type": "image_url", "image_url": {"url": "x"}}]}], "texts": []}, "images are not"),
    ({"texts": ["x"] * 97}, "97 texts; at most 96"),
    ({"texts": ["x", ""]}, "Text 2 is empty"),
    ({"truncate": "MIDDLE"}, "truncate must be one of"),
    ({"embedding_types": ["int4"]}, "embedding_types[0] must be one of"),
], ids=["images", "max_tokens", "inputs", "many", "empty", "truncate", "form"])
def test_wrong_requests_cost_nothing(simulator, embedder, options, part):
    before = simulator.count()
    error = expect(lambda: embedder.embed(**{"texts": ["x"], **options}), 400, part)
    assert isinstance(error, cohere.errors.BadRequestError)
    assert simulator.count() == before
    assert not [entry for entry in embedder.server.usage(embedder.resource) if entry["requestId"] == error.body["id"]]


def test_a_number_form_that_the_provider_does_not_compute_is_named(simulator, floats_only):
    expect(lambda: floats_only.embed(["x"], embedding_types=["int8"]), 400, "int8")


def test_other_models_and_keys_are_refused(server, embedder):
    error = expect(lambda: embedder.embed(["x"], model="embed-v9"), 404, "embed-v9", "Enabled are:")
    assert isinstance(error, cohere.errors.NotFoundError)
    wrong = Embedder(embedder.server, embedder.resource, "phk_wrong", embedder.model)
    error = expect(lambda: wrong.embed(["x"]), 401, "key")
    assert isinstance(error, cohere.errors.UnauthorizedError)
    chat = Embedder(server, server.ready["textResource"], server.ready["textKey"], CHAT_MODEL)
    expect(lambda: chat.embed(["x"]), 404, "text generation resource", "/v1/chat/completions")


@pytest.mark.parametrize("name", ["local", "bedrock", "direct"])
def test_failures_of_providers(request, name):
    embedder = request.getfixturevalue(name)
    error = expect(lambda: embedder.embed(["x " + directive(fault="429@7")]), 429)
    assert isinstance(error, cohere.errors.TooManyRequestsError) and error.headers["retry-after"] == "7"
    error = expect(lambda: embedder.embed(["x " + directive(fault="503")]), 503)
    assert isinstance(error, cohere.errors.ServiceUnavailableError)
    expect(lambda: embedder.embed(["x " + directive(fault="garbage")]), 502)


def test_the_client_repeats_what_may_be_mended_and_not_an_exhausted_allowance(simulator, second, second_person):
    resource = provision(
        second_person, "embeddings", "Small embeddings", region="Local", models=[DEAR_MODEL], tokens=1)
    small = Embedder(second, resource, create_key(second_person, resource, "Small"), DEAR_MODEL)
    sent = []
    http = httpx.Client(event_hooks={"request": [sent.append]}, timeout=CLIENT_SECONDS)

    def ask(text, version):
        client = version(**small.options(max_retries=2, httpx_client=http))
        return client.embed(model=DEAR_MODEL, texts=[text], input_type="search_document")
    # The control: the client does repeat what its status calls temporary.
    expect(lambda: ask("x " + directive(fault="503"), cohere.ClientV2), 503)
    assert len(sent) == 3
    ask("x " + directive(input=1_000), cohere.ClientV2)
    wait_until(
        lambda: sum(entry["inputTokens"] for entry in second.usage(resource)) >= 1_000, METERED_SECONDS,
        "the usage is not settled")
    before = simulator.count()
    for version in (cohere.ClientV2, cohere.Client):
        sent.clear()
        error = expect(lambda: ask("hi", version), 402, "is exhausted", "100 GenAI Units allowed", "refilled on")
        assert len(sent) == 1, "the client was not told that a retry is useless"
        assert 0 < int(error.headers["retry-after"]) <= 31 * 86_400
    assert simulator.count() == before

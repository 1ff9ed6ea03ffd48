"""What all checks share: one simulator, one server with the demo company, and clients for it."""

import os
import pathlib
import sys

import openai
import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from support.server import Server  # noqa: E402
from support.simulator import Simulator  # noqa: E402

CLIENT_SECONDS = 60
# Everything here is on this machine: nothing is to be asked of a proxy that the environment may name.
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"


def pytest_collection_modifyitems(items):
    """The browser comes last: it is the slowest, and what it needs is checked before."""
    items.sort(key=lambda item: "browser" in pathlib.Path(item.path).parts)


@pytest.fixture(scope="session")
def simulator(tmp_path_factory):
    started = Simulator(tmp_path_factory.mktemp("simulator"))
    yield started
    started.stop()


@pytest.fixture(scope="session")
def server(tmp_path_factory, simulator):
    """A server with the demo company, whose providers are all the simulator."""
    with Server(tmp_path_factory.mktemp("server"), simulator) as started:
        yield started


@pytest.fixture(scope="session")
def client(server):
    """Makes official OpenAI clients for a key of the server."""
    def make(key, **options):
        return openai.OpenAI(
            base_url=f"{server.gateway}/v1", api_key=key, **{"timeout": CLIENT_SECONDS, "max_retries": 0, **options})
    return make


@pytest.fixture(scope="session")
def text(server, client):
    """The client of the demo company's text resource."""
    return client(server.ready["textKey"])


@pytest.fixture(scope="session")
def embeddings(server, client):
    """The client of the demo company's embeddings resource."""
    return client(server.ready["embeddingsKey"])

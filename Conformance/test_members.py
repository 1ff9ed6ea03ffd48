"""Whatever an official client can say is carried, refused by name, or on the list of hints (D-2): the lists in
Tests/DialectTests/Members are held against the installed clients here, and the gateway's tables against the lists there."""

import pytest

from support import members


@pytest.fixture(scope="module")
def known():
    return members.known()


@pytest.mark.parametrize("name", sorted(path.stem for path in members.LISTS.glob("*.txt")))
def test_each_list_holds_what_the_client_knows(known, name):
    if name == "anthropic-betas":
        paths = members.trials()
    else:
        paths = known[name]
    listed, whole = members.listed(name)
    fresh = sorted(path for path in paths if path not in listed and not members.is_below(path, whole))
    assert not fresh, f"decide in the tables of the dialects what becomes of these, then list them: {fresh}"
    gone = sorted((listed | whole) - paths)
    assert not gone, f"no client knows these any more: {gone}"


def test_each_client_s_types_have_a_list(known):
    assert {path.stem for path in members.LISTS.glob("*.txt")} == {*known, "anthropic-betas"}


def test_a_new_member_would_be_found(known):
    listed, whole = members.listed("openai-chat")
    for path in ("new_member", "messages[]<user>.content[]<text>.new_member"):
        assert path not in listed and not members.is_below(path, whole)
    assert members.is_below("tools[]<custom>.custom.new_member", whole)

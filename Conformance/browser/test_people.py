"""People come, change and go: what an admin does under Members and Company, and what the others see of it."""

import re

import pytest
from playwright.sync_api import expect

from support.portal import Portal
from support.processes import wait_until
from support.screen import findings, screenshot, sign_in, tab_to
from support.server import Person, Server

PASSWORD = "correct horse battery"
ADMIN = Person("mia@lakeside.example", PASSWORD)
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
MODEL = "Packhouse Extractive 1 (not a language model)"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A company of its own, in which nothing is provisioned yet."""
    with Server(tmp_path_factory.mktemp("people"), demo=False) as started:
        link = wait_until(lambda: re.search(r"http\S+/set-up\?token=\S+", started.program.output), 5, "no link").group()
        form = Portal(started.portal).get(link).form("Set up").fill("Company", "Lakeside").fill("Time zone", "UTC")
        form.fill("Your name", "Mia Lind").fill("Your email", ADMIN.email).fill("Password", PASSWORD).submit()
        yield started


@pytest.fixture
def admin(server, new_context):
    page = new_context().new_page()
    sign_in(page, ADMIN)
    return page


def email(name):
    return f"{name.split()[0].lower()}@lakeside.example"


def go(page, name):
    page.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def row_of(page, name):
    return page.get_by_role("row").filter(has_text=name)


def from_menu(page, name, action):
    """Chooses what the menu of somebody's row offers."""
    page.get_by_label(f"Actions for {name}").click()
    page.locator("details.menu[open]").get_by_text(action, exact=True).click()


def answer(page, title, button):
    """Reads a question and says yes."""
    question = page.get_by_role("dialog", name=title)
    expect(question).to_be_visible()
    assert not findings(page)
    question.get_by_role("button", name=button, exact=True).click()


def invite(page, name, role="Member"):
    """Adds a member and gives the link, as it is copied."""
    go(page, "Members")
    page.get_by_role("link", name="Add Member").click()
    dialog = page.get_by_role("dialog", name="Add Member")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_label("Email").fill(email(name))
    dialog.get_by_role("radio", name=re.compile(f"^{role}")).check()
    dialog.get_by_role("button", name="Invite").click()
    return copied_link(page, name)


def copied_link(page, name):
    dialog = page.get_by_role("dialog", name=f"Invitation of {name}")
    expect(dialog).to_contain_text(email(name))
    # Copying is done by a script, which the page has once it is loaded.
    page.wait_for_load_state()
    dialog.get_by_role("button", name="Copy link").click()
    expect(dialog.get_by_role("button", name="Copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert re.search(r"/invitations/[\w-]{43}$", link), link
    dialog.get_by_role("link", name="Done").click()
    expect(dialog).to_be_hidden()
    return link


def join(new_context, link):
    """Opens the link in another browser and makes the account."""
    page = new_context().new_page()
    page.goto(link)
    expect(page.get_by_role("heading", level=1, name="Join Lakeside")).to_be_visible()
    assert not findings(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account and join").click()
    expect(page.get_by_role("heading", level=1, name="Overview")).to_be_visible()
    return page


def has_control_center(page):
    page.goto("/")
    expect(page.get_by_role("heading", level=1, name="Overview")).to_be_visible()
    return page.get_by_role("navigation").get_by_role("link", name="Members").count() == 1


def test_a_member_and_an_admin_join_and_see_what_they_may(admin, new_context):
    member = join(new_context, invite(admin, "Chen Li"))
    assert not has_control_center(member)
    expect(member.get_by_role("main")).to_contain_text("No resources yet")
    assert member.goto("/control-center/members").status == 403
    other = join(new_context, invite(admin, "Dana Brook", "Admin"))
    assert has_control_center(other)
    go(other, "Members")
    expect(row_of(other, "Dana Brook")).to_contain_text("You")
    expect(row_of(other, "Chen Li")).to_contain_text("Member")
    # Once they are in, they come back with their password.
    member.goto("/")
    member.get_by_role("button", name="Sign out").click()
    sign_in(member, Person(email("Chen Li"), PASSWORD))
    # What became of the invitations stays visible.
    admin.get_by_role("link", name=re.compile("Pending Invites")).click()
    expect(row_of(admin, "Dana Brook")).to_contain_text("ACCEPTED")


def test_roles_change_and_access_ends_at_the_next_request(server, admin, new_context):
    edo = join(new_context, invite(admin, "Edo Visser"))
    go(admin, "Members")
    from_menu(admin, "Edo Visser", "Make Admin")
    answer(admin, "Make Edo Visser an admin?", "Make Admin")
    expect(admin.get_by_role("status")).to_contain_text("Edo Visser is an admin now.")
    expect(admin.locator("tr.new")).to_contain_text("Admin")
    assert has_control_center(edo)

    from_menu(admin, "Edo Visser", "Make Member")
    answer(admin, "Make Edo Visser a member?", "Make Member")
    expect(admin.get_by_role("status")).to_contain_text("no longer an admin")
    assert not has_control_center(edo)

    from_menu(admin, "Edo Visser", "Deactivate")
    answer(admin, "Deactivate Edo Visser?", "Deactivate")
    expect(row_of(admin, "Edo Visser")).to_contain_text("DEACTIVATED")
    edo.get_by_role("navigation").get_by_role("link", name="Documentation").click()
    expect(edo.get_by_role("button", name="Sign in")).to_be_visible()
    edo.get_by_label("Email").fill(email("Edo"))
    edo.get_by_label("Password").fill(PASSWORD)
    edo.get_by_role("button", name="Sign in").click()
    expect(edo.get_by_role("alert")).to_contain_text("Email or password is wrong.")

    from_menu(admin, "Edo Visser", "Reactivate")
    answer(admin, "Reactivate Edo Visser?", "Reactivate")
    expect(row_of(admin, "Edo Visser")).to_contain_text("ACTIVE")
    sign_in(edo, Person(email("Edo"), PASSWORD))


def test_a_question_from_before_it_was_undone_still_does_what_it_says(admin, new_context):
    join(new_context, invite(admin, "Kim Duval"))
    go(admin, "Members")
    for action in ("Deactivate", "Reactivate"):
        from_menu(admin, "Kim Duval", action)
        answer(admin, f"{action} Kim Duval?", action)
        expect(admin.get_by_role("status")).to_contain_text("Kim Duval is")
    # Past the second question to the first, by the browser's own button.
    for _ in range(3):
        admin.go_back()
    answer(admin, "Deactivate Kim Duval?", "Deactivate")
    # A browser that kept the page itself sends the very same form, which is asked once more.
    if admin.get_by_role("alert").count():
        answer(admin, "Deactivate Kim Duval?", "Deactivate")
    expect(row_of(admin, "Kim Duval")).to_contain_text("DEACTIVATED")


def test_a_dialog_leaves_the_page_behind_it_where_it_was(server, new_context):
    page = new_context(NARROW).new_page()
    sign_in(page, ADMIN)
    held = []
    page.route("**/portal.mjs*", lambda route: held.append(route))
    page.goto("/control-center/company/external-invitations", wait_until="commit")
    # Without its script the dialog stands at the end of the page, and the browser scrolls to it.
    wait_until(lambda: page.evaluate("scrollY") > 0 and held, 5, "the browser did not scroll to the dialog")
    held[0].continue_()
    expect(page.locator("dialog:modal").get_by_role("heading")).to_be_focused()
    wait_until(lambda: page.evaluate("scrollY") == 0, 5, "the page stayed where the dialog was")


def test_an_invitation_is_resent_and_withdrawn(admin, new_context):
    first = invite(admin, "Fay Moreau")
    outsider = new_context().new_page()
    assert outsider.goto(first).status == 200
    from_menu(admin, "Fay Moreau", "Resend")
    second = copied_link(admin, "Fay Moreau")
    assert second != first
    assert outsider.goto(first).status == 404
    assert outsider.goto(second).status == 200
    # The link can be looked at again as long as it works.
    from_menu(admin, "Fay Moreau", "Copy link")
    assert copied_link(admin, "Fay Moreau") == second
    from_menu(admin, "Fay Moreau", "Withdraw")
    answer(admin, "Withdraw the invitation of Fay Moreau?", "Withdraw")
    expect(row_of(admin, "Fay Moreau")).to_contain_text("WITHDRAWN")
    expect(admin.get_by_label("Actions for Fay Moreau")).to_have_count(0)
    # A page that was open all the while says so when it is sent.
    outsider.get_by_label("Password").fill(PASSWORD)
    outsider.get_by_role("button", name="Create account and join").click()
    expect(outsider.get_by_role("main")).to_contain_text("This invitation was withdrawn.")
    assert not findings(outsider)


def test_somebody_else_can_not_accept_and_the_invited_can_decline(admin, new_context):
    link = invite(admin, "Gus Holm")
    admin.goto(link)
    main = admin.get_by_role("main")
    expect(main.get_by_role("alert")).to_contain_text("This invitation is for g•••@lakeside.example")
    expect(main).not_to_contain_text(email("Gus"))
    expect(main.get_by_role("button", name="Accept")).to_have_count(0)
    assert not findings(admin)
    outsider = new_context().new_page()
    outsider.goto(link)
    outsider.get_by_role("button", name="Decline the invitation").click()
    expect(outsider.get_by_role("main")).to_contain_text("This invitation was declined.")
    admin.goto("/control-center/invitations")
    expect(row_of(admin, "Gus Holm")).to_contain_text("DECLINED")


def test_the_time_zone_changes_until_the_first_resource_whose_user_is_invited(admin, new_context):
    go(admin, "Company")
    assert not findings(admin)
    late = admin.context.new_page()
    late.goto("/control-center/company/edit")
    admin.get_by_role("main").get_by_role("link", name="Edit").click()
    dialog = admin.get_by_role("dialog", name="Edit Company")
    dialog.get_by_label("Time zone").select_option("Europe/Amsterdam")
    dialog.get_by_role("button", name="Save").click()
    expect(admin.get_by_role("status")).to_contain_text("The company is saved.")
    expect(admin.get_by_role("main")).to_contain_text("Europe/Amsterdam")
    # Who had it open meanwhile is told, and loses nothing.
    late.get_by_label("Name").fill("Lakeside B.V.")
    late.get_by_role("button", name="Save").click()
    expect(late.get_by_role("alert")).to_contain_text("Somebody else changed the company")
    expect(late.get_by_label("Name")).to_have_value("Lakeside B.V.")
    assert not findings(late)
    late.close()

    provision(admin, "Lake chat", "Hana Sato")
    admin.goto("/control-center/company/edit")
    expect(admin.get_by_role("dialog", name="Edit Company").get_by_label("Time zone")).to_have_count(0)
    admin.goto("/control-center/invitations")
    row = row_of(admin, "Hana Sato")
    expect(row).to_contain_text("PENDING")
    expect(row).to_contain_text("“Lake chat”")
    from_menu(admin, "Hana Sato", "Copy link")
    hana = join(new_context, copied_link(admin, "Hana Sato"))
    expect(hana.get_by_role("main")).to_contain_text("Lake chat")
    assert not has_control_center(hana)


def provision(page, name, user):
    page.goto("/control-center/resources/provision?type=text")
    page.get_by_label("Display Name").fill(name)
    page.get_by_label("Environment").select_option("Test")
    page.get_by_label("Mendix Cloud Region").select_option("Local")
    page.get_by_label(MODEL, exact=True).check()
    page.get_by_label("Cloud Tokens", exact=True).fill("1")
    page.get_by_label("User", exact=True).fill(user)
    page.get_by_label("Email", exact=True).fill(email(user))
    button = page.get_by_role("button", name="Provision Resource")
    expect(button).to_be_enabled()
    button.click()
    page.get_by_role("dialog", name="Resource Summary").get_by_role("button", name="Provision", exact=True).click()
    expect(page.locator("tr.new")).to_contain_text(name)


def test_the_last_admin_is_told_what_deactivating_themselves_means(admin):
    # Whoever else was made an admin here is a member again, so that one is left.
    admin.goto("/control-center/members?show=admins")
    menus = admin.get_by_label(re.compile("^Actions for ")).evaluate_all("all => all.map(one => one.ariaLabel)")
    for name in {menu.removeprefix("Actions for ") for menu in menus} - {"Mia Lind"}:
        from_menu(admin, name, "Make Member")
        answer(admin, f"Make {name} a member?", "Make Member")
        expect(admin.get_by_role("status")).to_contain_text("no longer an admin")
    go(admin, "Members")
    from_menu(admin, "Mia Lind", "Deactivate")
    question = admin.get_by_role("dialog", name="Deactivate Mia Lind?")
    expect(question).to_contain_text("Lakeside has no active admin left then.")
    expect(question.get_by_role("button", name="Deactivate")).to_be_enabled()
    assert not findings(admin)
    question.get_by_role("link", name="Cancel").click()
    expect(question).to_be_hidden()


def test_external_invitations_are_switched_after_a_question(admin):
    go(admin, "Company")
    for button, says in (("Switch On", "switched on"), ("Switch Off", "switched off")):
        admin.get_by_role("link", name=f"{button} external invitations").click()
        answer(admin, re.compile("Switch external invitations"), button)
        expect(admin.get_by_role("status")).to_contain_text(says)


def test_people_are_managed_by_keyboard(admin):
    admin.goto("/control-center/members")
    tab_to(admin, admin.get_by_role("link", name="Add Member"))
    admin.keyboard.press("Enter")
    dialog = admin.get_by_role("dialog", name="Add Member")
    field = dialog.get_by_label("Name")
    if not field.evaluate("element => element === document.activeElement"):
        tab_to(admin, field)
    admin.keyboard.type("Ivo Brandt")
    admin.keyboard.press("Tab")
    admin.keyboard.type(email("Ivo"))
    tab_to(admin, dialog.get_by_role("radio").first)
    admin.keyboard.press("ArrowDown")
    expect(dialog.get_by_role("radio", name=re.compile("^Admin"))).to_be_checked()
    admin.keyboard.press("Enter")
    shown = admin.get_by_role("dialog", name="Invitation of Ivo Brandt")
    tab_to(admin, shown.get_by_role("button", name="Copy link"))
    admin.keyboard.press("Enter")
    expect(shown.get_by_role("button", name="Copied")).to_be_visible()
    admin.keyboard.press("Escape")
    expect(shown).to_be_hidden()
    tab_to(admin, admin.get_by_label("Actions for Ivo Brandt"))
    admin.keyboard.press("Enter")
    menu = admin.locator("details.menu[open]")
    admin.keyboard.press("ArrowUp")
    expect(menu.get_by_role("link", name="Withdraw")).to_be_focused()
    admin.keyboard.press("Enter")
    question = admin.get_by_role("dialog", name="Withdraw the invitation of Ivo Brandt?")
    expect(question).to_be_visible()
    tab_to(admin, question.get_by_role("button", name="Withdraw"))
    admin.keyboard.press("Enter")
    expect(row_of(admin, "Ivo Brandt")).to_contain_text("WITHDRAWN")


@pytest.fixture(scope="module")
def invited(server):
    """The address of the dialog with the link of somebody who has not answered yet, and the link."""
    person = Portal(server.portal, ADMIN)
    form = person.get("/control-center/members/add").form("Invite")
    page = form.fill("Name", "Jo Lindqvist-Andersson").fill("Email", "jo.lindqvist-andersson@lakeside.example").submit()
    return page.url, page.html.find(id="invitation-url").get_text()


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1440", "390"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_about_people_is_sound(server, new_context, invited, theme, viewport):
    page, outsider = (new_context(viewport, theme).new_page() for _ in range(2))
    found = []
    dialog, link = invited

    def look(name, address=None, at=page):
        if address:
            at.goto(address)
        found.extend(f"{name}: {finding}" for finding in findings(at))
        screenshot(at, name, theme)
    sign_in(page, ADMIN)
    look("members", "/control-center/members")
    look("members-empty", "/control-center/members?q=nobody-has-this-name")
    look("pending-invites", "/control-center/invitations")
    look("pending-invites-empty", "/control-center/invitations?q=nobody-has-this-name")
    look("add-member", "/control-center/members/add")
    page.goto("/control-center/members/add")
    page.get_by_role("dialog").locator("form").evaluate("form => { form.noValidate = true; }")
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look("add-member-problems")
    look("invitation-link", dialog)
    look("withdraw-invitation", dialog.split("?")[0] + "/withdraw")
    page.goto("/control-center/invitations")
    page.get_by_label("Actions for Jo Lindqvist-Andersson").click()
    look("pending-invites-menu")
    look("company", "/control-center/company")
    look("edit-company", "/control-center/company/edit")
    look("external-invitations", "/control-center/company/external-invitations")
    look("invitation-for-another", link)
    look("invitation", link, outsider)
    assert not found, "\n".join(found)

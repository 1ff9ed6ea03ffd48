"""The portal as a browser without script sees it: pages, their forms and tables, found by what people read."""

import re

import bs4
import requests

WAIT_SECONDS = 30


def squeezed(text):
    return re.sub(r"\s+", " ", text).strip()


class Page:
    """One answer of the portal."""

    def __init__(self, session, response):
        self.session, self.response = session, response
        self.html = bs4.BeautifulSoup(response.text, "html.parser")

    status = property(lambda self: self.response.status_code)
    url = property(lambda self: self.response.url)
    text = property(lambda self: squeezed(self.html.get_text(" ")))
    title = property(lambda self: squeezed((self.html.h1 or self.html.title).get_text(" ")))

    def form(self, button):
        """The form that a button with this label submits."""
        for element in self.html.find_all("button"):
            if squeezed(element.get_text(" ")) == button or element.get("aria-label") == button:
                form = element.find_parent("form") or self.html.find("form", id=element.get("form"))
                if form:
                    return Form(self, form, element)
        buttons = [squeezed(element.get_text(" ")) for element in self.html.find_all("button")]
        raise AssertionError(f"no button {button!r} on {self.url}, but {buttons}. The page says: {self.text[:500]}")

    def section(self, heading):
        """The part of the page below a heading of the second level."""
        for element in self.html.find_all("h2"):
            if squeezed(element.get_text(" ")) == heading:
                return element.find_parent("section")
        raise AssertionError(f"no heading {heading!r} on {self.url}. The page says: {self.text[:500]}")


class Form:
    """A form to fill by its labels and to send as a browser would."""

    def __init__(self, page, form, button):
        self.page, self.form, self.button = page, form, button
        self.values = []
        for field in form.find_all(["input", "select", "textarea"]):
            self._take(field)

    def _take(self, field):
        name = field.get("name")
        if not name or field.has_attr("disabled"):
            return
        if field.name == "select":
            options = field.find_all("option")
            chosen = [option for option in options if option.has_attr("selected")] or options[:1]
            self.values += [(name, option.get("value", option.get_text())) for option in chosen]
        elif field.name == "textarea":
            self.values.append((name, field.get_text()))
        elif field.get("type") in ("checkbox", "radio"):
            if field.has_attr("checked"):
                self.values.append((name, field.get("value", "on")))
        elif field.get("type") not in ("submit", "button", "file"):
            self.values.append((name, field.get("value", "")))

    def field(self, label):
        """The field with this label."""
        labels = {squeezed(element.get_text(" ")): element for element in self.form.find_all("label")}
        assert label in labels, f"no field {label!r} in the form on {self.page.url}; there are {list(labels)}"
        element = labels[label]
        target = self.form.find(id=element.get("for")) if element.get("for") else None
        return target or element.find(["input", "select", "textarea"])

    def fill(self, label, value):
        """Enters a text, or chooses the option that people read as `value`."""
        field = self.field(label)
        if field.name == "select":
            for option in field.find_all("option"):
                if squeezed(option.get_text(" ")) == value:
                    value = option.get("value", value)
        self._set(field["name"], [value])
        return self

    def check(self, label):
        """Ticks the box with this label."""
        return self._tick(self.field(label))

    def check_all(self, name):
        """Ticks every box of this name."""
        for field in self.form.find_all("input", attrs={"type": "checkbox", "name": name}):
            self._tick(field)
        return self

    def _tick(self, field):
        pair = (field["name"], field.get("value", "on"))
        self.values = [other for other in self.values if other != pair] + [pair]
        return self

    def _set(self, name, values):
        self.values = [pair for pair in self.values if pair[0] != name] + [(name, value) for value in values]

    def submit(self):
        values = list(self.values)
        if self.button.get("name"):
            values.append((self.button["name"], self.button.get("value", "")))
        target = self.button.get("formaction") or self.form.get("action") or self.page.url
        method = (self.button.get("formmethod") or self.form.get("method") or "get").upper()
        return self.page.session.request(method, target, values)


class Portal:
    """A person at the portal, from signing in on."""

    def __init__(self, base, person=None):
        self.base, self.http = base, requests.Session()
        self.here = base
        if person:
            page = self.get("/sign-in").form("Sign in").fill("Email", person.email).fill(
                "Password", person.password).submit()
            assert page.status == 200 and "sign-in" not in page.url, page.text[:500]

    def get(self, path):
        return self.request("GET", path, None)

    def request(self, method, target, values):
        url = requests.compat.urljoin(self.here, target)
        headers = {"origin": self.base, "referer": self.here}
        if method == "GET":
            response = self.http.get(url, params=values, headers=headers, timeout=WAIT_SECONDS)
        else:
            response = self.http.request(method, url, data=values, headers=headers, timeout=WAIT_SECONDS)
        self.here = response.url
        return Page(self, response)

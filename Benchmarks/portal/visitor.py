"""One person in one browser without scripts: keeps the session, sends forms, and times whole answers."""

import html.parser
import http.client
import time
import urllib.parse


class Filled(html.parser.HTMLParser):
    """The values that the forms of a page have."""

    def __init__(self):
        super().__init__()
        self.values, self.select = {}, None

    def handle_starttag(self, tag, attributes):
        has = dict(attributes)
        if tag == "input" and has.get("name") and has.get("type") not in ("checkbox", "radio", "submit"):
            self.values[has["name"]] = has.get("value") or ""
        elif tag == "input" and "checked" in has:
            self.values[has["name"]] = has.get("value") or "on"
        elif tag == "select":
            self.select = has.get("name")
        elif tag == "option" and "selected" in has and self.select:
            self.values[self.select] = has.get("value") or ""


def filled(text):
    reader = Filled()
    reader.feed(text)
    return reader.values


class Visitor:
    def __init__(self, url):
        address = urllib.parse.urlsplit(url)
        self.connection = http.client.HTTPConnection(address.hostname, address.port, timeout=120)
        self.host, self.cookie = address.netloc, ""

    def send(self, method, path, fields=None):
        """Status, headers, text and seconds of one exchange; the text is read to its end."""
        headers = {"Host": self.host, "Cookie": self.cookie}
        body = None
        if fields is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{self.host}"}
            body = urllib.parse.urlencode(fields)
        began = time.perf_counter()
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        text = response.read()
        seconds = time.perf_counter() - began
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                self._keep(value.split(";")[0])
        return response, text.decode(), seconds

    def _keep(self, pair):
        name = pair.split("=")[0]
        others = [one for one in self.cookie.split("; ") if one and one.split("=")[0] != name]
        self.cookie = "; ".join([*others, pair])

    def page(self, path):
        """A page that must be there."""
        response, text, seconds = self.send("GET", path)
        if response.status != 200:
            raise RuntimeError(f"GET {path} answered {response.status}.")
        return text, seconds

    def form(self, path, fields):
        """Opens `path`, then posts what its forms are filled in with, and `fields` instead, to it."""
        text, _ = self.page(path)
        return self.send("POST", path, filled(text) | fields)

    def sign_in(self, email, password):
        response, _, _ = self.form("/sign-in", {"email": email, "password": password})
        if response.status != 303:
            raise RuntimeError(f"Signing in answered {response.status}.")

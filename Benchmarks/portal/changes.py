"""A colleague who changes resources while somebody else looks at pages."""

import time

from visitor import Visitor


class Colleague:
    """Raises and lowers units, and schedules and cancels deprovisionings, one after the other."""

    def __init__(self, url, email, password, pages):
        self.visitor, self.pages = Visitor(url), pages
        self.visitor.sign_in(email, password)
        self.seconds = {"Edit Resource": [], "Deprovision": [], "Cancel Deprovisioning": []}
        self.problem = None

    def work(self, stop, pause):
        try:
            while not stop.is_set():
                path = f"/control-center/resources/{self.pages.resource()}"
                self.change(
                    "Edit Resource", f"{path}/edit", {"cloudTokens": self.pages.random.randrange(5, 50), "action": "change"})
                self.change("Deprovision", f"{path}/deprovisioning", {})
                self.change("Cancel Deprovisioning", f"{path}/deprovisioning/cancel", {})
                stop.wait(pause)
        except Exception as problem:  # Told by whoever waits for this thread.
            self.problem = problem

    def change(self, name, path, fields):
        response, text, seconds = self.visitor.form(path, fields)
        # The same number of tokens again is refused beside its field; everything else leads to the list.
        if response.status == 422 and name == "Edit Resource":
            return
        if response.status != 303:
            raise RuntimeError(f"POST {path} answered {response.status}.")
        self.seconds[name].append(seconds)

"""The pages of the Control Center, each with an address that is another one every time."""

CONTROL_CENTER = "/control-center"
TYPES = ["text", "embeddings", "knowledge-base"]
COLUMNS = ["status", "name", "model", "plan", "creator", "region", "environment"]
WORDS = ["support", "claims", "harbour", "fleet", "tender"]
SORTS = ["date", "app", "transaction", "pack", "tokens", "remaining"]
KINDS = ["", "granted", "allocated", "released"]
LEDGER_PAGE = 25


class Pages:
    """`resources` and `entries` are how many there are; `random` chooses."""

    def __init__(self, resources, entries, random):
        self.resources, self.ledger_pages, self.random = resources, entries // LEDGER_PAGE, random

    def resource(self, kind="text"):
        """Some resource; of each twenty the first fifteen are text, the last is a knowledge base, the sixth has a size."""
        first = self.random.randrange(self.resources // 20) * 20
        # Multiples of 25 have something scheduled, and another page.
        while kind == "sized" and (first + 5) % 25 == 0:
            first = self.random.randrange(self.resources // 20) * 20
        offset = {"text": self.random.choice([3, 7, 11]), "sized": 5, "embeddings": 16, "knowledge-base": 19}[kind]
        return f"r{100_000_000 + first + offset}"

    def all(self):
        """Name and a function that gives an address, for each page."""
        choose, number = self.random.choice, self.random.randrange
        list_address = f"{CONTROL_CENTER}/resources"

        def life(part, *kinds):
            return lambda: f"{list_address}/{self.resource(choose(kinds))}/{part}"

        return {
            "Resources, any page": lambda: f"{list_address}?type={choose(TYPES)}&page={1 + number(12)}",
            "Resources, searched": lambda: f"{list_address}?type=text&q={choose(WORDS)}+assistant+{number(100)}",
            "Resources, filtered and sorted": lambda: (
                f"{list_address}?type=text&environment={choose(['Test', 'Production'])}&sort={choose(COLUMNS)}"
                f"&order={choose(['', 'descending'])}"),
            "Provision, text": lambda: f"{list_address}/provision?type=text",
            "Provision, embeddings": lambda: f"{list_address}/provision?type=embeddings",
            "Provision, knowledge base": lambda: f"{list_address}/provision?type=knowledge-base",
            "Adjust Plan Size": life("capacity", "sized"),
            "Edit Resource": life("edit", "text", "embeddings", "knowledge-base"),
            "Deprovision dialog": life("deprovisioning", "text", "sized", "embeddings", "knowledge-base"),
            "Cloud Tokens": lambda: f"{CONTROL_CENTER}/cloud-tokens",
            "Cloud Tokens, any page, sort and filter": lambda: (
                f"{CONTROL_CENTER}/cloud-tokens?sort={choose(SORTS)}&kind={choose(KINDS)}"
                f"&order={choose(['ascending', 'descending'])}&page={1 + number(self.ledger_pages)}"),
            "Members": lambda: f"{CONTROL_CENTER}/members",
            "Pending Invites": lambda: f"{CONTROL_CENTER}/invitations",
            "Company": lambda: f"{CONTROL_CENTER}/company",
        }

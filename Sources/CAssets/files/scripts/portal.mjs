// Everything here adds comfort; each page works without it.
import { copying } from "./copy.mjs";
import { charts } from "./charts.mjs";
import { dialogs } from "./dialogs.mjs";
import { forms } from "./forms.mjs";
import { specification } from "./specification.mjs";
import { tabs } from "./tabs.mjs";

for (const enhance of [forms, tabs, dialogs, copying, specification, charts]) enhance(document);

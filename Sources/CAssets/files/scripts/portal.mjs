// Everything here adds comfort; each page works without it.
import { answers } from "./answers.mjs";
import { copying } from "./copy.mjs";
import { charts } from "./charts.mjs";
import { dialogs, menus } from "./dialogs.mjs";
import { forms, mending, waking } from "./forms.mjs";
import { specification } from "./specification.mjs";
import { tabs } from "./tabs.mjs";

// Once for the page, and again for what an answer puts in its place.
function enhance(root) {
  for (const part of [forms, mending, tabs, dialogs, copying, specification, charts]) part(root);
  answers(root, enhance);
}

enhance(document);
menus(document);
waking(document);

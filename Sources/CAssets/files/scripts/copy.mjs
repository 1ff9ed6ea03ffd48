// Copies or downloads the text of another element: data-copy="#id", data-download="file name" with data-from="#id".
export function copying(root) {
  for (const button of root.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", async () => {
      const text = root.querySelector(button.dataset.copy)?.textContent ?? "";
      const label = button.textContent;
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = "Copied";
      } catch {
        // Without HTTPS a browser has no clipboard: select the text, so that a key press copies it.
        const range = document.createRange();
        range.selectNodeContents(root.querySelector(button.dataset.copy));
        getSelection().removeAllRanges();
        getSelection().addRange(range);
        button.textContent = "Press Ctrl+C";
      }
      setTimeout(() => { button.textContent = label; }, 2000);
    });
  }
  for (const button of root.querySelectorAll("[data-download]")) {
    button.addEventListener("click", () => {
      const text = root.querySelector(button.dataset.from)?.textContent ?? "";
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
      link.download = button.dataset.download;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
  }
}

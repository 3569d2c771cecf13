// A button that copies what it names; without this file the button stays hidden.
for (const button of document.querySelectorAll("[data-copy]")) {
  const source = document.querySelector(button.dataset.copy);
  if (!source || !navigator.clipboard) continue;
  const words = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const lines = [...source.querySelectorAll("[data-depth]")];
    const text = lines.length
      ? lines.map((line) => "  ".repeat(Number(line.dataset.depth)) + line.textContent).join("\n")
      : source.textContent.trim();
    await navigator.clipboard.writeText(text);
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = words; }, 2000);
  });
}

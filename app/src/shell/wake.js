const islands = document.querySelectorAll("leptos-island");
if (islands.length) {
  const compiled = fetch("{base}_bg.wasm");
  const script = await import("{base}.js");
  await script.default({ module_or_path: compiled });
  script.hydrate();
  // In document order, so an island is awake before those in its children.
  for (const island of islands) {
    island.parentElement.closest("leptos-children")?.$$on_hydrate?.();
    await script[island.dataset.component]?.(island);
  }
}

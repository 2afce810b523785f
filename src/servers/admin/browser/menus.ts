/** Menus in the header are `<details>`: they open without scripts. With them, Escape and a click elsewhere close them. */
export function startMenus(): void {
  const menus = [...document.querySelectorAll<HTMLDetailsElement>(".pp-menu")];
  document.addEventListener("click", ({ target }) => {
    for (const menu of menus) if (!(target instanceof Node && menu.contains(target))) menu.open = false;
  });
  document.addEventListener("keydown", ({ key }) => {
    const open = menus.find((menu) => menu.open);
    if (key !== "Escape" || !open) return;
    open.open = false;
    open.querySelector("summary")?.focus();
  });
}

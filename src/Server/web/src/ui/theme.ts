export type Theme = "dark" | "light";

const key = "theme";

/** What the person chose here, or else what the system prefers. */
export function currentTheme(): Theme {
    const chosen = localStorage.getItem(key);
    if (chosen === "dark" || chosen === "light") return chosen;
    return matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
}

const changed = new EventTarget();

function show(): void {
    document.documentElement.dataset.theme = currentTheme();
    changed.dispatchEvent(new Event("theme"));
}

/** Shows the theme now and whenever the system's preference changes. */
export function startTheme(): void {
    show();
    matchMedia("(prefers-color-scheme: light)").addEventListener("change", show);
}

export function chooseTheme(theme: Theme): void {
    localStorage.setItem(key, theme);
    show();
}

/** Called when another theme is shown: what draws on a canvas reads its colours again. */
export function onTheme(listener: () => void): () => void {
    changed.addEventListener("theme", listener);
    return () => changed.removeEventListener("theme", listener);
}

/** A colour of the theme by the name of its token, without the dashes: `colour("home")`. */
export function colour(token: string): string {
    return getComputedStyle(document.documentElement).getPropertyValue(`--${token}`).trim();
}

export type Theme = 'system' | 'light' | 'dark';

const THEME_KEY = 'skep-theme';

/** What the reader has chosen; the system's choice if nothing. */
export function theme(): Theme {
  const saved = localStorage.getItem(THEME_KEY);
  return saved === 'light' || saved === 'dark' ? saved : 'system';
}

export function setTheme(next: Theme): void {
  localStorage.setItem(THEME_KEY, next);
  applyTheme();
}

/** Puts the theme on the page; its colours are all `light-dark()`. */
export function applyTheme(): void {
  const chosen = theme();
  if (chosen === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}

import { useEffect } from 'react';
import { basePath } from '../base.js';

/** The title of the tab, and its icon. */
export function useTitle(title: string, icon = 'skep'): void {
  useEffect(() => {
    document.title = `${title} · Skep`;
    document.querySelector('link[rel="icon"]')?.setAttribute('href', `${basePath}/icons/${icon}.svg`);
  }, [title, icon]);
}

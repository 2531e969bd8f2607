import { useSearch } from 'wouter';

/** What is open on a page, as its address says: null where it does not. What else the address says stays, a link to a line too. */
export function useAddressPart(name: string): [string | null, (value: string | null) => void] {
  // Only to hear of changes: the router decodes it once too often.
  useSearch();
  const value = new URLSearchParams(location.search).get(name);
  const set = (next: string | null): void => {
    const search = new URLSearchParams(location.search);
    if (next === null) search.delete(name);
    else search.set(name, next);
    const text = search.toString();
    history.replaceState(history.state, '', `${location.pathname}${text && `?${text}`}${location.hash}`);
  };
  return [value, set];
}

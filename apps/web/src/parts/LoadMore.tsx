/** Leads to the next page of a list, where there is one. */
export function LoadMore({
  hasMore,
  isLoading,
  onMore,
  text = 'Load more',
}: {
  hasMore: boolean;
  isLoading: boolean;
  onMore: () => void;
  text?: string;
}) {
  if (!hasMore) return null;
  return (
    <button type="button" className="button load-more" disabled={isLoading} onClick={onMore}>
      {isLoading ? 'Loading …' : text}
    </button>
  );
}

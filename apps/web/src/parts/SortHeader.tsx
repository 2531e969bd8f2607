import { ArrowDown, ArrowUp } from 'lucide-react';

interface Props {
  children: string;
  /** How the rows are ordered by this column; undefined if by another. */
  order: 'ascending' | 'descending' | undefined;
  onSort: () => void;
}

/** The head of a column by which the rows can be ordered. */
export function SortHeader({ children, order, onSort }: Props) {
  const Arrow = order === 'ascending' ? ArrowUp : ArrowDown;
  return (
    <th scope="col" aria-sort={order ?? 'none'}>
      <button type="button" className="sort" onClick={onSort}>
        {children}
        {order && <Arrow size={14} aria-hidden="true" />}
      </button>
    </th>
  );
}

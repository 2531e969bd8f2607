import { Link, useLocation } from 'wouter';
import { useTitle } from '../parts/useTitle.js';

export function NotFoundPage() {
  const [path] = useLocation();
  useTitle('Nothing here');
  return (
    <>
      <h1>Nothing here</h1>
      <p>
        There is no page at <code>{path}</code>. <Link href="/">The overview</Link> leads on; Ctrl K finds jobs and drones.
      </p>
    </>
  );
}

import type { Project } from '@skep/protocol';
import { useQuery } from '@tanstack/react-query';
import { useFeed } from '../feed/useFeed.js';
import { CopyButton } from '../parts/Copy.js';
import { projectPath } from '../parts/jobActions.js';

/** How a project stands, as other pages may show it, and how they do. */
export function Badge({ project: { project, recent, badge }, branch }: { project: Project; branch: string | undefined }) {
  const { client } = useFeed();
  // Loaded anew when something has become of a job.
  const { data } = useQuery({
    queryKey: ['badge', project, branch, recent.map(({ outcome }) => outcome)],
    queryFn: () => client.projects.openBadge(project, branch),
    gcTime: 0,
    placeholderData: (before) => before,
  });
  const name = branch === undefined ? project : `${project} ${branch}`;
  const page = `${client.url}${projectPath(project)}${branch === undefined ? '' : `?branch=${encodeURIComponent(branch)}`}`;
  const markdown = `[![${name.replace(/[[\]\\`*_<>]/g, '\\$&')}](${client.projects.badgeAddress(project, branch)})](${page})`;
  return (
    <div className="actions">
      {data !== undefined && <img src={data} alt={`The badge of ${name}`} height={20} />}
      <CopyButton text={markdown} label="Copy as Markdown" />
      {!badge && client.hasToken && <span className="faint">others need a token to see it</span>}
    </div>
  );
}

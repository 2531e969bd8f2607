import type { Database } from 'better-sqlite3';
import { isMeant } from '../isMeant.js';
import type { ArtifactRecord } from '../records.js';
import type { ArtifactFilter, ArtifactPage } from '../Store.js';
import { StoreFailure } from './failures.js';
import type { Row } from './fields.js';

/** What a filter looks at; the columns have the names and values of a record. */
type Seen = Parameters<typeof isMeant>[0];

/** Pages of artifacts: a seek in the index, then as many steps as are looked at. */
export function artifactPages(db: Database, columns: string, toRecord: (row: Row) => ArtifactRecord) {
  const pageOf = (index: string, condition: string) =>
    db.prepare<[...string[], number, number, string], Row>(
      `select job.id as jobId, attempt.attempt, attempt.lease, artifact.project, ${columns}
       from artifact ${index} join attempt on attempt.lease = artifact.lease join job on job.key = attempt.job_key
       where ${condition} artifact.lease <= ? and (artifact.lease < ? or artifact.path > ?) order by artifact.lease desc, artifact.path`,
    );
  const all = pageOf('', '');
  const ofProject = pageOf('indexed by artifact_by_project', 'artifact.project = ? and');
  const ofContent = pageOf('indexed by artifact_by_sha256', 'artifact.sha256 = ? and');
  return (filter: ArtifactFilter, among: number): ArtifactPage => {
    const { sha256, project, limit } = filter;
    const [lease, path] = placeOf(filter.before);
    const place = [lease, lease, path] as const;
    const rows =
      sha256 !== undefined
        ? ofContent.iterate(sha256, ...place)
        : project !== undefined
          ? ofProject.iterate(project, ...place)
          : all.iterate(...place);
    const artifacts: ArtifactPage['artifacts'] = [];
    let looked = 0;
    let last = '';
    for (const row of rows) {
      if (artifacts.length === limit || looked === among) return { artifacts, next: last };
      looked += 1;
      last = `${row.lease}:${row.path}`;
      if (isMeant(row as unknown as Seen, filter)) artifacts.push({ ...toRecord(row), project: row.project as string | null });
    }
    return { artifacts, next: null };
  };
}

/** Where a page begins: after this path of this lease. */
function placeOf(before: string | undefined): [lease: number, path: string] {
  if (before === undefined) return [Number.MAX_SAFE_INTEGER, ''];
  const place = /^(\d{1,10}):(.+)$/s.exec(before);
  if (!place) throw new StoreFailure('INVALID_MESSAGE', '`before` is not the `next` of a page of artifacts');
  return [Number(place[1]), place[2] as string];
}

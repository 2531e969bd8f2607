import type { Database } from 'better-sqlite3';
import type { ArtifactRecord } from '../records.js';
import { artifactPages } from './artifactPages.js';
import { StoreFailure } from './failures.js';
import { fieldsOf, type Row, takenOver, type Value } from './fields.js';

const fields = fieldsOf<Omit<ArtifactRecord, 'jobId' | 'attempt'>>({
  path: 'plain',
  size: 'plain',
  mode: 'plain',
  mediaType: 'plain',
  sha256: 'plain',
  createdAt: 'plain',
});

const toRecord = (row: Row): ArtifactRecord => ({ jobId: row.jobId as string, attempt: row.attempt as number, ...fields.decode(row) });

/** The values of an artifact, then what its lease is looked up by. */
export const encodeArtifact = (lease: number, record: ArtifactRecord): Value[] => [
  ...fields.encode(record),
  lease,
  record.attempt,
  record.jobId,
];

export function artifactWrites(db: Database) {
  const put = db.prepare<Value[]>(
    `insert into artifact (${fields.columns.join(', ')}, lease, project)
     select ${fields.parameters}, lease, (select project from job where key = job_key) from attempt
     where lease = ? and attempt = ? and job_key = (select key from job where id = ?) and ended_at is null
     on conflict (lease, path) do update set ${takenOver(fields.columns)}`,
  );
  return {
    putArtifact(values: Value[]): void {
      if (put.run(...values).changes > 0) return;
      const [lease, attempt, jobId] = values.slice(-3);
      throw new StoreFailure('LEASE_ENDED', `Lease ${lease} of job ${jobId}, attempt ${attempt}, has ended`);
    },
  };
}

export function artifactReads(db: Database) {
  const select = `select job.id as jobId, attempt.attempt, ${fields.select('artifact')}
                  from artifact join attempt on attempt.lease = artifact.lease join job on job.key = attempt.job_key`;
  const leaseOf = '(select lease from attempt where job_key = (select key from job where id = ?) and attempt = ?)';
  const ofAttempt = db.prepare<[string, number], Row>(`${select} where artifact.lease = ${leaseOf} order by path`);
  const count = db.prepare<[string, number], number>(`select count(*) from artifact where lease = ${leaseOf}`).pluck();
  const one = db.prepare<[string, number, string], Row>(`${select} where artifact.lease = ${leaseOf} and path = ?`);
  const passed = db.prepare<[string], { id: string; attempt: number }>(
    `select id, attempt from job where project = ? and outcome = 'passed' order by queued_at desc, key desc`,
  );
  const isReferenced = db
    .prepare<[string, string], number>(
      'select exists (select 1 from artifact where sha256 = ?) or exists (select 1 from cache where sha256 = ?)',
    )
    .pluck();
  const artifact = (id: string, attempt: number, path: string): ArtifactRecord | undefined => {
    const row = one.get(id, attempt, path);
    return row && toRecord(row);
  };
  return {
    artifacts: (id: string, attempt: number): ArtifactRecord[] => ofAttempt.all(id, attempt).map(toRecord),
    countArtifacts: (id: string, attempt: number): number => count.get(id, attempt) ?? 0,
    artifact,
    artifactPage: artifactPages(db, fields.select('artifact'), toRecord),
    latestArtifact(project: string, path: string): ArtifactRecord | undefined {
      // Read one by one: the newest job that passed usually has it.
      for (const { id, attempt } of passed.iterate(project)) {
        const found = artifact(id, attempt, path);
        if (found) return found;
      }
      return undefined;
    },
    referenced: (digests: readonly string[]): string[] => digests.filter((sha256) => isReferenced.get(sha256, sha256) === 1),
  };
}

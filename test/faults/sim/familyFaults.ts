import type { Standing } from '@skep/protocol';
import { gravestOf } from '@skep/scheduler';
import type { JobRow, StoreMemory } from '@skep/store';

/** What is wrong with parents, by what the store says: each stands as its children do, and is over when they are, with their sum. */
export function* familyFaults({ jobs }: StoreMemory): Generator<string> {
  const children = new Map<string, JobRow[]>();
  for (const { record } of jobs.values()) {
    if (record.parent === null) continue;
    if (!jobs.has(record.parent)) yield `job ${record.id} has no parent ${record.parent}`;
    children.set(record.parent, [...(children.get(record.parent) ?? []), record]);
  }
  for (const { record, attempts } of jobs.values())
    if (record.parentOf !== null) yield* faultsOf(record, attempts.size, children.get(record.id) ?? []);
}

function* faultsOf(parent: JobRow, attempts: number, children: readonly JobRow[]): Generator<string> {
  const { id, status, outcome, parentOf } = parent;
  const standings: Partial<Record<Standing, number>> = {};
  for (const child of children) {
    const standing = child.status === 'done' ? (child.outcome ?? 'lost') : child.status;
    standings[standing] = (standings[standing] ?? 0) + 1;
  }
  const told = Object.entries(parent.children?.standings ?? {})
    .sort()
    .join();
  if (told !== Object.entries(standings).sort().join()) yield `parent ${id} says ${told} of ${JSON.stringify(standings)}`;
  if (attempts > 0) yield `parent ${id} was given to a drone`;
  const isOver = children.every((child) => child.status === 'done');
  if (status === 'done' && !isOver) yield `parent ${id} is done before its children`;
  // Two builds are compared when both are durable.
  if (status !== 'done' && isOver && parentOf === 'cells') yield `parent ${id} is ${status} although its children are done`;
  if (status === 'queued' && children.some((child) => child.status === 'running')) yield `parent ${id} is queued while a child runs`;
  if (outcome === null) return;
  const sum = gravestOf(children.map((child) => child.outcome ?? 'lost'));
  const isCompared = parentOf === 'builds' && sum === 'passed';
  if (isCompared ? outcome === 'passed' && children.length !== 2 : outcome !== sum)
    yield `parent ${id} is ${outcome} with ${JSON.stringify(standings)}`;
}

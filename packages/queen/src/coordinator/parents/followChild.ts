import { tellJobChanged } from '../announce.js';
import type { Core, Decision } from '../core.js';
import type { LiveJob } from '../LiveJob.js';
import type { Ending } from '../outcomeOf.js';
import { buildPlan, type Plan } from './planOf.js';

/** A child has become something else: so has its parent, which runs from its first child's start on. */
export function followChild(core: Core, decision: Decision, child: LiveJob): void {
  const parent = noteChild(core, decision, child);
  if (!parent) return;
  tellJobChanged(core, decision, parent);
  followChild(core, decision, parent);
}

/** What becomes of a parent with the end of a child: its own end, a second build, or, where nothing is given, that it waits on. */
export type NextOfParent = { parent: LiveJob; ending: Ending } | { parent: LiveJob; build: Plan } | undefined;

/** A child is done. */
export function childEnded(core: Core, decision: Decision, child: LiveJob): NextOfParent {
  const parent = noteChild(core, decision, child);
  if (!parent?.family) return undefined;
  const { family, record } = parent;
  if (family.isOver) {
    const passed = family.children.every(({ outcome }) => outcome === 'passed');
    if (family.kind === 'cells' || !passed) return { parent, ending: family.sum(record.cancelReason) };
    if (family.children.length === 1 && record.cancelReason !== null) {
      return { parent, ending: { outcome: 'cancelled', reason: record.cancelReason, exitCode: null, signal: null } };
    }
    if (family.children.length === 1) return { parent, build: secondBuild(parent, child) };
    decision.tell(() => core.onBuilt(parent));
  }
  tellJobChanged(core, decision, parent);
  followChild(core, decision, parent);
  return undefined;
}

/** The second build, on another drone than the first. */
const secondBuild = ({ id, record }: LiveJob, first: LiveJob): Plan => buildPlan(id, record.job, record.cell, 2, first.record.droneId);

/** Has the parent of a job know what that is now. @returns the parent, if there is one */
function noteChild(core: Core, decision: Decision, { record }: LiveJob): LiveJob | undefined {
  const parent = record.parent === null ? undefined : core.jobs.get(record.parent);
  if (!parent?.family) return undefined;
  parent.family.note(record);
  parent.record.children = parent.family.counts();
  if (record.startedAt !== null && parent.record.startedAt === null) {
    parent.record.startedAt = record.startedAt;
    parent.record.waitedMs = Math.max(0, record.startedAt - parent.record.queuedAt);
    parent.record.status = 'running';
  }
  decision.saveJob(parent);
  return parent;
}

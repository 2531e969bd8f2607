import type { Job, TemplateUse } from '@skep/protocol';
import type { Core } from '../core.js';
import { cellsWithin } from '../parents/cellsWithin.js';
import { cellValuesOf, fillTemplate } from './fillTemplate.js';
import { findTemplate } from './findTemplate.js';

/**
 * The job that a template is with these values. With a matrix it is the parent of its cells, which looks like the first of
 * them: each cell is filled by itself when the job is taken in, also by a retry.
 * @throws {SkepError} TEMPLATE_NOT_FOUND, INVALID_VALUES, INVALID_JOB, TOO_MANY_CELLS
 */
export function jobOfTemplate(core: Pick<Core, 'templates' | 'limits'>, { name, values = {}, matrix }: TemplateUse): Job {
  const { spec } = findTemplate(core, name);
  if (!matrix) return fillTemplate(spec, values);
  const [first] = cellsWithin(core.limits, matrix);
  const looks = fillTemplate(spec, { ...values, ...cellValuesOf(spec.parameters ?? [], first) });
  return { ...looks, matrix, template: { name, values } };
}

import { nearest, SkepError } from '@skep/protocol';
import type { TemplateRecord } from '@skep/store';
import type { Core } from '../core.js';

/** The template of this name. @throws {SkepError} TEMPLATE_NOT_FOUND */
export function findTemplate({ templates }: Pick<Core, 'templates'>, name: string): TemplateRecord {
  const found = templates.get(name);
  if (found) return found;
  const near = nearest(name, templates.keys());
  throw new SkepError('TEMPLATE_NOT_FOUND', `There is no template ${name}${near === undefined ? '' : `; did you mean ${near}?`}`);
}

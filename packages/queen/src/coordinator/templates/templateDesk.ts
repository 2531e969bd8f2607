import { MASK, MAX_TEMPLATES, mapSecrets, SkepError, type SubmitAnswer, type Template } from '@skep/protocol';
import type { TemplateRecord } from '@skep/store';
import type { TemplateDesk } from '../../ports.js';
import { type Core, decide } from '../core.js';
import { checkTemplate } from './checkTemplate.js';
import { findTemplate } from './findTemplate.js';
import { jobOfTemplate } from './jobOfTemplate.js';

/**
 * What people ask about templates.
 * @param checkReady throws while nothing can be decided
 * @param submit takes a job in, as from any caller
 */
export function createTemplateDesk(core: Core, checkReady: () => void, submit: (job: unknown) => Promise<SubmitAnswer>): TemplateDesk {
  const find = (name: string): TemplateRecord => {
    checkReady();
    return findTemplate(core, name);
  };

  const usersOf = (name: string): string[] =>
    [...core.schedules.values()].flatMap((schedule) => (schedule.record.spec.template?.name === name ? [schedule.name] : []));

  const shown = ({ name, spec, createdAt, changedAt }: TemplateRecord): Template => ({
    name,
    ...spec,
    parameters: spec.parameters ?? [],
    job: maskTemplate(spec.job),
    created: createdAt,
    changed: changedAt,
    schedules: usersOf(name),
  });

  async function put(record: TemplateRecord): Promise<Template> {
    core.templates.set(record.name, record);
    await decide(core, (decision) => decision.write({ type: 'template', record }));
    return shown(record);
  }

  return {
    list() {
      checkReady();
      return [...core.templates.values()].sort((a, b) => (a.name < b.name ? -1 : 1)).map(shown);
    },

    get: (name) => shown(find(name)),

    async add({ name, ...spec }) {
      checkReady();
      checkTemplate(spec);
      if (core.templates.has(name)) throw new SkepError('TEMPLATE_EXISTS', `There is a template ${name} already`);
      if (core.templates.size >= MAX_TEMPLATES) throw new SkepError('TOO_MANY_TEMPLATES', `There are ${MAX_TEMPLATES} templates already`);
      const now = core.clock.now();
      return put({ name, spec, createdAt: now, changedAt: now });
    },

    async replace(name, spec) {
      const { createdAt } = find(name);
      checkTemplate(spec);
      return put({ name, spec, createdAt, changedAt: core.clock.now() });
    },

    async remove(name) {
      find(name);
      const users = usersOf(name);
      if (users.length > 0) throw new SkepError('TEMPLATE_IN_USE', `Template ${name} is used by ${users.join(', ')}`);
      core.templates.delete(name);
      await decide(core, (decision) => decision.write({ type: 'drop-template', name }));
    },

    async run(name, { id, ...use }) {
      checkReady();
      return submit({ ...jobOfTemplate(core, { name, ...use }), ...(id !== undefined && { id }) });
    },
  };
}

/** A template as it may be shown: what it holds of secrets and credentials itself is masked; places for values are not. */
function maskTemplate(job: Record<string, unknown>): Record<string, unknown> {
  const { secrets, repo, config } = job;
  const masked = { ...job };
  if (isObject(secrets)) masked.secrets = maskStrings(secrets);
  if (isObject(repo) && isObject(repo.auth)) masked.repo = { ...repo, auth: { ...maskStrings(repo.auth), type: repo.auth.type } };
  if (config !== undefined) masked.config = mapSecrets(config, maskText);
  return masked;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const maskText = (text: string): string => (/^\{\{\s*\w+\s*\}\}$/.test(text) ? text : MASK);

const maskStrings = (object: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, maskText(String(value))]));

import { CliError } from '../CliError.js';
import { defineCommand, type Options } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';
import { matrixOf, matrixOptions } from '../run/matrixOf.js';
import type { Session } from '../Session.js';

type Action = (session: Session, name: string, options: Options) => Promise<void>;

export const template = defineCommand({
  usage: 'template <action> [name]',
  summary: 'Jobs with parameters: add, show, ls, rm, run',
  examples: [
    'template add build --file build.yaml',
    'template run build --value target=all',
    'template run build --matrix platform=debian-12,freebsd-14 --matrix target=all,docs',
    'template show build',
    'schedule add nightly --every daily --template build --value target=all',
  ],
  options: [
    { flags: '--file <file>', summary: 'the template, as JSON or YAML; - for stdin' },
    { flags: '--replace', summary: 'put it in place of one of that name' },
    { flags: '--value <name=value>', summary: 'the value of a parameter', repeats: true },
    ...matrixOptions,
    { flags: '--id <id>', summary: 'the id of the job: the same id is the same job' },
  ],
  run: async (session, options, [action = '', name]) => {
    if (action === 'ls') return list(session);
    const perform = actions[action];
    if (!perform)
      throw new CliError(
        `no such action: ${action}`,
        'templates can be added, shown, listed, removed and run',
        'skep template --help',
        EXIT.usage,
      );
    if (name === undefined)
      throw new CliError(`skep template ${action} needs the name of a template`, undefined, `skep template ${action} NAME`, EXIT.usage);
    await perform(session, name, options);
    return EXIT.ok;
  },
});

const actions: Readonly<Record<string, Action>> = {
  async add(session, name, options) {
    const { TemplateChange, parseAs } = await import('@skep/protocol');
    const { readValue } = await import('../readValue.js');
    const spec = parseAs(TemplateChange, await readValue(options.text('file') ?? '-'), 'The template', 'INVALID_TEMPLATE');
    const { templates } = await session.client();
    const added = options.isOn('replace') ? await templates.replace(name, spec) : await templates.add({ name, ...spec });
    if (session.json) await session.terminal.json(added);
    else session.terminal.remark(`template ${name} is ${options.isOn('replace') ? 'replaced' : 'added'}`);
  },

  async show(session, name) {
    const shown = await (await session.client()).templates.get(name);
    if (session.json) return session.terminal.json(shown);
    const { tableLines } = await import('../print/table.js');
    const rows = shown.parameters.map(({ name: parameter, type = 'string', options, default: value, description = '' }) => [
      parameter,
      options ? options.join('|') : type,
      value === undefined ? 'must be given' : JSON.stringify(value),
      description,
    ]);
    if (shown.description !== undefined) await session.terminal.line(shown.description);
    for (const line of tableLines([['PARAMETER', 'TYPE', 'DEFAULT', 'WHAT'], ...rows])) await session.terminal.line(line);
    await session.terminal.line(JSON.stringify(shown.job, null, 2));
  },

  async rm(session, name) {
    await (await session.client()).templates.remove(name);
    if (session.json) await session.terminal.json({ name, removed: true });
    else session.terminal.remark(`template ${name} is removed`);
  },

  async run(session, name, options) {
    const { valuesOf } = await import('../valuesOf.js');
    const client = await session.client();
    const { parameters } = await client.templates.get(name);
    const id = options.text('id');
    const matrix = matrixOf(options);
    const values = valuesOf(options.list('value'), parameters);
    const made = await client.templates.run(name, { values, ...(matrix && { matrix }), ...(id !== undefined && { id }) });
    if (session.json) return session.terminal.json({ id: made.id, url: client.pageOf(made.id) });
    await session.terminal.line(made.id);
    session.terminal.remark(client.pageOf(made.id));
  },
};

async function list(session: Session): Promise<number> {
  const templates = await (await session.client()).templates.list();
  if (session.json) for (const each of templates) await session.terminal.json(each);
  else if (templates.length === 0) session.terminal.remark('no template yet: make one with `skep template add`');
  else {
    const { tableLines } = await import('../print/table.js');
    const rows = templates.map(({ name, parameters, description = '' }) => [
      name,
      parameters.map((each) => each.name).join(' ') || '-',
      description,
    ]);
    for (const line of tableLines([['TEMPLATE', 'PARAMETERS', 'WHAT'], ...rows])) await session.terminal.line(line);
  }
  return EXIT.ok;
}

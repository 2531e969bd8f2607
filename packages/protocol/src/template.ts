import * as z from 'zod';
import { Matrix } from './matrix.js';
import { JobId, Timestamp } from './vocabulary.js';

export const TemplateName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'must be 1 to 63 of letters, digits and . _ -, and begin with a letter or digit')
  .meta({ id: 'TemplateName', description: 'A template: 1 to 63 letters, digits and `. _ -`.' });

/** A value of a parameter. */
export const TemplateValue = z.union([z.string().max(64 * 1024), z.number(), z.boolean()]).meta({
  id: 'TemplateValue',
  description: 'A value of a parameter.',
});
export type TemplateValue = z.infer<typeof TemplateValue>;

/** What can be chosen when a template is run. */
export const Parameter = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]{0,62}$/, 'must be 1 to 63 letters, digits and _, and not begin with a digit')
      .describe('Letters, digits and `_`.'),
    type: z.enum(['string', 'number', 'boolean']).optional().describe('string if absent.'),
    options: z.array(z.string().max(1000)).min(1).max(1000).optional().describe('The strings that it may be.'),
    default: TemplateValue.optional().describe('Without one, a value must be given.'),
    description: z.string().max(1000).optional(),
  })
  .meta({ id: 'Parameter', description: 'What can be chosen when a template is run.' });
export type Parameter = z.infer<typeof Parameter>;

const spec = {
  description: z.string().max(1000).optional(),
  parameters: z.array(Parameter).max(100).optional(),
  job: z
    .record(z.string(), z.unknown())
    .describe('A job in whose strings `{{name}}` stands for a value. A string that is nothing but `{{name}}` becomes the value itself.'),
};

/** A template as it is added. */
export const TemplateBody = z
  .strictObject({ name: TemplateName, ...spec })
  .meta({ id: 'TemplateBody', description: 'A template as it is added.' });
export type TemplateBody = z.infer<typeof TemplateBody>;

/** A template anew, in place of the one of that name. */
export const TemplateChange = z.strictObject(spec).meta({ id: 'TemplateChange' });
export type TemplateChange = z.infer<typeof TemplateChange>;

/** A template as it is shown. */
export const Template = z
  .object({
    name: TemplateName,
    ...spec,
    parameters: z.array(Parameter),
    created: Timestamp,
    changed: Timestamp,
    schedules: z.array(z.string()).describe('The schedules that use it.'),
  })
  .meta({ id: 'Template', description: 'A job with parameters.' });
export type Template = z.infer<typeof Template>;

export const TemplatesAnswer = z.object({ templates: z.array(Template) }).meta({ id: 'TemplatesAnswer' });

const values = z.record(z.string(), TemplateValue);
const use = {
  values: values.optional().describe('By the names of the parameters; the others have their defaults.'),
  matrix: Matrix.optional().describe('Runs it once for each cell; an axis with the name of a parameter gives that its value.'),
};

/** A template with the values that a schedule gives it, perhaps for each cell of a matrix. */
export const TemplateUse = z
  .strictObject({ name: TemplateName, ...use })
  .meta({ id: 'TemplateUse', description: 'A template with its values.' });
export type TemplateUse = z.infer<typeof TemplateUse>;

export const TemplateRunBody = z
  .strictObject({ id: JobId.optional().describe('Given by the caller: running it again returns the same job.'), ...use })
  .meta({ id: 'TemplateRunBody', description: 'The values with which to run a template.' });
export type TemplateRunBody = z.infer<typeof TemplateRunBody>;

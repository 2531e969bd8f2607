import type { TemplateValue } from '@skep/protocol';
import Mustache from 'mustache';

export type Values = Readonly<Record<string, TemplateValue>>;

/** A text with its values in place, each as it is: what the text is part of sees it as one string. */
export const renderText = (template: string, values: Values): string => Mustache.render(template, values, {}, { escape: String });

/** All names that a text refers to. @throws {Error} if it is no template, or takes in another one */
export function namesIn(template: string): string[] {
  const names: string[] = [];
  // The types of the library leave out what is nested.
  const visit = (tokens: readonly unknown[]): void => {
    for (const token of tokens as [type: string, value: string, from: number, to: number, inner?: unknown[]][]) {
      const [type, value, , , inner] = token;
      if (type === '>') throw new Error(`{{> ${value}}} takes in another template, which none can`);
      if (type !== 'text' && type !== '!' && type !== '=' && value !== '.') names.push(value);
      if (Array.isArray(inner)) visit(inner);
    }
  };
  visit(Mustache.parse(template));
  return names;
}

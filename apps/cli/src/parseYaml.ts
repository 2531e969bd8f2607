import { parse } from 'yaml';

/**
 * What YAML, or JSON, holds. A module of its own, so that only commands that read such a file load the parser.
 * @throws {Error} whose first line says what is wrong and where
 */
export const parseYaml = (text: string): unknown => parse(text);
